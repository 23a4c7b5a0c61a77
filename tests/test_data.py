"""The project's own data: well formed, equal to the published report, illustrative where made up."""

import csv
import importlib.util
import re
import shutil
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from scrutiny.datapackage import load_datapackage
from scrutiny.schema import read_dataset

ROOT = Path(__file__).parent.parent
DATA = ROOT / "data"
REFERENCE = ROOT.parent / "shared" / "reference" / "quarterly-performance-report-september-2020.txt"
DATASETS = [resource.name for resource in load_datapackage(DATA / "datapackage.yaml").resources]

OFFENCES = {
    # offence: (label in the report's table, label in its Appendix A)
    "all": ("All Crime", "All Crime"),
    "violence_with_injury": ("Violence with Injury", "Violence with injury"),
    "violence_without_injury": ("Violence w/o Injury", "Violence without injury"),
    "burglary_residential": ("Burglary Residential", "Burglary Residential"),
    "robbery_personal": ("Robbery Personal", "Robbery (Personal)"),
    "public_order": ("Public Order Offences", "Public Order"),
}
YEAR_BEFORE_THAT = ("2017-07-01", "2018-06-30")
YEAR_BEFORE = ("2018-07-01", "2019-06-30")
YEAR = ("2019-07-01", "2020-06-30")
QUARTER_LAST_YEAR = ("2019-04-01", "2019-06-30")
PREVIOUS_QUARTER = ("2020-01-01", "2020-03-31")
QUARTER = ("2020-04-01", "2020-06-30")
YEAR_TO_MARCH = ("2019-04-01", "2020-03-31")
YEAR_TO_MAY = ("2019-06-01", "2020-05-31")
FOUR_WEEKS = ("2020-06-03", "2020-06-30")
CHANGE = "percent_change"

# Typed from the report, apart from the CSV: offence, counts of the two years to June 2019 and 2020, changes
# of the year to June 2019 and of the quarter to June 2020 with their percentages.
PUBLISHED = """
all                      159838  134069  20634  15  -8739  -23
violence_with_injury      18980   15036    903   5  -1137  -26
violence_without_injury   24015   21799   5898  33  -1173  -19
burglary_residential       8903    6813    245   3   -546  -27
robbery_personal           1141     957    336  42   -126  -40
public_order              14236    9885   5264  59   -677  -23
"""
ROWS = [(name, *map(int, rest)) for name, *rest in map(str.split, PUBLISHED.strip().splitlines())]


def read(name, folder=DATA):
    resource = load_datapackage(folder / "datapackage.yaml").resource(name)
    return read_dataset(resource, folder / resource.path)


def figure(frame, period, statistic, **selection):
    for column, value in selection.items():
        frame = frame[frame[column] == value]
    start, end = map(pd.Timestamp, period)
    frame = frame[(frame["period_start"] == start) & (frame["period_end"] == end)]
    (value,) = frame.loc[frame["statistic"] == statistic, "value"]
    return value


def months_sum(frame, period):
    months = frame[(frame["status"] == "illustrative") & frame["period_start"].between(*period)]
    return int(months["value"].sum())


def per_cent(part, whole):
    """Round half away from zero, with whole numbers alone."""
    size = (200 * abs(part) + whole) // (2 * whole)
    return size if part >= 0 else -size


@pytest.fixture(scope="module")
def crime():
    return read("recorded_crime")


@pytest.fixture(scope="module")
def reference():
    if not REFERENCE.is_file():
        pytest.skip("needs ../shared with the published report")
    return REFERENCE.read_text(encoding="utf-8")


def numbers(text):
    """Give the numbers of a cell such as "- 16% (-25,769)", spaces after a sign or not."""
    return [int(number.replace(",", "").replace(" ", "")) for number in re.findall(r"-? ?\d[\d,]*", text)]


@pytest.mark.parametrize("name", DATASETS)
def test_every_dataset_is_valid_sorted_and_plain(name):
    resource = load_datapackage(DATA / "datapackage.yaml").resource(name)
    frame = read(name)
    content = (DATA / resource.path).read_bytes()
    assert b"\r" not in content
    assert content.endswith(b"\n")
    key = list(resource.table_schema.primary_key)
    assert list(frame.columns) == [field.name for field in resource.fields] + ["line"]
    pd.testing.assert_frame_equal(frame[key], frame[key].sort_values(key, ignore_index=True))


