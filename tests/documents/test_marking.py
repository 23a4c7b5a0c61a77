"""A protective marking stands at the top and at the foot of each page of each document."""

import re
import zipfile

import pytest
from fixtures.all_syntax import fixture_workspace, render
from readback.pdf import Pdf

from scrutiny.errors import WrongInput
from scrutiny.inputs.parameters import load_parameters

MARKING = "OFFICIAL-SENSITIVE [Police]"


@pytest.fixture(scope="module", params=["pandoc", pytest.param("quarto", marks=pytest.mark.quarto)])
def documents(request, tmp_path_factory):
    return render(fixture_workspace(tmp_path_factory.mktemp("marked"), marking=MARKING), request.param)


def test_each_page_of_the_pdf_has_it_twice(documents):
    texts = [page.extract_text() for page in Pdf(documents / "report.pdf").pages]
    assert len(texts) > 3
    assert {text.count(MARKING) for text in texts} == {2}


def test_word_has_it_in_the_header_and_footer_of_all_pages(documents):
    with zipfile.ZipFile(documents / "report.docx") as archive:
        pages = [name for name in archive.namelist() if re.match(r"word/(header|footer)\d", name)]
        assert len(pages) >= 2
        assert all(archive.read(name).decode().count(f"<w:t>{MARKING}</w:t>") == 1 for name in pages)
        assert b"titlePg" not in archive.read("word/document.xml")


def test_the_page_has_it_above_and_below_and_on_paper_in_its_margins(documents):
    html = (documents / "report.html").read_text(encoding="utf-8")
    assert html.count(f'<p class="marking">{MARKING}</p>') == 2
    for side in ("top", "bottom"):
        assert f'@{side}-center {{ content: "{MARKING}";' in html


def test_without_one_there_is_none(all_syntax):
    html = (all_syntax / "report.html").read_text(encoding="utf-8")
    assert 'class="marking"' not in html
    assert "@top-center" not in html


@pytest.mark.parametrize("marking", ['"} body { display: none', "<b>", "a\\b", "", "{{< var x >}}"])
def test_what_is_no_marking_is_refused(tmp_path, marking):
    text = f"""
quarter: 2020-21-Q1
report: {{to: A, date: 2020-09, title: B, item: 1, force: C, marking: {marking!r}}}
sources: {{}}
sections: [01-a]
"""
    (tmp_path / "2020-21-Q1.yml").write_text(text, encoding="utf-8")
    with pytest.raises(WrongInput, match=r"params/2020-21-Q1.yml \(report.marking\)"):
        load_parameters(tmp_path, "2020-21-Q1")
