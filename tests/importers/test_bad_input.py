"""What bad input gets: the cases of tests/bad_input/."""

import datetime as dt

import pytest
from bad_input.cases import CASES, LONG, WIDE
from bad_input.workbooks import Error, Formula, xlsx
from fixtures.projects import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny import importers as intake
from scrutiny.errors import ScrutinyError
from scrutiny.importers.extract.extract import read
from scrutiny.inputs.project import Project


def told(folder, case):
    """Give all that is told of an extract, where its file is {file}."""
    path, mapping = folder / case.file, folder / "mapping.yaml"
    path.write_bytes(case.content if isinstance(case.content, bytes) else case.content.encode())
    mapping.write_text(case.mapping, encoding="utf-8")
    options = intake.parse_options(mapping, "2020-10-05", case.options.get("quarter"))
    try:
        problems = intake.take_in(Project(ROOT), "extract", [path], options).refused
    except ScrutinyError as error:
        problems = error.problems
    return [str(problem).replace(str(path), "{file}") for problem in problems]


def test_there_are_enough_cases_and_each_is_another():
    assert len({case.name for case in CASES}) == len(CASES) >= 50
    assert len({(case.content, case.mapping, case.file, str(case.options)) for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_bad_input_gets(tmp_path, case):
    assert told(tmp_path, case) == [case.message]


CELLS = st.one_of(
    st.sampled_from(
        ["Month", "Offence", "Offences", "All Crime", "Jul-20", "2020-21 Q1", "Jul-Sep 2020", "=1+1", "1,234"]
    ),
    st.text(max_size=8),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(dt.date(1990, 1, 1)),
    st.timedeltas(dt.timedelta(0), dt.timedelta(days=2)),
    st.builds(Formula, st.just("A1")),
    st.builds(Error, st.just("#N/A")),
)
TABLES = st.lists(st.lists(CELLS, max_size=5), max_size=6)


@settings(deadline=None)
@given(
    rows=TABLES,
    wide=st.booleans(),
    kind=st.sampled_from(["month", "quarter", "financial_year", "calendar_year", "year_to"]),
)
def test_whatever_stands_in_a_workbook_each_row_is_taken_or_told(tmp_path_factory, rows, wide, kind):
    folder = tmp_path_factory.mktemp("extract")
    header = ["Offence", "Jul-20", "Aug-20"] if wide else ["Month", "Offence", "Offences"]
    text = [
        [cell if not isinstance(cell, str) else "".join(filter(str.isprintable, cell)) for cell in row]
        for row in rows
    ]
    (folder / "extract.xlsx").write_bytes(xlsx({"Data": [header, *text]}))
    mapping = (WIDE if wide else LONG).replace("period: month", f"period: {'month' if wide else kind}")
    (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
    try:
        (offer,) = read(
            Project(ROOT),
            [folder / "extract.xlsx"],
            intake.parse_options(folder / "mapping.yaml", "2020-10-05", None),
        )
    except ScrutinyError:
        return
    told = {problem.location.line for problem in offer.refused if problem.location}
    for problem in offer.refused:
        if "nothing from here on is read" in problem.message or "rows below may belong" in problem.message:
            told |= set(range(problem.location.line, len(text) + 2))
    filled = {number for number, row in enumerate(text, 2) if any(str(cell).strip() for cell in row)}
    repeated = {number for number, row in enumerate(text, 2) if row == header}
    assert told | {row.place.line for row in offer.rows} | repeated | {None} >= filled