@pytest.mark.parametrize(("offence", "before", "after", "change", "percent", "quarter", "quarter_percent"), ROWS)
def test_published_crime_figures(crime, offence, before, after, change, percent, quarter, quarter_percent):
    published = crime[crime["status"] == "published"]
    assert figure(published, YEAR_BEFORE, "count", offence=offence) == before
    assert figure(published, YEAR, "count", offence=offence) == after
    assert figure(published, YEAR_BEFORE, "change", offence=offence) == change
    assert figure(published, YEAR_BEFORE, "percent_change", offence=offence) == percent
    assert figure(published, QUARTER, "change", offence=offence) == quarter
    assert figure(published, QUARTER, "percent_change", offence=offence) == quarter_percent


@pytest.mark.parametrize(("offence", "before", "after", "change", "percent", "quarter", "quarter_percent"), ROWS)
def test_illustrative_months_agree_exactly_with_what_was_published(
    crime, offence, before, after, change, percent, quarter, quarter_percent
):
    months = crime[crime["offence"] == offence]
    to_june_2018, spring_2019, spring_2020 = (
        months_sum(months, period) for period in (YEAR_BEFORE_THAT, QUARTER_LAST_YEAR, QUARTER)
    )
    assert months_sum(months, YEAR_BEFORE) == before
    assert months_sum(months, YEAR) == after
    assert to_june_2018 == before - change
    assert per_cent(change, to_june_2018) == percent
    assert spring_2020 - spring_2019 == quarter
    assert per_cent(quarter, spring_2019) == quarter_percent


def test_illustrative_personal_robbery_had_risen_by_five_per_cent_to_march(crime):
    robbery = crime[crime["offence"] == "robbery_personal"]
    before = months_sum(robbery, ("2018-04-01", "2019-03-31"))
    after = months_sum(robbery, YEAR_TO_MARCH)
    assert per_cent(after - before, before) == 5
    assert figure(robbery, YEAR_TO_MARCH, CHANGE) == 5


def test_illustrative_crime_has_36_months_of_six_offences_within_all(crime):
    months = crime[crime["status"] == "illustrative"].pivot_table(
        index="period_start", columns="offence", values="value"
    )
    assert list(months.index) == list(pd.date_range("2017-07-01", periods=36, freq="MS"))
    assert set(months.columns) == set(OFFENCES)
    assert (months["all"] >= months.drop(columns="all").sum(axis="columns")).all()
    assert (months.loc["2020-04-01"] < 0.9 * months.loc["2020-03-01"]).all()
    assert (months.loc["2020-06-01"] > months.loc["2020-04-01"]).all()


@pytest.mark.parametrize(
    ("dataset", "period", "statistic", "selection", "value"),
    [
        ("recorded_crime", YEAR, CHANGE, {"offence": "robbery_business"}, -17),
        ("crime_comparisons", YEAR_TO_MAY, CHANGE, {"area": "england_and_wales"}, -4),
        ("crime_comparisons", YEAR_TO_MAY, CHANGE, {"area": "north_west"}, -9),
        ("crime_comparisons", YEAR_TO_MAY, CHANGE, {"area": "most_similar_group"}, -8),
        ("anti_social_behaviour", YEAR_BEFORE, "count", {"area": "lancashire"}, 50431),
        ("anti_social_behaviour", YEAR, "count", {"area": "lancashire"}, 73264),
        ("anti_social_behaviour", FOUR_WEEKS, CHANGE, {"area": "lancashire"}, 61),
        ("anti_social_behaviour", FOUR_WEEKS, CHANGE, {"source": "hmicfrs-weekly"}, 52),
        ("knife_crime", QUARTER_LAST_YEAR, "count", {}, 327),
        ("knife_crime", PREVIOUS_QUARTER, "count", {}, 281),
        ("knife_crime", QUARTER, "count", {}, 257),
    ],
)
def test_other_published_figures(dataset, period, statistic, selection, value):
    frame = read(dataset)
    assert figure(frame[frame["status"] == "published"], period, statistic, **selection) == value


def test_illustrative_knife_crime_has_24_months_that_agree_with_the_published_quarters():
    frame = read("knife_crime")
    months = frame[frame["status"] == "illustrative"]
    assert list(months["period_start"]) == list(pd.date_range("2018-07-01", periods=24, freq="MS"))
    quarters = months.groupby(months["period_start"].dt.to_period("Q"))["value"].sum()
    assert [quarters[quarter] for quarter in ("2019Q2", "2020Q1", "2020Q2")] == [327, 281, 257]


