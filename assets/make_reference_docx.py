"""Make `reference.docx`, whose styles, header, footer and typeface the Word version of the report has.

It begins with pandoc's own reference document and writes its styles anew, so that Word's gallery holds what an
analyst is meant to use and nothing else. Run it in any folder: `python assets/make_reference_docx.py`. Running it
again changes no byte.
"""

from __future__ import annotations

import io
import re
import subprocess
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

import docx
import pypandoc
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

TARGET = Path(__file__).parent / "reference.docx"
RUNNING_HEAD = "RUNNING-HEAD"
"""Stands in the header until a workspace's copy gets the force, quarter and item."""

FONT = "Source Sans Pro"
FALLBACK = "Calibri"
"""What Word takes where embedded fonts are not allowed."""
EMBEDDED = {"Regular": "Regular", "Bold": "Bold", "It": "Italic", "BoldIt": "BoldItalic"}
LANGUAGE = "en-GB"
EPOCH = (1980, 1, 1, 0, 0, 0)

NAVY, INK, GREY, RULE, TINT = "12436D", "1D1D1B", "505A5F", "B1B4B6", "EEF3F7"
MARGIN = Mm(25)

WORDS_OWN = re.compile(
    "Normal|Default Paragraph Font|Body Text|List (Paragraph|Bullet|Continue).*|Title|Subtitle|heading .|"
    "Block Text|footnote .*|caption|TOC Heading|toc .|header|footer|Strong|Emphasis|Hyperlink"
)
"""Names of styles that Word knows; any other has to be marked as ours."""

TEXT_LINE, TIGHT_LINE = 1.08, 1.0
BULLET_MM = 5.0
LEVELS = ("", " 2", " 3")
"""What follows the name of a list's style, level by level."""
LISTS = (("•", "–", "•"), ("•",))
"""The bullets of a list in text, level by level, and of one in a callout."""
CELL = (Pt(3), Pt(4.5))
"""Space in a cell: above and below, left and right."""


@dataclass(frozen=True)
class Style:
    """A style, in points and millimetres; what is None is as in the style that it is based on."""

    name: str
    base: str | None = "Normal"
    kind: str = "paragraph"
    following: str | None = None
    size: float | None = None
    bold: bool | None = None
    italic: bool | None = None
    colour: str | None = None
    font: str | None = None
    raised: bool = False
    underline: bool = False
    before: float | None = None
    after: float | None = None
    line: float | None = None
    keep_next: bool | None = None
    keep_lines: bool | None = None
    right: bool = False
    left_mm: float | None = None
    hanging_mm: float | None = None
    tab_mm: float | None = None
    leader: str | None = None
    rules: tuple[tuple[str, str, int, int], ...] = ()
    """Side, colour, eighths of a point, and the points between it and the text."""
    fill: str | None = None
    outline: int | None = None
    list_level: tuple[int, int] | None = None
    """The list of `LISTS` and its level, from 1 and 0, whose bullet it has."""
    tight_between: bool = False
    gallery: bool = False
    """Whether Word offers it among the styles to write with."""

    @property
    def id(self) -> str:
        """The id that pandoc and Word give it."""
        return style_id(self.name)


def style_id(name: str) -> str:
    """Give a style the id that pandoc and Word give it."""
    if name.startswith("toc "):
        return "TOC" + name[4:]
    return "".join(word[0].upper() + word[1:] for word in name.split())


def _heading(level: int, size: float, before: float, after: float) -> Style:
    return Style(
        f"heading {level}", following="Body Text", size=size, bold=True, colour=NAVY, before=before, after=after,
        line=TIGHT_LINE, keep_next=True, keep_lines=True, outline=level - 1, gallery=True,
    )  # fmt: skip


def _table_styles() -> Iterator[Style]:
    """Give the styles of a table's paragraphs, and of one that has no room in their size."""
    for style in _table_styles_of_a_size():
        yield style
        yield replace(style, name=f"{style.name} Small", base=style.name, size=8, gallery=False)


