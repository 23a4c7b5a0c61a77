"""A hostile cell of an extract reaches the documents as text."""

import csv
import io

import pytest
from fixtures.projects import copy_project, quiet
from readback import READERS
from readback.document import tidy

from scrutiny import importers as intake
from scrutiny.inputs.project import Project
from scrutiny.pipeline.build import build

HOSTILE = {
    "HTML": "<script>alert(1)</script>",
    "an HTML comment": "<!-- gone -->",
    "Markdown": "**bold** [link](http://example.org) `code`",
    "a Markdown table": "a | b",
    "an image": "![](https://example.org/picture.png)",
    "a footnote": "[^1]",
    "a heading": "# Heading",
    "a citation": "@tbl-workforce",
    "mathematics": "$x^2$",
    "Typst": '#read("/etc/passwd")',
    "a Typst comment": "// gone",
    "a shortcode": "{{< var crime.all.year.count >}}",
    "a shortcode that includes": "{{< include /etc/passwd >}}",
    "a spreadsheet formula": '=HYPERLINK("http://example.org")',
    "a formula with @": "@SUM(1+1)",
    "an entity": "&lt;b&gt; &amp;",
    "a command of TeX": "\\newpage",
}
MAPPING = """
dataset: workforce
columns: {Function: function, Part: sub_function, FTE: value}
window: financial_year
constants: {source: workforce-census, area: lancashire, statistic: fte}
"""
SECTION = """
# Protecting local policing {#sec-local-policing}

{{< embed notebooks/workforce.ipynb#tbl-workforce >}}
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """Build a report of the section with the census, in which an extract put parts with hostile names."""
    project = Project(copy_project(tmp_path_factory.mktemp("hostile")))
    for path in project.notebooks.glob("*.ipynb"):
        if path.stem != "workforce":
            path.unlink()
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Function", "Part", "FTE"])
    writer.writerows(["Intelligence", name, number] for number, name in enumerate(HOSTILE.values(), 1))
    (project.root / "census.csv").write_text(text.getvalue(), encoding="utf-8")
    (project.root / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    options = intake.parse_options(project.root / "mapping.yaml", "2020-10-05", "2020-21-Q1")
    proposal = intake.take_in(project, "extract", [project.root / "census.csv"], options)
    assert [str(problem) for problem in proposal.refused] == []
    intake.write(proposal, without_refused=False)
    parameters = project.params / "2020-21-Q1.yml"
    head, _, rest = parameters.read_text(encoding="utf-8").partition("sections:\n")
    others = "".join(line for line in rest.splitlines(keepends=True) if not line.startswith("  - "))
    parameters.write_text(f"{head}sections:\n  - 04-protecting-local-policing\n{others}", encoding="utf-8")
    for section in (project.sections / "2020-21-Q1").glob("*.qmd"):
        section.unlink()
    (project.sections / "2020-21-Q1" / "04-protecting-local-policing.qmd").write_text(SECTION, encoding="utf-8")
    build(project, "2020-21-Q1", quiet(), engine_name="pandoc")
    return project.build / "2020-21-Q1"


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("format_", READERS)
def test_it_stands_in_each_document_as_it_was_typed(workspace, format_, name):
    cells = READERS[format_](workspace / "_output" / f"report.{format_}").tables
    heads = [tidy(row[0]) for table in cells for row in table if row]
    assert heads.count(tidy(name)) == 1


def test_it_is_no_formula_in_the_data_that_a_reader_opens(workspace):
    text = (workspace / "downloads" / "tbl-workforce.csv").read_text(encoding="utf-8")
    heads = [row[0] for row in csv.reader(io.StringIO(text))]
    assert {f"'{HOSTILE['a spreadsheet formula']}", f"'{HOSTILE['a formula with @']}"} <= set(heads)
    assert not [head for head in heads if head.startswith(("=", "@"))]


def test_nothing_of_it_is_run(workspace):
    page = (workspace / "_output" / "report.html").read_text(encoding="utf-8")
    assert "<script>alert(1)" not in page
    assert "root:" not in page
    assert 'example.org/picture.png"' not in page
