"""A small report, built once, then edited in one way each: what was done is found and named."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from fixtures.projects import quiet
from fixtures.small_project import QUARTER, small_project

from scrutiny.engines import Engine
from scrutiny.errors import ScrutinyError, WrongInput, WrongUse
from scrutiny.execution.compute import Computed
from scrutiny.files import file_digest
from scrutiny.inputs.project import Project
from scrutiny.pipeline.build import build
from scrutiny.review.verify import run as verifying
from scrutiny.review.verify.files import check_files
from scrutiny.review.verify.findings import Verdict, problems_of
from scrutiny.review.verify.notebooks import OTHER_VERSIONS
from scrutiny.review.verify.rerun import assemble_again, compute_again, engine_of, render_again
from scrutiny.review.verify.run import Verification, verify
from scrutiny.review.verify.skeleton import lay_out
from scrutiny.workspace.manifest import FILE, Manifest, content_hash, read_manifest

KNIFE = "notebooks/knife.ipynb"
YEARS = "notebooks/years.ipynb"
DATA = "inputs/data/knife_crime.csv"
WHITE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg=="
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the workspace of the small report."""
    project = Project(small_project(tmp_path_factory.mktemp("small")))
    build(project, QUARTER, quiet(), engine_name="pandoc")
    return project.build / QUARTER


@pytest.fixture(scope="module")
def made_once(small: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Computed, Path, Path]:
    """Give what its notebooks gave when they were run again, where, and the documents made of it."""
    folder = tmp_path_factory.mktemp("again")
    computed = compute_again(small, QUARTER, folder, quiet())
    made = shutil.copytree(folder, tmp_path_factory.mktemp("made") / QUARTER)
    manifest = read_manifest(small)
    assert lay_out(small, computed.parameters, made, trust=False) == []
    assemble_again(small, manifest, computed, made)
    render_again(made, manifest, computed, engine_of(manifest), quiet())
    return computed, folder, made / "_output"


@pytest.fixture
def workspace(small: Path, tmp_path: Path) -> Path:
    """Give a copy of it, moved to where nothing else is."""
    return shutil.copytree(small, tmp_path / "elsewhere" / "received")


def are_alike(one: Path, other: Path, *names: str) -> bool:
    """Whether some files, and all files in some folders, of two workspaces are the same."""
    files = [path for name in names for path in [one / name, *(one / name).rglob("*")] if path.is_file()]
    return all(file_digest(path) == file_digest(other / path.relative_to(one)) for path in files)


