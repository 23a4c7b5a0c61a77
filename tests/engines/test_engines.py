from __future__ import annotations

import html
import re
import sys
import zipfile
from pathlib import Path

import pdfplumber
import pytest
from fixtures.all_syntax import fixture_workspace
from fixtures.projects import ROOT

from scrutiny.engines import choose_engine
from scrutiny.engines.expansion import Expansion
from scrutiny.engines.quarto import QuartoEngine, find_quarto
from scrutiny.errors import EngineFailed, WrongUse


def fake_quarto(folder: Path, version: str, render: str = "sys.exit(0)") -> Path:
    """Write a program that says a version, and behaves as told when it is to render."""
    program = folder / "quarto"
    program.write_text(
        f"#!{sys.executable}\nimport sys, pathlib\n"
        f"if sys.argv[1:] == ['--version']: print('{version}'); sys.exit(0)\n{render}\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    return program


@pytest.fixture
def no_quarto(monkeypatch, tmp_path):
    monkeypatch.delenv("QUARTO_PATH", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))


def test_without_quarto_the_bundled_engine_is_used(no_quarto):
    engine = choose_engine()
    assert engine.name == "pandoc"
    assert re.fullmatch(r"\d+(\.\d+)+ with Typst 0\.15\.\d+", engine.version)


@pytest.mark.parametrize(
    ("version", "name"), [("1.9.0", "quarto"), ("1.10.18", "quarto"), ("1.8.26", "pandoc"), ("99.9.9", "quarto")]
)
def test_quarto_is_used_where_it_is_new_enough(no_quarto, monkeypatch, tmp_path, version, name):
    fake_quarto(tmp_path, version)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert choose_engine().name == name
    assert choose_engine("pandoc").name == "pandoc"


@pytest.mark.parametrize("given", ["quarto", "."])
def test_quarto_path_is_the_program_or_its_folder(no_quarto, monkeypatch, tmp_path, given):
    fake_quarto(tmp_path, "1.10.0")
    monkeypatch.setenv("QUARTO_PATH", str(tmp_path / given))
    assert choose_engine("quarto").version == "1.10.0"


@pytest.mark.parametrize(
    ("name", "version", "message"),
    [
        (
            "quarto",
            None,
            "Quarto is not installed on the PATH\n    install Quarto 1.9 or newer, or use --engine pandoc",
        ),
        ("quarto", "1.4.550", "Quarto 1.4.550 is too old"),
        ("latex", None, "there is no engine 'latex'\n    choose one of quarto, pandoc"),
    ],
)
def test_an_engine_that_cannot_be_had_is_wrong_use(no_quarto, monkeypatch, tmp_path, name, version, message):
    if version:
        fake_quarto(tmp_path, version)
        monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(WrongUse) as caught:
        choose_engine(name)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("render", "message"),
    [
        ("print('ERROR: bad thing in sections/01-a.qmd:7', file=sys.stderr); sys.exit(1)", "sections/01-a.qmd:7: Quarto could not make report.html"),
        ("print('\\x1b[33mWARN: unable to resolve ?@fig-x\\x1b[39m', file=sys.stderr)", "unable to resolve ?@fig-x"),
        ("sys.exit(0)", "Quarto made no report.html"),
    ],
    ids=["fails", "warns and exits with 0", "makes nothing"],
)  # fmt: skip
def test_what_quarto_complains_of_fails_the_build(no_quarto, monkeypatch, tmp_path, render, message):
    fake_quarto(tmp_path, "1.10.0", render)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineFailed) as caught:
        QuartoEngine(find_quarto()).render(tmp_path, ["html"], tmp_path / "_output")
    assert message in str(caught.value)


def test_quartos_leftovers_are_removed(no_quarto, monkeypatch, tmp_path):
    render = "o = pathlib.Path('_output'); (o / 'sections').mkdir(); (o / 'report.html').touch(); pathlib.Path('.quarto').mkdir()"
    fake_quarto(
        tmp_path,
        "1.10.0",
        f"{render}\nprint('WARN: PDF standard validation requested but verapdf is not installed.', file=sys.stderr)",
    )
    monkeypatch.setenv("PATH", str(tmp_path))
    QuartoEngine(find_quarto()).render(tmp_path, ["html"], tmp_path / "_output")
    assert [path.name for path in (tmp_path / "_output").iterdir()] == ["report.html"]
    assert not (tmp_path / ".quarto").exists()


def test_the_bundled_engine_says_what_typst_refuses(tmp_path):
    workspace = fixture_workspace(tmp_path / "w")
    template = workspace / "assets" / "typst" / "typst-template.typ"
    template.write_text(
        template.read_text(encoding="utf-8").replace("set document(title: title, ", "set document("),
        encoding="utf-8",
    )
    with pytest.raises(EngineFailed, match=r"Typst could not make report.pdf: (?s:.*)title"):
        choose_engine("pandoc").render(workspace, ["pdf"], workspace / "_output", lambda _: None, lambda _: None)
    assert not (workspace / "_output" / "report.pdf").exists()


