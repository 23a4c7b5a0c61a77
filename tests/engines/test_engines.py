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


def test_settings_of_several_paragraphs_stand_in_one_element(tmp_path):
    workspace = fixture_workspace(tmp_path / "w")
    keys = ("title", "subtitle", "force", "running-head", "marking")
    settings = "".join(f"{key}: |\n  The {key}\n\n  of two paragraphs\n" for key in keys)
    (workspace / "report.qmd").write_text(
        f"---\n{settings}---\n\n# One\n\nBy {{{{< meta force >}}}}.\n", encoding="utf-8"
    )
    choose_engine("pandoc").render(workspace, ["html"], workspace / "_output")
    page = (workspace / "_output" / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"<(p|h1)\b[^>]*>\s*<p\b", page)
    assert "<p>By The force of two paragraphs.</p>" in page
    for key in set(keys) - {"force"}:
        assert re.search(rf">The {key}<br />\s*of two paragraphs<", page)


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("::: {#tbl-a}\nText.\n\nCaption.\n:::", 5, "the block #tbl-a holds no table"),
        ("::: {#fig-a}\n::: notes\nText.\n:::\n\nCaption.\n:::", 5, "the block #fig-a holds pictures"),
        ("::: {#tbl-a}\n:::", 5, "the block #tbl-a has no caption"),
        ("::: {#fig-a}\n- item\n:::", 5, "the block #fig-a has no caption"),
        ("::: {#tbl-a}\n```\ncode\n```\n:::", 5, "the block #tbl-a has no caption"),
        ("See @fig-nowhere.", 5, "the reference @fig-nowhere leads nowhere"),
        ("{{< meta authors.1 >}}", 5, "nothing is called authors.1"),
        ("{{< meta format >}}", 5, "format is no text"),
        ("{{< meta toc >}}", 5, "toc"),
        ("{{< include nothing.qmd >}}", 5, "there is no file nothing.qmd"),
        ("{{< embed notebooks/nothing.ipynb#tbl-a >}}", 5, "there is no file notebooks/nothing.ipynb"),
        ("{{< embed notebooks/fixture.ipynb#tbl-a >}}", 5, "notebooks/fixture.ipynb has the label tbl-a"),
        ("{{< video a >}}", 5, "does not know the shortcode video"),
    ],
)
def test_the_bundled_engine_refuses_in_words_what_nobody_checked(tmp_path, text, line, why):
    workspace = fixture_workspace(tmp_path / "w")
    (workspace / "report.qmd").write_text(f"---\ntitle: T\n---\n\n{text}\n", encoding="utf-8")
    with pytest.raises(EngineFailed) as caught:
        choose_engine("pandoc").render(workspace, ["html"], workspace / "_output")
    (problem,) = caught.value.problems
    assert why in problem.message
    assert str(problem.location) == f"report.qmd:{line}"
    for noise in ("Error running filter", "traceback", ".lua"):
        assert noise not in str(caught.value)
