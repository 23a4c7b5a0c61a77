"""The project's own data: well formed, equal to the published report, illustrative where made up."""

import csv
import importlib.util
import re
import shutil
from collections import Counter
from fractions import Fraction
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from scrutiny.inputs.datapackage import FIGURE_FIELDS, load_datapackage
from scrutiny.inputs.schema import read_dataset
from scrutiny.statistics.arithmetic import round_half_away

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
REFERENCE = ROOT.parent / "shared" / "reference" / "quarterly-performance-report-september-2020.txt"
PACKAGE = load_datapackage(DATA / "datapackage.yaml")
DATASETS = [resource.name for resource in PACKAGE.resources]

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
YEAR_BEFORE_TO_MARCH = ("2018-04-01", "2019-03-31")
YEAR_TO_MAY = ("2019-06-01", "2020-05-31")
YEAR_BEFORE_TO_MAY = ("2018-06-01", "2019-05-31")
CALENDAR_YEAR = ("2019-01-01", "2019-12-31")
FIRST_HALF = ("2020-01-01", "2020-06-30")
JUNE_2019 = ("2019-06-01", "2019-06-30")
JUNE = ("2020-06-01", "2020-06-30")
FOUR_WEEKS = ("2020-06-03", "2020-06-30")

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


# Every other published figure, typed from the report: dataset | area if not Lancashire, topic | period |
# statistic | value | where it stands in the report, with # for the number and ~ for the rest of a cell and a tab.
FIGURES = r"""
budget | visible               | quarter | gbp_million | 27.2 | ^Visible\t#\t
budget | visible               | quarter | percent     | 33.8 | ^Visible~~#%
budget | non_visible           | quarter | gbp_million | 25.6 | ^Non Visible\t#\t
budget | non_visible           | quarter | percent     | 31.8 | ^Non Visible~~#%
budget | operational_frontline | quarter | gbp_million | 52.8 | ^Operational Frontline\t#\t
budget | operational_frontline | quarter | percent     | 65.6 | ^Operational Frontline~~#%
budget | frontline_support     | quarter | gbp_million | 6.9  | ^Frontline Support\t#\t
budget | frontline_support     | quarter | percent     | 8.6  | ^Frontline Support~~#%
budget | business_support      | quarter | gbp_million | 20.8 | ^Business Support\t#\t
budget | business_support      | quarter | percent     | 25.8 | ^Business Support~~#%
budget | other                 | quarter | gbp_million | 4.4  | ^Other\t#\t$
budget | total                 | quarter | gbp_million | 84.9 | ^Total\t#\t
budget | total                 | quarter | percent     | 100  | ^Total~~#%
budget | visible     | quarter_last_year | gbp_million | 27.8 | Policing: visible\t£#M
budget | visible     | quarter_last_year | percent     | 36.2 | Policing: visible\t£27.8M \(#%
budget | non_visible | quarter_last_year | gbp_million | 24.1 | Policing: non visible\t£#M
budget | non_visible | quarter_last_year | percent     | 31.4 | Policing: non visible\t£24.1M \(#%

citizens_in_policing | volunteers_public_service         | quarter | count | 5200   | over # public service volunteers
citizens_in_policing | volunteers_new                    | quarter | count | 680    | over # new volunteers
citizens_in_policing | volunteers_people_supported       | quarter | count | 930    | supported over # vulnerable
citizens_in_policing | volunteers_welfare_calls          | quarter | count | 62000  | over # welfare calls
citizens_in_policing | volunteers_hours                  | quarter | count | 63000  | over # hours of
citizens_in_policing | volunteers_per_officer            | quarter | count | 130    | up to # volunteers
citizens_in_policing | volunteers_post_views             | quarter | count | 300000 | accessed over # times
citizens_in_policing | volunteers_referrals_a_week       | quarter | count | 70     | up to # referrals a week
citizens_in_policing | volunteers_website_visits_a_week  | quarter | count | 3600   | visited # times a week
citizens_in_policing | our_lancashire_group_members      | quarter | count | 150000 | over # group members
citizens_in_policing | our_lancashire_background_checks  | quarter | count | 1000   | over # free Disclosure
citizens_in_policing | our_lancashire_groups             | quarter | count | 1200   | over # groups as part
citizens_in_policing | our_lancashire_website_visits     | quarter | count | 12000  | over # website visits
citizens_in_policing | our_lancashire_training_events    | quarter | count | 32     | over # training events
citizens_in_policing | our_lancashire_funding            | quarter | gbp_million | 1.3 | allocation of £#M
citizens_in_policing | our_lancashire_people_reached     | quarter | count | 62000  | over # people on social
citizens_in_policing | our_lancashire_district_hubs      | quarter | count | 14     | officers for # District Hubs
citizens_in_policing | cadets_enrolled                   | quarter | count | 398    | currently # Cadets enrolled
citizens_in_policing | cadets_capacity                   | quarter | count | 700    | capacity for # Cadets
citizens_in_policing | cadets_vulnerable                 | quarter | percent | 30   | recognising that #% are
citizens_in_policing | specials_constables               | quarter | count | 196    | Constables is at #\.
citizens_in_policing | specials_awaiting_assessment      | quarter | count | 80     | currently have # applicants
citizens_in_policing | specials_awaiting_interview       | quarter | count | 60     | and # awaiting interviews
citizens_in_policing | specials_operational_hours        | quarter | count | 17636  | contributed # operational
citizens_in_policing | specials_training_hours           | quarter | count | 934    | and # hours of training
citizens_in_policing | specials_full_time                | quarter | count | 6      | # officers worked full time

recorded_crime    | robbery_business      | year          | percent_change | -17 | #% robbery for business
crime_comparisons | england_and_wales all | year_to_may   | percent_change | -4  | England and Wales at #%
crime_comparisons | north_west all        | year_to_may   | percent_change | -9  | North West region #%
crime_comparisons | most_similar_group all | year_to_may  | percent_change | -8  | Similar Group #%
anti_social_behaviour |                   | year_before   | count | 50431 | Behaviour Incidents\t#\t
anti_social_behaviour |                   | year          | count | 73264 | Behaviour Incidents~~~#$
anti_social_behaviour |                   | four_weeks    | percent_change | 61 | by #% across Lancashire
anti_social_behaviour | england_and_wales | four_weeks    | percent_change | 52 | nationally by #%
knife_crime |                      | quarter_last_year | count | 327 | Q1 19/20, during which # offences
knife_crime |                      | previous_quarter  | count | 281 | with # in Q4 2019/20
knife_crime |                      | quarter           | count | 257 | # crimes in Q1 2020/21
crime_threats | homicide_reported       | first_half    | count | 11 | # reported but one later
crime_threats | homicide_natural_causes | first_half    | count | 1  | reported but # later
crime_threats | atm_attack              | quarter       | count | 1  | only # ATM attack
crime_threats | emergency_worker_assault | four_weeks   | percent_change | 13 | and #% in Lancashire\)
crime_threats | england_and_wales emergency_worker_assault | four_weeks | percent_change | 19 | workers \(#% in 4 weeks

stop_and_search | all individuals   | calendar_year | count | 6543 | was # individuals of all
stop_and_search | white individuals | calendar_year | count | 4651 | White individual search #$
stop_and_search | black individuals | calendar_year | count | 87   | Black British searched #$
stop_and_search | asian individuals | calendar_year | count | 712  | Asian British search #$
stop_and_search | all searches      | calendar_year | count | 7510 | whom # searches
stop_and_search | black searches    | calendar_year | count | 95   | searches \(#\)
stop_and_search | black arrests     | calendar_year | count | 21   | arrests \(#\)
stop_and_search_profile | asian item_found | calendar_year | percent | 30 | Asian individuals \(#%
stop_and_search_profile | black item_found | calendar_year | percent | 21 | Black cohort \(#%
stop_and_search_profile | white item_found | calendar_year | percent | 26 | combined #%\)\.
stop_and_search_profile | all item_found   | calendar_year | percent | 26 | White/all ethnic groups combined #%
stop_and_search_profile | black arrested   | calendar_year | percent | 22 | after being searched \(#%
stop_and_search_profile | asian arrested   | calendar_year | percent | 9  | arrested \(#%\) was lower
stop_and_search_profile | all arrested     | calendar_year | percent | 11 | ethnicities combined \(#%
stop_and_search_profile | black organised_crime_link | calendar_year | percent | 1   | Only #% of Black
stop_and_search_profile | white organised_crime_link | calendar_year | percent | 2   | and #% of White
stop_and_search_profile | asian organised_crime_link | calendar_year | percent | 6.5 | compared to #% of Asian
stop_and_search_profile | black arrested_for_public_order | calendar_year | count | 8 | public order offences \(#\)
stop_and_search_profile | black_and_asian prior_intelligence_at_least   | calendar_year | percent | 60 | intelligence on #-
stop_and_search_profile | black_and_asian prior_intelligence_at_most    | calendar_year | percent | 69 | intelligence on 60-#%
stop_and_search_profile | black_and_asian linked_investigation_at_least | calendar_year | percent | 80 | 69% and #-
stop_and_search_profile | black_and_asian linked_investigation_at_most  | calendar_year | percent | 88 | 69% and 80-#%

domestic_abuse | crimes    | year_before | count | 21538 | ^Domestic Abuse Crime\t#\t
domestic_abuse | crimes    | year        | count | 20788 | ^Domestic Abuse Crime~~~#$
domestic_abuse | incidents | quarter     | percent_change | 20 | approximately #% increase in DA
operation_encompass |      | june        | percent | 55 | overall compliance was #%
operation_encompass |      | june        | percent_change_on_last_report | 15 | is a #% improvement
sexual_offences | rape  | year_before | count | 1561 | ^Rape\t#\t
sexual_offences | rape  | year        | count | 1266 | ^Rape~~~#$
sexual_offences | other | year_before | count | 3361 | ^Other Sexual Offences\t#\t
sexual_offences | other | year        | count | 2907 | ^Other Sexual Offences~~~#$
sexual_offences | all   | year        | change         | -747 | -15% \(#\) to the end of June
sexual_offences | all   | year        | percent_change | -15  | of #% \(-747\) to the end of June
sexual_offences | england_and_wales all  | year_before_to_may | count | 162400 | ^England & Wales~~#\t
sexual_offences | england_and_wales all  | year_to_may | count | 153477 | ^England & Wales~~~#$
sexual_offences | england_and_wales all  | year_to_may | percent_change | -6 | ^England & Wales\t#%
sexual_offences | most_similar_group all | year_before_to_may | count | 39614 | ^Most Similar Group~~#\t
sexual_offences | most_similar_group all | year_to_may | count | 35793 | ^Most Similar Group~~~#$
sexual_offences | most_similar_group all | year_to_may | percent_change | -10 | ^Most Similar Group\t#%
sexual_offences | north_west all         | year_before_to_may | count | 22325 | ^North West Region~~#\t
sexual_offences | north_west all         | year_to_may | count | 21263 | ^North West Region~~~#$
sexual_offences | north_west all         | year_to_may | percent_change | -5 | ^North West Region\t#%
sexual_offences | all                    | year_before_to_may | count | 4972 | ^Lancashire\*~~#\t
sexual_offences | all                    | year_to_may | count | 4248 | ^Lancashire\*~~~#$
sexual_offences | all                    | year_to_may | percent_change | -15 | ^Lancashire\*\t#%
child_sexual_exploitation | | year_before | count | 552 | ^CSE Crime\t#\t
child_sexual_exploitation | | year        | count | 526 | ^CSE Crime~~~#$
modern_slavery | all    | year_before | count | 106 | MI\t#\t
modern_slavery | all    | year        | count | 180 | MI~~~#$
modern_slavery | crimes | year_before | count | 79  | ^Crimes \(036 MDS\)\t#\t
modern_slavery | crimes | year        | count | 118 | ^Crimes \(036 MDS\)~~~#$
modern_slavery | nc88   | year_before | count | 12  | ^NC/88\t#\t
modern_slavery | nc88   | year        | count | 34  | ^NC/88~~~#$
modern_slavery | n200   | year_before | count | 15  | ^N200s\t#\t
modern_slavery | n200   | year        | count | 28  | ^N200s~~~#$
national_referral_mechanism | referrals                       | year | percent_change | 28 | equating to #%
national_referral_mechanism | referrals_offence_in_lancashire | year | percent_change | 20 | also risen by #%
national_referral_mechanism | criminal_exploitation_share     | year | percent        | 62 | of referrals \(#%
missing_persons | | year_before | count | 10668 | ^Missing Person Incidents~#\t
missing_persons | | year        | count | 8987  | ^Missing Person Incidents~~~#$
hate_crime | crimes | year_before | count | 2877 | ^Hate Crime\t#\t
hate_crime | crimes | year        | count | 2490 | ^Hate Crime~~~#$
hate_crime | crimes | june_2019   | count | 239  | comparison to # in the same
hate_crime | crimes | june        | count | 293  | June 2020 saw # hate
hate_crime | crimes | quarter     | change         | -142   | 18.71% \(# crimes
hate_crime | crimes | quarter     | percent_change | -18.71 | recording has decreased by #%
hate_crime | crimes | quarter     | change_on_previous_quarter         | 31   | 5.29% \(# crimes
hate_crime | crimes | quarter     | percent_change_on_previous_quarter | 5.29 | increased by #% \(31
hate_crime | race_and_religion_share | year | percent | 70 | accounts for #% of overall hate
hate_crime | public_order_share      | year | percent | 50 | #% of hate crimes are Public
hate_crime | harassment_share        | year | percent | 24 | communications making #%

satisfaction | burglary all all              | year_before | percent | 70 | Satisfaction - Burglary\t#%
satisfaction | burglary all all              | year        | percent | 67 | Satisfaction - Burglary~~~#%
satisfaction | violent_crime all all         | year_before | percent | 74 | Satisfaction - Violent\t#%
satisfaction | violent_crime all all         | year        | percent | 70 | Satisfaction - Violent~~~#%
satisfaction | hate_crime all all            | year_before | percent | 72 | Satisfaction - Hate\t#%
satisfaction | hate_crime all all            | year        | percent | 69 | Satisfaction - Hate~~~#%
satisfaction | domestic_abuse all all        | year_before | percent | 77 | Satisfaction – Domestic Abuse\t#%
satisfaction | domestic_abuse all all        | year        | percent | 77 | Satisfaction – Domestic Abuse~~~#%
satisfaction | anti_social_behaviour all all | year_before | percent | 65 | Satisfaction - Anti-Social Behaviour\t#%
satisfaction | anti_social_behaviour all all | year        | percent | 66 | Satisfaction - Anti-Social Behaviour~~~#%
confidence | | year_before_to_march | percent | 73.4 | ^\t#%\tIncrease
confidence | | year_to_march        | percent | 74.3 | ^\t73.4%~~#%
confidence | | calendar_year        | percent | 73   | \(#% last meeting

response | grade_1 | year_before | minutes | 10.2   | ^Grade 1~# min
response | grade_1 | year        | minutes | 10.1   | ^Grade 1~~~# min
response | grade_2 | year_before | minutes | 33.4   | ^Grade 2~# min
response | grade_2 | year        | minutes | 33.2   | ^Grade 2~~~# min
response | grade_3 | year_before | minutes | 995.7  | ^Grade 3~# min
response | grade_3 | year        | minutes | 554.57 | ^Grade 3~~~# min
call_handling | 999 | year_before | percent | 76.2  | ^999 Calls - Service~#%
call_handling | 999 | year        | percent | 80.3  | ^999 Calls - Service~~~#%
call_handling | 999 | year_before | seconds | 8.2   | ^999 Calls - Time~# sec
call_handling | 999 | year        | seconds | 8.1   | ^999 Calls - Time~~~# sec
call_handling | 101 | year_before | percent | 38.3  | ^101 Calls - Service~#%
call_handling | 101 | year        | percent | 43.6  | ^101 Calls - Service~~~#%
call_handling | 101 | year_before | seconds | 192.3 | ^101 Calls - Time~# sec
call_handling | 101 | year        | seconds | 169.9 | ^101 Calls - Time~~~# Sec
"""
AREAS = ("england_and_wales", "most_similar_group", "north_west")
PERIODS = {
    "year_before": YEAR_BEFORE,
    "year": YEAR,
    "quarter_last_year": QUARTER_LAST_YEAR,
    "previous_quarter": PREVIOUS_QUARTER,
    "quarter": QUARTER,
    "year_before_to_march": YEAR_BEFORE_TO_MARCH,
    "year_to_march": YEAR_TO_MARCH,
    "year_before_to_may": YEAR_BEFORE_TO_MAY,
    "year_to_may": YEAR_TO_MAY,
    "four_weeks": FOUR_WEEKS,
    "calendar_year": CALENDAR_YEAR,
    "first_half": FIRST_HALF,
    "june_2019": JUNE_2019,
    "june": JUNE,
}
CASES = [tuple(map(str.strip, line.split("|", 5))) for line in FIGURES.splitlines() if line]
NUMBER = r"\+?(-?\d[\d,]*(?:\.\d+)?|one|Six)"
WORDS = {"one": 1, "Six": 6}