@pytest.fixture
def verified(
    small: Path, made_once: tuple[Computed, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> Callable[[Path], Verification]:
    """Verify; where inputs or narrative are as they were, what came of them is taken over."""
    computed_once, folder, documents = made_once

    def compute(workspace: Path, quarter: str, clean: Path, progress: object) -> Computed:
        if not are_alike(small, workspace, "inputs"):
            return compute_again(workspace, quarter, clean, quiet())
        shutil.copytree(folder, clean, dirs_exist_ok=True)
        return computed_once

    def render(clean: Path, manifest: Manifest, computed: Computed, engine: Engine, progress: object) -> None:
        if computed is computed_once and are_alike(
            small, clean, "sections/01-knife-crime.qmd", "assets", "_quarto.yml"
        ):
            shutil.copytree(documents, clean / "_output")
        else:
            render_again(clean, manifest, computed, engine, quiet())

    monkeypatch.setattr(verifying, "compute_again", compute)
    monkeypatch.setattr(verifying, "render_again", render)
    return lambda folder: verify(folder, quiet())


def told(verification: Verification) -> str:
    return "\n".join(map(str, problems_of(verification.compared)))


# Edits of a workspace


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def text(name: str, old: str, new: str) -> Callable[[Path], None]:
    return lambda root: change(root / name, old, new)


def in_notebook(name: str, edit: Callable[[dict], None], label: str) -> Callable[[Path], None]:
    def edit_it(root: Path) -> None:
        notebook = json.loads((root / name).read_text(encoding="utf-8"))
        (cell,) = [cell for cell in notebook["cells"] if label in "".join(cell["source"])]
        edit(cell)
        (root / name).write_text(json.dumps(notebook), encoding="utf-8")

    return edit_it


def value(cell: dict) -> None:
    values = cell["outputs"][0]["data"]["application/vnd.scrutiny.values+json"]
    assert values["knife.crime.quarter.count"] == "257"
    values["knife.crime.quarter.count"] = "157"


def cell_of_table(cell: dict) -> None:
    data = cell["outputs"][0]["data"]
    lines = "".join(data["text/markdown"])
    assert "257" in lines
    data["text/markdown"] = lines.replace("257", "157", 1)


def picture(cell: dict) -> None:
    cell["outputs"][0]["data"]["image/png"] = base64.b64encode(WHITE).decode()


def line_of_source(cell: dict) -> None:
    cell["source"] = "".join(cell["source"]).replace("knife", "gun")


def alternative(cell: dict) -> None:
    cell["metadata"]["fig-alt"] = "Nothing to see."


def data_of_figure(cell: dict) -> None:
    ours = cell["outputs"][0]["metadata"]["scrutiny"]
    assert "257" in ours["csv"]
    ours["csv"] = ours["csv"].replace("257", "157")


def in_word_file(path: Path, part: str, edit: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = [(entry, archive.read(entry)) for entry in archive.infolist()]
    chosen = [entry.filename for entry, _ in parts if re.fullmatch(part, entry.filename)]
    assert chosen
    with zipfile.ZipFile(path, "w") as archive:
        for entry, content in parts:
            archive.writestr(entry, edit(content) if entry.filename == chosen[0] else content)


def in_word(part: str, edit: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    return lambda root: in_word_file(root / "_output" / "report.docx", part, edit)


def replaced(old: str, new: str) -> Callable[[bytes], bytes]:
    def edit(content: bytes) -> bytes:
        assert old.encode() in content
        return content.replace(old.encode(), new.encode())

    return edit


def swapped_in_html(root: Path) -> None:
    """Put each of the two pictures in the other's place."""
    page = root / "_output" / "report.html"
    html = page.read_text(encoding="utf-8")
    one, other = re.findall(r'src="(data:image/png;base64,[^"]+)"', html)
    html = html.replace(one, "ONE").replace(other, one).replace("ONE", other)
    page.write_text(html, encoding="utf-8")


def in_pdf(root: Path) -> None:
    with pikepdf.open(root / "_output" / "report.pdf", allow_overwriting_input=True) as document:
        document.pages[0].contents_add(b"0 0 200 200 re f")
        document.save()


def without_page(root: Path) -> None:
    with pikepdf.open(root / "_output" / "report.pdf", allow_overwriting_input=True) as document:
        del document.pages[-1]
        document.save()


EDITED = {
    "value": (in_notebook(KNIFE, value, "publish"), KNIFE, [f'{KNIFE} (cell 7): the value knife.crime.quarter.count: here "157", computed anew "257"']),
    "cell of a table": (in_notebook(KNIFE, cell_of_table, "tbl-knife"), KNIFE, [f"{KNIFE} (cell tbl-knife): row On the quarter before, column ", 'here "157", computed anew "257"']),
    "source": (in_notebook(KNIFE, line_of_source, "fig-knife"), KNIFE, [f'{KNIFE} (cell fig-knife): line 1 of the source: here "#| label: fig-gun']),
    "picture": (in_notebook(KNIFE, picture, "fig-knife"), KNIFE, [f"{KNIFE} (cell fig-knife): the picture is not the one that the notebook draws", "report.docx: the picture under 1 Knife crime to 30 June 2020 is not that of fig-knife, but one that is in no notebook"]),
    "alternative text": (in_notebook(KNIFE, alternative, "fig-knife"), KNIFE, [f'{KNIFE} (cell fig-knife): the alternative text in the cell\'s metadata: here "Nothing to see."']),
    "data of a figure": (in_notebook(KNIFE, data_of_figure, "fig-knife"), KNIFE, [f"{KNIFE} (cell fig-knife): its data, row 2020-21-Q1, column Knife crime"]),
    "value in values.json": (text("values.json", '"257"', '"157"'), "values.json", ['values.json: the value knife.crime.quarter.count: here "157", computed anew "257"']),
    "value in _variables.yml": (text("_variables.yml", "'257'", "'157'"), "_variables.yml", ['_variables.yml: the value knife.crime.quarter.count: here "157", computed anew "257"']),
    "origin": (text("origins.json", '"number": "257"', '"number": "157"'), "origins.json", ["origins.json: the value knife.crime.quarter.count, its number: here"]),
    "download": (text("downloads/fig-knife.csv", "257", "157"), "downloads/fig-knife.csv", ["downloads/fig-knife.csv (cell fig-knife): row 2020-21-Q1, column Knife crime"]),
    "typed number": (text("sections/01-knife-crime.qmd", "nothing else", "3 things"), "sections/01-knife-crime.qmd", ['_output/report.pdf: page 1: here "Since then nothing else was asked (Figure 1).", computed anew "Since then 3 things was asked (Figure 1)."', '_output/report.docx: under 1 Knife crime to 30 June 2020: here "Since then nothing else', '_output/report.html: under 1 Knife crime to 30 June 2020: here "Since then nothing else']),
    "order of sections": (text("sections/_quarter.qmd", "01-knife-crime", "99-origins"), "sections/_quarter.qmd", ["sections/_quarter.qmd: the sections and their order"]),
    "annex": (text("sections/_origins.qmd", "257", "157"), "sections/_origins.qmd", ["sections/_origins.qmd: line "]),
    "text in Word": (in_word("word/document.xml", replaced("nothing else was", "something was")), "_output/report.docx", ['_output/report.docx: under 1 Knife crime to 30 June 2020: here "Since then something was asked (Figure 1).", computed anew "Since then nothing else was asked (Figure 1)."']),
    "value that nothing publishes": (text("sections/01-knife-crime.qmd", "quarter.count", "quarter.number"), "sections/01-knife-crime.qmd", ["sections/01-knife-crime.qmd: the documents cannot be made again (line 3): "]),
    "header in Word": (in_word(r"word/header1\.xml", replaced("Item 2", "Item 3")), "_output/report.docx", ["_output/report.docx: header1: here"]),
    "author in Word": (in_word(r"docProps/core\.xml", replaced("<dc:creator>", "<dc:creator>Someone")), "_output/report.docx", ["_output/report.docx: its part docProps/core.xml has changed, though its text has not"]),
    "picture in Word": (in_word(r"word/media/.*\.png", lambda _: WHITE), "_output/report.docx", ["_output/report.docx: the picture under ", ", but one that is in no notebook and no section"]),
    "text in HTML": (text("_output/report.html", "nothing else was", "<b>something</b> was"), "_output/report.html", ['_output/report.html: under 1 Knife crime to 30 June 2020: here "Since then something was asked']),
    "script in HTML": (text("_output/report.html", "</body>", "<script>alert(1)</script></body>"), "_output/report.html", ['_output/report.html: line ', "<script>alert(1)</script>"]),
    "pictures of HTML exchanged": (swapped_in_html, "_output/report.html", ["_output/report.html: the picture under 1 Knife crime to 30 June 2020 is not that of fig-knife, but that of fig-years", "_output/report.html: the picture under 1.1 By month is not that of fig-years, but that of fig-knife"]),
    "look of the PDF": (in_pdf, "_output/report.pdf", ["_output/report.pdf: page 1 looks different, though its text does not"]),
    "page of the PDF": (without_page, "_output/report.pdf", ["_output/report.pdf: page "]),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "file", "expected"), EDITED.values(), ids=EDITED)
def test_an_edit_is_found_by_its_sum_and_where_the_manifest_is_forged_by_computing_anew(
    workspace, verified, edit, file, expected
):
    edit(workspace)
    by_sums = problems_of(check_files(workspace, read_manifest(workspace)))
    assert f"{file}: this file has changed: its SHA-256 is not that of the manifest" in map(str, by_sums)
    forge(workspace)
    assert not problems_of(check_files(workspace, read_manifest(workspace)))
    found = told(verified(workspace))
    for part in expected:
        assert part in found


def in_manifest(workspace: Path, **changed: object) -> None:
    path = workspace / FILE
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changed), encoding="utf-8")


def forge(workspace: Path) -> None:
    """Sum all files again, as somebody would who hides what was edited."""
    sums = {
        path.relative_to(workspace).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in workspace.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    in_manifest(workspace, sha256=sums, content_hash=content_hash(sums))


INPUTS = {
    "data cell": (text(DATA, ",257,", ",157,"), [
        f'{KNIFE} (cell 7): the value knife.crime.quarter.count: here "257", computed anew "157"',
        f"{KNIFE} (cell tbl-knife): row On the quarter before, column ",
        f"{KNIFE} (cell fig-knife): its data, row 2020-21-Q1, column ",
        f"{KNIFE} (cell fig-knife): the picture is not the one that the notebook draws",
        'values.json: the value knife.crime.quarter.count: here "257", computed anew "157"',
        '_output/report.pdf: page 1: here "There were 257 offences',
    ]),
    "line of a notebook": (text("inputs/notebooks/knife.ipynb", "Knife crime fell", "Knife crime rose"), [
        f'{KNIFE} (cell tbl-knife): line ',
        f'{KNIFE} (cell tbl-knife): the output\'s caption: here "**Knife crime fell',
        '_output/report.html: under 1 Knife crime to 30 June 2020: here "Table 1',
    ]),
    "data that are wrong": (text(DATA, ",257,", ",-257,"), [f"{DATA}: cannot be computed anew (line "]),
    "notebook that fails": (text("inputs/notebooks/knife.ipynb", "Report(quarter)", "Report(1 / 0)"), [
        f"{KNIFE} (cell [3]): cannot be computed anew: ZeroDivisionError: division by zero",
    ]),
    "missing dataset": (lambda root: (root / DATA).unlink(), ["cannot be computed anew: ", "knife_crime"]),
    "missing notebook": (lambda root: (root / "inputs" / YEARS).unlink(), [f"{YEARS}: this notebook has no source in inputs/notebooks"]),
    "missing section": (lambda root: (root / "sections/01-knife-crime.qmd").unlink(), ["sections/01-knife-crime.qmd: the documents cannot be made again: this section is missing"]),
    "missing parameters": (lambda root: (root / f"inputs/params/{QUARTER}.yml").unlink(), ["quarter is not that of inputs/params", "cannot be computed anew: there are no parameters"]),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "expected"), INPUTS.values(), ids=INPUTS)
def test_an_input_that_was_changed_is_found_by_what_is_computed_from_it(workspace, verified, edit, expected):
    edit(workspace)
    forge(workspace)
    found = told(verified(workspace))
    for part in expected:
        assert part in found


REWRITE = """
function Str(text)
  os.execute("touch %s")
  return pandoc.Str((text.text:gsub("257", "157")))
end
"""


def lua(root: Path) -> None:
    path = root / "assets" / "filters" / "callouts.lua"
    path.write_text(path.read_text(encoding="utf-8") + REWRITE % (root.parent / "ran"), encoding="utf-8")


def word_style(root: Path) -> None:
    in_word_file(root / "assets" / "reference.docx", "word/styles.xml", lambda content: content + b" ")


STRANGE = {
    "filter": (lua, "assets/filters/callouts.lua"),
    "new filter": (lambda root: (root / "assets" / "more.lua").touch(), "assets/more.lua"),
    "missing filter": (lambda root: (root / "assets" / "filters" / "page.lua").unlink(), "assets/filters/page.lua"),
    "linked filter": (lambda root: (root / "assets" / "more.lua").symlink_to("/dev/null"), "assets/more.lua"),
    "style": (text("assets/report.css", "color", "colour"), "assets/report.css"),
    "font": (lambda root: (root / "assets" / "fonts" / "SourceSansPro-Bold.ttf").write_bytes(b""), "assets/fonts/SourceSansPro-Bold.ttf"),
    "Word styles": (word_style, "assets/reference.docx"),
    "template": (text("assets/html/template.html", "<body", "<body onload='x()'"), "assets/html/template.html"),
    "settings": (text("_quarto.yml", "lang:", "filters: [x.lua]\nlang:"), "_quarto.yml"),
    "missing settings": (lambda root: (root / "_quarto.yml").unlink(), "_quarto.yml"),
    "main document": (text("report.qmd", "{{< include", "Crime fell.\n\n{{< include"), "report.qmd"),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "file"), STRANGE.values(), ids=STRANGE)
