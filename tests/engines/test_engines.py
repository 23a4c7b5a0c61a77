from __future__ import annotations

import html
import re
import sys
import zipfile

import pdfplumber
import pytest
from fixtures.all_syntax import fixture_workspace
from fixtures.projects import ROOT

from scrutiny.engines import choose_engine
from scrutiny.errors import EngineFailed


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
