"""Pictures fitted to the page, whatever their file and their width say."""

from __future__ import annotations

import re
import subprocess

import docx
import pypandoc
import pytest
from fixtures.projects import ROOT
from PIL import Image

from scrutiny.narrative.syntax import READER

TALLEST, WIDEST, NARROW = 170, 160, 130
CASES = [
    # pixels, dots per inch, width=, what stands round it, millimetres
    ((600, 1300), None, "", "{}", (TALLEST * 600 / 1300, TALLEST)),
    ((100, 3000), None, "", "{}", (TALLEST / 30, TALLEST)),
    ((4000, 500), None, "", "{}", (WIDEST, WIDEST / 8)),
    ((16, 16), None, "", "{}", (16 / 72 * 25.4, 16 / 72 * 25.4)),
    ((1200, 800), (300, 300), "", "{}", (101.6, 101.6 / 1.5)),
    ((300, 200), (1, 1), "", "{}", (300 / 72 * 25.4, 200 / 72 * 25.4)),
    ((400, 300), (20000, 20000), "", "{}", (400 / 72 * 25.4, 300 / 72 * 25.4)),
    ((300, 300), (72, 300), "", "{}", (300 / 72 * 25.4, 300 / 72 * 25.4)),
    ((400, 300), None, "300%", "{}", (WIDEST, 120)),
    ((400, 300), None, "50%", "{}", (80, 60)),
    ((400, 300), None, "40cm", "{}", (WIDEST, 120)),
    ((400, 300), None, "2000px", "{}", (WIDEST, 120)),
    ((400, 300), None, "96", "{}", (25.4, 25.4 * 0.75)),
    ((400, 300), None, "2in", "{}", (50.8, 38.1)),
    ((400, 300), None, "30mm", "{}", (30, 22.5)),
    ((300, 600), None, "40cm", "{}", (TALLEST / 2, TALLEST)),
    ((4000, 500), None, "", "- item\n\n    {}", (NARROW, NARROW / 8)),
    ((4000, 500), None, "", "> {}", (NARROW, NARROW / 8)),
    ((4000, 500), None, "", "::: callout-note\n{}\n:::", (NARROW, NARROW / 8)),
    ((600, 1200), None, "", "::: {{#fig-two}}\n{0}\n\n{0}\n\nCaption.\n:::", (TALLEST / 4, TALLEST / 2)),
]


def pandoc(folder, to, *filters):
    """Convert the Markdown of a folder; gives the file."""
    made = folder / f"made.{to}"
    arguments = [f"--lua-filter={ROOT / 'assets' / name}.lua" for name in filters]
    command = [
        pypandoc.get_pandoc_path(),
        "case.md",
        f"--reference-doc={ROOT / 'assets' / 'reference.docx'}",
        "--from",
        READER,
        "--to",
        to,
        "--output",
        str(made),
    ]
    subprocess.run([*command, *arguments], cwd=folder, check=True)
    return made


@pytest.fixture(scope="module")
def sizes(tmp_path_factory):
    """Give the sizes in Word and in Typst, case by case."""
    folder = tmp_path_factory.mktemp("pictures")
    blocks, counts = [], []
    for at, (pixels, dpi, width, around, _) in enumerate(CASES):
        options = {"dpi": dpi} if dpi else {}
        Image.new("RGB", pixels).save(folder / f"{at}.png", **options)
        written = f'![]({at}.png){{fig-alt="x" {width and f"width={width}"}}}'
        blocks.append(around.format(written))
        counts.append(blocks[-1].count("]("))
    (folder / "case.md").write_text("\n\n".join(blocks), encoding="utf-8")
    filters = ("filters/pictures", "filters/callouts", "filters/blocks", "pandoc/crossref", "filters/finish")
    word = docx.Document(pandoc(folder, "docx", *filters)).inline_shapes
    typst = re.findall(
        r"image\([^)]*width: ([\d.]+)mm, height: ([\d.]+)mm", pandoc(folder, "typst", *filters).read_text()
    )
    first = [sum(counts[:at]) for at in range(len(counts))]
    assert len(word) == len(typst) == sum(counts)
    return [((word[at].width.mm, word[at].height.mm), tuple(map(float, typst[at]))) for at in first]


@pytest.mark.parametrize("at", range(len(CASES)), ids=[f"{case[0]} {case[1:4]}" for case in CASES])
def test_a_picture_fits_its_page_in_its_proportions(sizes, at):
    for size in sizes[at]:
        assert size == pytest.approx(CASES[at][-1], abs=0.5)


def test_a_picture_in_a_line_does_not_divide_it_in_the_pdf(tmp_path):
    Image.new("RGB", (16, 16)).save(tmp_path / "a.png")
    picture = '![](a.png){fig-alt="x"}'
    (tmp_path / "case.md").write_text(f"In {picture} a line.\n\n{picture}\n", encoding="utf-8")
    made = pandoc(tmp_path, "typst", "filters/pictures", "filters/finish").read_text(encoding="utf-8")
    assert re.findall(r"#(?:box\()?image", made) == ["#box(image", "#image"]


def test_no_definition_of_a_term_is_lost_in_word(tmp_path):
    (tmp_path / "case.md").write_text("Term\n:   one\n\n    more\n:   two\n\n    - item\n", encoding="utf-8")
    document = docx.Document(pandoc(tmp_path, "docx", "filters/finish"))
    assert [paragraph.text for paragraph in document.paragraphs] == ["Term\tone", "\tmore", "\ttwo", "item"]
