"""Published open data, imported into a copy of the project, against sums taken by the csv module alone."""

from __future__ import annotations

import csv
import gzip
import io
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from fixtures.projects import FIXTURES, ROOT, SHARED, copy_project, quiet

from scrutiny.importers import Options, reader
from scrutiny.importers.proposal import Proposal, propose
from scrutiny.inputs.imports import figure_key, load_imports
from scrutiny.inputs.project import Project
from scrutiny.pipeline.build import Built, build_all
from scrutiny.pipeline.values import values_of_last_build
from scrutiny.statistics import arithmetic

pytestmark = pytest.mark.shared

OPEN_DATA = SHARED / "open-data"
BY_CODE = OPEN_DATA / "prc-pfa-mar2013-onwards-tables-2017-18.csv.gz"
BY_GROUP = OPEN_DATA / "recorded-crime-by-force-offence-group-quarter.csv"
SEARCHES = OPEN_DATA / "lancashire-stop-and-search_2019-01_to_2021-11.csv.gz"
ONS = OPEN_DATA / "ons-police-force-area-tables-ye-june-2019.xlsx"

GROUPS = {
    # group of the file: offence of the dataset, measure of the test's project
    "Violence against the person": ("violence_against_the_person", "offences.violence"),
    "Sexual offences": ("sexual_offences", "offences.sexual"),
    "Robbery": ("robbery", "offences.robbery"),
    "Theft offences": ("theft", "offences.theft"),
    "Criminal damage and arson": ("criminal_damage_and_arson", "offences.damage"),
    "Drug offences": ("drugs", "offences.drugs"),
    "Possession of weapons offences": ("possession_of_weapons", "offences.weapons"),
    "Public order offences": ("public_order", "offences.public_order"),
    "Miscellaneous crimes against society": ("miscellaneous", "offences.miscellaneous"),
}
# Of the file of 2017/18, by their names or by their codes.
SUBGROUPS = {
    "Violence without injury": "violence_without_injury",
    "Robbery of personal property": "robbery_personal",
    "Robbery of business property": "robbery_business",
}
RESIDENTIAL = ("28E", "28F", "28G", "28H", "29A")
DRIVING = ("4.4", "4.6", "4.8", "4.9", "37.1")

QUARTERS = [
    "2018-19-Q4",
    *(f"{year}-{year % 100 + 1}-Q{number}" for year in (2019, 2020) for number in (1, 2, 3, 4)),
    "2021-22-Q1",
    "2021-22-Q2",
]


def imported(project: Project, kind: str, *files: Path) -> Proposal:
    proposal = propose(project, reader(kind)(project, files, Options()))
    proposal.write()
    return proposal


def notes_of(proposal: Proposal) -> str:
    return "\n".join(note for change in proposal.changes for note in change.notes)


