"""Small counts of people hidden, and no hidden one to be worked out: checked by ranks of matrices, not by ours."""

import json
import re
import shutil
from datetime import date
from itertools import product
from pathlib import Path

import nbformat
import numpy as np
import pytest
from fixtures.projects import copy_project, quiet
from fixtures.relations import AGE, MONTHS, PEOPLE, SEX, frame, resource
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scrutiny.errors import WrongInput
from scrutiny.inputs.datapackage import Disclosure
from scrutiny.inputs.disclosure.copy import copy_protected
from scrutiny.inputs.disclosure.protect import protected, protection
from scrutiny.inputs.disclosure.span import Span, direction
from scrutiny.inputs.project import Project
from scrutiny.pipeline.build import build
from scrutiny.statistics.periods import Period


def shown(of, text: str) -> list[str]:
    """Give what stands in the rows of lines such as `a female young jun count 3 supplied`."""
    rows = protected(of, frame(of, text))
    return [symbol or f"{value:g}" for value, symbol in zip(rows["value"], rows["symbol"], strict=True)]


def by_sex(*cells: str) -> str:
    """Write rows of `female 3 supplied`, of all ages."""
    return "\n".join(f"a {sex} all jun count {rest}" for sex, _, rest in (cell.partition(" ") for cell in cells))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (by_sex("female 4 supplied"), "c"),
        (by_sex("female 1 supplied"), "c"),
        (by_sex("female 0 supplied"), "0"),
        (by_sex("female 5 supplied"), "5"),
        (by_sex("female 3 open"), "3"),
        (by_sex("female 3 published"), "3"),
        (by_sex("female 3 illustrative"), "3"),
        (by_sex("female c supplied"), "c"),
        (by_sex("all 40 supplied", "female 3 supplied", "male 25 supplied", "not_known 12 supplied"), "40 c 25 c"),
        # Two that are small hide each other: their sum is known, and neither.
        (by_sex("all 32 supplied", "female 3 supplied", "male 4 supplied", "not_known 25 supplied"), "32 c c 25"),
        # A published one cannot be hidden any more: a larger one is, or the total.
        (by_sex("all 40 supplied", "female 3 supplied", "male 25 supplied", "not_known 12 published"), "40 c c 12"),
        (by_sex("all 40 supplied", "female 3 supplied", "male 25 published", "not_known 12 published"), "c c 25 12"),
        # What is left of a total is a count of people too, though no row holds it.
        (by_sex("all 40 supplied", "female 10 supplied", "male 27 supplied"), "40 c 27"),
        (by_sex("all 40 supplied", "female 10 supplied", "male x supplied"), "40 10 x"),
        # What was left out as nothing is known to be nothing.
        (by_sex("all 28 supplied", "female 3 supplied", "male 25 supplied"), "28 c c"),
        # Made-up figures tell nothing.
        (by_sex("all 40 illustrative", "female 3 supplied", "male 25 supplied", "not_known 12 supplied"), "40 c 25 12"),
        # A month from its quarter, and from two periods that overlap.
        ("a male all q1 count 40 supplied\n" + "\n".join(
            f"a male all {month} count {count} supplied" for month, count in zip(MONTHS, (3, 17, 20), strict=True)
        ), "40 c c 20"),
        ("a male all half count 40 supplied\na male all q1 count 3 supplied\na male all q4 count 37 supplied", "40 c c"),
        ("a male all half count 40 supplied\na male all q4 count 37 supplied", "40 c"),
        # The same from two systems.
        ("a male all q1 count 3 supplied\nb male all q1 count 6 supplied", "c c"),
        # What is computed from a hidden count goes with it.
        ("a male all q1 count 3 supplied\na male all q1 percent_change -50 supplied", "c c"),
        ("a male all q1 count 3 supplied\na male all q1 change -3 supplied\na male all q1 minutes 4 supplied", "c c 4"),
        ("a male all q4 count 3 supplied\na male all q1 percent_change_on_previous_quarter 9 supplied", "c c"),
        (("a male all q4 count 3 supplied\na male all q1 count 9 supplied\n"
          "a male all q1 change_on_previous_quarter 6 published"), "c c 6"),
        ("a male all q1 respondents 40 supplied\na male all q1 satisfied 3 supplied\na male all q1 percent 8 supplied",
         "40 c c"),
        ("a male all q1 respondents 40 supplied\na male all q1 satisfied 3 supplied\na male all q1 percent 8 published",
         "c c 8"),
        # Those who were not satisfied are people too.
        ("a male all q1 respondents 40 supplied\na male all q1 satisfied 38 supplied\na male all q1 percent 95 supplied",
         "40 c c"),
        # A share of a total that is hidden would give it away.
        (by_sex("all 40 supplied", "female 3 supplied", "male 25 published", "not_known 12 published")
         + "\na male all jun percent 63 supplied", "c c 25 12 c"),
    ],
)  # fmt: skip
def test_what_is_shown(text, expected):
    assert shown(PEOPLE, text) == expected.split()