def test_nothing_runs_where_a_filter_or_template_is_not_known(workspace, monkeypatch, edit, file):
    monkeypatch.setattr(verifying, "compute_again", lambda *_: pytest.fail("notebooks were run"))
    edit(workspace)
    forge(workspace)
    with pytest.raises(WrongInput) as caught:
        verify(workspace, quiet())
    (problem,) = caught.value.problems
    assert (problem.location.file, "--trust" in problem.hint) == (file, True)
    assert not (workspace.parent / "ran").exists()


def test_a_trusted_filter_makes_the_documents_and_is_named(workspace, verified, command):
    lua(workspace)
    forge(workspace)
    found = verify(workspace, quiet(), trust=True)
    assert (workspace.parent / "ran").exists()
    assert found.verdict is Verdict.DIFFERS
    (strange,) = [one for one in found.compared if one.verdict is Verdict.NOT_COMPARED]
    assert strange.file == "assets/filters/callouts.lua"
    assert 'report.html: under 1 Knife crime to 30 June 2020: here "There were 257 offences' in told(found)


def test_a_filter_of_the_project_is_known_in_its_folder(small, workspace, tmp_path, monkeypatch):
    project = shutil.copytree(small.parents[1], tmp_path / "project", ignore=shutil.ignore_patterns("build"))
    for root in (project, workspace):
        change(root / "assets" / "report.css", "color", "colour")
    parameters = Project(workspace / "inputs").parameters(QUARTER)
    for folder, strange in ((tmp_path, ["assets/report.css"]), (project / "data", [])):
        monkeypatch.chdir(folder)
        clean = tmp_path / f"clean-{folder.name}"
        assert lay_out(workspace, parameters, clean, trust=True) == strange
        assert "colour" in (clean / "assets" / "report.css").read_text(encoding="utf-8")


