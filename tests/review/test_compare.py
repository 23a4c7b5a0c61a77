"""Mappings and texts compared: what differs is found, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny.review.compare import Excerpt, align, changed, compare_excerpts, compare_words, leaves, pair_texts

TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=12).map(
    lambda text: " ".join(text.split())
)


def test_leaves_that_differ_are_found_by_their_path():
    before = {"a": {"b": "1", "c": [1, "x"]}, "d": None}
    after = {"a": {"b": "1", "c": [1]}, "e": True}
    assert list(changed(leaves(before), leaves(after))) == [
        (("a", "c"), '[1, "x"]', "[1]"),
        (("d",), "null", None),
        (("e",), None, "true"),
    ]


LETTERS = st.lists(st.sampled_from("abc"), max_size=8)


@given(LETTERS, LETTERS)
def test_aligned_stretches_hold_both_sides_whole_and_say_what_is_the_same(before, after):
    found = list(align(before, after))
    for position, side in enumerate((before, after), start=1):
        assert [letter for stretch in found for letter in side[stretch[position]]] == side
    assert all(same == (before[one] == after[other]) for same, one, other in found)


def passages(*texts: str) -> list[Excerpt]:
    return [Excerpt(f"page {number}", text) for number, text in enumerate(texts, start=1)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (("a", "b"), ("a", "b"), []),
        (("a", "b", "c"), ("a", "x", "c"), [("page 2", "b", "x")]),
        (("a", "one two", "three"), ("a", "one", "two three"), []),
        (("a", "b"), ("a", "b", "c"), [("page 3", None, "c")]),
        (("a", "b", "c"), ("b", "c"), [("page 1", "a", None)]),
        ((), ("a",), [("page 1", None, "a")]),
        (("x", "b", "y"), ("a", "b", "c"), [("page 1", "x", "a"), ("page 3", "y", "c")]),
        (("", "0"), ("0", ""), []),
        (("0", "0 0"), ("0 0", "0"), []),
    ],
    ids=["none", "changed", "broken elsewhere", "added", "gone", "all", "two", "blank", "broken at a repetition"],
)  # fmt: skip
def test_passages_that_differ_are_named_by_their_place(before, after, expected):
    found = compare_excerpts(passages(*before), passages(*after))
    assert [(one.what, one.before, one.after) for one in found] == expected


@given(st.lists(TEXT), st.lists(TEXT))
def test_texts_agree_if_and_only_if_they_say_the_same(before, after):
    same = " ".join(" ".join(before).split()) == " ".join(" ".join(after).split())
    assert (not list(compare_excerpts(passages(*before), passages(*after)))) == same


def test_paragraphs_are_compared_with_their_like_and_word_by_word():
    old = ("# Crime", "All crime fell, and faster than before.", "It is over.", "Robbery rose.")
    new = ("# Crime", "A new paragraph stands here.", "All crime fell, and slower than before.", "Robbery rose.")
    assert list(pair_texts(old, new)) == [(None, new[1]), (old[1], new[2]), (old[2], None)]
    assert list(pair_texts(new, old)) == [(new[1], None), (new[2], old[1]), (None, old[2])]
    assert compare_words(old[1], new[2]) == [
        ("All crime fell, and", "All crime fell, and"),
        ("faster", "slower"),
        ("than before.", "than before."),
    ]


WORDS = st.sampled_from(["crime", "fell", "rose", "by", "16%", "{{< var a.b.c.d >}}", "and", "<b>", "1,000"])
TEXTS = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)


@settings(deadline=None, max_examples=50)
@given(TEXTS, TEXTS)
def test_pieces_hold_both_texts_whole(before, after):
    found = compare_words(before, after)
    assert " ".join(old for old, _ in found if old) == before
    assert " ".join(new for _, new in found if new) == after