TWO_WAYS = """
a all all jun count 100 supplied
a all young jun count 48 supplied
a all old jun count 52 supplied
a female all jun count 41 supplied
a female young jun count 3 supplied
a female old jun count 38 supplied
a male all jun count 39 supplied
a male young jun count 25 supplied
a male old jun count 14 supplied
a not_known all jun count 20 supplied
a not_known young jun count 20 supplied
a not_known old jun count 0 supplied
"""


def test_a_table_with_totals_on_two_sides_needs_four_hidden_cells():
    hidden = [position for position, cell in enumerate(shown(PEOPLE, TWO_WAYS)) if cell == "c"]
    assert hidden == [4, 5, 7, 8]


def test_it_is_the_same_whatever_the_order_of_the_rows():
    lines = TWO_WAYS.strip().splitlines()
    assert shown(PEOPLE, "\n".join(reversed(lines))) == list(reversed(shown(PEOPLE, TWO_WAYS)))


def test_other_rows_and_columns_are_left_alone():
    rows = frame(PEOPLE, TWO_WAYS)
    after = protected(PEOPLE, rows)
    assert rows["value"].notna().all()
    assert list(after.columns) == list(rows.columns)
    assert after.drop(columns=["value", "symbol"]).equals(rows.drop(columns=["value", "symbol"]))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"persons": False}, "3 7 12"),
        ({"persons": True}, "c 7 12"),
        ({}, "c 7 12"),
        ({"threshold": 10}, "c c 12"),
        ({"threshold": 1}, "3 7 12"),
        ({"rounding": 5}, "c 5 10"),
        ({"persons": False, "rounding": 5}, "3 7 12"),
    ],
)
def test_the_rule_is_the_datasets(rule, expected):
    kinds = resource(SEX, **rule)
    assert shown(kinds, "\n".join(f"a {sex} jun count {n} supplied" for sex, n in
                                  (("female", 3), ("male", 7), ("not_known", 12)))) == expected.split()  # fmt: skip


def test_rounding_is_to_the_nearest_halves_up_and_leaves_published_figures():
    rule = resource(SEX, rounding=10)
    text = "\n".join(
        f"a {sex} jun count {count} {status}"
        for sex, count, status in [
            ("female", 25, "supplied"), ("male", 24, "supplied"), ("not_known", 26, "published"), ("all", 5, "supplied")
        ]
    )  # fmt: skip
    assert shown(rule, text) == ["30", "20", "26", "10"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # 57% of what is shown as 5 can only be 4 of 7, and 63% of 40 may be of 38 or 40 or 41.
        ("q1 respondents 7 supplied|q1 percent 57.1 supplied", "5 c"),
        ("q1 respondents 40 supplied|q1 percent 62.5 supplied", "40 63"),
        ("q1 respondents 40 published|q1 satisfied 25 supplied|q1 percent 62.5 supplied", "40 25 c"),
        ("q1 respondents 300 supplied|q1 satisfied 187 supplied|q1 percent 62.3 supplied", "300 185 62"),
        ("q1 percent 62.5 published", "62.5"),
        ("q4 count 7 supplied|q1 count 6 supplied|q1 percent_change_on_previous_quarter -14.3 supplied", "5 5 c"),
        (
            "q4 count 156 supplied|q1 count 144 supplied|q1 percent_change_on_previous_quarter -7.7 supplied",
            "155 145 -8",
        ),
        ("q4 count 156 supplied|q1 count 144 supplied|q1 change_on_previous_quarter -12 supplied", "155 145 -10"),
        ("weeks change -12 supplied|weeks minutes 7.4 supplied|weeks point_change 1.4 supplied", "-10 7.4 1"),
    ],
)
def test_a_percentage_of_rounded_counts_is_whole_and_hidden_if_it_tells_which_they_are(rows, expected):
    text = "\n".join(f"a male {row}" for row in rows.split("|"))
    assert shown(resource(SEX, rounding=5), text) == expected.split()


def test_rounding_may_not_bring_a_count_below_the_threshold():
    assert Disclosure(threshold=5, rounding=10).rounded(5) == 10
    with pytest.raises(ValueError, match="rounding to 4 would show 5 as less than the threshold"):
        Disclosure(threshold=5, rounding=4)


