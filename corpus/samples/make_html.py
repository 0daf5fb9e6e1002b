"""A sample document as a page of a public body's web site: menu, details, document, related links, footer."""

from __future__ import annotations

from html import escape

from corpus.samples.markup import NOTICE, Block, Sample, is_heading

_STYLE = """
body { font-family: Arial, sans-serif; margin: 0; background: #eef1f4 }
header { background: #a4161a; color: #fff; padding: 12px 24px }
nav { background: #7d1014; padding: 6px 24px } nav a { color: #fff; margin-right: 18px }
main { display: flex; max-width: 1080px; margin: 16px auto; background: #fff }
article { flex: 1; padding: 24px; font-family: "Times New Roman", serif; font-size: 17px }
aside { width: 240px; padding: 16px; border-left: 1px solid #ccc; font-size: 14px }
table.thong-so td { border: 1px solid #ccc; padding: 4px 8px; font: 14px Arial, sans-serif }
table.the-thuc { width: 100% } table.the-thuc td { width: 50%; text-align: center; vertical-align: top }
table.so-lieu { border-collapse: collapse; margin: 8px auto } table.so-lieu td, table.so-lieu th
{ border: 1px solid #000; padding: 4px 10px }
.mau { color: #b00020; text-align: center; font-style: italic } .giua { text-align: center; font-weight: bold }
.phai { text-align: right; font-style: italic } td.noi-nhan { text-align: left !important; font-size: 14px }
footer { background: #333; color: #ddd; padding: 16px 24px; font-size: 13px }
"""
_MENU = ("Trang chủ", "Giới thiệu", "Tin tức", "Văn bản", "Thủ tục hành chính", "Hỏi đáp")
_RELATED = ("Lịch tiếp công dân", "Góp ý dự thảo văn bản", "Bản đồ các điểm cấp nước", "Đường dây nóng")


def make_html(sample: Sample) -> bytes:
    """The page, as UTF-8."""
    owner = escape(" ".join(sample.left).title())
    menu = "".join(f'<a href="#">{item}</a>' for item in _MENU)
    related = "".join(f'<li><a href="#">{item}</a></li>' for item in _RELATED)
    body = "\n".join(_blocks(sample.blocks))
    annex = "\n".join(_blocks(sample.annex))
    page = f"""<!DOCTYPE html>
<html lang="vi">
<head>
<meta charset="utf-8">
<title>{escape(sample.number)} - Cổng thông tin điện tử</title>
<style>{_STYLE}</style>
</head>
<body>
<header><strong>CỔNG THÔNG TIN ĐIỆN TỬ</strong><br>{owner}</header>
<nav>{menu}</nav>
<main>
<article>
<table class="thong-so">
<tr><td>Loại văn bản</td><td>{escape(sample.heading.capitalize())}</td></tr>
<tr><td>Tình trạng</td><td>Đã đăng tải</td></tr>
<tr><td>Lượt xem</td><td>124</td></tr>
</table>
<div class="van-ban">
<p class="mau">{NOTICE}</p>
{_letterhead(sample)}
{_titles(sample)}
{body}
{_signature(sample)}
{annex}
</div>
</article>
<aside><h3>Liên kết</h3><ul>{related}</ul></aside>
</main>
<footer>Bản quyền thuộc về Cổng thông tin điện tử. Ghi rõ nguồn khi phát hành lại thông tin từ trang này.</footer>
</body>
</html>
"""
    return page.encode()


def _lines(lines: list[str]) -> str:
    return "<br>\n".join(escape(line).replace("  ", "&nbsp;&nbsp;") for line in lines)


def _letterhead(sample: Sample) -> str:
    number = [sample.number, sample.subject] if sample.subject else [sample.number]
    return f"""<table class="the-thuc">
<tr><td><b>{_lines(list(sample.left))}</b></td><td><b>{_lines(list(sample.motto))}</b></td></tr>
<tr><td>{_lines(number)}</td><td><i>{_lines([sample.place_date])}</i></td></tr>
</table>"""


def _titles(sample: Sample) -> str:
    lines = [sample.heading, " ".join(sample.title), sample.caller, sample.addressee]
    return "\n".join(f'<p class="giua">{escape(line)}</p>' for line in lines if line)


def _blocks(blocks: tuple[Block, ...]) -> list[str]:
    return [_table(block) if block.kind == "table" else _paragraph(block) for block in blocks]


def _paragraph(block: Block) -> str:
    text = escape(block.text, quote=False)
    if block.kind in ("centre", "annex", "right"):
        return f'<p class="{"phai" if block.kind == "right" else "giua"}">{text.replace(chr(10), "<br>")}</p>'
    if block.kind == "basis":
        return f"<p><i>{text}</i></p>"
    return f"<p><b>{text}</b></p>" if is_heading(block) else f"<p>{text}</p>"


def _table(block: Block) -> str:
    head, *rows = block.rows
    lines = ["".join(f"<th>{escape(cell)}</th>" for cell in head)]
    lines += ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows]
    return '<table class="so-lieu">\n' + "\n".join(f"<tr>{line}</tr>" for line in lines) + "\n</table>"


def _signature(sample: Sample) -> str:
    recipients = _lines(["Nơi nhận:", *sample.recipient_lines])
    signed = _lines([*sample.sign, *([sample.signer] if sample.signer else [])])
    return f"""<table class="the-thuc">
<tr><td class="noi-nhan">{recipients}</td><td><b>{signed}</b></td></tr>
</table>"""
