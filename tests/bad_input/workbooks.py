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
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_EPOCH = dt.date(1899, 12, 30)
_EPOCH_1904 = dt.date(1904, 1, 1)
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0"


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
class Formatted:
    """A number in a format, and what it is in ODS, where its text is what the sheet shows."""

    value: str | float
    code: str = "General"
    kind: str = "float"
    text: str = ""


@dataclass(frozen=True)
class Rich:
    """A text in runs, each with where it stands: superscript, subscript or nothing."""

    runs: Sequence[tuple[str, str]]


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
    hidden_rows: Sequence[int] = (),
    hidden_columns: Sequence[int] = (),
    from_1904: bool = False,
) -> bytes:
    """Make a workbook; rows and columns are counted from 1."""
    names = list(sheets)
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
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
            f'<workbookPr date1904="{int(from_1904)}"/><sheets>{listed}</sheets></workbook>',
        )
        targets = [("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(names) + 1)]
        archive.writestr("xl/_rels/workbook.xml.rels", _relations([*targets, ("styles", "styles.xml")]))
        cells = [cell for rows in sheets.values() for row in rows for cell in row]
        codes = list(dict.fromkeys(cell.code for cell in cells if isinstance(cell, Formatted)))
        formats = "".join(
            f'<numFmt numFmtId="{number}" formatCode={quoteattr(code)}/>' for number, code in enumerate(codes, 164)
        )
        styles = "".join(
            f'<xf numFmtId="{number}"/>' for number in (0, 14, 46, 21, 22, *range(164, 164 + len(codes)))
        )
        archive.writestr(
            "xl/styles.xml",
            f'<styleSheet xmlns="{_MAIN}"><numFmts>{formats}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>',
        )
        columns = "".join(f'<col min="{at}" max="{at}" hidden="1"/>' for at in hidden_columns)
        for number, name in enumerate(names, 1):
            sheet = _sheet(sheets[name], merged, codes, hidden_rows, columns, _EPOCH_1904 if from_1904 else _EPOCH)
            archive.writestr(f"xl/worksheets/sheet{number}.xml", sheet)
    return content.getvalue()


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}">{listed}</Relationships>'


def _sheet(
    rows: Sheet, merged: Sequence[str], codes: Sequence[str], hidden: Sequence[int], columns: str, epoch: dt.date
) -> str:
    data = "".join(
        f'<row r="{row}"{" hidden=" + quoteattr("1") if row in hidden else ""}>'
        f"{''.join(_cell(cell, f'{letters(at)}{row}', codes, epoch) for at, cell in enumerate(cells))}</row>"
        for row, cells in enumerate(rows, 1)
    )
    spans = "".join(f'<mergeCell ref="{span}"/>' for span in merged)
    merges = f"<mergeCells>{spans}</mergeCells>" if spans else ""
    columns = f"<cols>{columns}</cols>" if columns else ""
    return f'<worksheet xmlns="{_MAIN}">{columns}<sheetData>{data}</sheetData>{merges}</worksheet>'


def _cell(cell: object, reference: str, codes: Sequence[str], epoch: dt.date) -> str:
    if cell is None or cell == "":
        return ""
    if isinstance(cell, Formatted):
        return f'<c r="{reference}" s="{5 + codes.index(cell.code)}"><v>{cell.value}</v></c>'
    if isinstance(cell, Rich):
        runs = "".join(
            f'<r><rPr><vertAlign val="{place or "baseline"}"/></rPr><t xml:space="preserve">{escape(text)}</t></r>'
            for text, place in cell.runs
        )
        return f'<c r="{reference}" t="inlineStr"><is>{runs}</is></c>'
    if isinstance(cell, Formula):
        value = "" if cell.value is None else f"<v>{cell.value}</v>"
        return f'<c r="{reference}"><f>{escape(cell.text)}</f>{value}</c>'
    if isinstance(cell, Error):
        return f'<c r="{reference}" t="e"><v>{escape(cell.shown)}</v></c>'
    if isinstance(cell, bool):
        return f'<c r="{reference}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, dt.datetime):
        days = (cell - dt.datetime.combine(epoch, dt.time())) / dt.timedelta(days=1)
        return f'<c r="{reference}" s="4"><v>{days}</v></c>'
    if isinstance(cell, dt.date):
        return f'<c r="{reference}" s="1"><v>{(cell - epoch).days}</v></c>'
    if isinstance(cell, dt.time):
        return f'<c r="{reference}" s="3"><v>{_since_midnight(cell) / dt.timedelta(days=1)}</v></c>'
    if isinstance(cell, dt.timedelta):
        return f'<c r="{reference}" s="2"><v>{cell / dt.timedelta(days=1)}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{reference}"><v>{cell!r}</v></c>'
    return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{escape(str(cell))}</t></is></c>'


def ods(sheets: dict[str, Sheet], *, hidden_rows: Sequence[int] = (), hidden_columns: Sequence[int] = ()) -> bytes:
    """Make a workbook; rows and columns are counted from 1."""
    shown = [' table:visibility="collapse"' if at in hidden_columns else "" for at in range(1, 10)]
    columns = "".join(f"<table:table-column{visibility}/>" for visibility in shown)
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>{columns}"
        + "".join(
            f"<table:table-row{' table:visibility=' + quoteattr('filter') if row in hidden_rows else ''}>"
            f"{''.join(map(_ods_cell, cells))}</table:table-row>"
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
            f'xmlns:style="{_STYLE}" xmlns:calcext="{_CALC}"><office:automatic-styles>'
            '<style:style style:name="superscript"><style:text-properties style:text-position="super 58%"/></style:style>'
            '<style:style style:name="subscript"><style:text-properties style:text-position="-33% 58%"/></style:style>'
            "</office:automatic-styles>"
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
    if isinstance(cell, Formatted):
        name = "time-value" if cell.kind == "time" else "value"
        value = f'office:value-type="{cell.kind}" office:{name}="{cell.value}"'
        return f"<table:table-cell {value}><text:p>{escape(cell.text)}</text:p></table:table-cell>"
    if isinstance(cell, Rich):
        runs = "".join(
            f'<text:span text:style-name="{place}">{escape(text)}</text:span>' if place else escape(text)
            for text, place in cell.runs
        )
        return f'<table:table-cell office:value-type="string"><text:p>{runs}</text:p></table:table-cell>'
    if isinstance(cell, Error):
        error = 'office:value-type="string" calcext:value-type="error"'
        return f'<table:table-cell table:formula="of:=1/0" {error}><text:p>{escape(cell.shown)}</text:p></table:table-cell>'
    if isinstance(cell, bool):
        return f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(cell).lower()}"/>'
    if isinstance(cell, dt.datetime):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"/>'
    if isinstance(cell, dt.date):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell}"/>'
    if isinstance(cell, dt.time | dt.timedelta):
        seconds = round((_since_midnight(cell) if isinstance(cell, dt.time) else cell).total_seconds())
        hours, minutes, rest = f"{seconds // 3600:02}", f"{seconds // 60 % 60:02}", f"{seconds % 60:02}"
        shown = f"{hours}:{minutes}" if isinstance(cell, dt.time) else f"{hours}:{minutes}:{rest}"
        time = f'office:value-type="time" office:time-value="PT{hours}H{minutes}M{rest}S"'
        return f"<table:table-cell {time}><text:p>{shown}</text:p></table:table-cell>"
    if isinstance(cell, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{cell!r}"/>'
    text = f"<text:p>{escape(str(cell))}</text:p>"
    return f'<table:table-cell office:value-type="string">{text}</table:table-cell>'


def _since_midnight(time: dt.time) -> dt.timedelta:
    return dt.timedelta(hours=time.hour, minutes=time.minute, seconds=time.second)


def altered(workbook, old, new):
    """Give a workbook in which a text of its parts is another."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive, zipfile.ZipFile(io.BytesIO(workbook)) as made:
        for name in made.namelist():
            archive.writestr(name, made.read(name).replace(old, new))
    return content.getvalue()