# Domestic abuse crimes by month, April first, as the report's table has them.
DOMESTIC_ABUSE = """
2017   986 1096 1050 1201 1127 1073 1077 1124 1307 1381 1449 1519
2018  1604 1940 1937 2203 2211 2096 2115 1821 1445 1331 1422 1747
2019  1732 1679 1735 1770 1839 1577 1657 1667 1775 1822 1757 1695
2020  1632 1807 1835
"""

# Functions of the workforce census with their officers, hundredths and parts as counted in the report.
WORKFORCE = """
1490.01  49.07  4  Local Policing
447.37   14.73  5  Investigations
186.40    6.14  3  Public Protection
180.42    5.94  8  Operational
155.03    5.11  1  Other
147.41    4.85  2  Road Policing
133.34    4.39  9  Support Functions
92.13     3.03  1  National Policing
73.91     2.43  4  CJ arrangements
71.61     2.36  3  Intelligence
57.10     1.88  2  Dealing with the public
2.00      0.07  2  Investigative Support
"""
FUNCTIONS = [line.split(maxsplit=3) for line in WORKFORCE.strip().splitlines()]
OFFICERS = Fraction("3036.73")


@cache
def read(name, folder=DATA):
    resource = PACKAGE.resource(name)
    return read_dataset(resource, folder / resource.path)


