"""Which engine is used, and what Quarto complains of."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from scrutiny.engines import choose_engine
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