def test_documents_do_not_depend_on_folder_time_zone_or_locale(tmp_path, monkeypatch):
    made = []
    for name, zone, locale in (("one", "UTC", "C.UTF-8"), ("another folder", "Pacific/Auckland", "C")):
        monkeypatch.setenv("TZ", zone)
        monkeypatch.setenv("LC_ALL", locale)
        workspace = fixture_workspace(tmp_path / name)
        choose_engine("pandoc").render(
            workspace, ["pdf", "docx", "html"], workspace / "_output", lambda _: None, lambda _: None,
            epoch=1593475200,
        )  # fmt: skip
        made.append({path.name: path.read_bytes() for path in (workspace / "_output").iterdir()})
    assert set(made[0]) == {"report.pdf", "report.docx", "report.html"}
    assert {name: made[0][name] == made[1][name] for name in made[0]} == dict.fromkeys(made[0], True)


def test_expansion_finds_cells_by_label_metadata_or_tag(tmp_path):
    workspace = fixture_workspace(tmp_path / "w")
    notebook = workspace / "notebooks" / "fixture.ipynb"
    text = notebook.read_text(encoding="utf-8")
    for old, new in (
        ('"#| label: tbl-embedded\\n",\n    ', ""),
        ('"tbl-cap"', '"label": "tbl-embedded",\n    "tbl-cap"'),
    ):
        assert old in text
        text = text.replace(old, new)
    notebook.write_text(text, encoding="utf-8")
    expanded = Expansion(workspace, workspace / "figures").text()
    assert "::: {#tbl-embedded}" in expanded
    assert "{{<" not in expanded.replace(r"\{\{\<", "")


def test_the_word_reference_is_what_its_script_makes(monkeypatch):
    import importlib.util

    spec = importlib.util.spec_from_file_location(
        "make_reference_docx", ROOT / "assets" / "make_reference_docx.py"
    )
    script = importlib.util.module_from_spec(spec)
    # A dataclass looks its module up by name.
    monkeypatch.setitem(sys.modules, spec.name, script)
    spec.loader.exec_module(script)
    assert script.make() == (ROOT / "assets" / "reference.docx").read_bytes()


PLAIN = r"""Kent & Essex <joint> [draft] @PCC _2_ & $5$ H~2~O 'q' "d" `c` # \n *b* ^a^ https://a.org ..."""


@pytest.mark.parametrize("engine", ["pandoc", pytest.param("quarto", marks=pytest.mark.quarto)])
def test_parameters_are_plain_text(tmp_path, engine):
    workspace = fixture_workspace(tmp_path / "w", title=PLAIN, force=f"1 - {PLAIN}", item=f"1 {PLAIN}", to=PLAIN)
    choose_engine(engine).render(
        workspace, ["pdf", "docx", "html"], workspace / "_output", lambda _: None, lambda _: None
    )
    page = html.unescape((workspace / "_output" / "report.html").read_text(encoding="utf-8"))
    subtitle = f"1 - {PLAIN}, April to June 2020"
    for place in (f"<title>{PLAIN}<", f">{PLAIN}</h1>", f">{subtitle}</p>", f"1\u00a0{PLAIN}"):
        assert place in page
    with zipfile.ZipFile(workspace / "_output" / "report.docx") as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")}
    word = html.unescape(parts["word/document.xml"])
    for text in (f">{PLAIN}<", f">{subtitle}<", f">1\u00a0{PLAIN}<"):
        assert text in word
    assert PLAIN in html.unescape(parts["docProps/core.xml"])
    headers = html.unescape("".join(text for name, text in parts.items() if name.startswith("word/header")))
    assert f"1 - {PLAIN} · {PLAIN}, April to June 2020 · Item 1 {PLAIN}" in headers
    with pdfplumber.open(workspace / "_output" / "report.pdf") as pdf:
        pages = [re.sub(r"\s", "", found.extract_text()) for found in pdf.pages[:2]]
    printed = re.sub(r"\s", "", PLAIN).replace("...", "…")
    for text in (f"{printed}1-{printed},ApriltoJune2020", f"Reportto{printed}", f"Item1{printed}"):
        assert text in pages[0]
    assert f"1-{printed}·{printed},ApriltoJune2020·Item1{printed}" in pages[1]


@pytest.mark.quarto
def test_quarto_renders_the_root_and_says_how_to_build(project_folder):
    engine = choose_engine("quarto")
    engine.render(project_folder, ["html"], project_folder / "_output")
    text = (project_folder / "_output" / "report.html").read_text(encoding="utf-8")
    assert "scrutiny build 2020-21-Q1" in text
    assert "?var:" not in text


def test_the_bundled_engine_renders_the_root_too(project_folder):
    (project_folder / "assets" / "fonts").mkdir()
    choose_engine("pandoc").render(project_folder, ["html"], project_folder / "_output")
    assert "scrutiny build 2020-21-Q1" in (project_folder / "_output" / "report.html").read_text(encoding="utf-8")
    assert [path.name for path in (project_folder / "_output").iterdir()] == ["report.html"]
