"""Which headings' texts are an earlier quarter's: not by file or place, but by what they say."""

import pytest

from scrutiny.errors import WrongInput
from scrutiny.narrative.carried_over import callouts, own_texts
from scrutiny.narrative.sections import load_narrative
from scrutiny.statistics.periods import Quarter

OLD, NEW = "2020-21-Q1", "2020-21-Q2"
MARK = f"---\ncarried-over: {OLD}\n---\n"
EARLIER = """\
# Crime {#sec-crime}

Burglary fell, by {{< var crime.burglary.year.percent_change >}}. Robbery rose since the last report.

## Cadets

There are **27** Cadets.

- One list item.
- Another, with a [link](https://example.org).

## Thanks

Thank you for reading.
"""


@pytest.fixture
def carried(tmp_path):
    """Give what of a new quarter's files is carried over, by name, from one earlier file and a skeleton."""

    def write(folder, texts):
        (tmp_path / folder).mkdir(exist_ok=True)
        for name, text in texts.items():
            (tmp_path / folder / f"{name}.qmd").write_text(text, encoding="utf-8")

    def found(*texts, earlier=EARLIER):
        write("_skeleton", {"_any": "Thank you for reading.\n"})
        write(OLD, {"01-a": earlier})
        files = {f"{number:02}-a": text for number, text in enumerate(texts, 1)}
        write(NEW, files)
        narrative = load_narrative(tmp_path, NEW, list(files))
        return [one.name for section in narrative.sections for one in section.all_carried_over]

    return found


CRIME, CADETS, THANKS = EARLIER.partition("## Cadets")[0], EARLIER.partition("\n\n## Cadets")[2], "Thanks"
EDITS = {
    # what was done: (the new quarter's files below the mark, headings that are carried over)
    "nothing": ([EARLIER], ["Crime", "Cadets"]),
    "white space": ([EARLIER.replace(" Robbery", "\nRobbery").replace("\n\n", "\n\n\n")], ["Crime", "Cadets"]),
    "emphasis and a tie": (
        [
            EARLIER.replace(
                "Robbery rose since the last report.", "[Robbery *rose* since the last report.]{when=all}"
            )
        ],
        ["Crime", "Cadets"],
    ),
    "a typo": ([EARLIER.replace("Burglary fell", "Burgalry fell")], ["Crime", "Cadets"]),
    "a comment": ([EARLIER.replace("There are", "<!-- ask --> There are")], ["Crime", "Cadets"]),
    "a heading renamed": ([EARLIER.replace("# Crime", "# All crime")], ["All crime", "Cadets"]),
    "headings swapped": ([f"## Cadets{CADETS}\n{CRIME}"], ["Cadets", "Crime"]),
    "a text moved to another file": (["# New\n\nNew text.\n", EARLIER], ["Crime", "Cadets"]),
    "a text split": ([EARLIER.replace(" Robbery", "\n\n## Robbery\n\nRobbery")], ["Crime", "Robbery", "Cadets"]),
    "texts merged": ([EARLIER.replace("## Cadets\n\n", "").replace("## Thanks", "")], ["Crime"]),
    "a heading twice": ([f"{CRIME}\n{CRIME}"], ["Crime", "Crime"]),
    "a sentence taken out": ([EARLIER.replace(" Robbery rose since the last report.", "")], ["Crime", "Cadets"]),
    "another word": ([EARLIER.replace("Robbery rose", "Robbery fell")], ["Cadets"]),
    "another number": ([EARLIER.replace("27", "28")], ["Crime"]),
    "another value": ([EARLIER.replace("burglary.year", "robbery.year")], ["Cadets"]),
    "a sentence more": ([EARLIER.replace("Cadets.", "Cadets. They are ten more.")], ["Crime"]),
    "only a table": (
        ["# Crime\n\n{{< embed notebooks/a.ipynb#tbl-b >}}\n\n{{< var crime.all.year.count >}}.\n"],
        [],
    ),
}


@pytest.mark.parametrize(("texts", "names"), EDITS.values(), ids=EDITS)
def test_what_is_still_the_earlier_quarters(carried, texts, names):
    assert carried(*(f"{MARK}{text}" for text in texts)) == names
    assert carried(*texts) == [], "nothing is compared without a mark"


def test_a_stated_number_is_carried_over_with_its_source(carried):
    stated = 'stated:\n  - text: "{}"\n    source: {}\n'
    earlier = f"---\n{stated.format('60%', 'a partner')}---\n# A\n\nUp to 60% less.\n"

    def new(text, source="a partner", more=""):
        return f"---\ncarried-over: {OLD}\n{more}{stated.format(text, source)}---\n# A\n\nIt was {text} then.\n"

    assert carried(new("60%"), earlier=earlier) == ["60%"]
    assert carried(new("61%"), earlier=earlier) == []
    assert carried(new("60%", "another"), earlier=earlier) == []


def test_a_quarter_that_is_not_there_is_told(tmp_path):
    (tmp_path / NEW).mkdir()
    (tmp_path / NEW / "01-a.qmd").write_text(f"{MARK}Text.\n", encoding="utf-8")
    with pytest.raises(WrongInput, match=rf"01-a\.qmd \(carried-over\): sections/{OLD} is missing"):
        load_narrative(tmp_path, NEW, ["01-a"])


def test_marks_in_a_ring_end(tmp_path):
    for quarter, other in ((OLD, NEW), (NEW, OLD)):
        (tmp_path / quarter).mkdir()
        text = f"---\ncarried-over: {other}\n---\nText.\n"
        (tmp_path / quarter / "01-a.qmd").write_text(text, encoding="utf-8")
    (section,) = load_narrative(tmp_path, NEW, ["01-a"]).sections
    assert [str(one.quarter) for one in section.carried_over] == [OLD]


CALLOUTS = {
    # headings, with ! where the text is carried over and - where there is none: lines below which callouts stand
    "all of one": ("# A-;## B!;## C!", {1: "All text under this heading"}),
    "one alone": ("# A!", {1: "This text"}),
    "some": ("# A!;## B!;### C!;## D", {1: "The text of this heading", 2: "All text under this heading"}),
    "its own only": ("# A!;## B;## C", {1: "The text of this heading"}),
    "none": ("# A;## B-", {}),
    "nothing is new, as there is nothing": ("# A!;## B-", {1: "This text"}),
}


@pytest.mark.parametrize(("headings", "expected"), CALLOUTS.values(), ids=CALLOUTS)
def test_one_callout_for_what_hangs_together(headings, expected):
    heads = headings.split(";")
    text = "".join(
        f"{head.rstrip('!-')}\n\n{'' if head.endswith('-') else f'Text {head[-2:]}.'}\n\n" for head in heads
    )
    texts = own_texts(text)
    carried = {one.line: Quarter.parse(OLD) for one, head in zip(texts, heads, strict=True) if head.endswith("!")}
    found = {
        [one.line for one in texts].index(line) + 1: lines[2].partition(" was written")[0]
        for line, lines in callouts(texts, carried).items()
    }
    assert found == expected
