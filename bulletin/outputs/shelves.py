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
01,1,10,11,12,14,165,2,20,2018,2026,21,26,3,300,4,44,50,565,60,70,80,91,a3,ai 1,ai lo,al,am,an,anh,
ap,ay,b2,ba,ba a,ba lu,bac,bai,bam,ban,ban 1,ban biet,ban moi,bang,bang 0,bang kho,banh,bao,bap,
bau,be,ben,benh,bep,bia,bie,bien b,bien th,biet,bin,bo,bo 1,bo l,boc,bon,bong,bu,buo,buon,c,ca,cac,
cach,caco,cam,camg,can,cang,canh,canx,cap,capt,cat,cau,cay,ch,cham,chan,chang,chat,chay,che,chen,
chi,chia,chiem,chin,chiu,cho,choc,chong,chu,chua,chuan,chum,chun,chuo,chuon,chup,chuy,cl,co,coc,
con,cong,cong 0,cong nghi,cop,cp,cu,cua,cuc,cung,cuo,cuoi,cut,da,dac,dai,dak,dan,dang,danh,dao,dat,
dau,dau 1,dau me,dav,day,db,de,dee,den,dep,di,dia,dic,die,dien,diet,dieu,din,dip,do,do 1,do khi,
doa,doc,doi,dom,dong,dot,du,dua,dun,dung,dung 1,dung li,duo,duoi,duon,duy,f,gai,gang,gap,gay,ghi,
ghim,gia,giac,giam,gian,giao,giay,gie,gio,gioi,giong,giot,giu,giua,giup,goc,goi,gom,gr,hac,hai,
hai 1,hai lam,ham,han,hang,hanh,hay,hb,het,hiep,hieu,hin,ho,hoa,hoac,hoach,hoc,hoi,hoi 1,hoi hat,
hoi soa,hom,hon,hong,hop,huan,huu,i,it,kc,ke,kem,kep,kg,kha,khach,khao,khen,khi,khic,kho,khoa,
khoan,khoang,khoe,khon,khop,khuy,ki,kia,kie,kien,kil,kip,la,lac,lai,lam,lan,lang,lap,lau,lay,le,
len,li,lic,lieu,lit,lo,loa,loan,loi,lom,lon,long,lop,lua,luat,luc,lun,luong,luu,ma,mac,mang,manh,
mat,mau,may,may 1,may khoan,me,men,mie,minh,mit,mo,moc,moi,mol,mot,mot b,mot loi,mu,mua,muc,mui,
muo,muon,n,nai,nam,nam 0,nam hop,nan,nao,nap,nay,nd,nen,net,neu,ngam,nganh,ngay,ngay 0,ngay het,
ngh,ngheo,nghia,nghieng,ngoai,ngoi,ngue,nguoi,nguoi 1,nguoi lap,nguon,nguye,nh,nhac,nhan,nhang,
nhat,nhau,nhen,nhieu,nhin,nho,nhoe,nhu,nhun,nhuom,no,noi,nom,nong,nop,nua,nuo,nuoi,nut,o,oa,op,
phai,pham,phan,phan 1,phan loi,phang,phe,phi,phieu,phoi,phon,phu,phuo,phut,qd,qu,quan,quang,quanh,
quen,qui,quy,quyet,r,rach,rat,ri,ro,roi,rom,ru,ruo,sach,sai,san,sang,sanh,sat,sau,say,sim,so,so 0,
so doa,so nao,soa,som,sot,su,sua,sui,ta,tac,tach,tai,tam,tan,tang,tao,tap,tat,tay,te,ten,th,than,
thang,thanh,thao,that,thay,the,them,theo,thi,thia,thieu,tho,thoai,thoc,thoi,thom,thong,thu,thu 1,
thu may,thua,thuc,thue,thuo,thuon,thuy,tie,tien,tieng,tiet,tim,tin,tinh,tinh 0,tinh luot,tit,to,
toa,toan,toc,toi,tom,tot,tr,trach,tram,trang,tranh,tren,tri,trieu,tro,troi,trong,trot,truc,trun,
truo,truon,truye,tu,tu 1,tu li,tua,tue,tuo,tuon,tuye,u,un,uon,va,vac,vai,van,vang,vao,vat,vay,ve,
vet,vi,vid,vie,viem,viet,vif,vo,voi,vom,vu,vua,vung,vuo,vuong,x,xac,xay,xem,xep,xin,xoa,xop,xun,
xuon,y,
ye
""".replace("\n", "").split(","),
)
# Pieces in a volume → every n-th cut.
STEPS = ((64, 36), (256, 8), (1024, 2))


def step(pieces: int) -> int:
    """A volume with so many pieces takes every n-th cut."""
    return next((every for most, every in STEPS if pieces <= most), 1)


def count(every: int) -> int:
    return -(-len(CUTS) // every)


def place(key: str, every: int) -> int:
    """The number of the shelf where a stem or a pair, ``stem stem``, stands."""
    return (bisect_right(CUTS, key) - 1) // every