def rows_of(project: Project, dataset: str) -> list[dict[str, str]]:
    with (project.data / f"{dataset}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def figures(project: Project, dataset: str, source: str) -> dict[tuple[str, str], int]:
    """Give the counts of a source: offence, or ethnic group and what is counted, and the first day."""
    return {
        (row.get("offence") or f"{row.get('ethnic_group')}/{row.get('counted')}", row["period_start"]): int(
            row["value"]
        )
        for row in rows_of(project, dataset)
        if row["source"] == source
    }


def first_day(year: str, quarter: str) -> str:
    month = {"1": "04", "2": "07", "3": "10", "4": "01"}[quarter]
    return f"{int(year[:4]) + (quarter == '4')}-{month}-01"


def published(path: Path) -> Iterator[dict[str, str]]:
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
    yield from csv.DictReader(io.StringIO(text, newline=""))


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    """Give a project whose figures are the open data, and whose report is of these figures alone."""
    project = Project(copy_project(tmp_path_factory.mktemp("open-data")))
    for path in project.notebooks.glob("*.ipynb"):
        if path.stem not in ("recorded_crime", "stop_and_search"):
            path.unlink()
    shutil.rmtree(project.sections / "2020-21-Q1")
    own = FIXTURES / "open_data"
    shutil.copy(own / "offence_groups.ipynb", project.notebooks)
    shutil.copy(own / "01-open-data.qmd", project.sections / "_skeleton")
    with (project.data / "measures.yaml").open("a", encoding="utf-8") as measures:
        measures.write("\n" + (own / "measures.yaml").read_text(encoding="utf-8"))
    given = yaml.safe_load((project.params / "2020-21-Q1.yml").read_text(encoding="utf-8"))
    given["sources"] |= {"recorded_crime": "home-office-prc", "stop_and_search": "police-uk-stop-and-search"}
    given["sections"] = ["01-open-data", "92-not-supplied"]
    for quarter in QUARTERS:
        (project.params / f"{quarter}.yml").write_text(
            yaml.safe_dump(given | {"quarter": quarter}), encoding="utf-8"
        )
    return project


@pytest.fixture(scope="module")
def by_code(project) -> Proposal:
    return imported(project, "home-office-prc", BY_CODE)


@pytest.fixture(scope="module")
def by_group(project, by_code) -> Proposal:
    return imported(project, "home-office-prc", BY_GROUP)


@pytest.fixture(scope="module")
def searches(project) -> Proposal:
    return imported(project, "police-uk-stop-and-search", SEARCHES)


@pytest.fixture(scope="module")
def ons(project) -> Proposal:
    return imported(project, "ons-pfa", ONS)


def test_each_figure_is_kept_with_its_file_and_the_rows_that_add_up_to_it(project, by_group, searches, ons):
    imports = load_imports(project.data / "imports.csv")
    of_file = Counter(origin.table.file for origin in imports.values())
    rows = {
        figure_key(resource, row): row
        for resource in project.datapackage.resources
        for row in rows_of(project, resource.name)
        if row["status"] == "open"
    }
    assert imports.keys() == rows.keys()
    assert all(origin.is_of(rows[key]) for key, origin in imports.items())
    assert of_file.keys() == {BY_CODE.name, BY_GROUP.name, SEARCHES.name, ONS.name}
    counts = {
        line: int(row["Number of Offences"].replace(",", "")) for line, row in enumerate(published(BY_CODE), 2)
    }
    added_up = 0
    for origin in imports.values():
        if origin.table.file == BY_CODE.name and "/" not in origin.rows:
            spans = [[int(row) for row in span.split("-")] for span in origin.rows.split("+")]
            lines = [line for span in spans for line in range(span[0], span[-1] + 1)]
            assert sum(counts[line] for line in lines) == int(origin.figure)
            added_up += 1
    assert added_up == of_file[BY_CODE.name]


def test_offence_codes_add_up_to_the_offences_of_the_report(by_code):
    expected: Counter[tuple[str, str]] = Counter()
    sexual: Counter[tuple[str, str]] = Counter()
    negative = 0
    for row in published(BY_CODE):
        if row["Force Name"] != "Lancashire":
            continue
        day = first_day(row["Financial Year"], row["Financial Quarter"])
        count = int(row["Number of Offences"].strip())
        negative += count < 0
        group, subgroup, code = row["Offence Group"], row["Offence Subgroup"], row["Offence Code"]
        group = {"Miscellaneous crimes": "Miscellaneous crimes against society"}.get(group, group)
        expected["all", day] += count
        expected[GROUPS[group][0], day] += count
        if subgroup in SUBGROUPS:
            expected[SUBGROUPS[subgroup], day] += count
        if subgroup == "Violence with injury" and code not in DRIVING:
            expected["violence_with_injury", day] += count
        if code in RESIDENTIAL:
            expected["burglary_residential", day] += count
        if group == "Sexual offences":
            sexual["all", day] += count
            sexual["rape" if subgroup == "Rape offences" else "other", day] += count
    offered = {
        change.resource.name: {(row["offence"], row["period_start"]): int(row["value"]) for row in change.added}
        for change in by_code.changes
    }
    assert offered == {"recorded_crime": expected, "sexual_offences": sexual}
    assert expected["all", "2017-04-01"] == 30_565
    assert not by_code.refused
    assert f"included: {negative} negative counts" in notes_of(by_code)
    assert "British Transport Police (524)" in notes_of(by_code)
    assert "22,008 records of 42 other forces" in notes_of(by_code)


def group_counts() -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for row in published(BY_GROUP):
        if row["Force Name"] == "Lancashire":
            day = first_day(row["Financial Year"], row["Financial Quarter"])
            counts[row["Offence Group"], day] += int(row["Number of Offences"])
            counts["all", day] += int(row["Number of Offences"])
    return counts


def test_offence_groups_of_six_years(project, by_group):
    expected = {
        (GROUPS[group][0] if group in GROUPS else group, day): count
        for (group, day), count in group_counts().items()
    }
    in_dataset = figures(project, "recorded_crime", "home-office-prc")
    assert {key: in_dataset[key] for key in expected} == expected
    assert len({day for _, day in expected}) == 24
    assert "Avon & Somerset is Avon and Somerset" in notes_of(by_group)


def test_searches_by_month_and_ethnic_group(project, searches):
    expected: Counter[tuple[str, str]] = Counter()
    seen: Counter[tuple[str, ...]] = Counter()
    vehicles = 0
    for row in published(SEARCHES):
        seen[tuple(row.values())] += 1
        if row["Type"] == "Vehicle search":
            vehicles += 1
            continue
        day = f"{row['Date'][:7]}-01"
        ethnicity = row["Self-defined ethnicity"]
        groups = ["all", *(name for name in ("white", "black", "asian") if ethnicity.lower().startswith(name))]
        for group in groups:
            expected[f"{group}/searches", day] += 1
            expected[f"{group}/arrests", day] += row["Outcome"] == "Arrest"
    in_dataset = figures(project, "stop_and_search", "police-uk-stop-and-search")
    assert {key: count for key, count in in_dataset.items() if count} == {
        key: count for key, count in expected.items() if count
    }
    assert len(in_dataset) == 35 * 8
    assert sum(in_dataset["all/searches", day] for _, day in in_dataset if day[:4] == "2019") == 8 * 7_429
    repeats = sum(count - 1 for count in seen.values())
    assert repeats == 1_399
    assert f"exact repeats of another record of the file: {repeats:,}; all are counted" in notes_of(searches)
    assert f"{vehicles:,} records of searches of vehicles alone" in notes_of(searches)
    assert not searches.refused


def test_the_ons_tables_of_a_year(project, ons):
    offences = figures(project, "recorded_crime", "ons-pfa")
    # Read from the workbook by eye.
    assert offences == {
        (offence, "2018-07-01"): count
        for offence, count in {
            "all": 162_194,
            "violence_against_the_person": 62_406,
            "violence_with_injury": 19_487,
            "violence_without_injury": 23_798,
            "sexual_offences": 5_320,
            "robbery": 1_249,
            "theft": 52_967,
            "burglary_residential": 9_154,
            "criminal_damage_and_arson": 19_350,
            "drugs": 2_404,
            "possession_of_weapons": 861,
            "public_order": 14_051,
            "miscellaneous": 3_586,
        }.items()
    }
    assert list(figures(project, "knife_crime", "ons-pfa").values()) == [1_159]
    assert list(figures(project, "sexual_offences", "ons-pfa").values()) == [5_320]
    assert "table P4, note 9: Lancashire could not supply data in time" in notes_of(ons)


@pytest.fixture(scope="module")
def values(project, by_group, searches, ons) -> dict[str, dict[str, str]]:
    """Build all quarters at once and give their values."""
    outcomes = build_all(project, QUARTERS, quiet(), engine_name="pandoc", formats=("html",))
    for quarter, outcome in outcomes:
        assert isinstance(outcome, Built), f"{quarter}: {outcome}"
        assert [document.suffix for document in outcome.documents] == [".html"]
    return {quarter: values_of_last_build(project, quarter) for quarter in QUARTERS}


def shifted(day: str, months: int) -> str:
    year, month = divmod(int(day[:4]) * 12 + int(day[5:7]) - 1 + months, 12)
    return f"{year}-{month + 1:02}-01"


def brief(before: int, after: int) -> str:
    """Tell a change of more than half a per cent, as docs/explanation/methodology.md has it."""
    if before == after:
        return "No change"
    percentage = arithmetic.round_half_away(arithmetic.exact(after - before) / before * 100, 0)
    assert percentage, "a change of nothing needs more places"
    word = "Increase" if after > before else "Decrease"
    return f"{word} ({percentage:+}%, {after - before:+,})".replace("-", "−")


@pytest.mark.parametrize("quarter", QUARTERS)
def test_crime_of_each_quarter_is_compared_rightly(values, quarter):
    counts = group_counts()
    first = first_day(quarter[:4], quarter[-1])
    for group, name in {"all": "crime.all", **{group: name for group, (_, name) in GROUPS.items()}}.items():
        year = sum(counts[group, shifted(first, back)] for back in (0, -3, -6, -9))
        year_before = sum(counts[group, shifted(first, back)] for back in (-12, -15, -18, -21))
        own, last_year = counts[group, first], counts[group, shifted(first, -12)]
        told = values[quarter]
        assert told[f"{name}.year.count"] == f"{year:,}"
        assert told[f"{name}.year_before.count"] == f"{year_before:,}"
        assert told[f"{name}.quarter.count"] == f"{own:,}"
        if abs(year - year_before) * 200 > year_before:
            assert told[f"{name}.year.in_brief"] == brief(year_before, year)
        if abs(own - last_year) * 200 > last_year:
            assert told[f"{name}.quarter.in_brief"] == brief(last_year, own)


@pytest.mark.parametrize("quarter", QUARTERS)
def test_searches_of_each_quarter_are_compared_rightly(values, quarter):
    counts = Counter(row["Date"][:7] for row in published(SEARCHES) if row["Type"] != "Vehicle search")
    first = first_day(quarter[:4], quarter[-1])
    own, last_year = (sum(counts[shifted(first, month + back)[:7]] for month in (0, 1, 2)) for back in (0, -12))
    told = values[quarter]
    assert told["search.searches.quarter.count"] == f"{own:,}"
    if last_year:
        assert told["search.searches.quarter.in_brief"] == brief(last_year, own)
    else:
        assert "cannot be compared" in told["search.searches.quarter.movement"]


def test_the_documents_have_the_figures(project, values):
    for quarter in QUARTERS:
        page = (project.build / quarter / "_output" / "report.html").read_text(encoding="utf-8")
        text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
        for name in ("crime.all.year.movement", "offences.theft.year.movement", "search.searches.quarter.count"):
            assert values[quarter][name] in text
        assert "illustrative" not in values[quarter]["crime.all.year.movement"]


def nearness() -> list[list[str]]:
    page = (ROOT / "docs" / "reference" / "open-data.md").read_text(encoding="utf-8")
    table = page.split("## How near they come")[1]
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in table.splitlines()
        if re.match(r"\| \w+_\w+ \|", line)
    ]


@pytest.mark.parametrize("row", nearness(), ids=" ".join)
def test_how_near_it_comes(project, by_group, searches, ons, row):
    dataset, which, window, told, source, open_figure, difference = row
    first, last = window.split(" to ")
    topic = which.split()
    published = summed = 0
    for figure in rows_of(project, dataset):
        in_window = first <= figure["period_start"][:7] and figure["period_end"][:7] <= last
        own = [figure[column] for column in ("offence", "ethnic_group", "counted") if column in figure]
        if own != topic or not in_window or figure["statistic"] != "count":
            continue
        if figure["status"] == "published" and (figure["period_start"][:7], figure["period_end"][:7]) == (
            first,
            last,
        ):
            published = int(figure["value"])
        if figure["source"] == source:
            summed += int(figure["value"])
    assert (f"{published:,}", f"{summed:,}") == (told, open_figure)
    by = arithmetic.round_half_away(arithmetic.percent_change(published, summed), 1)
    assert difference == f"{by:+}%".replace("-", "−")
