"""Differences put into words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scrutiny.review.compare import Difference
from scrutiny.review.verify.findings import in_words, shorten


def test_long_texts_are_shortened_to_where_they_part():
    here, again = shorten("x" * 500 + "1" + "y" * 500, "x" * 500 + "2" + "y" * 500)
    assert here is not None and again is not None
    assert len(here) < 200 and "1" in here and "2" in again and here.startswith("…") and here.endswith("…")
    assert in_words(Difference("it", None, "a\x1bb")) == 'it: here nothing, computed anew "a␛b"'


@given(st.text(), st.text())
def test_no_terminal_obeys_what_is_shown(what, text):
    shown = in_words(Difference(what, text, None))
    assert not any(ord(sign) < 0x20 or 0x7F <= ord(sign) < 0xA0 for sign in shown)
