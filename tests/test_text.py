"""Text made visible, and line numbers in brief."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.errors import Location, WrongInput
from scrutiny.text import line_numbers, ranges, require_plain_text, visible


@given(st.lists(st.integers(2, 60), min_size=1))
def test_ranges_hold_the_lines_and_no_others(lines):
    told = ranges(lines)
    held = [
        line
        for run in told.split(", ")
        for ends in [list(map(int, run.split("–")))]
        for line in range(ends[0], ends[-1] + 1)
    ]
    assert held == sorted(set(lines))
    starts = [int(run.split("–")[0]) for run in told.split(", ")]
    assert all(line - 1 not in held for line in starts)


@pytest.mark.parametrize(
    ("lines", "text"), [([5], "line 5"), ([5, 5], "line 5"), ([9, 2, 3], "lines 2–3, 9"), ([7, 6, 5], "lines 5–7")]
)
def test_lines_are_named_in_brief(lines, text):
    assert line_numbers(lines) == text


UNSEEN = {
    "escape": ("\x1b[31m", "␛[31m"),
    "null": ("\0", "␀"),
    "delete": ("\x7f", "␡"),
    "C1 control": ("\x9b31m", "⟨U+009B⟩31m"),
    "override": ("\u202e960,431", "⟨U+202E⟩960,431"),
    "isolate": ("\u2067x\u2069", "⟨U+2067⟩x⟨U+2069⟩"),
    "mark": ("\u200f", "⟨U+200F⟩"),
    "no character": ("\ufffe", "⟨U+FFFE⟩"),
    "surrogate": ("\ud800", "⟨U+D800⟩"),
}


@pytest.mark.parametrize(("text", "shown"), UNSEEN.values(), ids=UNSEEN)
def test_what_no_reader_sees_is_shown_in_messages_and_refused_in_files(text, shown):
    assert visible(f"Crime {text}") == f"Crime {shown}"
    with pytest.raises(WrongInput) as caught:
        require_plain_text(f"# A\nCrime {text}", "sections/x.qmd")
    (problem,) = caught.value.problems
    assert problem.location == Location("sections/x.qmd", 2)
    assert problem.message.startswith(f"a character that no reader sees is here: U+{ord(text[0]):04X}")
    assert problem.hint == "delete it after …Crime "


@given(st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Cn", "Co"))))
def test_other_text_stays_as_it_is(text):
    assert visible(text) == text
    require_plain_text(f"{text}\n\tA soft\N{SOFT HYPHEN}hyphen, a zero-width\N{ZERO WIDTH SPACE}space\r\n", "x")
