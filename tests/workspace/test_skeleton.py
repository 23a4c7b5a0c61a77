"""The files that are the same for every quarter, checked before anything is made of them."""

import shutil

import pytest
from fixtures.projects import ROOT

from scrutiny.errors import WrongInput
from scrutiny.workspace.skeleton import check_skeleton


@pytest.fixture
def skeleton(tmp_path):
    shutil.copytree(ROOT / "assets", tmp_path / "assets")
    for name in ("_quarto.yml", "report.qmd"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("_quarto.yml", "lang: en-GB", "lang: cy", "_quarto.yml (lang): the report would claim to be in the language 'cy'"),
        ("_quarto.yml", "  html:", "  html:\n    lang: de", "_quarto.yml (format.html.lang): the report would claim"),
        ("report.qmd", "---\n", "---\nlang: cy-GB\n", "report.qmd (lang): the report would claim to be in the language"),
        ("report.qmd", "title: ", "name: ", "report.qmd: the front matter has no title"),
        ("report.qmd", "{{< include", "{{< embed", "report.qmd: sections/_quarter.qmd is not included"),
        ("_quarto.yml", None, "", "_quarto.yml: this file is empty"),
    ],
)  # fmt: skip
def test_what_would_make_another_report_is_refused(skeleton, file, old, new, message):
    text = (skeleton / file).read_text(encoding="utf-8")
    (skeleton / file).write_text(new if old is None else text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(WrongInput) as raised:
        check_skeleton(skeleton)
    assert [str(problem).startswith(message) for problem in raised.value.problems] == [True]


@pytest.mark.parametrize("language", ["en", "en-GB", "en-US"])
def test_any_english_is_accepted(skeleton, language):
    text = (skeleton / "_quarto.yml").read_text(encoding="utf-8")
    (skeleton / "_quarto.yml").write_text(text.replace("lang: en-GB", f"lang: {language}"), encoding="utf-8")
    check_skeleton(skeleton)