def figure(frame, period, statistic, **selection):
    for column, value in selection.items():
        frame = frame[frame[column] == value]
    start, end = map(pd.Timestamp, period)
    frame = frame[(frame["period_start"] == start) & (frame["period_end"] == end)]
    (value,) = frame.loc[frame["statistic"] == statistic, "value"]
    return value


def selection(dataset, words):
    """Give the columns and values that such words as "north_west all" select."""
    values = words.split()
    area = values.pop(0) if values and values[0] in AREAS else "lancashire"
    fields = PACKAGE.resource(dataset).fields
    topics = [field.name for field in fields if field.name not in FIGURE_FIELDS]
    return {"area": area, **dict(zip(topics, values, strict=True))}


def by_month(dataset):
    frame = read(dataset)
    return frame[frame["status"] == "illustrative"].set_index("period_start")["value"]


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
    resource = PACKAGE.resource(name)
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
    assert figure(robbery, YEAR_TO_MARCH, "percent_change") == 5


def test_illustrative_crime_has_36_months_of_six_offences_within_all(crime):
    months = crime[crime["status"] == "illustrative"].pivot_table(
        index="period_start", columns="offence", values="value"
    )
    assert list(months.index) == list(pd.date_range("2017-07-01", periods=36, freq="MS"))
    assert set(months.columns) == set(OFFENCES)
    assert (months["all"] >= months.drop(columns="all").sum(axis="columns")).all()
    assert (months.loc["2020-04-01"] < 0.9 * months.loc["2020-03-01"]).all()
    assert (months.loc["2020-06-01"] > months.loc["2020-04-01"]).all()


