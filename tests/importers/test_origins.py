"""Where an import says its figures came from: the file, its member and sheet, and the rows."""

import gzip
import io
import shutil
import zipfile
from datetime import date
from hashlib import sha256

import pytest
from bad_input.workbooks import ods, xlsx
from fixtures.projects import ROOT

from scrutiny import importers
from scrutiny.importers.offer import Rows
from scrutiny.inputs.imports import load_imports
from scrutiny.inputs.project import Project

TABLE = [["Month", "Knife crime"], ["Jul-20", 97], ["Aug-20", 88]]
CSV = "".join(f"{','.join(map(str, row))}\n" for row in TABLE).encode()
SHEETS = {"Data": [["From the dashboard"], [], *TABLE]}


def zipped(**members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, member in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), member)
    return content.getvalue()


@pytest.fixture
def project(tmp_path):
    shutil.copytree(ROOT / "data", tmp_path / "project" / "data")
    return Project(tmp_path / "project")


@pytest.mark.parametrize(
    ("name", "content", "member", "inside", "sheet", "rows"),
    [
        ("knife.csv", CSV, "", None, "", ["2", "3"]),
        ("knife.csv.gz", gzip.compress(CSV, mtime=0), "", None, "", ["2", "3"]),
        ("knife.xlsx", xlsx(SHEETS), "", None, "Data", ["4", "5"]),
        ("knife.ods", ods(SHEETS), "", None, "Data", ["4", "5"]),
        ("knife.zip", zipped(a__knife_csv=CSV, a__note_md=b""), "a/knife.csv", CSV, "", ["2", "3"]),
        ("knife.zip", zipped(knife_xlsx=xlsx(SHEETS)), "knife.xlsx", xlsx(SHEETS), "Data", ["4", "5"]),
    ],
)
@pytest.mark.parametrize("as_folder", [False, True])
def test_file_member_sheet_and_rows_are_kept(
    project, tmp_path, name, content, member, inside, sheet, rows, as_folder
):
    folder = tmp_path / "from the dashboard"
    folder.mkdir()
    (folder / name).write_bytes(content)
    options = importers.Options(ROOT / "data/mappings/knife_crime.yaml", date(2020, 10, 5))
    proposal = importers.take_in(project, "extract", [folder if as_folder else folder / name], options)
    importers.write(proposal, without_refused=False, on=date(2020, 10, 6))
    origins = list(load_imports(project.data / "imports.csv").values())
    assert [origin.rows for origin in origins] == rows
    assert [origin.figure for origin in origins] == ["97", "88"]
    (table,) = {origin.table for origin in origins}
    assert (table.imported, table.kind, table.file, table.member, table.sheet) == (
        "2020-10-06", "extract", name, member, sheet
    )  # fmt: skip
    assert table.sha256 == sha256(content).hexdigest()
    assert table.member_sha256 == (sha256(inside).hexdigest() if inside is not None else "")


@pytest.mark.parametrize(
    ("counted", "written"),
    [
        ([12], "12"),
        ([12, 13, 14, 44], "12-14+44"),
        (range(2, 18, 2), "2+4+6+8+10+12+14+16"),
        # Too scattered to be listed.
        (range(2, 44, 2), "2-42/21"),
        ([*range(2, 50, 2), 49, 50, 99], "2-99/27"),
    ],
)
def test_rows_that_a_figure_is_counted_from(counted, written):
    rows = Rows()
    for row in counted:
        rows.add(row)
    assert (str(rows), rows.first) == (written, counted[0])
