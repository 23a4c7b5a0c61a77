"""Make `reference.docx`, whose styles, header and footer the Word version of the report has.

It begins with pandoc's own reference document, so that every style that pandoc uses is there.
Run it in any folder: `python assets/make_reference_docx.py`. Running it again changes no byte.
"""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path

import docx
import pypandoc
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

TARGET = Path(__file__).parent / "reference.docx"
RUNNING_HEAD = "RUNNING-HEAD"
"""Stands in the header until a workspace's copy gets the force, quarter and item."""

FONT = "Arial"  # on every machine that has Word
NAVY = RGBColor(0x12, 0x43, 0x6D)
GREY = RGBColor(0x50, 0x5A, 0x5F)
INK = RGBColor(0x1D, 0x1D, 0x1B)
EPOCH = (1980, 1, 1, 0, 0, 0)

CALLOUT_BORDER = "12436D"
CALLOUT_FILL = "EEF3F7"


def make() -> bytes:
    """Make the document's bytes."""
    default = subprocess.run(
        [pypandoc.get_pandoc_path(), "--print-default-data-file", "reference.docx"],
        check=True,
        capture_output=True,
    ).stdout
    document = docx.Document(io.BytesIO(default))
    _set_styles(document)
    _set_table_style(document)
    _set_page(document)
    saved = io.BytesIO()
    document.save(saved)
    return _without_times(saved.getvalue())


def _set_styles(document: Document) -> None:
    fonts = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for name in ("w:rFonts", "w:lang"):
        for old in fonts.findall(qn(name)):
            fonts.remove(old)
    fonts.insert(0, parse_xml(f'<w:rFonts {nsdecls("w")} w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}"/>'))
    fonts.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="en-GB" w:eastAsia="en-GB" w:bidi="ar-SA"/>'))

    for name, size, before, after in (
        ("Normal", 10.5, 0, 6),
        ("Body Text", 10.5, 6, 4),
        ("First Paragraph", 10.5, 6, 4),
        ("Compact", 9, 2, 2),
        ("Kept Table Text", 9, 2, 2),
        ("List Text", 10.5, 1, 2),
        ("Block Text", 10.5, 6, 6),
        ("Footnote Text", 9, 0, 3),
        ("Definition Term", 10.5, 4, 0),
        ("Definition", 10.5, 0, 6),
    ):
        _paragraph(document, name, size, before, after)
    document.styles["Definition Term"].font.bold = True
    document.styles["Definition Term"].paragraph_format.keep_with_next = True
    document.styles["Kept Table Text"].paragraph_format.keep_with_next = True
    for name, size, before, after in (
        ("Title", 26, 0, 4),
        ("Subtitle", 13, 0, 14),
        ("Heading 1", 17, 22, 8),
        ("Heading 2", 13.5, 16, 6),
        ("Heading 3", 11.5, 12, 5),
        ("Heading 4", 10.5, 10, 4),
        ("TOC Heading", 14, 16, 6),
    ):
        style = _paragraph(document, name, size, before, after, bold=True, colour=NAVY)
        style.paragraph_format.keep_with_next = True
    subtitle = document.styles["Subtitle"]
    subtitle.font.bold = False
    subtitle.font.color.rgb = GREY
    for name in ("Title", "Subtitle"):
        document.styles[name].paragraph_format.alignment = 0
    _border(document.styles["Subtitle"], "bottom", "12436D", 16, space=8)

    for name, above in (("Image Caption", True), ("Table Caption", False)):
        style = _paragraph(document, name, 9.5, 4 if above else 12, 12 if above else 5)
        style.font.italic = False
        style.paragraph_format.keep_with_next = not above
    _paragraph(document, "Captioned Figure", 10.5, 10, 0).paragraph_format.keep_with_next = True
    _paragraph(document, "Table Notes", 9, 5, 12, base="Normal", colour=GREY)

    block = _paragraph(document, "Heading Block", 10.5, 0, 3, base="Normal")
    block.paragraph_format.left_indent = Mm(32)
    block.paragraph_format.first_line_indent = Mm(-32)
    block.paragraph_format.tab_stops.add_tab_stop(Mm(32), WD_TAB_ALIGNMENT.LEFT)

    for name, bold in (("Callout Title", True), ("Callout", False)):
        style = _paragraph(document, name, 10.5, 10 if bold else 0, 0, base="Normal", bold=bold)
        style.paragraph_format.keep_with_next = bold
        style.paragraph_format.left_indent = Mm(4)
        _border(style, "left", CALLOUT_BORDER, 24, space=8)
        style.element.get_or_add_pPr().append(
            parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{CALLOUT_FILL}"/>')
        )
    document.styles["Callout Title"].font.color.rgb = NAVY
    document.styles["Callout"].paragraph_format.space_after = Pt(8)

    for level in (1, 2, 3):
        style = _paragraph(document, f"toc {level}", 10.5, 3 if level == 1 else 0, 2, base="Normal")
        style.paragraph_format.left_indent = Mm(6 * (level - 1))
        style.font.bold = level == 1
    link = document.styles["Hyperlink"]
    link.font.color.rgb = NAVY
    link.font.underline = False


