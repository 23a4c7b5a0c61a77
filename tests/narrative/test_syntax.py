import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.narrative.syntax import (
    footnotes,
    in_reading_order,
    replace_shortcodes,
    shortcodes,
    split_front_matter,
    unwrap_values,
    without_code,
    without_embeds,
    wrap_values,
)

PIECES = st.lists(
    st.sampled_from(
        [
            "{{< var a.b.c.d >}}",
            "`code`",
            "`{{< var a >}}`",
            "```\nx\n```\n",
            "<!-- c -->",
            "text",
            "\n",
            "\n\n",
            "# H",
            " ",
            "@fig-a",
            "[",
            "]{.value}",
        ]
    ),
    max_size=12,
).map("".join)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{{< var a.b >}}", [("var", ("a.b",), 1, True)]),
        ("x {{<var a.b>}} y", [("var", ("a.b",), 1, False)]),
        ("\n\n{{< embed n.ipynb#fig-x >}}  ", [("embed", ("n.ipynb#fig-x",), 3, True)]),
        ('{{< meta "a b" >}}', [("meta", ("a b",), 1, True)]),
        ("{{< pagebreak >}}", [("pagebreak", (), 1, True)]),
        ("`{{< var a >}}`", []),
        ("``a ` {{< var a >}}``", []),
        ("```\n{{< var a >}}\n```\n{{< var b >}}", [("var", ("b",), 4, True)]),
        ("~~~~\n~~~\n{{< var a >}}\n~~~~", []),
        ("- a\n\n  ```\n  {{< var a >}}\n  ```\n", []),
        ("<!-- {{< var a >}} -->", []),
        ("{{{< var a >}}}", []),
        ("a ` b {{< var a >}}\n\nc ` d", [("var", ("a",), 1, False)]),
    ],
)
def test_shortcodes_outside_code(text, found):
    assert [(code.name, code.arguments, code.line, code.alone) for code in shortcodes(text)] == found


def test_embeds_of_what_is_omitted_go_and_no_line_with_them():
    text = "a\n\n{{< embed n.ipynb#fig-x >}}\n\n{{< embed n.ipynb#fig-xy >}}\n`{{< embed n.ipynb#fig-x >}}`\n"
    assert without_embeds(text, {"n.ipynb#fig-x"}) == text.replace("\n{{< embed n.ipynb#fig-x >}}", "\n", 1)


def test_files_are_read_where_they_are_included_first():
    texts = {
        "main": "{{< include a >}} {{< var one >}} {{< include b >}}",
        "a": "{{< include b >}} {{< var two >}} {{< include missing >}}",
        "b": "{{< var three >}} {{< include main >}}",
        "apart": "{{< var four >}}",
    }
    parts = {file: shortcodes(text) for file, text in texts.items()}
    assert [(path, code.argument) for path, code in in_reading_order(["main"], parts)] == [
        (("main",), "a"),
        (("main", "a"), "b"),
        (("main", "a", "b"), "three"),
        (("main", "a", "b"), "main"),
        (("main", "a"), "two"),
        (("main", "a"), "missing"),
        (("main",), "one"),
        (("main",), "b"),
    ]


def test_footnotes_are_found_outside_code_and_comments():
    text = "a[^one]\n\n[^one]: x\n\n```\n[^two]: y\n```\n<!--\n[^three]: z\n-->\n\n> [^four]: q\n"
    assert footnotes(text) == [("one", 3), ("four", 12)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("---\na: 1\n---\nbody", ("a: 1\n", 3, "body")),
        ("---\n---\n", ("", 2, "")),
        ("body\n---\n", ("", 0, "body\n---\n")),
    ],
)
def test_front_matter(text, parts):
    assert split_front_matter(text) == parts


def test_values_are_wrapped_once_and_only_in_running_text():
    wrapped = '[{{< var a.b >}}]{.value data-name="a.b"}'
    assert wrap_values("# {{< var a.b >}}\n| {{< var a.b >}} |") == f"# {wrapped}\n| {wrapped} |"
    assert wrap_values(wrapped) == wrapped
    assert unwrap_values(f"# {wrapped}\n| {wrapped} |") == "# {{< var a.b >}}\n| {{< var a.b >}} |"
    assert wrap_values("{{< var >}}") == "{{< var >}}"
    untouched = '---\ntitle: "{{< var a.b >}}"\n---\n`{{< var a.b >}}` {{< meta a.b >}}'
    assert wrap_values(untouched) == untouched


@given(PIECES)
def test_lines_and_lengths_stay(text):
    assert len(without_code(text)) == len(text)
    assert wrap_values(text).count("\n") == text.count("\n")
    assert replace_shortcodes(text, lambda code: text[code.start : code.end]) == text
    assert replace_shortcodes(text, lambda _: None) == text
    assert wrap_values(wrap_values(text)) == wrap_values(text)
