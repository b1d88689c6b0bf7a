"""Where the index of words is cut into files: the first stem, the first pair of each shelf.

The cuts are fixed, so that a browser knows the file of a word without asking. They come from the
weight of words in printed issues: «của», «không» have a shelf of their own, rare letters share one.
Pairs of neighbours lie apart from the words: a query needs one pair of the hundreds that begin with
«học». A small archive takes every second, fourth … cut.
"""

from __future__ import annotations

from bisect import bisect_right

FIRST = (
    "",
    *"""
08 10 11 120 15 19 200 2024 2026 203 250 30 4 5 55 6 70 92 ai al an anh ao ax ba bac bai bam ban
bang banh bao bap bat bau be benh bi bia bie biet bieu bo boc bon bong bui buoi c ca cac cach cai
cam camg can cang canh cao cap capt cau cay chac cham chan chao chatb chay che chenh chi chia chiet
chinh cho choi chong chu chua chuan chun chuo chuot chuy cl co coc con cong cot cu cua cuc cun cuo
cuoi cuu da dac dai dak dan dang danh dao dat dau day de dee den deo di dia dic die dien diet din
dip do doa doc doi dom dong dot du dua duc dung duo duoi duon duye ga gan gang gap gay ghi gi gia
giac giam gian giao giay gio gioi gion giot giu giuc goc goi gom gov h hai ham hang hanh hau hay hd
het hiep hieu hin ho hoa hoac hoach hoat hoc hoi hom hon hong hop hu huo huu ia ip ke kem ket kg
khac khach khao khen khi khic kho khoa khoan khoang khoe khon khu khuy ki kia kie kien kieu kinh l
lac lai lam lan lang lap lau lay le len li lic lie lieu lit lo loa loat loi lon long lot luat luc
lun luong luy ma mac mang manh mat mau may me men mieng minh mit mo moc moi mol mot mu muc mui muo
muon na nam nan nao nay nd nen net neu ng ngau ngay ngh nghi nghia nghien ngo ngoai ngoi nguo nguoi
nguon nguye nh nham nhan nhang nhap nhat nhau nhie nhieu nhin nho nhoe nhu nhun nhuo no noi nom nong
nop nua nuo nuoi o oa op phai pham phan phap phat phi pho phon phu phuo phut qr qu quan quang quay
quet quo quyet r rac ranh re rie ro roi rom ru ruo sac sai san sang sanh sat sau say si so soa son
su sua suc sup tac tach tai tam tan tang tao tap tat tay te ten thai than thang thanh thao that thay
the them theo thi thic thieu tho thoa thoi thon thong thu thua thuat thuc thue thuo thuon thuy tie
tien tieng tiet tim tin tinh tit toa toc toi tom tot tr trac trai tran trao tren tri tricho tro troi
trong trot truc trun truo truon truye tu tua tue tun tuo tuon tuy tw ub un uon va vac vai van vang
vao vat vay ve vet vi vid vien viet vif vo voi von vu vua vun vuo vuot x xac xay xem xep xin xoa xua
xun y ye
""".split(),
)
PAIRS = (
    "",
    *"""
10 m,15 m,2025 p,2027 si,306,5 n,8 p,ai doa,ai nu,alt m,an toan,ap d,ba bac,ba tu,bac tr,ban bi,
ban biet,ban l,ban x,bang s,bao mu,bay,benh l,bien k,bien t,bien tu,bo a,bo lo,boi r,bot p,c n,
cac d,cach m,cam tang,can lo,canh co,cao ngu,caption v,cau k,cay chu,cham nhau,chat t,che nh,
chi p,chinh bao,cho de,cho v,chu d,chuc ho,chung to,chut,co b,co t,con s,cong g,cong thu,cu k,
cuc s,cuoc t,da l,dan,dan xe,dao tr,dat ho,dau cu,dau o,day m,dem,dia p,dien,dinh chin,do ch,do t,
doc cau,doi ch,doi tr,dong g,dot,du n,dung a,dung g,dung ru,duoc d,duong v,f t,gap p,ghi so,gi p,
gia ng,giai thu,giao k,gioi t,giu kin,giup h,gom t,hai be,hai p,hang m,hay ho,hiep,hinh g,ho s,
hoach n,hoc o,hoi c,hoi du,hoi li,hoi s,hoi tot,hon b,hop t,huu t,ic,kcl s,ket h,kh,khach d,khi c,
kho n,khoang 3,khong p,ki ng,kiem r,kinh g,la t,lam hom,lan dau,lap l,lec,lhh v,lien b,lieu s,
live to,loc du,loi nu,lon so,luat k,luc cat,luy,mang h,mat s,may c,may th,minh c,mo hoi,moi ngu,
mot c,mot ye,muc ngu,muon l,nam 2027,nam don,nam nh,nang luo,nay ti,neu u,ngay co,ngay no,
nghe vie,nghien n,ngoai vu,nguoi doc,nguoi n,nguon,nha mi,nhan dun,nhap d,nhau de,nhieu h,nho cu,
nhun,no t,noi r,nop tru,nuoc di,nuoi l,ong c,ph v,phan do,phan vie,phep k,phong v,phut c,qua 2,
qua ti,quang bo,quanh,qui t,quyet dat,reu,rong l,sach giu,san lay,sang t,sat t,set,so b,so hu,
so s,soat t,sua ch,ta l,tach,tan n,tao ki,tap phu,tem h,thang 3,thanh v,thay k,the l,thi g,
thieu n,thoi g,thong thu,thu ix,thua c,thuc l,thuong cho,tich n,tiep n,tin bo,tin vu,tinh li,to,
toan so,ton v,tra moi,trang giay,tri tu,tro l,trong no,truc tu,truong x,ttg x,tu mu,tue nh,tuoi l,
tuyen q,tw ti,ur,va v,van c,vao may,vet be,viec g,vien de,viet n,vn v,voi bo,vong n,vua tuon,
vuon n,vusta vu,xa s,xep s,xua,xuong s
""".replace("\n", "").split(","),
)
# Pieces in a volume → every n-th cut.
STEPS = ((64, 48), (256, 8), (1024, 2))


def step(pieces: int) -> int:
    """A volume with so many pieces takes every n-th cut."""
    return next((every for most, every in STEPS if pieces <= most), 1)


def count(every: int) -> int:
    return _of(FIRST, every) + _of(PAIRS, every)


def place(key: str, every: int) -> int:
    """The number of the shelf where a stem or a pair, ``stem stem``, stands: pairs come last."""
    if " " in key:
        return _of(FIRST, every) + (bisect_right(PAIRS, key) - 1) // every
    return (bisect_right(FIRST, key) - 1) // every


def _of(cuts: tuple[str, ...], every: int) -> int:
    return -(-len(cuts) // every)
