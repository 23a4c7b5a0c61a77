"""A wrong name of a value is answered with what was meant; `->` stands for how the message begins."""

import pytest

from scrutiny.narrative.check import Known, check_narrative
from scrutiny.narrative.syntax import wrap_values
from scrutiny.suggest import instead_of, nearest

CHANGE = {"change": "−25,769", "count": "134,069", "end": "30 June 2020", "movement": "fell by 16%, from 159,838 to 134,069"}  # fmt: skip
VALUES = {
    **{f"crime.all.year.{name}": text for name, text in CHANGE.items()},
    "crime.all.quarter.count": "34,567",
    "crime.all.quarter_last_year.count": "37,996 (illustrative)",
    "crime.all_north_west.year.movement": "fell by 9%",
    "crime.burglary_residential.year.count": "5,432",
    "crime.burglary_residential.year.movement": "fell by 27%, from 7,432 to 5,432",
    "da.crimes.year.count": "31,214",
    "da.crimes.year.movement": "rose by 16%",
    "knife.crime.quarter.percent_change": "−16%",
    "knife.crime.quarter.count": "257",
    "period.year.end": "30 June 2020",
    "report.title": "Quarterly Performance Report",
}

CASES = [
    # A part misspelt: topic, measure, window, statistic, several of them.
    ("crmie.all.year.count", 'did you mean "crime.all.year.count"?'),
    ("crime.al.year.count", 'did you mean "crime.all.year.count"?'),
    ("crime.all.yaer.count", 'did you mean "crime.all.year.count"? crime.all has count for quarter, quarter_last_year, year'),
    ("crime.all.year.cuont", 'did you mean "crime.all.year.count"? crime.all.year has no cuont; it has change, count, end, movement'),
    ("crmie.al.yaer.cuont", 'did you mean "crime.all.year.count"?'),
    ("knife.crime.quarter.percentchange", 'did you mean "knife.crime.quarter.percent_change"? knife.crime.quarter has no percentchange; it has count, percent_change'),
    ("period.yaer.end", 'did you mean "period.year.end"?'),
    ("report.titel", 'did you mean "report.title"?'),
    # Another word than the project's.
    ("crime.all.last_year.count", 'did you mean "crime.all.quarter_last_year.count" or "crime.all.year.count"? crime.all has count for quarter, quarter_last_year, year'),
    ("crime.all.month_2020_06.count", "crime.all has count for quarter, quarter_last_year, year"),
    ("crime.all.year.number", "crime.all.year has no number; it has change, count, end, movement"),
    ("crime.all.month.number", "crime.all has no month; it has quarter, quarter_last_year, year"),
    ("crime.burglry.year.movement", 'did you mean "crime.burglary_residential.year.movement"?'),
    ("crime.arson.year.movement", "crime has year.movement for all, all_north_west, burglary_residential"),
    ("fraud.all.year.count", 'did you mean "crime.all.year.count"?'),
    ("foo.bar.baz.qux", "the topics are crime, da, knife, period, report"),
    # A part left out, put in, or in another place.
    ("crime.all.count", 'did you mean "crime.all.year.count", "crime.all.quarter.count" or "crime.all.quarter_last_year.count"? crime.all has no count; it has quarter, quarter_last_year, year'),
    ("crime.year.count", 'did you mean "crime.all.year.count", "crime.burglary_residential.year.count" or "da.crimes.year.count"?'),
    ("all.year.count", 'did you mean "crime.all.year.count"?'),
    ("crime.all.the.year.count", 'did you mean "crime.all.year.count"? crime.all has no the; it has quarter, quarter_last_year, year'),
    ("crime.year.all.count", 'did you mean "crime.all.year.count"?'),
    # The name cut short.
    ("crime.all.year", "below it there are crime.all.year.change, crime.all.year.count, crime.all.year.end, crime.all.year.movement"),
    ("da", "below it there are da.crimes.year.count, da.crimes.year.movement"),
    ("da.crimes.", "below it there are da.crimes.year.count, da.crimes.year.movement"),
    ("burglary", 'did you mean "crime.burglary_residential.year.count" or "crime.burglary_residential.year.movement"?'),
    # Written otherwise.
    ("Crime.All.Year.Count", 'did you mean "crime.all.year.count"?'),
    ("crime-all-year-count", 'did you mean "crime.all.year.count"?'),
    ("crime.burglary-residential.year.count", 'did you mean "crime.burglary_residential.year.count"?'),
    ("crime all year count", 'did you mean "crime.all.year.count"?'),
    # What a value says.
    ("134,069", 'write the name of the value that says so: "crime.all.year.count"'),
    ("-16%", 'write the name of the value that says so: "knife.crime.quarter.percent_change"'),
    ("30 june 2020", 'write the name of the value that says so: "period.year.end" or "crime.all.year.end"'),
    ("fell by 16%", 'write the name of the value that says so: "crime.all.year.movement"'),
    # Nothing at all.
    ("", "the topics are crime, da, knife, period, report"),
    ("*", "the topics are crime, da, knife, period, report"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "instead"), CASES, ids=[name or "nothing" for name, _ in CASES])
def test_a_wrong_name_is_answered_with_what_was_meant(name, instead):
    assert instead_of(name, VALUES) == instead


def test_names_alone_are_enough_and_no_names_are_said():
    assert instead_of("crime.al.year.count", set(VALUES)) == 'did you mean "crime.all.year.count"?'
    assert instead_of("134,069", set(VALUES)).startswith("the topics are")
    assert instead_of("crime.all.year.count", {}) == "no notebook publishes a value yet"


def test_long_lists_are_cut_and_say_where_the_rest_is():
    values = {f"crime.m{number}.year.count": "1" for number in range(30)}
    assert instead_of("crime", values).endswith(", … (scrutiny values lists all)")
    assert instead_of("crime.m.year.count", values).count("crime.m") == 4


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("crime.al.year.count", 'nothing publishes the value crime.al.year.count -> did you mean "crime.all.year.count"?'),
        ("134,069", "nothing publishes the value 134,069 -> write the name of the value that says so"),
        ("fell by 16%", 'var takes 1 name, not 3 -> write the name of the value that says so: "crime.all.year.movement"'),
        ("crime.all year.count", 'var takes 1 name, not 2 -> did you mean "crime.all.year.count"?'),
    ],
)  # fmt: skip
def test_narrative_is_answered_so_with_file_and_line(written, told):
    texts = {
        "report.qmd": "{{< include sections/01-a.qmd >}}\n",
        "sections/01-a.qmd": wrap_values(f"All crime\n{{{{< var {written} >}}}}."),
    }
    problems = check_narrative(texts, Known(VALUES, {}))
    assert str(problems[0]).replace("\n    ", " -> ").startswith(f"sections/01-a.qmd:2: {told}")


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("lancs", 'did you mean "Lancashire"?'),
        ("W Yorks", 'did you mean "West Yorkshire"?'),
        # Nothing is near enough: those least unlike come first, not the first of the alphabet.
        ("Yrk", "known: West Yorkshire, "),
    ],
)
def test_the_nearest_name_does_not_depend_on_capitals_or_the_alphabet(typed, hint):
    names = ["Avon and Somerset", "Bedfordshire", "Cheshire", "Cleveland", "Cumbria", "Derbyshire", "Dorset", "Durham",
             "Essex", "Gwent", "Kent", "Lancashire", "Surrey", "West Yorkshire"]  # fmt: skip
    assert nearest(typed, names).startswith(hint)