def renamed(root: Path) -> None:
    for name in ("report.pdf", "report.docx", "report.html"):
        (root / "_output" / name).rename(root / "_output" / f"final-{name}")


def unnamed(name: str) -> Callable[[Path], None]:
    return lambda root: (root / name).write_text("x", encoding="utf-8") and None


ABSENT = {
    "under other names": (renamed, ["_output: the manifest names no document", "_output/final-report.pdf: nothing of a report is in this file"]),
    "another document": (unnamed("_output/appendix.pdf"), ["_output/appendix.pdf: nothing of a report is in this file"]),
    "notebook without source": (lambda root: shutil.copy(root / KNIFE, root / "notebooks/x.ipynb"), ["notebooks/x.ipynb: this notebook has no source"]),
    "module beside the notebooks": (unnamed("inputs/notebooks/helper.py"), ["inputs/notebooks/helper.py: nothing of a report is in this file"]),
    "dataset that nothing reads": (unnamed("inputs/data/x.csv"), ["inputs/data/x.csv: nothing of a report is in this file"]),
    "file at the top": (unnamed("matplotlibrc"), ["matplotlibrc: nothing of a report is in this file"]),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "expected"), ABSENT.values(), ids=ABSENT)
def test_every_file_is_accounted_for(workspace, verified, edit, expected):
    edit(workspace)
    forge(workspace)
    found = told(verified(workspace))
    for part in expected:
        assert part in found


