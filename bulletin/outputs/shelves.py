"""Where the index of words is cut into files: the first stem of each shelf.

The cuts are fixed, so that a browser knows the file of a word without asking. They come from the
weight of words in printed issues: «của», «không» have a shelf of their own, rare letters share one.
A small archive takes every second, fourth … cut.
"""

from __future__ import annotations

from bisect import bisect_right

FIRST = (
    "",
    *"""
03 1 10 11 12 14 16 2 20 2013 2022 2025 2026 2027 24 3 30 4 40 50 6 60 8 93 ai al an and ao arx
au aut ay ba bac bai bam ban bang banh bao bap bau ben beo bia bie biet bin bo boc bong bun buon
ca cac cach cai cam can cang canx cap cat cau cay chac chan chap chatb che chep chi chia chien
chinh chiu cho choi chong chu chua chuan chun chuo chup chuy cl co coc com con cong cot cu cua
cuc cun cuo cuoi cuon da dac dai dam dan dang danh dao dap dat data dau day de dem deo di dia
dic die dien diet din dis do doa doc doi dom dong dot du dua duc dung duo duoi duon duye ex fe
fi g gang gay genr gh gi gia giac giam giao giay gio gion giu giua giup go goi gom gov guid hai
han hang hanh hau he het hiep hieu hin ho hoa hoac hoach hoai hoc hoi hom hong hop ht hun huu
huye iii it ix k kem ket key kg kh khac khach khao khi khic khoa khoan khoi khon khop ki kia
kien kieu kip l lab lai lam lan lang lanh lat lay layo le len lh li lic lie lieu lin loa loc lon
long lu luat luc luo luu ma mac mana manu mat mau may md mem mieng ml moc moi mom mot mu muc mui
muon nam nan nao nau nd net new ngang ngay ngh ngheo nghi nghia nghien nghiep ngo ngoi nguoi
nguon nguy nh nhac nhan nhanh nhat nhau nhi nhien nhin nhom nhu nhun ni no noi nom nop note nq
nui nuoi o of or ot pha pham phan phap phat phay phi pho phon phu phuc phut pu publisher q qr qu
quan quang quay qui quo quy quyet r ra rac rat ri ro roi rom rui sa sai san sang sanh sap sau
say sec sem so soa soat son sources st stat statu ste su sua suc suy t tac tach tai tam tan tao
tap tat tay te ten tep than thang thanh thao that thay the them theo thi thic thieu tho thoan
thoi thon thong thu thua thuat thuc thue thuon thuy tie tieng tiet tim tin tinh tit titl to toa
toan toc tom tong tot tr trac trai tran tranh tre tren treo tri tric trieu tro troi trong trot
truc trun truo truon truye tt tu tua tue tui tun tuo tuon tut tuye tw u ub ui un uni ur uu v vac
vai van vang vao vap vay ve vet vi vid vie vien viet vin vne voi von vu vua vuc vun vuo vuong
vuot w wat wi wip x xac xam xay xe xem xen xep xet xi xin xiv xoa xon xu xua xuat xun xuo xuon
xuy y ye yeu z
""".split(),
)
# Pieces in a part → every n-th cut.
STEPS = ((64, 32), (256, 8), (1024, 2))


def step(pieces: int) -> int:
    """A part with so many pieces takes every n-th cut."""
    return next((every for most, every in STEPS if pieces <= most), 1)


def count(every: int) -> int:
    return -(-len(FIRST) // every)


def place(stem: str, every: int) -> int:
    """The number of the shelf where ``stem`` stands."""
    return (bisect_right(FIRST, stem) - 1) // every