def test_what_published_figures_give_away_is_told_without_the_number():
    text = by_sex("all 40 published", "female 3 supplied", "male 25 published", "not_known 12 published")
    with pytest.raises(WrongInput) as raised:
        protection(PEOPLE, frame(PEOPLE, text))
    (problem,) = raised.value.problems
    assert str(problem.location) == "data/people.csv:3 (value)"
    assert "published figures give the number away" in problem.message
    assert "3" not in problem.message


def test_another_systems_published_figures_are_no_mistake():
    assert shown(PEOPLE, "a male all q1 count 3 supplied\nb male all q1 count 6 published") == ["c", "6"]


def test_span_knows_what_follows():
    x, y, z = ("x",), ("y",), ("z",)
    span = Span()
    assert span.add({x: 1, y: 1}) == x
    assert span.add({y: 1, z: 1}) == y
    assert span.add({x: 1, z: -1}) is None
    assert span.reduced({x: 2, y: 3, z: 1}) == {}
    left = span.reduced({x: 1})
    assert left
    assert direction(left) == direction(span.reduced({x: 5, y: 0}))
    assert direction({}) == frozenset()


# Properties, by another way than the program's: each row is a 0/1 vector over the cells of sex, age and month, and a
# hidden one is safe if it adds to the rank of those that are shown.

SEXES, AGES = ("female", "male", "not_known"), ("young", "old")
ATOMS = list(product(SEXES, AGES, MONTHS))
ROWS = list(product(("all", *SEXES), ("all", *AGES), ("q1", *MONTHS)))


def atoms_of(row: tuple[str, str, str]) -> np.ndarray:
    return np.array([all(part in (whole, "all", "q1") or whole in ("all", "q1") for part, whole in
                         zip(atom, row, strict=True)) for atom in ATOMS], dtype=float)  # fmt: skip


MATRIX = np.array([atoms_of(row) for row in ROWS])


def determined(cells: list[int], known: list[int]) -> list[int]:
    """Give the cells that follow from the known ones."""
    base = MATRIX[known]
    rank = np.linalg.matrix_rank(base) if known else 0
    return [cell for cell in cells if np.linalg.matrix_rank(np.vstack([base, MATRIX[[cell]]])) == rank]


tables = st.tuples(
    st.lists(st.sampled_from([0, 0, 1, 2, 4, 6, 9, 30]), min_size=len(ATOMS), max_size=len(ATOMS)),
    st.sets(st.integers(0, len(ROWS) - 1), max_size=20),
)


def as_text(counts: np.ndarray, rows: list[int], published: set[int]) -> str:
    return "\n".join(
        f"a {' '.join(ROWS[row])} count {counts[row]:.0f} {'published' if row in published else 'supplied'}"
        for row in rows
    )


def hidden_of(counts: np.ndarray, rows: list[int], published: set[int]) -> set[int]:
    after = protected(PEOPLE, frame(PEOPLE, as_text(counts, rows, published)))
    return {row for row, symbol in zip(rows, after["symbol"], strict=True) if symbol == "c"}


@settings(max_examples=60, deadline=None)
@given(tables)
def test_no_hidden_cell_follows_from_what_is_shown(table):
    atoms, left_out = table
    counts = MATRIX @ np.array(atoms)
    rows = [row for row in range(len(ROWS)) if row not in left_out]
    hidden = hidden_of(counts, rows, set())
    assert {row for row in rows if 1 <= counts[row] <= 4} <= hidden
    assert not determined(sorted(hidden), [row for row in rows if row not in hidden])


@settings(max_examples=60, deadline=None)
@given(tables)
def test_nor_where_some_are_published(table):
    atoms, published = table
    counts = MATRIX @ np.array(atoms)
    rows = list(range(len(ROWS)))
    small = [row for row in rows if 1 <= counts[row] <= 4 and row not in published]
    try:
        hidden = hidden_of(counts, rows, published)
    except WrongInput as error:
        told = {rows[int(problem.location.line) - 2] for problem in error.problems}
        assert told == set(determined(small, sorted(published)))
        return
    assert not hidden & published
    assert set(small) <= hidden
    assert not determined(sorted(hidden), [row for row in rows if row not in hidden])


@settings(max_examples=30, deadline=None)
@given(tables)
def test_nothing_is_hidden_without_need(table):
    atoms, _ = table
    counts = MATRIX @ np.array(atoms)
    rows = list(range(len(ROWS)))
    small = [row for row in rows if 1 <= counts[row] <= 4]
    assume(small)
    hidden = hidden_of(counts, rows, set())
    seen = [row for row in rows if row not in hidden]
    for row in sorted(hidden - set(small)):
        # Shown as well, it would give a small count away, or one that is what is left of a longer period.
        assert determined(small, [*seen, row]) or _gives_a_rest_away(counts, [*seen, row])