def _table_styles_of_a_size() -> Iterator[Style]:
    """Give the styles of the paragraphs.

    A row whose paragraphs are kept with the next stays with the next row: that is how a short table, or a total
    and what it heads, is not broken by the end of a page.
    """
    yield Style("Table Text", size=9.5, line=TIGHT_LINE, keep_lines=True, gallery=True)
    yield Style("Table Figure", "Table Text", right=True, gallery=True)
    yield Style("Table Part", "Table Text", left_mm=4, gallery=True)
    yield Style("Table Heading", "Table Text", bold=True, colour=NAVY, keep_next=True, gallery=True)
    yield Style("Table Heading Figure", "Table Heading", right=True, gallery=True)
    yield Style("Table Total", "Table Text", bold=True, keep_next=True, gallery=True)
    yield Style("Table Total Figure", "Table Total", right=True, gallery=True)
    for name in ("Text", "Figure", "Part"):
        yield Style(f"Table {name} Kept", f"Table {name}", keep_next=True, gallery=True)


STYLES = (
    Style("Normal", None, size=10.5, colour=INK, font=FONT, before=0, after=0, line=TEXT_LINE),
    Style("Default Paragraph Font", None, "character"),
    Style("Body Text", before=3, after=5, gallery=True),
    Style("First Paragraph", "Body Text", following="Body Text"),
    Style("Compact", "Body Text", before=1, after=1),
    Style("List Paragraph", "Body Text", before=1, after=2, gallery=True),
    *(
        Style(f"List Bullet{suffix}", "List Paragraph", list_level=(1, level), gallery=True)
        for level, suffix in enumerate(LEVELS)
    ),
    *(
        Style(f"List Continue{suffix}", "List Paragraph", left_mm=BULLET_MM * (level + 1), gallery=True)
        for level, suffix in enumerate(LEVELS)
    ),
    Style(
        "Title", following="Subtitle", size=27, bold=True, colour=NAVY, after=3, line=0.9, keep_next=True,
        gallery=True,
    ),
    Style(
        "Subtitle", following="Body Text", size=13.5, colour=GREY, after=14, keep_next=True,
        rules=(("bottom", NAVY, 16, 10),), gallery=True,
    ),
    Style("Heading Block", before=1, after=2, left_mm=32, hanging_mm=32, tab_mm=32, gallery=True),
    _heading(1, 17, 22, 8),
    _heading(2, 13.5, 16, 6),
    _heading(3, 11.5, 13, 5),
    _heading(4, 10.5, 11, 4),
    Style(
        "Block Text", "Body Text", before=6, after=8, left_mm=5, rules=(("left", RULE, 16, 8),), gallery=True
    ),
    Style("Source Code", "Body Text", font="Consolas", size=9, line=TIGHT_LINE, fill=TINT),
    Style("footnote text", size=9, after=3, line=TIGHT_LINE, gallery=True),
    Style("Definition", "Body Text", size=10, before=0, after=2.5, line=TIGHT_LINE, keep_lines=True, left_mm=36,
        hanging_mm=36, tab_mm=36, gallery=True),
    Style("caption", size=9.5, line=TIGHT_LINE, keep_lines=True),
    Style("Table Caption", "caption", before=14, after=5, keep_next=True, gallery=True),
    Style("Image Caption", "caption", before=4, after=14, gallery=True),
    Style("Figure", keep_lines=True),
    Style("Captioned Figure", "Figure", before=10, keep_next=True, line=TIGHT_LINE, gallery=True),
    *_table_styles(),
    Style("Table Notes", size=9, colour=GREY, before=4, after=14, line=TIGHT_LINE, keep_lines=True,
        tight_between=True, gallery=True),
    Style(
        "Callout Title", "Callout", bold=True, colour=NAVY, before=12, after=2, keep_next=True, keep_lines=True,
        gallery=True,
    ),
    Style("Callout", before=0, after=5, rules=(("left", NAVY, 24, 8),), fill=TINT, gallery=True),
    Style("Callout Bullet", "Callout", list_level=(2, 0), after=2, gallery=True),
    Style("TOC Heading", size=14, bold=True, colour=NAVY, before=16, after=6, keep_next=True),
    Style("toc 1", bold=True, before=4, after=1, tab_mm=160, leader="dot"),
    Style("toc 2", after=1, left_mm=6, tab_mm=160, leader="dot"),
    Style("header", size=9, colour=GREY, line=TIGHT_LINE, rules=(("bottom", RULE, 4, 5),)),
    Style("footer", size=9, colour=GREY, line=TIGHT_LINE, right=True),
    Style("Strong", "Default Paragraph Font", "character", bold=True, gallery=True),
    Style("Emphasis", "Default Paragraph Font", "character", italic=True, gallery=True),
    Style("Hyperlink", "Default Paragraph Font", "character", colour=NAVY, underline=True),
    Style("footnote reference", "Default Paragraph Font", "character", raised=True),
    Style("Verbatim Char", "Default Paragraph Font", "character", font="Consolas", size=9),
    Style("Section Number", "Default Paragraph Font", "character"),
    Style("Body Text Char", "Default Paragraph Font", "character"),
)  # fmt: skip


