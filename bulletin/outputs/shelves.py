"""Where the index of words is cut into files: the first key of each shelf.

The cuts are fixed, so that a browser knows the file of a word without asking. They come from the
weight of words in printed issues (scripts/bench/cuts.py). A word stands with its pairs of
neighbours, because a phone waits for each file; where hundreds of pairs begin with «hội», they have
shelves of their own. A small archive takes every second, fourth … cut.
"""

from __future__ import annotations

from bisect import bisect_right

CUTS = (
    "",
    *"""
00,03,1,10,100,114,120,14,16,185,2,20,2014,2024,2026,203,23,27,3,30,35,4,400,5,50,540,6,64,70,8,82,
92,a,ai,ai 1,ai lo,al,alt,am,an,anh,ao,asfv,ay,b,ba,ba a,ba lu,bac,bai,bam,ban,ban 1,ban biet,
ban moi,bang,bang 0,bang kho,banh,bao,bao 5,bao ngay,bap,bat,bau,bay,bcdt,ben,benh,beo,bi,bia,bie,
bien b,bien th,biet,bieu,bit,bo,bo 1,bo l,boc,bon,bong,bot,bui,buo,buoi,bup,c,ca,cac,cach,caco,cai,
cam,camg,can,cang,canh,canx,cao,cap,capt,cat,cau,cau 2,cau k,cay,ch,cham,chan,chang,chat,chatb,
chay,che,chen,chet,chi,chia,chie,chieu,chin,chinh,chiu,cho,cho a,cho m,choc,chong,chu,chua,chuan,
chuc,chun,chuo,chuon,chuot,chuy,cl,co,coc,con,cong,cong 0,cong nghi,cop,co₂,cr,cu,cua,cuc,cung,cuo,
cuoi,cuon,cuu,d,da,dac,dai,dak,dan,dang,danh,dao,dap,dat,dau,dau 1,dau me,dav,day,db,de,dee,den,
deo,di,dia,dic,dichv,dien,diet,dieu,din,dip,do,do 1,do khi,doa,doanh,doc,doi,dom,don,dong,dong a,
dong ne,dot,du,du 1,du lo,dua,duc,dung,dung 1,dung du,dung non,duo,duoi,duon,dut,em,f,g,gan,gang,
gap,gat,ghep,ghi,ghim,gi,gia,giac,giam,gian,giang,giay,gie,gio,gioi,giong,giot,giu,giua,giup,goc,
goi,gom,gop,gui,ha,hai,hai 1,hai lam,ham,han,hang,hanh,hat,hay,hb,het,hien,hieu,hin,hit,ho,hoa,
hoac,hoach,hoat,hoc,hoi,hoi 1,hoi hat,hoi soa,hom,hon,hong,hop,hu,hut,hz,ic,it,kal,ke,kem,keo,ket,
kg,kh,khac,khach,khan,khau,kheo,khi,khic,kho,khoa,khoan,khoang,khoanh,khoi,khon,khop,khun,ki,kia,
kie,kien,kieu,kin,kinh,l,la,lac,lai,lam,lam 3,lam moi,lan,lang,lao,lat,lay,le,lec,len,lh,li,lic,
lie,lieu,lin,lo,loa,loai,loan,loe,loi,lom,lon,long,lop,lu,lua,luan,luat a,luat nh,luc,lun,luong,
luot,ma,mac,man,mang,manga,mat,mau,may,may 1,may khoan,me,mem,mep,mieng,minh,mit,mo,moc,moi,mol,
mong,mot,mot b,mot loi,mu,mua,muc,mui,mung,muo,muon,n,nai,nam,nam 0,nam chuan,nam ne,nan,nang,nao,
nap,nay,nd,nen,net,neu,ng,ngan,ngang,ngay,ngay 0,ngay het,ngh,ngheo,nghi,nghia,nghien,nghin,ngoai,
ngoc,ngu,nguo,nguoi,nguoi 1,nguoi lap,nguon,nguy,nh,nhac,nhan,nhang,nhap,nhat,nhau,nhay,nhien,
nhieu,nhin,nho,nhoe,nhu,nhun,nhuo,no,noi,nom,nong,nop,nq,nua,nuo,nuoi,nuon,o,oa,ong,patentsc,phai,
pham,phan,phan 1,phan loi,phang,phat,phep,phi,phic,pho,phon,phot,phun,phuo,phut,px,qu,quan,quang,
quanh,quay,quen,qui,quo,quyet,quyt,r,rac,rang,rat,re,rie,ro,roi,rom,rong,ru,rung,rut,sach,sai,san,
sang,sanh,sao,sat,sau,say,si,sin,so,so 0,so doa,so nao,soa,soi,song,sot,su,sua,suc,suo,ta,tac,tach,
tai,tam,tan,tang,tao,tap,tat,tay,tc,ten,tep,tham,than,thang,thanh,thao,that,thay,the,them,theo,
thep,thi,thia,thieu,tho,thoai,thoan,thoi,thom,thong,thu,thu 1,thu may,thua,thuat,thuc,thue,thuo,
thuon,thuy,tic,tien,tieng,tiep,tiet,tieu,tim,tin,tinh,tinh 0,tinh luot,tit,to,toa,toan,toc,toi,tom,
tong,tr,trac,trai,tram,trang,tranh,tre,tren,treo,tri,trie,tro,troi,tron,trong,trot,truc,trun,truo,
truon,truye,ttg,tu,tu 1,tu li,tua,tuc,tui,tuo,tuon,tuy,tw,u,ub,un,uo,ur,va,vac,vai,van,vang,vao,
vat,vay,ve,vet,vi,vid,vie,viem,viet,vif,vo,voi,vom,vong,vu,vua,vun,vuo,vuong,w,x,xac,xanh,xe,xem,
xeng,xie,xiv,xoi,xu,xuat,xuoi,xuon,xuy,y,ye,
z
""".replace("\n", "").split(","),
)
# Pieces in a volume → every n-th cut.
STEPS = ((64, 44), (256, 8), (1024, 2))


def step(pieces: int) -> int:
    """A volume with so many pieces takes every n-th cut."""
    return next((every for most, every in STEPS if pieces <= most), 1)


def count(every: int) -> int:
    return -(-len(CUTS) // every)


def place(key: str, every: int) -> int:
    """The number of the shelf where a stem or a pair, ``stem stem``, stands."""
    return (bisect_right(CUTS, key) - 1) // every