def _gives_a_rest_away(counts: np.ndarray, seen: list[int]) -> bool:
    halves = [np.array([atom[2] in pair for atom in ATOMS]) for pair in (("apr", "may"), ("may", "jun"))]
    kinds = [MATRIX[row] for row, (_, _, period) in enumerate(ROWS) if period == "q1"]
    rests = [kind * half for kind in kinds for half in halves]
    base, atoms = MATRIX[seen], np.linalg.lstsq(MATRIX, counts, rcond=None)[0]
    rank = np.linalg.matrix_rank(base)
    return any(
        0.5 < rest @ atoms < 4.5 and np.linalg.matrix_rank(np.vstack([base, rest])) == rank for rest in rests
    )


@settings(max_examples=20, deadline=None)
@given(tables)
def test_what_is_shown_once_is_shown_again(table):
    atoms, left_out = table
    rows = [row for row in range(len(ROWS)) if row not in left_out]
    once = protected(PEOPLE, frame(PEOPLE, as_text(MATRIX @ np.array(atoms), rows, set())))
    assert protected(PEOPLE, once).equals(once)


def test_a_kind_that_no_total_divides_is_judged_by_itself():
    counted = resource({"name": "counted", "type": "string"}, AGE | {"partsOf": {"all": ["young", "old"]}})
    text = """
    a arrests all jun count 40 supplied
    a arrests young jun count 3 supplied
    a arrests old jun count 37 supplied
    a searches all jun count 80 supplied
    a searches young jun count 20 supplied
    a searches old jun count 60 supplied
    """
    assert shown(counted, text) == ["40", "c", "c", "80", "20", "60"]


# A whole report, twice: with other numbers where they are hidden. If not a byte of it differs, none of them is in it.

QUARTER = "2020-21-Q1"
YEAR = "2019-07-01,2020-06-30,count"
NOTEBOOK = f"""
quarter = "{QUARTER}"
---
from pathlib import Path
from scrutiny.notebook import *
report = Report(quarter)
crimes = report.measure("slavery.nc88")
---
#| label: tbl-slavery
show_table(
    report,
    performance(report, ["slavery.all", "slavery.crimes", "slavery.nc88", "slavery.n200"], total="slavery.all"),
    headline=headline(crimes, crimes.comparison("year")), subject="Records", period="12 months",
)
---
#| label: fig-missing
show_figure(report, control_chart(report.measure("missing.incidents")), subject="Missing")
---
values = {{}}
for name in ("slavery.all", "slavery.nc88", "slavery.n200"):
    values |= values_of(report, name, windows=("year",))
publish(report, values | values_of(report, "missing.incidents", windows=("year", "quarter")))
---
report.dataset("missing_persons").rows["value"].sum()
---
[path.read_text() for path in sorted(Path("../inputs/data").glob("m*.csv"))]
"""
SECTION = """# People

{{< var slavery.nc88.year.count >}} and {{< var missing.incidents.quarter.count >}}

{{< embed notebooks/people.ipynb#tbl-slavery >}}

{{< embed notebooks/people.ipynb#fig-missing >}}
"""