UNDER_OTHER_VERSIONS = {
    "script in HTML": (EDITED["script in HTML"][0], "_output/report.html: line "),
    "handler in HTML": (text("_output/report.html", "<main", "<main onclick='x()'"), "_output/report.html: line "),
    "style in HTML": (text("_output/report.html", "</head>", "<style>.value {display: none}</style></head>"), "_output/report.html: line "),
    "author in Word": EDITED["author in Word"][::2],
}  # fmt: skip


@pytest.mark.parametrize("package", ["pandas", "matplotlib", "pypandoc_binary"])
@pytest.mark.parametrize(("edit", "expected"), UNDER_OTHER_VERSIONS.values(), ids=UNDER_OTHER_VERSIONS)
def test_what_is_not_text_is_compared_whatever_versions_the_manifest_claims(
    workspace, verified, package, edit, expected
):
    edit(workspace)
    forge(workspace)
    in_manifest(workspace, packages={**read_manifest(workspace).packages, package: "0.1"})
    assert (expected if isinstance(expected, str) else expected[0]) in told(verified(workspace))


def test_a_page_that_looks_different_does_not_agree_whatever_versions_the_manifest_claims(workspace, verified):
    in_pdf(workspace)
    forge(workspace)
    in_manifest(workspace, packages={**read_manifest(workspace).packages, "pandas": "0.1"})
    found = verified(workspace)
    assert found.verdict is not Verdict.AGREES
    assert [one.note for one in found.compared if one.file == "_output/report.pdf" and one.note] == [
        f"not compared: how its pages 1 with pictures look: {OTHER_VERSIONS.format('packages that draw')}"
    ]