def make() -> bytes:
    """Make the document's bytes."""
    default = subprocess.run(
        [pypandoc.get_pandoc_path(), "--print-default-data-file", "reference.docx"],
        check=True,
        capture_output=True,
    ).stdout
    document = docx.Document(io.BytesIO(default))
    _set_styles(document)
    _set_lists(document)
    _set_page(document)
    _set_settings(document)
    _set_fonts(document)
    saved = io.BytesIO()
    document.save(saved)
    return _without_times(saved.getvalue())


def _set_styles(document: Document) -> None:
    styles = document.styles.element
    for old in list(styles):
        styles.remove(old)
    written = "".join(_style(style, priority) for priority, style in enumerate(STYLES, 1))
    root = parse_xml(
        f"<w:styles {nsdecls('w')}><w:docDefaults><w:rPrDefault><w:rPr>{_fonts(FONT)}"
        f'<w:lang w:val="{LANGUAGE}" w:eastAsia="{LANGUAGE}" w:bidi="{LANGUAGE}"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        # Word's own styles that are not here are not recommended.
        '<w:latentStyles w:defLockedState="0" w:defUIPriority="99" w:defSemiHidden="1" w:defUnhideWhenUsed="1" '
        f'w:defQFormat="0" w:count="376"/>{written}{_table_style()}</w:styles>'
    )
    styles.extend(list(root))


def _style(style: Style, priority: int) -> str:
    default = ' w:default="1"' if style.base is None else ""
    own = "" if WORDS_OWN.fullmatch(style.name) else ' w:customStyle="1"'
    parts = [f'<w:name w:val="{style.name}"/>']
    if style.base:
        parts.append(f'<w:basedOn w:val="{style_id(style.base)}"/>')
    if style.following:
        parts.append(f'<w:next w:val="{style_id(style.following)}"/>')
    parts.append(f'<w:uiPriority w:val="{priority}"/>')
    parts.append("<w:qFormat/>" if style.gallery else "")
    parts += [_paragraph_properties(style), _run_properties(style)]
    return f'<w:style w:type="{style.kind}"{default}{own} w:styleId="{style.id}">{"".join(parts)}</w:style>'


