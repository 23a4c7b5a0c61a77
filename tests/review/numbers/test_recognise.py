"""Numbers of running text: found once each, on their lines, and left out by rule."""

from __future__ import annotations

from fractions import Fraction

import pytest
from fixtures.projects import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny.review.numbers.passages import passages
from scrutiny.review.numbers.recognise import numbers_in

PAGE = (ROOT / "docs" / "reference" / "numbers.md").read_text(encoding="utf-8")
VALUE = "\ue001"

FOUND = [
    ("two offenders", "two", 2, ""),
    ("a third of them had", "a third", Fraction(1, 3), ""),
    ("a third felt safe", "a third", Fraction(1, 3), ""),
    ("about a third.", "a third", Fraction(1, 3), ""),
    ("a little over half of these", "half", Fraction(1, 2), ""),
    ("half a million", "half a million", 500_000, ""),
    ("half an hour", "half an hour", Fraction(1, 2), "hour"),
    ("a dozen cases", "a dozen", 12, ""),
    ("twenty-one", "twenty-one", 21, ""),
    ("twenty one.", "twenty one", 21, ""),
    ("one hundred and five people", "one hundred and five", 105, ""),
    ("three hundred and twenty-one thousand", "three hundred and twenty-one thousand", 321_000, ""),
    ("two thousand, five hundred", "two thousand, five hundred", 2500, ""),
    ("a hundred", "a hundred", 100, ""),
    ("two-thirds", "two-thirds", Fraction(2, 3), ""),
    ("three quarters", "three quarters", Fraction(3, 4), ""),
    ("over a quarter", "a quarter", Fraction(1, 4), ""),
    ("three and a half hours", "three and a half hours", Fraction(7, 2), "hour"),
    ("2½ hours", "2½ hours", Fraction(5, 2), "hour"),
    ("½ of them", "½", Fraction(1, 2), ""),
    ("one in five", "one in five", Fraction(1, 5), ""),
    ("3 in 4 people", "3 in 4", Fraction(3, 4), ""),
    ("1/3 of them", "1/3", Fraction(1, 3), ""),
    ("twice as many", "twice", 2, "times"),
    ("a tenfold rise", "tenfold", 10, "times"),
    ("1.2 million", "1.2 million", 1_200_000, ""),
    ("£27.2m spent", "£27.2m", 27_200_000, "£"),
    ("£1.3M", "£1.3M", 1_300_000, "£"),
    ("£5", "£5", 5, "£"),
    ("1.5bn", "1.5bn", 1_500_000_000, ""),
    ("5k", "5k", 5000, ""),
    ("134,069 offences", "134,069", 134_069, ""),
    ("17636 hours", "17636 hours", 17_636, "hour"),
    ("16%", "16%", 16, "%"),
    ("16 %", "16 %", 16, "%"),
    ("\N{MINUS SIGN}16%", "\N{MINUS SIGN}16%", -16, "%"),
    ("-5", "-5", -5, ""),
    ("+1.0 pp", "+1.0 pp", 1, "pp"),
    ("3.5 percentage points", "3.5 percentage points", Fraction(7, 2), "pp"),
    ("ten per cent", "ten per cent", 10, "%"),
    ("16\nper cent", "16\nper cent", 16, "%"),
    ("8.1 sec", "8.1 sec", Fraction(81, 10), "sec"),
    ("5-year plan", "5-year", 5, "year"),
    ("a three-step plan", "three", 3, ""),
    ("eight days of lockdown", "eight days", 8, "day"),
    ("One case stems from", "One", 1, ""),
    ("one month later", "one month", 1, "month"),
    ("only one", "one", 1, ""),
    ("although one was later confirmed", "one", 1, ""),
    ("the quarter one attack was reported in", "one", 1, ""),
    ("there were 2019 offences", "2019", 2019, ""),
    ("1971 people", "1971", 1971, ""),
    ("rose to 2019", "2019", 2019, ""),
    ("2,019", "2,019", 2019, ""),
    ("101 offences", "101", 101, ""),
    ("In May 12 officers", "12", 12, ""),
    ("45 March", "45", 45, ""),
    ("Table 134,069", "134,069", 134_069, ""),
    ("at this stage three offences", "three", 3, ""),
    ("\uff18 people", "\uff18", 8, ""),
    ("zero offences", "zero", 0, ""),
    (".5%", ".5%", Fraction(1, 2), "%"),
    ("20ft", "20", 20, ""),
    ("under-18s", "18", 18, ""),
    (f"a rise ({VALUE}) of 7", "7", 7, ""),
    ("the last 3 months before lockdown", "3 months", 3, "month"),
    ("in number 257 offences", "257", 257, ""),
    ("the total number 134,069", "134,069", 134_069, ""),
    ("first in five years", "five years", 5, "year"),
]

