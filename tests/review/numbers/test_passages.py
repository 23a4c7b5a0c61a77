"""The pieces of text of a section, and where they stand in it."""

import pytest

from scrutiny.narrative.pandoc_ast import VALUE
from scrutiny.review.numbers.passages import passages


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Crime fell\nby 5.\n", [("Crime fell\nby 5.", [1, 2])]),
        ("{{< pagebreak >}}\n\n1. One\n2. Two\n", [("One", [3]), ("Two", [4])]),
        # Without a word or a value, nothing is searched; words that the source does not have stand on its first line.
        ("!\n\n– …\n", []),
        ("[](https://example.org)", []),
        ("{abc}", [("{abc}", [1])]),
        # The number of a shortcode is none of the text.
        ("Text: {{< embed a.ipynb#tbl-a >}}", [("Text: ", [1])]),
        ("A[^a] b.\n\nThen.\n\n[^a]: Note.\n", [("A b.", [1]), ("Note.", [5]), ("Then.", [3])]),
        ("T 1\n:   D 2\n\n| L 3\n| M 4\n", [("T 1", [1]), ("D 2", [2]), ("L 3", [4]), ("M 4", [5])]),
    ],
)
def test_passages_stand_on_their_lines(text, found):
    read = passages({"a": text})["a"]
    assert [
        ("".join(sign for sign in one.text if ord(sign) < 0x10_0000), sorted(set(one.lines))) for one in read
    ] == found


def test_values_of_a_passage_have_their_names():
    (one,) = passages({"a": '`{{< var x >}}` {{< var a.b >}}, **{{< var c.d >}}** and "{{< var a.b >}}"'})["a"]
    assert [one.text[at] for at in one.values] == [VALUE] * 3
    assert list(one.values.values()) == ["a.b", "c.d", "a.b"]