def _paragraph_properties(style: Style) -> str:
    spacing = [
        f'w:{name}="{round(value * 20)}"' for name, value in (("before", style.before), ("after", style.after))
        if value is not None
    ] + ([f'w:line="{round(style.line * 240)}" w:lineRule="auto"'] if style.line else [])  # fmt: skip
    parts = [
        _toggle("keepNext", style.keep_next),
        _toggle("keepLines", style.keep_lines),
        _list(*style.list_level) if style.list_level else "",
        f"<w:pBdr>{''.join(_rule(*rule) for rule in style.rules)}</w:pBdr>" if style.rules else "",
        f'<w:shd w:val="clear" w:color="auto" w:fill="{style.fill}"/>' if style.fill else "",
        _tab(style) if style.tab_mm else "",
        f"<w:spacing {' '.join(spacing)}/>" if spacing else "",
        f'<w:ind w:left="{_twips(style.left_mm)}" w:hanging="{_twips(style.hanging_mm or 0)}"/>'
        if style.left_mm
        else "",
        "<w:contextualSpacing/>" if style.tight_between else "",
        '<w:jc w:val="right"/>' if style.right else "",
        f'<w:outlineLvl w:val="{style.outline}"/>' if style.outline is not None else "",
    ]
    return f"<w:pPr>{''.join(parts)}</w:pPr>" if any(parts) else ""


def _run_properties(style: Style) -> str:
    parts = [
        _fonts(style.font) if style.font else "",
        _toggle("b", style.bold) + _toggle("bCs", style.bold),
        _toggle("i", style.italic) + _toggle("iCs", style.italic),
        f'<w:color w:val="{style.colour}"/>' if style.colour else "",
        f'<w:sz w:val="{round(style.size * 2)}"/><w:szCs w:val="{round(style.size * 2)}"/>' if style.size else "",
        '<w:u w:val="single"/>' if style.underline else "",
        '<w:vertAlign w:val="superscript"/>' if style.raised else "",
    ]
    return f"<w:rPr>{''.join(parts)}</w:rPr>" if any(parts) else ""


def _toggle(name: str, on: bool | None) -> str:
    return "" if on is None else f"<w:{name}/>" if on else f'<w:{name} w:val="0"/>'


def _fonts(name: str) -> str:
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>'


def _rule(side: str, colour: str, eighths: int, space: int) -> str:
    return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="{space}" w:color="{colour}"/>'


def _list(number: int, level: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def _tab(style: Style) -> str:
    kind = f'w:val="right" w:leader="{style.leader}"' if style.leader else 'w:val="left"'
    return f'<w:tabs><w:tab {kind} w:pos="{_twips(style.tab_mm)}"/></w:tabs>'


def _twips(mm: float | None) -> int:
    return round((mm or 0) / 25.4 * 1440)


def _table_style() -> str:
    """Give the style `Table`, which every table has: rules, and a header that is told apart and repeated."""
    rule = f'w:val="single" w:sz="4" w:space="0" w:color="{RULE}"'
    strong_rule = f'w:val="single" w:sz="8" w:space="0" w:color="{NAVY}"'
    space = "".join(
        f'<w:{side} w:w="{round(CELL[at].pt * 20)}" w:type="dxa"/>'
        for side, at in (("top", 0), ("left", 1), ("bottom", 0), ("right", 1))
    )
    return (
        '<w:style w:type="table" w:default="1" w:customStyle="1" w:styleId="Table"><w:name w:val="Table"/>'
        '<w:uiPriority w:val="1"/><w:qFormat/>'
        '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        f"<w:tblBorders><w:bottom {rule}/><w:insideH {rule}/></w:tblBorders>"
        f"<w:tblCellMar>{space}</w:tblCellMar></w:tblPr><w:trPr><w:cantSplit/></w:trPr>"
        '<w:tblStylePr w:type="firstRow"><w:tblPr/><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>'
        f'<w:tcPr><w:tcBorders><w:bottom {strong_rule}/></w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr>'
        "</w:tblStylePr></w:style>"
    )


def _set_lists(document: Document) -> None:
    numbering = document.part.numbering_part.element
    for old in list(numbering):
        numbering.remove(old)
    written = "".join(
        f'<w:abstractNum w:abstractNumId="{number}"><w:nsid w:val="5C80710{number}"/>'
        '<w:multiLevelType w:val="multilevel"/>'
        + "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="{bullet}"/>'
            f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{_twips(BULLET_MM * (level + 1))}" '
            f'w:hanging="{_twips(BULLET_MM)}"/></w:pPr><w:rPr>{_fonts(FONT)}</w:rPr></w:lvl>'
            for level, bullet in enumerate(bullets)
        )
        + "</w:abstractNum>"
        for number, bullets in enumerate(LISTS, 1)
    ) + "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
        for number in range(1, len(LISTS) + 1)
    )
    numbering.extend(list(parse_xml(f"<w:numbering {nsdecls('w')}>{written}</w:numbering>")))