SEVERAL = [
    ("10x4 metres", ["10x4"]),
    ("2 × 2.5", ["2 × 2.5"]),
    ("3x as many", ["3"]),
    ("16- to 24-year-olds", ["16", "24-year"]),
    ("1,234.5 hours, £1.2m and 3–5 officers", ["1,234.5 hours", "£1.2m", "3–5"]),
    ("from five years to three years", ["five years", "three years"]),
    ("from 159,838 to 134,069", ["159,838", "134,069"]),
    ("60-69%", ["60-69%"]),
    ("60–69%", ["60–69%"]),
    ("60% to 69%", ["60%", "69%"]),
    ("1,2345", ["1", "2345"]),
    ("fell from 2100 to 2010", ["2100", "2010"]),
    ("hundreds of people, several thousand calls", ["hundreds", "several thousand"]),
    ("between 5 and 7", ["5", "7"]),
    ("10,000–12,000 calls", ["10,000–12,000"]),
    ("5 offences, 1 April 2020, 6 offences", ["5", "6"]),
    ("[x] <b>9</b> {{9}} \x07 8", ["9", "9", "8"]),
    ("3.5. 7 of them", ["3.5", "7"]),
    ("nobody, someone, money, often, attention, eighteenfolder", []),
    ("the weight of the tenth one", []),
    ("", []),
    (VALUE, []),
]

LEFT_OUT = [
    ("a 4x4 was stolen", "name"),
    ("stolen 4×4s", "name"),
    ("a 4 x 4", "name"),
    ("played 7-a-side", "name"),
    ("open 24/7", "name"),
    ("on the M6", "name"),
    ("they split it 50/50", "idiom"),
    ("the 2nd attack", "ordinal"),
    ("since 23 March", "date"),
    ("1 April 2020", "date"),
    ("the 23rd of March", "date"),
    ("from 3 to 9 June", "date"),
    ("2020-06-30", "date"),
    ("30/06/2020", "date"),
    ("in 2019 offences rose", "date"),
    ("levels of 2019 are back", "date"),
    ("2019-20", "date"),
    ("in 2018/19", "date"),
    ("Q1 2020/21", "date"),
    ("19/20", "date"),
    ("in quarter one, when", "date"),
    ("Jul ’18", "date"),
    ("mid-2020", "date"),
    ("the 1990s", "date"),
    ("those half-years", "date"),
    ("three weeks ago", "date"),
    ("Misuse of Drugs Act 1971", "date"),
    ("at 10:30", "time"),
    ("at 9.30am", "time"),
    (f"the 12 months to {VALUE}", "period"),
    ("the four weeks to the end of it", "period"),
    ("on the 12 months before (see below)", "period"),
    ("the same three months", "period"),
    ("the last 12 months", "period"),
    ("a 12-month average", "period"),
    ("section 60 of the Act", "reference"),
    ("Section 60", "reference"),
    ("S.23", "reference"),
    ("Table 5 and 6", "reference"),
    ("Appendix 2", "reference"),
    ("3.2.1", "reference"),
    ("ring 01772 614444", "contact"),
    ("Covid-19", "name"),
    ("COVID\u201119", "name"),
    ("A59", "name"),
    ("NC/88", "name"),
    ("PR4", "name"),
    ("5SB", "name"),
    ("(code 036)", "name"),
    ("a level 3 public order team", "name"),
    ("101 calls", "name"),
    ("999", None),
    ("emergency (999)", "name"),
    ("Operation Seven", "name"),
    ("on Seven Sisters", "name"),
    ("24/7", "name"),
    ("for the 3rd time", "ordinal"),
    ("a third report", "ordinal"),
    ("the second phase", "ordinal"),
    ("one another", "idiom"),
    ("one of them", "idiom"),
    ("no one", "idiom"),
    ("one to one", "idiom"),
    ("a new one.", "idiom"),
    ("one month and the next", "idiom"),
    ("half time", "idiom"),
]


@pytest.mark.parametrize(("text", "written", "amount", "unit"), FOUND, ids=[text for text, *_ in FOUND])
def test_a_number_is_found(text, written, amount, unit):
    (found,) = [one for one in numbers_in(text) if not one.rule]
    assert (found.text, found.amounts, found.unit) == (written, (Fraction(amount),), unit)
    assert text[found.start : found.end] == written


@pytest.mark.parametrize(("text", "written"), SEVERAL)
def test_several_numbers_are_found(text, written):
    assert [one.text for one in numbers_in(text) if not one.rule] == written


@pytest.mark.parametrize(("text", "rule"), LEFT_OUT)
def test_a_number_that_states_no_figure_is_left_out(text, rule):
    found = numbers_in(text)
    assert [one.rule or None for one in found] == [rule], found


@pytest.mark.parametrize(
    "text", ["1" * 5000, "one thousand, " * 500, "1" * 5000 + " in 5", "1,111" * 500, "in 2019, " * 300]
)
def test_a_number_of_any_length_is_found_and_breaks_nothing(text):
    assert numbers_in(text)