def test_another_engine_is_verified_in_part(workspace, verified, command):
    in_pdf(workspace)
    forge(workspace)
    in_manifest(workspace, engine={"name": "pandoc", "version": "pandoc 0.1"})
    code, out, _ = command(workspace.parent, "verify", workspace.name)
    assert code == 6
    assert out.splitlines()[0].startswith(f"{QUARTER} is verified in part: ")
    assert "  _output/report.pdf: not compared but for its text: other versions of the engine are installed" in out


MANIFESTS = {
    "another content_hash": ({"content_hash": "0" * 64}, f'{FILE}: content_hash is not that of the files: here "0000'),
    "another title": (
        {"parameters": {"quarter": QUARTER, "report": {"title": "Another"}}},
        f'{FILE}: parameters.report.title is not as in inputs/params: here "Another", computed anew "Quarterly',
    ),
    "another quarter": ({"quarter": "2019-20-Q4"}, f'{FILE}: quarter is not that of inputs/params: here "2019-20-Q4"'),
}  # fmt: skip


@pytest.mark.parametrize(("changed", "expected"), MANIFESTS.values(), ids=MANIFESTS)
def test_a_manifest_that_says_something_else(workspace, changed, expected):
    in_manifest(workspace, **changed)
    assert expected in "\n".join(map(str, problems_of(check_files(workspace, read_manifest(workspace)))))


def linked(root: Path) -> None:
    (root / "report.qmd").rename(root.parent / "report.qmd")
    (root / "report.qmd").symlink_to(root.parent / "report.qmd")


FILES = {
    "missing": (lambda root: (root / "report.qmd").unlink(), "report.qmd: this file is missing"),
    "extra": (lambda root: (root / "assets" / "x").touch(), "assets/x: this file is extra: the manifest does not"),
    "link": (linked, "report.qmd: this is a link to another file, not a file of the workspace"),
}


@pytest.mark.parametrize(("edit", "expected"), FILES.values(), ids=FILES)
def test_a_file_that_is_missing_extra_or_elsewhere(workspace, edit, expected):
    edit(workspace)
    assert expected in "\n".join(map(str, problems_of(check_files(workspace, read_manifest(workspace)))))


def test_what_nothing_reads_is_not_extra(workspace):
    (workspace / ".DS_Store").touch()
    (workspace / ".quarto").mkdir()
    (workspace / ".quarto" / "x").touch()
    assert not problems_of(check_files(workspace, read_manifest(workspace)))