def built_with(folder: Path, nc88: int, june: int) -> Path:
    """Build a report of one notebook: of 40 records and of 26,400 incidents in two years, some hidden."""
    folder.mkdir()
    copy_project(folder)
    for name in ("notebooks", "sections"):
        shutil.rmtree(folder / name)
    (folder / "notebooks").mkdir()
    (folder / "sections" / QUARTER).mkdir(parents=True)
    (folder / "sections" / QUARTER / "01-people.qmd").write_text(SECTION)
    parameters = (folder / "params" / f"{QUARTER}.yml").read_text()
    head = parameters[: parameters.index("sections:")]
    (folder / "params" / f"{QUARTER}.yml").write_text(f"{head}sections: [01-people]\n")
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell.strip()) for cell in NOTEBOOK.split("---")]
    )
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"people-{number}"
    notebook.cells[0].metadata["tags"] = ["parameters"]
    nbformat.write(notebook, folder / "notebooks" / "people.ipynb")

    package = folder / "data" / "datapackage.yaml"
    head, missing = package.read_text().split("- name: missing_persons\n")
    missing = missing.replace("persons: true", "persons: true, threshold: 800", 1)
    package.write_text(f"{head}- name: missing_persons\n{missing}")
    kinds = {"crimes": 25, "nc88": nc88, "n200": 15 - nc88}
    slavery = folder / "data" / "modern_slavery.csv"
    header = slavery.read_text().splitlines()[0]
    rows = [
        f"recorded-crime-dashboard,lancashire,{kind},{YEAR},{n},,supplied,2020-06-30" for kind, n in kinds.items()
    ]
    slavery.write_text(
        "\n".join([header, f"connect-mi,lancashire,all,{YEAR},40,,supplied,2020-06-30", *rows]) + "\n"
    )
    months = Period.of_months(date(2020, 6, 1), 24).months
    counts = [1100 + 7 * number for number in range(24)]
    counts[11], counts[10] = june, 1698 - june
    periods = [*zip(months, counts, strict=True), (Period(months[0].start, months[11].end), sum(counts[:12]))]
    (folder / "data" / "missing_persons.csv").write_text(
        "\n".join(
            [
                header.replace("kind,", ""),
                *(
                    f"responding-dashboard,lancashire,{period.start},{period.end},count,{count},,supplied,2020-06-30"
                    for period, count in periods
                ),
            ]
        )
        + "\n"
    )
    build(Project(folder), QUARTER, quiet(), engine_name="pandoc", formats=["html"])
    return folder / "build" / QUARTER


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return [
        built_with(tmp_path_factory.mktemp("first") / "project", nc88=3, june=787),
        built_with(tmp_path_factory.mktemp("second") / "project", nc88=4, june=779),
    ]


def what_it_holds(path: Path) -> object:
    """Read a file of a workspace, without when and how long it was made."""
    if path.suffix == ".ipynb":
        return [(cell.source, cell.get("outputs")) for cell in nbformat.read(path, as_version=4).cells]
    if path.name == "manifest.json":
        sums = json.loads(path.read_text())["sha256"]
        return {name: total for name, total in sums.items() if name != "notebooks/people.ipynb"}
    return path.read_bytes()


def test_a_report_does_not_depend_on_a_hidden_number(twice):
    first, second = (
        {path.relative_to(folder): what_it_holds(path) for path in folder.rglob("*") if path.is_file()}
        for folder in twice
    )
    assert first.keys() == second.keys()
    assert [name for name, held in first.items() if held != second[name]] == []
    assert len(first) > 20


@pytest.mark.parametrize("number", ["787", "911"])
def test_no_file_of_a_report_holds_a_hidden_number(twice, number):
    found = re.compile(rf"(?<![\w.+/]){number}(?![\w+/])")
    texts = {".csv", ".json", ".html", ".ipynb", ".yml", ".yaml", ".qmd"}
    files = [path for path in twice[0].rglob("*") if path.suffix in texts]
    assert len(files) > 10
    assert [path for path in files if found.search(path.read_text(encoding="utf-8"))] == []


def test_what_is_hidden_is_marked_and_explained(twice):
    values = json.loads((twice[0] / "values.json").read_text())
    page = (twice[0] / "_output" / "report.html").read_text()
    table = (twice[0] / "downloads" / "tbl-slavery.csv").read_text()
    held = (twice[0] / "inputs" / "data" / "modern_slavery.csv").read_text().splitlines()
    assert "[c]" in json.dumps(values)
    assert "hidden to protect people" in page
    assert table.count("[c]") >= 2
    assert held[1:] == [
        f"connect-mi,lancashire,all,{YEAR},40,,supplied,2020-06-30",
        f"recorded-crime-dashboard,lancashire,crimes,{YEAR},25,,supplied,2020-06-30",
        f"recorded-crime-dashboard,lancashire,nc88,{YEAR},,c,supplied,2020-06-30",
        f"recorded-crime-dashboard,lancashire,n200,{YEAR},,c,supplied,2020-06-30",
    ]


def test_a_copied_file_keeps_each_figure_on_its_line(tmp_path):
    source, target = tmp_path / "source.csv", tmp_path / "target.csv"
    source.write_bytes(
        '\ufeffname,value,symbol\r\n"a, b",3,p\r\n\r\n"two\nlines",4,\r\nc,17,\r\nd,8,r\r\n'.encode()
    )
    copy_protected(source, target, {2: (None, "c"), 4: (None, "c"), 7: (10, "r")})
    assert target.read_bytes().decode().splitlines() == [
        "name,value,symbol", '"a, b",,c', "", '"two', 'lines",,c', "c,17,", "d,10,r"
    ]  # fmt: skip
    copy_protected(source, target, {})
    assert target.read_bytes() == source.read_bytes()