@pytest.mark.parametrize(("dataset", "selected", "period", "statistic", "value", "_"), CASES)
def test_other_published_figures(dataset, selected, period, statistic, value, _):
    frame = read(dataset)
    published = frame[frame["status"] == "published"]
    assert figure(published, PERIODS[period], statistic, **selection(dataset, selected)) == float(value)


def test_every_published_figure_is_tested():
    tested = Counter(dataset for dataset, *_ in CASES)
    tested["recorded_crime"] += 6 * len(ROWS) + 1  # and personal robbery to March
    tested["domestic_abuse"] += 39
    tested["workforce"] = 1 + 2 * sum(1 + int(parts) for _, _, parts, _ in FUNCTIONS)
    figures = {name: read(name).query("status == 'published' and symbol == ''") for name in DATASETS}
    assert {name: len(rows) for name, rows in figures.items()} == tested


def test_published_months_of_domestic_abuse_miss_the_published_years_as_in_the_report():
    crimes = read("domestic_abuse").query("counted == 'crimes' and statistic == 'count'")
    lines = [[int(number) for number in line.split()] for line in DOMESTIC_ABUSE.strip().splitlines()]
    typed = [count for _, *counts in lines for count in counts]
    months = [month.strftime("%Y-%m-%d") for month in pd.date_range("2017-04-01", periods=39, freq="MS")]
    ends = [end.strftime("%Y-%m-%d") for end in pd.date_range("2017-04-01", periods=39, freq="ME")]
    assert [figure(crimes, period, "count") for period in zip(months, ends, strict=True)] == typed
    assert (sum(typed[15:27]), sum(typed[27:])) == (21537, 20833)


