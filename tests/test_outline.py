"""The tree of numbered units: a table of texts with the paths and titles that a reader sees in them."""

from __future__ import annotations

import textwrap

import pytest

from tests.outlines import outline, sections_of

CASES = {
    "roman, arabic, letters": (
        """I. MỤC ĐÍCH, YÊU CẦU
1. Mục đích
a) Giữ nước sạch cho các xóm.
b) Trồng cây ven đường.
2. Yêu cầu
Làm đúng hạn.
II. TỔ CHỨC THỰC HIỆN
1. Văn phòng
Tổng hợp.""",
        [
            "I MỤC ĐÍCH, YÊU CẦU",
            "I/1 Mục đích",
            "I/1/a Giữ nước sạch cho các xóm",
            "I/1/b Trồng cây ven đường",
            "I/2 Yêu cầu",
            "II TỔ CHỨC THỰC HIỆN",
            "II/1 Văn phòng",
        ],
    ),
    "a wrapped sentence that begins with a number opens nothing": (
        """I. NỘI DUNG
1. Việc sửa đập tràn được làm theo hướng dẫn tại khoản
5. Các xóm cùng giữ đập.
2. Việc nạo vét mương.
II. KINH PHÍ
Ngân sách xã.""",
        [
            "I NỘI DUNG",
            "I/1 Việc sửa đập tràn được làm theo hướng dẫn tại khoản",
            "I/2 Việc nạo vét mương",
            "II KINH PHÍ",
        ],
    ),
    "V and X are roman in a roman list, letters in a list of letters": (
        "\n".join(f"{r}. PHẦN VIỆC" for r in ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"]),
        [f"{r} PHẦN VIỆC" for r in ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"]],
    ),
    "C and D continue A and B": (
        """A. TÌNH HÌNH
I. Kết quả
B. MỤC TIÊU
I. Chung
C. GIẢI PHÁP
I. Vốn
D. PHÂN CÔNG
I. Các xóm""",
        [
            "A TÌNH HÌNH",
            "A/I Kết quả",
            "B MỤC TIÊU",
            "B/I Chung",
            "C GIẢI PHÁP",
            "C/I Vốn",
            "D PHÂN CÔNG",
            "D/I Các xóm",
        ],
    ),
    "đ stands between d and e": (
        "1. Việc làm\n" + "\n".join(f"{x}) Việc nhỏ" for x in "abcdđeg"),
        ["1 Việc làm", *(f"1/{x} Việc nhỏ" for x in "abcdđeg")],
    ),
    "a list may skip đ": (
        "1. Việc làm\n" + "\n".join(f"{x}) Việc nhỏ" for x in "abcdeg"),
        ["1 Việc làm", *(f"1/{x} Việc nhỏ" for x in "abcdeg")],
    ),
    "a misread đ for d": (
        "1. Việc làm\n" + "\n".join(f"{x}) Việc nhỏ" for x in "abcđđe"),
        ["1 Việc làm", *(f"1/{x} Việc nhỏ" for x in "abcdđe")],
    ),
    "a real gap is kept": (
        "I. VIỆC\n1. Một\n2. Hai\n4. Bốn\n5. Năm\nII. VIỆC KHÁC\n1. Một",
        ["I VIỆC", "I/1 Một", "I/2 Hai", "I/4 Bốn", "I/5 Năm", "II VIỆC KHÁC", "II/1 Một"],
    ),
    "a real duplicate is kept": (
        "I. MỤC TIÊU\n1. Chung\nII. NỘI DUNG\n1. Đường\nII. TỔ CHỨC THỰC HIỆN\n1. Các xóm",
        ["I MỤC TIÊU", "I/1 Chung", "II NỘI DUNG", "II/1 Đường", "II TỔ CHỨC THỰC HIỆN", "II/1 Các xóm"],
    ),
    "a document may begin with II": (
        "II. MỤC TIÊU\n1. Chung\n2. Riêng\nIII. NỘI DUNG\n1. Đường",
        ["II MỤC TIÊU", "II/1 Chung", "II/2 Riêng", "III NỘI DUNG", "III/1 Đường"],
    ),
    "bold split over lines, hash marks": (
        """#### **I. MỤC**

**ĐÍCH, YÊU CẦU**

**1.**
**Mục đích**

Giữ rừng.

**2. Yêu cầu**

Làm đúng.

## II. NỘI DUNG

Trồng cây.""",
        ["I MỤC ĐÍCH, YÊU CẦU", "I/1 Mục đích", "I/2 Yêu cầu", "II NỘI DUNG"],
    ),
    "a heading that runs on with romans in it": (
        "I. NỘI DUNG\nĐường.\nII. THỜI GIAN: Quý II, III, IV năm 2031.\nIII. KINH PHÍ\nNgân sách xã.",
        ["I NỘI DUNG", "II THỜI GIAN: Quý II, III, IV năm 2031", "III KINH PHÍ"],
    ),
    "several units on one line": (
        "I. NỘI DUNG\n1. Mục đích: Giữ nước sạch. 2. Yêu cầu: Làm đúng hạn. 3. Phạm vi: Toàn xã.\nII. KINH PHÍ\nXã.",
        [
            "I NỘI DUNG",
            "I/1 Mục đích: Giữ nước sạch",
            "I/2 Yêu cầu: Làm đúng hạn",
            "I/3 Phạm vi: Toàn xã",
            "II KINH PHÍ",
        ],
    ),
    "decimals below their number, and one whose parent is another": (
        "I. MỤC TIÊU\nXong.\nII. NỘI DUNG\n1. Đường\n1.1. Xóm Trên\n1.1.1. Đoạn đầu\n1.2. Xóm Dưới\n"
        "2. Mương\n2.1. Mương cái\n3. Đập\n3.3. Cửa",
        [
            "I MỤC TIÊU",
            "II NỘI DUNG",
            "II/1 Đường",
            "II/1/1.1 Xóm Trên",
            "II/1/1.1/1.1.1 Đoạn đầu",
            "II/1/1.2 Xóm Dưới",
            "II/2 Mương",
            "II/2/2.1 Mương cái",
            "II/3 Đập",
            "II/3/3.3 Cửa",
        ],
    ),
    "articles go on across chapters, with khoản and điểm": (
        """Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi
1. Việc chung.
a) Việc nhỏ.
b) Việc khác.
2. Việc riêng.
Chương II
TỔ CHỨC
Điều 2. Giao Văn phòng
Điều 3. Hiệu lực""",
        [
            "Chương 1 QUY ĐỊNH CHUNG",
            "Chương 1/Điều 1 Phạm vi",
            "Chương 1/Điều 1/1 Việc chung",
            "Chương 1/Điều 1/1/a Việc nhỏ",
            "Chương 1/Điều 1/1/b Việc khác",
            "Chương 1/Điều 1/2 Việc riêng",
            "Chương 2 TỔ CHỨC",
            "Chương 2/Điều 2 Giao Văn phòng",
            "Chương 2/Điều 3 Hiệu lực",
        ],
    ),
    "bullets, sums and dates are no units": (
        "I. KINH PHÍ\n- 1. xóm\n+ a) xóm\n1.200 đồng mỗi người.\n12/5/2031 là hạn.\nII. HẠN\nTrước ngày\n20/5/2031.",
        ["I KINH PHÍ", "II HẠN"],
    ),
    "wording that is quoted is a list of its own, one level down": (
        """Điều 1. Sửa đổi một số điều như sau:
1. Sửa đổi Điều 4 như sau:
"Điều 4. Việc của xóm
1. Giữ đập.
2. Nạo mương."
2. Sửa đổi khoản 3 Điều 5 như sau:
"3. Trồng cây."
3. Bãi bỏ Điều 6.
Điều 2. Hiệu lực""",
        [
            "Điều 1 Sửa đổi một số điều như sau",
            "Điều 1/1 Sửa đổi Điều 4 như sau",
            "Điều 1/1/Điều 4 Việc của xóm",
            "Điều 1/1/Điều 4/1 Giữ đập",
            'Điều 1/1/Điều 4/2 Nạo mương."',
            "Điều 1/2 Sửa đổi khoản 3 Điều 5 như sau",
            'Điều 1/2/3 Trồng cây."',
            "Điều 1/3 Bãi bỏ Điều 6",
            "Điều 2 Hiệu lực",
        ],
    ),
    "what is quoted from another text is no unit": (
        """1. Theo Luật Đê điều, khoản 2 Điều 7 quy định như sau:
"1. Xóm giữ đê.
2. Xã giữ kè."
2. Đề nghị các xóm làm theo.""",
        ["1 Theo Luật Đê điều, khoản 2 Điều 7 quy định như sau", "2 Đề nghị các xóm làm theo"],
    ),
    "a name in quotation marks on a new line quotes nothing": (
        """Thực hiện Tiểu dự án 1:
"Giữ nước" năm 2031 trên địa bàn xã.
I. MỤC TIÊU
Nước sạch cho mọi "xóm".
II. NỘI DUNG
Nạo mương theo "hương ước"
III. KINH PHÍ
Ngân sách xã.""",
        ["I MỤC TIÊU", "II NỘI DUNG", "III KINH PHÍ"],
    ),
    "numbers of table rows are no units": (
        """I. NỘI DUNG

Bảng việc:

|
**TT**
|
**Việc**
|
|
1.
|
Đắp đường
|
|
2.
|
Nạo mương
|

II. KINH PHÍ

Ngân sách xã.""",
        ["I NỘI DUNG", "II KINH PHÍ"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_outline(name: str) -> None:
    text, expected = CASES[name]
    assert outline(text) == expected


BEHIND = {
    "annexes, numbered and not": (
        "Điều 1. Ban hành\nLê Tả\n\nPHỤ LỤC I\nDANH SÁCH XÓM\n(Kèm theo Kế hoạch số 9/KH-UBND)\nPHỤ LỤC II\nBẢN VẼ",
        ["Điều 1 Ban hành", "Phụ lục 1 DANH SÁCH XÓM", "Phụ lục 2 BẢN VẼ"],
    ),
    "an attached document has its own units": (
        "Điều 1. Ban hành\nĐiều 2. Hiệu lực\nLê Tả\n\nKẾ HOẠCH\nGiữ rừng đầu nguồn\n"
        "(Ban hành kèm theo Quyết định số 9/QĐ-UBND)\nI. MỤC TIÊU\n1. Chung\nII. NỘI DUNG\n1. Trồng cây",
        [
            "Điều 1 Ban hành",
            "Điều 2 Hiệu lực",
            "Kèm theo KẾ HOẠCH Giữ rừng đầu nguồn",
            "Kèm theo/I MỤC TIÊU",
            "Kèm theo/I/1 Chung",
            "Kèm theo/II NỘI DUNG",
            "Kèm theo/II/1 Trồng cây",
        ],
    ),
    "a titled table is no attached document": (
        "I. NỘI DUNG\nLê Tả\n\nKẾ HOẠCH VAY VỐN\n(Kèm theo Kế hoạch số 9/KH-UBND)\nSố dư đầu năm",
        ["I NỘI DUNG"],
    ),
    "a list attached to a decision stands alone, its title over more lines": (
        "Điều 1. Ban hành danh sách\nLê Tả\n\nDANH SÁCH CÁC XÓM\nĐƯỢC TRỒNG RỪNG\n"
        "(Kèm theo Quyết định số 9/QĐ-UBND)\nSTT\nXóm\n1\nXóm Trên",
        ["Điều 1 Ban hành danh sách", "Kèm theo DANH SÁCH CÁC XÓM ĐƯỢC TRỒNG RỪNG"],
    ),
    "a decision to be filled in belongs to its annex": (
        "Điều 1. Ban hành\nLê Tả\n\nPHỤ LỤC\nCÁC MẪU\nMẫu số 1\nQUYẾT ĐỊNH\nVề việc giao ........\n"
        "Căn cứ ........\nĐiều 1. Giao ........ trồng rừng.\nĐiều 2. Hiệu lực.",
        ["Điều 1 Ban hành", "Phụ lục CÁC MẪU", "Phụ lục/Điều 1 Giao ........ trồng rừng", "Phụ lục/Điều 2 Hiệu lực"],
    ),
    "forms begin their numbers anew, their notes are none": (
        "I. NỘI DUNG\nLê Tả\n\nPHỤ LỤC\nMẪU BIÊN BẢN\n1. Thành phần gồm:\n2. Nội dung họp:\n"
        "(1) Tên xóm.\n(2) Nơi họp.\n1. Người ứng cử:\n2. Ý kiến của xóm:",
        [
            "I NỘI DUNG",
            "Phụ lục MẪU BIÊN BẢN",
            "Phụ lục/1 Thành phần gồm",
            "Phụ lục/2 Nội dung họp",
            "Phụ lục/1 Người ứng cử",
            "Phụ lục/2 Ý kiến của xóm",
        ],
    ),
}


@pytest.mark.parametrize("name", BEHIND)
def test_outline_behind_the_signature(name: str) -> None:
    text, expected = BEHIND[name]
    assert outline(text, "Lê Tả") == expected


PLAN = """I. MỤC ĐÍCH, YÊU CẦU
1. Mục đích
a) Giữ nước sạch cho các xóm ở đầu nguồn, nơi mỗi mùa khô đều thiếu nước từ tháng giêng đến tháng tư.
b) Giúp các hộ ở vùng thấp biết trước mực nước của suối mỗi khi mưa to quá hai ngày liền.
2. Yêu cầu
Các xóm cùng làm, cùng giữ, không để người già và trẻ nhỏ phải đi gánh nước xa quá một cây số.
II. NỘI DUNG
1. Đào thêm mương từ suối Cả về các xóm Trên, xóm Giữa và xóm Dưới, xong trước mùa mưa của năm sau.
1.1. Đoạn đầu do xóm Trên làm, xã cho mượn máy đào và trả tiền dầu theo số giờ mà tổ đã chấm công.
1.2. Đoạn cuối do xóm Dưới làm, phần đá do hợp tác xã của thôn Đồng Vọng chở đến tận chân ruộng.
2. Trồng lại rừng ở đầu nguồn bằng cây bản địa, mỗi hộ ít nhất mười cây, chia đều cho các xóm.
III. TỔ CHỨC THỰC HIỆN
1. Các xóm họp dân, cử tổ giữ nước, ghi tên từng người và gửi danh sách về xã trong tháng sau.
2. Văn phòng theo dõi chung, mỗi quý một lần báo cho các xóm biết việc đã làm và việc còn lại."""


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("width", [45, 60, 80, 120])
def test_outline_does_not_hang_on_the_width_of_the_page(width: int, gap: str) -> None:
    wrapped = gap.join("\n".join(textwrap.wrap(line, width)) for line in PLAN.split("\n"))
    assert [section.path for section in sections_of(wrapped)[1]] == [section.path for section in sections_of(PLAN)[1]]
    assert len(sections_of(PLAN)[1]) == 13