@pytest.mark.shared
@pytest.mark.parametrize("offence", OFFENCES)
def test_crime_figures_are_those_of_the_reference(crime, reference, offence):
    in_table, in_appendix = OFFENCES[offence]
    rows = [line.split("\t") for line in reference.splitlines()]
    (table,) = [row for row in rows if row[0] == in_table and len(row) == 4 and "%" in row[1]]
    (appendix,) = [row for row in rows if row[0] == in_appendix and len(row) == 4 and "crease" in row[2]]
    published = crime[(crime["status"] == "published") & (crime["offence"] == offence)]

    (before,), (after,) = numbers(appendix[1]), numbers(appendix[3])
    assert before == figure(published, YEAR_BEFORE, "count")
    assert after == figure(published, YEAR, "count")
    for period, cell in ((YEAR_BEFORE, table[1]), (QUARTER, table[3])):
        percent, change = numbers(cell)
        assert percent == figure(published, period, "percent_change")
        assert change == figure(published, period, "change")
    # Not stored, but computed from the counts wherever it is shown.
    computed = [per_cent(after - before, before), after - before]
    assert numbers(table[2]) == computed
    assert numbers(appendix[2]) == computed


@pytest.mark.shared
@pytest.mark.parametrize(
    ("sentence", "dataset", "period", "statistic", "selection"),
    [
        (r"England and Wales at (-\d+)%", "crime_comparisons", YEAR_TO_MAY, CHANGE, {"area": "england_and_wales"}),
        (r"North West region (-\d+)%", "crime_comparisons", YEAR_TO_MAY, CHANGE, {"area": "north_west"}),
        (r"Similar Group (-\d+)%", "crime_comparisons", YEAR_TO_MAY, CHANGE, {"area": "most_similar_group"}),
        (r"(-\d+)% robbery for business", "recorded_crime", YEAR, CHANGE, {"offence": "robbery_business"}),
        (r"\+(\d+)% to the end", "recorded_crime", YEAR_TO_MARCH, CHANGE, {"offence": "robbery_personal"}),
        (r"nationally by (\d+)%", "anti_social_behaviour", FOUR_WEEKS, CHANGE, {"area": "england_and_wales"}),
        (r"by (\d+)% across Lancashire", "anti_social_behaviour", FOUR_WEEKS, CHANGE, {"area": "lancashire"}),
        (r"Behaviour Incidents\t([\d,]+)\t", "anti_social_behaviour", YEAR_BEFORE, "count", {}),
        (r"Behaviour Incidents\t.*\t([\d,]+)\n", "anti_social_behaviour", YEAR, "count", {}),
        (r"([\d,]+) crimes in Q1 2020/21", "knife_crime", QUARTER, "count", {}),
        (r"with (\d+) in Q4 2019/20", "knife_crime", PREVIOUS_QUARTER, "count", {}),
        (r"Q1 19/20, during which (\d+) offences", "knife_crime", QUARTER_LAST_YEAR, "count", {}),
    ],
)
def test_other_figures_are_those_of_the_reference(reference, sentence, dataset, period, statistic, selection):
    (found,) = re.findall(sentence, reference)
    frame = read(dataset)
    published = frame[frame["status"] == "published"]
    assert figure(published, period, statistic, **selection) == int(found.replace(",", ""))


@pytest.fixture(scope="module")
def make_illustrative():
    spec = importlib.util.spec_from_file_location("make_illustrative", DATA / "make_illustrative.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def copy(tmp_path):
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.glob("*.csv")}


def test_making_illustrative_rows_again_changes_no_byte(make_illustrative, copy):
    make_illustrative.main(copy)
    assert contents(copy) == contents(DATA)


def test_illustrative_rows_come_from_the_other_rows_alone(make_illustrative, copy):
    for path in copy.glob("*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_bytes("".join(line for line in lines if "illustrative" not in line).encode())
    assert contents(copy) != contents(DATA)
    make_illustrative.main(copy)
    assert contents(copy) == contents(DATA)


def test_a_supplied_row_wins_over_an_illustrative_one_of_its_key(make_illustrative, copy):
    path = copy / "knife_crime.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    status, value = rows[0].index("status"), rows[0].index("value")
    position = next(position for position, row in enumerate(rows) if row[status] == "illustrative")
    rows[position][status], rows[position][value] = "supplied", "7"
    path.write_text("\n".join(map(",".join, rows)) + "\n", encoding="utf-8")
    make_illustrative.main(copy)
    assert path.read_text(encoding="utf-8").splitlines()[position] == ",".join(rows[position])
    assert len(read("knife_crime", copy)) == len(rows) - 1


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (10, [1, 1, 1], [4, 3, 3]),
        (7, [2, 1, 1], [3, 2, 2]),
        (5, [0.1, 0.45, 0.45], [1, 2, 2]),
        (0, [1, 2], [0, 0]),
    ],
)
def test_a_total_is_shared_out_by_largest_remainder(make_illustrative, total, weights, shares):
    found = make_illustrative.apportion(total, weights)
    assert found == shares
    exact = [Fraction(total) * Fraction(weight) / sum(map(Fraction, weights)) for weight in weights]
    assert all(abs(share - part) < 1 for share, part in zip(found, exact, strict=True))