def test_officers_add_up_and_have_the_published_shares():
    census = read("workforce").pivot_table(index=["function", "sub_function"], columns="statistic", values="value")
    exact = census["fte"].map(lambda number: Fraction(str(number)))
    assert exact["All", "All"] == OFFICERS
    assert sum(exact[name, "All"] for *_, name in FUNCTIONS) == OFFICERS
    for fte, percent, parts, name in FUNCTIONS:
        assert (exact[name, "All"], census["percent"][name, "All"]) == (Fraction(fte), float(percent))
        subs = exact[name].drop("All")
        assert (len(subs), sum(subs)) == (int(parts), Fraction(fte))
    for number, percent in zip(exact, census["percent"], strict=True):
        assert number == OFFICERS or float(round_half_away(100 * number / OFFICERS, 2)) == percent


@pytest.mark.parametrize(
    ("dataset", "topic", "period", "total"),
    [
        ("stop_and_search", {"ethnic_group": "all", "counted": "searches"}, CALENDAR_YEAR, 7510),
        ("sexual_offences", {"offence": "rape"}, YEAR_BEFORE, 1561),
        ("sexual_offences", {"offence": "rape"}, YEAR, 1266),
        ("missing_persons", {}, YEAR_BEFORE, 10668),
        ("missing_persons", {}, YEAR, 8987),
    ],
)
def test_illustrative_months_add_up_to_the_published_total(dataset, topic, period, total):
    frame = read(dataset)
    assert months_sum(frame, period) == total == figure(frame, period, "count", **topic)


