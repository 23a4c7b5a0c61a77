"""What is tied to figures is there with them and goes without them."""

import pytest
from fixtures.narratives import narrative

from scrutiny.errors import WrongInput
from scrutiny.narrative.conditions import resolved

VALUES = {"a.count": "7", "a.end": "30 June 2020", "b.count": "not supplied", "c.count": "not supplied"}
ABSENT = {"b.count", "c.count", "fig-b"}
PRESENT = {"a.count", "fig-a"}


def resolve(text):
    (section,) = resolved(narrative(one=text), VALUES, ABSENT, PRESENT).sections
    return section.current


@pytest.mark.parametrize(
    ("text", "left"),
    [
        # A span: what is there loses its brackets, what is not leaves an empty mark.
        ('A. [B.]{when="a.count"} C.', "A. B. C."),
        ("A. [B.]{when=a.count}", "A. B."),
        ('A. [B.]{when="b.count"} C.', "A. [x]{.absent} C."),
        ('A.\n[B\nC.]{when="b.count"}\nD.', "A.\n[x\nx]{.absent}\nD."),
        ('[See @fig-a.]{when="fig-a"} [See @fig-b.]{when="fig-b"}', "See @fig-a. [x]{.absent}"),
        ('[A]{unless="a.count"} [B]{unless="b.count"}', "[x]{.absent} B"),
        # All of several have to be there; `unless` is the opposite.
        ('[A]{when="a.count fig-a"} [B]{when="a.count b.count"}', "A [x]{.absent}"),
        ('[A]{unless="a.count fig-a"} [B]{unless="a.count b.count"}', "[x]{.absent} B"),
        # All or any of what stands inside, where periods are no figures.
        (
            "[A {{< var a.count >}}]{when=all} [B {{< var b.count >}}]{when=all}",
            "A {{< var a.count >}} [x]{.absent}",
        ),
        ("[{{< var a.count >}}, @fig-b]{when=all}", "[x]{.absent}"),
        ("[{{< var a.end >}} {{< var b.count >}}]{when=any}", "[x]{.absent}"),
        ("[{{< var a.count >}} {{< var b.count >}}]{when=any}", "{{< var a.count >}} {{< var b.count >}}"),
        ("[{{< var b.count >}} @fig-a]{when=any}", "[x]{.absent}"),
        ("[{{< var b.count >}}]{unless=any}", "{{< var b.count >}}"),
        ("::: {when=any}\n{{< embed notebooks/a.ipynb#fig-b >}}\n:::", "\n\n"),
        (
            "::: {when=any}\n{{< embed notebooks/a.ipynb#fig-a >}}\n:::",
            "\n{{< embed notebooks/a.ipynb#fig-a >}}\n",
        ),
        # Brackets and ties inside, other attributes, code.
        (r'[a [b](#c) \] d]{when="a.count"}', r"a [b](#c) \] d"),
        ('[a [b]{when="b.count"} c]{when="a.count"}', "a [x]{.absent} c"),
        ('[a [b]{when="a.count"} c]{when="b.count"}', "[x]{.absent}"),
        (
            '[a]{.content-visible when-format="html" when="a.count"}',
            '[a]{.content-visible when-format="html"}',
        ),
        ('`[a]{when="b.count"}`', '`[a]{when="b.count"}`'),
        # Blocks: lines keep their numbers.
        ('::: {when="a.count"}\n# A\n\nB\n:::\n\nC', "\n# A\n\nB\n\n\nC"),
        ('::: {when="b.count"}\n# A\n\nB\n:::\n\nC', "\n\n\n\n\n\nC"),
        ('::: {when="b.count"}\n::: {.callout-note}\nA\n:::\n:::\nC', "\n\n\n\n\nC"),
        (
            '::: {.callout-note when="a.count"}\nA [B]{when="b.count"}\n:::',
            "::: {.callout-note}\nA [x]{.absent}\n:::",
        ),
        ('> ::: {when="b.count"}\n> A\n> :::', "> \n> \n> "),
        # What is tied within may go, and with it what would have kept the block.
        ("::: {when=any}\n- [{{< var a.count >}} of {{< var b.count >}}]{when=all}\n:::", "\n\n"),
    ],
)
def test_what_is_tied_to_a_figure_goes_without_it(text, left):
    assert resolve(text) == left
    assert left.count("\n") == text.count("\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('A\n[B]{when="a.cuont"}', 'one.qmd:2: nothing gives a.cuont\n    did you mean "a.count"?'),
        ('[B]{when=""}', ":1: when= ties nothing to anything"),
        ("[No figure.]{when=any}", ":1: when=any finds no value in this text"),
        ("A\n\n::: {when=any}\n# H\n\nNo figure.\n:::", ":3: when=any finds no value in this text"),
        ("[No figure.]{unless=all}", ":1: unless=all finds no value in this text"),
        ('B {when="a.count"}', ":1: when= ties nothing to anything"),
        ('B]{when="a.count"}', ":1: when= ties nothing to anything"),
        ('# H {#sec-h when="a.count"}', ":1: when= ties nothing to anything"),
        ('::: {when="a.count"}\nA', ":1: when= ties nothing to anything"),
        ('[A\n{{< var a.cuont >}}]{when="b.count"}', ":2: nothing publishes the value a.cuont"),
    ],
)
def test_a_tie_to_nothing_is_told(text, message):
    with pytest.raises(WrongInput) as raised:
        resolve(text)
    assert message in str(raised.value)