def _paragraph(
    document: Document,
    name: str,
    size: float,
    before: float,
    after: float,
    *,
    base: str | None = None,
    bold: bool | None = None,
    colour: RGBColor | None = None,
) -> ParagraphStyle:
    names = [style.name for style in document.styles]
    style = document.styles[name] if name in names else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if base:
        style.base_style = document.styles[base]
    style.quick_style = True
    properties = style.element.get_or_add_rPr()
    for tag in ("w:rFonts", "w:spacing"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    style.font.name = FONT
    style.font.size = Pt(size)
    style.font.bold = bold
    style.font.italic = None
    style.font.color.rgb = colour or INK
    style.paragraph_format.space_before = Pt(before)
    style.paragraph_format.space_after = Pt(after)
    style.paragraph_format.line_spacing = 1.15
    return style


def _border(style: ParagraphStyle, side: str, colour: str, eighths: int, space: int) -> None:
    style.element.get_or_add_pPr().append(
        parse_xml(
            f'<w:pBdr {nsdecls("w")}><w:{side} w:val="single" w:sz="{eighths}" w:space="{space}" '
            f'w:color="{colour}"/></w:pBdr>'
        )
    )


def _set_table_style(document: Document) -> None:
    """Style `Table`, which pandoc gives to every table: rules, a header that is told apart, whole rows."""
    style = document.styles["Table"].element
    for name in ("w:tblPr", "w:trPr", "w:tblStylePr"):
        for old in style.findall(qn(name)):
            style.remove(old)
    rule = 'w:val="single" w:sz="4" w:space="0" w:color="B1B4B6"'
    space = "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>'
        for side, width in (("top", 40), ("left", 85), ("bottom", 40), ("right", 85))
    )
    borders = f"<w:tblBorders><w:bottom {rule}/><w:insideH {rule}/></w:tblBorders>"
    head_rule = '<w:tcBorders><w:bottom w:val="single" w:sz="8" w:space="0" w:color="12436D"/></w:tcBorders>'
    whole = f"<w:tblPr {nsdecls('w')}>{borders}<w:tblCellMar>{space}</w:tblCellMar></w:tblPr>"
    rows = f"<w:trPr {nsdecls('w')}><w:cantSplit/></w:trPr>"
    head = (
        f'<w:tblStylePr {nsdecls("w")} w:type="firstRow"><w:rPr><w:b/><w:color w:val="12436D"/></w:rPr>'
        f"<w:tblPr/><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
        f'<w:tcPr>{head_rule}<w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>'
    )
    for part in (whole, rows, head):
        style.append(parse_xml(part))


def _set_page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin, section.bottom_margin = Mm(28), Mm(25)
    section.header_distance = section.footer_distance = Mm(12)
    for name in ("Header", "Footer"):
        _paragraph(document, name, 9, 0, 0, base="Normal", colour=GREY)
    header = section.header.paragraphs[0]
    header.style = document.styles["Header"]
    header.add_run(RUNNING_HEAD)
    footer = section.footer.paragraphs[0]
    footer.style = document.styles["Footer"]
    footer.alignment = 2
    for text, field in (("Page ", "PAGE"), (" of ", "NUMPAGES")):
        footer.add_run(text)
        footer._p.append(
            parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" {field} "><w:r><w:t>1</w:t></w:r></w:fldSimple>')
        )


def _without_times(document: bytes) -> bytes:
    """Write the archive again with its entries in order and without times, so that the bytes are the same."""
    rewritten = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(rewritten, "w") as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            new.writestr(zipfile.ZipInfo(name, EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return rewritten.getvalue()


if __name__ == "__main__":
    TARGET.write_bytes(make())