@pytest.mark.parametrize(
    ("dataset", "first", "count"),
    [
        ("stop_and_search", "2018-01-01", 30),
        ("domestic_abuse", "2017-07-01", 36),
        ("sexual_offences", "2017-07-01", 36),
        ("missing_persons", "2017-07-01", 36),
    ],
)
def test_illustrative_series_run_without_a_gap(dataset, first, count):
    assert list(by_month(dataset).index) == list(pd.date_range(first, periods=count, freq="MS"))


def test_illustrative_searches_of_2020_exceed_both_years_before_and_dip_from_february_to_april():
    searches = by_month("stop_and_search")
    year = {year: searches[f"{year}-01" : f"{year}-06"].to_numpy() for year in (2018, 2019, 2020)}
    assert (year[2020] > year[2019]).all()
    assert (year[2020] > year[2018]).all()
    assert year[2020][1:4].max() < year[2020][[0, 4, 5]].min()


def test_illustrative_domestic_abuse_rises_by_the_published_percentage_and_since_december():
    incidents = by_month("domestic_abuse")
    spring = {year: incidents[f"{year}-04" : f"{year}-06"].sum() for year in (2019, 2020)}
    assert 100 * (spring[2020] - spring[2019]) == 20 * spring[2019]
    a_year_later = incidents.to_numpy()[12:] - incidents.to_numpy()[:-12]
    assert (a_year_later[-7:] > 0).all()
    reach = 2.66 * incidents.diff().abs().mean()
    assert ((incidents - incidents.mean()).abs() > reach).sum() <= 1


