"""Workbooks made for the tests: XLSX and ODS, no more in them than a reader needs."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0"
_COLLAPSED = ' table:visibility="collapse"'
_HIDDEN = ' hidden="1"'
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_EPOCH = dt.date(1899, 12, 30)
_EPOCH_1904 = dt.date(1904, 1, 1)
_DAY, _ELAPSED, _TIME, _DATE_TIME, _CUSTOM = 1, 2, 3, 4, 5  # positions of formats in styles.xml


@dataclass(frozen=True)
class Formula:
    """A formula, with the value that was worked out for it or none."""

    text: str
    value: float | None = None


@dataclass(frozen=True)
class Error:
    """An error, such as #DIV/0!."""

    shown: str


@dataclass(frozen=True)
class Styled:
    """A number in a format, such as 0.55 shown as 55% (``0%``); in ODS a percentage."""

    value: float
    code: str


@dataclass(frozen=True)
class Rich:
    """Text with a superscript at its end, as a footnote is marked by hand."""

    text: str
    raised: str


Sheet = Sequence[Sequence[object]]


def letters(column: int) -> str:
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def xlsx(
    sheets: dict[str, Sheet],
    merged: Sequence[str] = (),
    hidden: Sequence[str] = (),
    *,
    date1904: bool = False,
    hidden_rows: Sequence[int] = (),
    hidden_columns: Sequence[int] = (),
) -> bytes:
    """Write a workbook; `hidden` names sheets, and hidden rows and columns, of all sheets, are counted from 1."""
    names = list(sheets)
    codes = list(dict.fromkeys(one.code for rows in sheets.values() for row in rows for one in _styled(row)))
    epoch = _EPOCH_1904 if date1904 else _EPOCH
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        archive.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        listed = "".join(
            f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"'
            f"{' state=' + quoteattr('hidden') if name in hidden else ''}/>"
            for number, name in enumerate(names, 1)
        )
        properties = '<workbookPr date1904="1"/>' if date1904 else ""
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">{properties}<sheets>{listed}</sheets></workbook>',
        )
        targets = [("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(names) + 1)]
        archive.writestr("xl/_rels/workbook.xml.rels", _relations([*targets, ("styles", "styles.xml")]))
        archive.writestr("xl/styles.xml", _styles(codes))
        for number, name in enumerate(names, 1):
            sheet = _sheet(sheets[name], merged, codes, epoch, hidden_rows, hidden_columns)
            archive.writestr(f"xl/worksheets/sheet{number}.xml", sheet)
    return content.getvalue()


def _styled(row: Sequence[object]) -> list[Styled]:
    return [cell for cell in row if isinstance(cell, Styled)]


def _styles(codes: Sequence[str]) -> str:
    formats = "".join(
        f'<numFmt numFmtId="{at}" formatCode={quoteattr(code)}/>' for at, code in enumerate(codes, 164)
    )
    listed = f'<numFmts count="{len(codes)}">{formats}</numFmts>' if codes else ""
    used = [0, 14, 46, 21, 22, *range(164, 164 + len(codes))]
    cells = "".join(f'<xf numFmtId="{number}" applyNumberFormat="1"/>' for number in used)
    return f'<styleSheet xmlns="{_MAIN}">{listed}<cellXfs count="{len(used)}">{cells}</cellXfs></styleSheet>'


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}">{listed}</Relationships>'


def _sheet(
    rows: Sheet,
    merged: Sequence[str],
    codes: Sequence[str],
    epoch: dt.date,
    hidden_rows: Sequence[int],
    hidden_columns: Sequence[int],
) -> str:
    columns = "".join(f'<col min="{at}" max="{at}" width="9" hidden="1"/>' for at in hidden_columns)
    data = "".join(
        f'<row r="{row}"{_HIDDEN if row in hidden_rows else ""}>'
        + "".join(_cell(cell, f"{letters(at)}{row}", codes, epoch) for at, cell in enumerate(cells))
        + "</row>"
        for row, cells in enumerate(rows, 1)
    )
    spans = "".join(f'<mergeCell ref="{span}"/>' for span in merged)
    merges = f"<mergeCells>{spans}</mergeCells>" if spans else ""
    listed = f"<cols>{columns}</cols>" if columns else ""
    return f'<worksheet xmlns="{_MAIN}">{listed}<sheetData>{data}</sheetData>{merges}</worksheet>'


def _cell(cell: object, reference: str, codes: Sequence[str], epoch: dt.date) -> str:
    if cell is None or cell == "":
        return ""
    if isinstance(cell, Formula):
        value = "" if cell.value is None else f"<v>{cell.value}</v>"
        return f'<c r="{reference}"><f>{escape(cell.text)}</f>{value}</c>'
    if isinstance(cell, Error):
        return f'<c r="{reference}" t="e"><v>{escape(cell.shown)}</v></c>'
    if isinstance(cell, bool):
        return f'<c r="{reference}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, Rich):
        raised = f'<r><rPr><vertAlign val="superscript"/></rPr><t>{escape(cell.raised)}</t></r>'
        return f'<c r="{reference}" t="inlineStr"><is><r><t>{escape(cell.text)}</t></r>{raised}</is></c>'
    if isinstance(cell, str):
        return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
    value, style = _number(cell, codes, epoch)
    styled = f' s="{style}"' if style else ""
    return f'<c r="{reference}"{styled}><v>{value!r}</v></c>'


def _number(cell: object, codes: Sequence[str], epoch: dt.date) -> tuple[float, int]:
    """Give the number that Excel keeps, and the position of its format."""
    day = dt.timedelta(days=1)
    if isinstance(cell, Styled):
        return cell.value, _CUSTOM + codes.index(cell.code)
    if isinstance(cell, dt.datetime):
        return (cell - dt.datetime.combine(epoch, dt.time())) / day, _DATE_TIME
    if isinstance(cell, dt.date):
        return (cell - epoch).days, _DAY
    if isinstance(cell, dt.time):
        return (dt.datetime.combine(epoch, cell) - dt.datetime.combine(epoch, dt.time())) / day, _TIME
    if isinstance(cell, dt.timedelta):
        return cell / day, _ELAPSED
    if isinstance(cell, int | float):
        return cell, 0
    raise TypeError(cell)


def ods(sheets: dict[str, Sheet], *, hidden_rows: Sequence[int] = (), hidden_columns: Sequence[int] = ()) -> bytes:
    """Write a workbook; hidden rows and columns, of all sheets, are counted from 1."""
    last = max(hidden_columns, default=0)
    columns = "".join(
        f"<table:table-column{_COLLAPSED if at in hidden_columns else ''}/>" for at in range(1, last + 1)
    )
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>{columns}"
        + "".join(
            f"<table:table-row{_COLLAPSED if row in hidden_rows else ''}>{''.join(map(_ods_cell, cells))}"
            "</table:table-row>"
            for row, cells in enumerate(rows, 1)
        )
        + '<table:table-row table:number-rows-repeated="1048000">'
        + '<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
        for name, rows in sheets.items()
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" '
            'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        )
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{_OFFICE}" xmlns:table="{_TABLE}" xmlns:text="{_TEXT}" '
            f'xmlns:style="{_STYLE}" xmlns:calcext="{_CALC}"><office:automatic-styles><style:style style:name="up" style:family="text">'
            '<style:text-properties style:text-position="super 58%"/></style:style></office:automatic-styles>'
            f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
            "</office:document-content>",
        )
    return content.getvalue()