def _set_page(document: Document) -> None:
    body = document.element.body
    for block in list(body):
        if block.tag != qn("w:sectPr"):
            body.remove(block)
    section = document.sections[0]
    # Footnotes are counted through the report, whatever pages lie across.
    section._sectPr.remove(section._sectPr.find(qn("w:footnotePr")))
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = MARGIN
    section.top_margin, section.bottom_margin = Mm(30), Mm(25)
    section.header_distance = section.footer_distance = Mm(12)
    header = section.header.paragraphs[0]
    header.style = document.styles["header"]
    header.add_run(RUNNING_HEAD)
    footer = section.footer.paragraphs[0]
    footer.style = document.styles["footer"]
    for text, field in (("Page ", "PAGE"), (" of ", "NUMPAGES")):
        footer.add_run(text)
        footer._p.append(
            parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" {field} "><w:r><w:t>1</w:t></w:r></w:fldSimple>')
        )


def _set_settings(document: Document) -> None:
    settings = document.settings.element
    language = settings.find(qn("w:themeFontLang"))
    language.set(qn("w:val"), LANGUAGE)
    system = settings.find(qn("w:embedSystemFonts"))
    settings.replace(system, parse_xml(f"<w:embedTrueTypeFonts {nsdecls('w')}/>"))
    # Without it Word opens the document in a mode for old versions.
    mode = (
        f'<w:compat {nsdecls("w")}><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    )
    settings.find(qn("w:rsids")).addprevious(parse_xml(mode))


def _set_fonts(document: Document) -> None:
    """Put the typeface of the PDF into the document, for machines that do not have it."""
    table = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    folder = Path(str(files("font_source_sans_pro"))) / "files"
    embedded = ""
    for number, (file, face) in enumerate(EMBEDDED.items(), 1):
        key = uuid.uuid5(uuid.NAMESPACE_URL, f"{FONT} {file}")
        font = Part(
            PackURI(f"/word/fonts/font{number}.odttf"),
            "application/vnd.openxmlformats-officedocument.obfuscatedFont",
            _obfuscated((folder / f"SourceSansPro-{file}.ttf").read_bytes(), key),
        )
        relation = table.relate_to(font, RELATIONSHIP_TYPE.FONT)
        embedded += f'<w:embed{face} r:id="{relation}" w:fontKey="{{{str(key).upper()}}}"/>'
    table._blob = (
        f'<w:fonts {nsdecls("w", "r")}><w:font w:name="{FONT}"><w:altName w:val="{FALLBACK}"/>'
        '<w:panose1 w:val="020B0503030403020204"/><w:charset w:val="00"/><w:family w:val="swiss"/>'
        f'<w:pitch w:val="variable"/>{embedded}</w:font></w:fonts>'
    ).encode()


def _obfuscated(font: bytes, key: uuid.UUID) -> bytes:
    """Do what ECMA-376 part 4, 2.8.1 asks of an embedded font: its first 32 bytes are mixed with its key."""
    mask = key.bytes[::-1] * 2
    return bytes(byte ^ masked for byte, masked in zip(font, mask, strict=False)) + font[32:]


def _without_times(document: bytes) -> bytes:
    """Write the archive again with its entries in order and without times, so that the bytes are the same."""
    rewritten = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(rewritten, "w") as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            new.writestr(zipfile.ZipInfo(name, EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return rewritten.getvalue()


if __name__ == "__main__":
    TARGET.write_bytes(make())