def page_rows() -> list[tuple[str, str]]:
    rows = [line.strip("|").split("|") for line in PAGE.splitlines() if line.startswith("| `")]
    return [
        (cells[0].strip(" `"), example)
        for cells in rows
        for example in cells[2].strip().split("; ")
        if len(cells) > 2
    ]


@pytest.mark.parametrize(("rule", "example"), page_rows())
def test_the_page_is_right(rule, example):
    found = numbers_in(example)
    assert found
    assert {one.rule or "number" for one in found} == {rule}, found


def test_the_page_has_every_rule():
    from scrutiny.review.numbers.exclusions import EXCLUSIONS

    assert {rule for rule, _ in page_rows()} == set(EXCLUSIONS) | {"number"}
    assert len(page_rows()) >= 40


SMALL = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def in_words(number: int) -> str:
    if number < 20:
        return SMALL[number]
    if number < 100:
        return TENS[number // 10 - 2] + (f"-{SMALL[number % 10]}" if number % 10 else "")
    if number < 1000:
        return f"{SMALL[number // 100]} hundred" + (f" and {in_words(number % 100)}" if number % 100 else "")
    return f"{in_words(number // 1000)} thousand" + (
        f"{'' if number % 1000 >= 100 else ' and'} {in_words(number % 1000)}" if number % 1000 else ""
    )


@given(st.integers(2, 999_999))
def test_a_number_in_words_amounts_to_what_it_says(number):
    (found,) = numbers_in(f"reported {in_words(number)} offences")
    assert found.amounts == (number,)
    assert found.text == in_words(number)


@given(st.integers(0, 10**9), st.integers(0, 3), st.sampled_from(["", "%", " pp", " million"]))
def test_a_number_in_digits_amounts_to_what_it_says(number, places, unit):
    amount = Fraction(number, 10**places)
    written = f"{number / 10**places:,.{places}f}"
    (found,) = numbers_in(f"reported, {written}{unit}, of crime")
    assert found.amounts == (amount * (10**6 if unit == " million" else 1),)


WRITTEN = st.one_of(
    st.integers(2, 10**7).map("{:,}".format),
    st.integers(0, 999).map(lambda number: f"{number / 10}%"),
    st.integers(2, 999_999).map(in_words),
    st.integers(1, 999).map(lambda number: f"£{number / 10}m"),
    st.sampled_from(["a third", "two thirds", "a dozen", "60–69%", "\N{MINUS SIGN}16%", "1.2 million"]),
)
BETWEEN = st.sampled_from(
    ["offences of crime", "**reported**", "(as seen)", "`7` in *code*", "[a page](https://example.org/8)",
     "<!-- 9 -->", "@tbl-10", "{{< var crime.all.year.count >}}", "police, and the"]
)  # fmt: skip
SENTENCE = st.lists(
    st.tuples(BETWEEN, st.sampled_from([" ", "\n"]), WRITTEN, st.sampled_from([" ", "\n"])), max_size=6
)


@settings(max_examples=15, deadline=None)
@given(st.lists(SENTENCE, min_size=1, max_size=8))
def test_each_number_of_a_text_is_found_once_on_its_line(sentences):
    text, expected = "", []
    for sentence in sentences:
        text += "Reports"
        for between, before, written, after in sentence:
            text += f" {between}{before}were "
            expected.append((written, text.count("\n") + 1))
            text += f"{written}{after}others"
        text += ".\n\n"
    found = [
        (number.text, passage.line(number.start))
        for passage in passages({"a": text})["a"]
        for number in numbers_in(passage.text)
    ]
    assert found == expected


def test_text_of_every_kind_is_searched_on_its_lines():
    text = """# Head 5 {#sec-a}

First 6
{{< var a.b.c.d >}} and **7**.[^n] `8` <!-- 9 --> <https://example.org/10>

11. point 12
12. point
    13

| A 14 | B |
|------|---|
| 15   | x |

: Caption 16 {#tbl-17}

> Quoted 18

Term 19
:   Definition 20

::: {.callout-note title="Mind 21"}
## Not a title 22
:::

![Caption 23.](sections/square.png){#fig-24 fig-alt="Alt 25"}

An inline note^[of 26
and 27] here 28.

[^n]: Aside 29

```
30
```
"""
    found = {
        number.text: passage.line(number.start)
        for passage in passages({"a": text})["a"]
        for number in numbers_in(passage.text)
        if not number.rule
    }
    lines = {
        written: n for n, line in enumerate(text.splitlines(), 1) for written in found if written in line.split()
    }
    assert {int(one) for one in found} == {5, 6, 7, 12, 13, 14, 15, 16, 18, 19, 20, 21, 22, 23, 26, 27, 28, 29}
    assert {one: found[one] for one in lines} == lines
    (value,) = [(p.line(at), name) for p in passages({"a": text})["a"] for at, name in p.values.items()]
    assert value == (4, "a.b.c.d")