def _ods_cell(cell: object) -> str:
    if cell is None or cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, Formula):
        value = "" if cell.value is None else f' office:value-type="float" office:value="{cell.value}"'
        return f"<table:table-cell table:formula={quoteattr('of:=' + cell.text)}{value}/>"
    if isinstance(cell, Error):
        return (
            f'<table:table-cell table:formula="of:=1/0" office:value-type="string" calcext:value-type="error">'
            f"<text:p>{escape(cell.shown)}</text:p></table:table-cell>"
        )
    if isinstance(cell, Rich):
        raised = f'<text:span text:style-name="up">{escape(cell.raised)}</text:span>'
        return f'<table:table-cell office:value-type="string"><text:p>{escape(cell.text)}{raised}</text:p></table:table-cell>'
    if isinstance(cell, Styled):
        return f'<table:table-cell office:value-type="percentage" office:value="{cell.value!r}"/>'
    if isinstance(cell, bool):
        return f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(cell).lower()}"/>'
    if isinstance(cell, dt.datetime):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"/>'
    if isinstance(cell, dt.date):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell}"/>'
    if isinstance(cell, dt.time):
        cell = dt.datetime.combine(_EPOCH, cell) - dt.datetime.combine(_EPOCH, dt.time())
    if isinstance(cell, dt.timedelta):
        hours, rest = divmod(round(cell.total_seconds()), 3600)
        time = f"PT{hours:02}H{rest // 60:02}M{rest % 60:02}S"
        return f'<table:table-cell office:value-type="time" office:time-value="{time}"/>'
    if isinstance(cell, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{cell!r}"/>'
    text = f"<text:p>{escape(str(cell))}</text:p>"
    return f'<table:table-cell office:value-type="string">{text}</table:table-cell>'