def test_a_workspace_verifies_where_there_is_nothing_else_and_again(workspace, verified, tmp_path, command):
    alone = subprocess.run(
        [sys.executable, "-c", "from scrutiny.cli import main; main()", "verify", workspace.name],
        cwd=workspace.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    for ran in (alone, command(workspace.parent, "verify", workspace.name)):
        assert (ran.returncode, "scrutiny:" in ran.stderr) == (0, False), ran.stderr
        assert ran.stdout.splitlines() == [
            f"{QUARTER} agrees with what comes out of it again.",
            "It is unsigned: who made it, and from the right data, is not verified.",
            "  files      54 and their digests, content_hash, parameters",
            "  notebooks  2 run again: 12 cells, 16 values, 8 cells of tables, 2 pictures and their data",
            "  values     8 files made from them: values, origins, downloads, order of the sections",
            "  documents  3 made again; report.pdf, report.docx, report.html byte for byte the same",
            "A page to read: received/_output/verification.html",
        ]
    said = json.loads((workspace / "_output" / "verification.json").read_text(encoding="utf-8"))
    assert (said["schema_version"], said["quarter"], said["verdict"]) == (1, QUARTER, "agrees")
    assert {one["verdict"] for one in said["compared"]} == {"agrees"}
    table = [one for one in said["compared"] if one["cell"] == "tbl-knife" and one["what"] == "table"]
    assert table == [{
        "part": "notebooks", "file": KNIFE, "cell": "tbl-knife", "what": "table", "count": 8, "verdict": "agrees",
        "note": None, "differences": [],
    }]  # fmt: skip
    assert not list(tmp_path.glob("**/.verification*"))


def test_a_difference_ends_with_1_and_stands_in_the_page_as_it_was_typed(workspace, verified, tmp_path, command):
    hostile = "[red]3[/red] \\u001b[31m<script>alert(1)</script>"
    change(workspace / "values.json", '"257"', f'"{hostile}"')
    code, out, err = command(tmp_path, "verify", str(workspace), "--to", "result")
    assert code == 1
    assert out.splitlines()[0] == f"{QUARTER} differs; see below."
    assert out.splitlines()[-1] == "A page to read: result/verification.html"
    assert 'here "[red]3[/red] ␛[31m<script>alert(1)</script>", computed anew "257"' in err
    page = (tmp_path / "result" / "verification.html").read_text(encoding="utf-8")
    assert "[red]3[/red] ␛[31m&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert not (workspace / "_output" / "verification.html").exists()
    said = json.loads((tmp_path / "result" / "verification.json").read_text(encoding="utf-8"))
    assert said["verdict"] == "differs"
    (difference,) = [one for one in said["compared"] if one["file"] == "values.json" and one["what"] == "values"]
    assert difference["differences"] == [
        {"what": "the value knife.crime.quarter.count", "here": json.loads(f'"{hostile}"'), "again": "257"}
    ]


def test_where_the_workspace_cannot_be_written_to_the_result_lies_in_the_current_folder(
    workspace, verified, tmp_path, command
):
    # A folder of that name keeps even the superuser from writing there.
    (workspace / "_output" / "verification.json").mkdir()
    (workspace / "_output" / "verification.json" / ".keep").touch()
    code, out, _ = command(tmp_path, "verify", str(workspace))
    assert code == 0
    page = Path(f"verification-{QUARTER}", "verification.html")
    assert out.splitlines()[-1] == f"A page to read: {page}  ({workspace} cannot be written to)"
    assert (tmp_path / page).is_file()
    assert not (workspace / "_output" / "verification.html").exists()


def test_with_other_packages_pictures_and_bytes_are_not_held_against_it(workspace, verified):
    in_notebook(KNIFE, picture, "fig-knife")(workspace)
    forge(workspace)
    in_manifest(workspace, packages={**read_manifest(workspace).packages, "matplotlib": "3.9.0"})
    found = verified(workspace)
    assert found.other_versions == {"matplotlib": ("3.9.0", read_manifest_version())}
    # Word and HTML still hold the picture that belongs there, the notebook does not.
    assert {problem.location.file for problem in problems_of(found.compared)} == {
        "_output/report.docx", "_output/report.html",
    }  # fmt: skip
    (not_compared,) = [one for one in found.compared if one.verdict is Verdict.NOT_COMPARED]
    assert (not_compared.file, not_compared.cell, not_compared.what) == (KNIFE, "fig-knife", "picture")
    text_only = [one for one in found.compared if one.what == "text"]
    assert [one.note for one in text_only] == []


def read_manifest_version() -> str:
    from importlib.metadata import version

    return version("matplotlib")


@pytest.mark.parametrize(
    ("prepare", "error", "message"),
    [
        (lambda root: root / "none", WrongUse, "there is no folder"),
        (lambda root: root / "_output", WrongUse, "holds the documents of a workspace\n    give "),
        (lambda root: root / "sections", WrongUse, "is no workspace: it has no _output/manifest.json"),
        (lambda root: (root / FILE).unlink() or root, WrongInput, "_output/manifest.json: there is no manifest"),
        (lambda root: in_manifest(root, schema_version=3) or root, WrongInput, "a newer scrutiny wrote this manifest"),
        (lambda root: in_manifest(root, sha256={"../x": "0" * 64}) or root, WrongInput, "is no path inside the workspace"),
    ],
    ids=["no folder", "its documents", "no workspace", "no manifest", "newer manifest", "path outside"],
)  # fmt: skip
def test_what_cannot_be_verified_is_told_before_anything_runs(workspace, prepare, error, message):
    with pytest.raises(ScrutinyError, match=re.escape(message)) as caught:
        verify(prepare(workspace), quiet())
    assert type(caught.value) is error
