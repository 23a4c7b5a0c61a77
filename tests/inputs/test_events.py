from __future__ import annotations

from datetime import date

import pytest

from scrutiny.errors import WrongInput
from scrutiny.inputs.events import Event, load_events
from scrutiny.statistics.periods import Period

HEADER = "date,label,topics\n"
SPRING = Period(date(2020, 3, 1), date(2020, 5, 31))


def events_in(tmp_path, text):
    (tmp_path / "events.csv").write_text(text, encoding="utf-8")
    return load_events(tmp_path / "events.csv")


def test_events_are_read_in_the_order_of_time(tmp_path):
    text = HEADER + "2020-04-01,Counting rules changed,knife\n2020-03-23,Lockdown began,\n"
    assert events_in(tmp_path, text) == (
        Event(date(2020, 3, 23), "Lockdown began", ()),
        Event(date(2020, 4, 1), "Counting rules changed", ("knife",)),
    )
    assert load_events(tmp_path / "none.csv") == ()


def test_a_label_is_on_one_line(tmp_path):
    (event,) = events_in(tmp_path, HEADER + '2020-03-23,"Lockdown\n  began",\n')
    assert event.label == "Lockdown began"


@pytest.mark.parametrize(
    ("event", "measure", "concerned"),
    [
        (Event(date(2020, 3, 23), "Lockdown", ()), "crime.all", True),
        (Event(date(2020, 4, 1), "Rules", ("knife", "da")), "knife.crime", True),
        (Event(date(2020, 4, 1), "Rules", ("knife",)), "crime.knife", False),
        (Event(date(2020, 6, 1), "Later", ()), "crime.all", False),
        (Event(SPRING.end, "Last day", ()), "crime.all", True),
    ],
)
def test_an_event_concerns_charts_of_its_topics_that_show_its_day(event, measure, concerned):
    assert event.concerns(measure, SPRING) is concerned


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "events.csv: this file is empty\n    begin with the line date,label,topics"),
        ("day,label\n", "events.csv:1: the column date is missing"),
        (HEADER + "23 March,Lockdown,\n", "events.csv:2: not an event: Invalid isoformat string"),
        (HEADER + "2020-03-23,,\n", "events.csv:2: not an event: a label has 1 to 40 characters"),
        (HEADER + "2020-03-23,  ,\n", "events.csv:2: not an event: a label has 1 to 40 characters"),
        (
            HEADER + "2020-03-23,封城,\n",
            "events.csv:2: not an event: the typeface of the report has no 封 (U+5C01",
        ),
        (HEADER + "2020-03-23,Lockdown\n", "events.csv:2: this line has 2 cells, and the header 3"),
        (HEADER + "2020-02-01,Storm,\n\n2020-02-30,Lockdown,\n", "events.csv:4: not an event: "),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path, text, told):
    with pytest.raises(WrongInput) as caught:
        events_in(tmp_path, text)
    assert told in str(caught.value)
    assert "Traceback" not in str(caught.value)