@pytest.mark.parametrize("dataset", ["sexual_offences", "missing_persons"])
def test_illustrative_reports_fall_in_spring_2020_and_recover(dataset):
    months = by_month(dataset)
    march, april, may, june = months["2020-03":"2020-06"]
    assert april == months.min()
    assert april < may < june
    assert june > 0.9 * march


def test_illustrative_groups_are_as_satisfied_as_all_who_were_asked():
    frame = read("satisfaction")
    known = {
        row.survey + str(row.period_end): row.value for row in frame[frame["statistic"] == "percent"].itertuples()
    }
    groups = frame[frame["status"] == "illustrative"].pivot_table(
        index=["survey", "period_end", "characteristic", "group"], columns="statistic", values="value"
    )
    assert len(groups) == 2 * 5 * 13
    sums = groups.groupby(level=["survey", "period_end", "characteristic"]).sum()
    for (survey, end, _), row in sums.iterrows():
        assert 100 * row["satisfied"] == known[survey + str(end)] * row["respondents"]
    for (survey, end, *_), row in groups.iterrows():
        share = known[survey + str(end)] / 100
        error = (share * (1 - share) / row["respondents"]) ** 0.5
        assert abs(row["satisfied"] / row["respondents"] - share) < 1.96 * error


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
@pytest.mark.parametrize(("value", "pattern"), [case[-2:] for case in CASES])
def test_other_figures_are_those_of_the_reference(reference, value, pattern):
    pattern = pattern.replace("#", NUMBER).replace("~", r"[^\t\n]*\t")
    (found,) = set(re.findall(pattern, reference, re.MULTILINE))
    # A fall told in words has no sign there.
    assert abs(float(WORDS.get(found) or found.replace(",", ""))) == abs(float(value))


@pytest.mark.shared
def test_personal_robbery_to_march_is_that_of_the_reference(reference):
    assert re.findall(r"\+(\d+)% to the end of the financial", reference) == ["5"]


@pytest.mark.shared
def test_domestic_abuse_by_month_is_that_of_the_reference(reference):
    rows = re.findall(r"^(20\d\d)/\d\d\t(.*)$", reference, re.MULTILINE)
    assert [[year, *months.split()] for year, months in rows] == [
        line.split() for line in DOMESTIC_ABUSE.strip().splitlines()
    ]


@pytest.mark.shared
def test_workforce_census_is_that_of_the_reference(reference):
    _, census = reference.split("Function\tFTE\t%\n")
    printed = re.findall(r"^(.+)\t(.+)\t(.+)$", census.split("\n\n")[0], re.MULTILINE)
    frame = read("workforce").query("function != 'All'")
    names = frame["sub_function"].where(frame["sub_function"] != "All", frame["function"])
    stored = frame.assign(name=names).pivot_table(
        index=["function", "sub_function", "name"], columns="statistic", values="value"
    )
    assert sorted((name, float(fte), float(percent)) for name, fte, percent in printed) == sorted(
        (name, fte, percent) for (*_, name), (fte, percent) in zip(stored.index, stored.to_numpy(), strict=True)
    )


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
