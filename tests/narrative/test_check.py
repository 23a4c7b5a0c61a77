"""Mistakes across files, told by the file that the analyst edits; single ones are examples of docs/reference/authoring.md."""

import pytest

from scrutiny.errors import Location
from scrutiny.narrative.check import Known, check_narrative
from scrutiny.narrative.syntax import wrap_values

KNOWN = Known(
    values={"crime.all.year.count", "crime.all.year.change"},
    notebooks={"notebooks/a.ipynb": ("tbl-a",), "notebooks/b.ipynb": ("fig-b",)},
    metadata={"lang"},
    files={"sections/p.png"},
    omitted={"notebooks/b.ipynb#fig-c"},
)
MAIN = "{{< include sections/01-a.qmd >}}\n\n{{< include sections/02-b.qmd >}}\n"


def edited(file: str, line: int) -> Location:
    return Location(file.replace("sections/", "sections/Q/"), line)


def problems(one: str, other: str = "", main: str = MAIN) -> list[str]:
    texts = {"report.qmd": main, "sections/01-a.qmd": wrap_values(one), "sections/02-b.qmd": wrap_values(other)}
    return [str(problem).replace("\n    ", " -> ") for problem in check_narrative(texts, KNOWN, edited)]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("", "\n{{< var crime.all.yaer.count >}}", 'sections/Q/02-b.qmd:2: nothing publishes the value crime.all.yaer.count -> did you mean "crime.all.year.count"'),
        ("{{< var crime.all >}}", "", "sections/Q/01-a.qmd:1: nothing publishes the value crime.all -> below it there are crime.all.year.change, crime.all.year.count"),
        ("{{< var a b >}}", "", "var takes 1 name, not 2"),
        ("{{< embed notebooks/c.ipynb#tbl-a >}}", "", "there is no notebook notebooks/c.ipynb -> did you mean"),
        ("{{< embed notebooks/a.ipynb#tbl-a >}}", "{{< embed notebooks/a.ipynb#tbl-a >}}", "sections/Q/02-b.qmd:1: tbl-a is already defined in sections/Q/01-a.qmd:1"),
        ("# A {#sec-x}", "# B {#sec-x}", "sections/Q/02-b.qmd:1: sec-x is already defined in sections/Q/01-a.qmd:1"),
        ("# A", "### B", "sections/Q/02-b.qmd:1: a heading of level 3 follows one of level 1 -> begin it with ##"),
        ("{{< include sections/02-b.qmd >}}", "", "sections/02-b.qmd is included twice"),
        ("{{< include ../x.qmd >}}", "", "the include ../x.qmd leads out of the report"),
        ("{{< include sections/01-a.qmd >}}", "", "sections/01-a.qmd includes itself"),
        ("{{< meta lnag >}}", "", 'the metadata have no lnag -> did you mean "lang"?'),
        ("a {{< var crime.all.year.count", "", "sections/Q/01-a.qmd:1: {{< is not read as a shortcode"),
        (":::", "", "::: closes a block that was not opened"),
        ("a[^n]\n\n[^n]: x", "b[^n]\n\n[^n]: y", "sections/Q/02-b.qmd:3: the footnote n is already defined in sections/Q/01-a.qmd:3"),
        ("See @fig-c.", "", "sections/Q/01-a.qmd:1: the reference @fig-c leads to what notebooks/b.ipynb omits: this quarter has no data for it -> tie the sentence to it: [… @fig-c …]{when=\"fig-c\"}"),
        ("# A {#sec-x .unnumbered}", "[A](#sec-x) [B](#sec-y)", "sections/Q/02-b.qmd:1: the link to #sec-y leads nowhere"),
        ("::: {.content-visible when-format=\"html\"}\n# A {#sec-x}\n:::", "@sec-x", "sections/Q/02-b.qmd:1: the reference @sec-x leads to what some formats do not show"),
    ],
)  # fmt: skip
def test_mistake_is_told_with_file_line_and_what_to_write(one, other, expected):
    assert any(expected in problem for problem in problems(one, other)), problems(one, other)


def test_references_reach_across_files_and_into_notebooks():
    assert (
        problems(
            "# A {#sec-a}\n\nSee @fig-b and @sec-b.",
            "# B {#sec-b}\n\n{{< embed notebooks/b.ipynb#fig-b >}}\n\n@sec-a",
        )
        == []
    )


def test_all_mistakes_are_told_at_once_in_the_order_of_files_and_lines():
    told = problems("{{< var x.y >}}\n\n@fig-x\n\n<br>", "{{< video >}}")
    assert [problem.split(": ")[0] for problem in told] == [
        "sections/Q/01-a.qmd:1", "sections/Q/01-a.qmd:3", "sections/Q/01-a.qmd:5", "sections/Q/02-b.qmd:1",
    ]  # fmt: skip


VALUE = "{{< var crime.all.year.count >}}"
TABLE = "| A | B |\n|---|---|\n| 1 | 2 |\n"
FLOAT = "::: {#tbl-x}\n\n%s\n:::"

# What is written, on which line it is told, and what is said.
REFUSED = [
    # Open ends take nothing with them.
    ("x\n\n<!-- todo\n\nmore", 3, "<! begins a comment that is not closed"),
    (f"x\n\n```\ncode\n\nmore {VALUE}", 3, "``` begins code that is not closed"),
    ("~~~\ncode", 1, "code that is not closed"),
    ("x `code", 1, "` begins code that is not closed"),
    # Blocks glued to a paragraph, or set in, are none.
    ("    ::: {.callout-note}\n    a\n    :::", 1, "set in by four blanks or more is printed as code"),
    (f"- a\n\n        set in {VALUE}", 3, "set in by four blanks or more is printed as code"),
    ("Text:\n- a", 2, "- does not begin a list here"),
    ("Text:\n1. a\n2. b", 2, "1. does not begin a list here"),
    (f"Text\n{TABLE}", 2, "| does not begin a table here"),
    ("|---|---|\n| 1 | 2 |", 1, "| does not begin a table here"),
    ("Text\nA | B\n---|---\n1 | 2", 3, "---|--- does not begin a row of dashes here"),
    ("Text\n::: {.callout-note}\na\n:::", 2, "::: does not begin or end a block here"),
    ("- a\n  ::: {.callout-note}\n  a\n  :::", 2, "::: does not begin or end a block here"),
    ("Text\n# H", 2, "# does not begin a heading here"),
    ("- a\n## B", 2, "## does not begin a heading here"),
    (" # H", 1, "# does not begin a heading here"),
    ("Text\n## Data {#sec-data}\n\n@sec-data", 2, "## does not begin a heading here"),
    ("Text\n> q", 2, "> does not begin a quotation here"),
    ("a[^1]\n[^1]: x", 2, "[^1]: would be printed as it stands"),
    ("# H\n\n: A caption.", 3, ": does not begin a caption or definition here"),
    # Shortcodes misspelt or misplaced.
    ("a {{ < var x > }}", 1, "{{ is not read as a shortcode"),
    ("a {{ var x }}", 1, "{{ is not read as a shortcode"),
    ("a {{% var %}}", 1, "{{% is not read as a shortcode"),
    ("a {< var x >}", 1, "{< is not read as a shortcode"),
    ("a {{{< var x >}}}", 1, "{{ is not read as a shortcode"),
    ("a {{< var >}}", 1, "var takes 1 name, not 0"),
    (f"x^{VALUE}^", 1, "^ would be printed as it stands"),
    (f"~~~\n{VALUE}\n~~~", 2, "stands inside code"),
    ("x `{{ y }}`", 1, "stands inside code"),
    ("- a\n\n    ::: {.callout-tip}\n    b\n    :::\n", 3, "::: does not begin or end a block here"),
    (f'::: {{.callout-note title="All {VALUE}"}}\na\n:::', 1, "stands inside attributes"),
    (f'![](sections/p.png){{fig-alt="All {VALUE}"}}', 1, "stands inside attributes"),
    ("- a\n\n  {{< embed notebooks/a.ipynb#tbl-a >}}", 3, "embed stands inside a list"),
    ("Text:\n{{< embed notebooks/a.ipynb#tbl-a >}}", 2, "embed has to stand alone"),
    (FLOAT % "{{< embed notebooks/a.ipynb#tbl-a >}}\n\nCap", 3, "embed stands inside a block"),
    ("a {{< pagebreak >}} b", 1, "pagebreak has to stand alone"),
    ("{{< pagebreak >}}2020", 1, "pagebreak has to stand alone on its line"),
    ("a {#x{{< pagebreak >}}y}", 1, "{#x…y} would be printed"),
    ('![Cap](a b{{< pagebreak >}}){fig-alt="a"}', 1, "the picture 'a b…' has a blank"),
    # Values do not hide what they stand in.
    (f'[all {VALUE}]{{.content-visible when-format="pdf"}}', 1, "when-format names no format: pdf"),
    (f"[all {VALUE}]{{.underline}}", 1, "a span of the class underline is not known"),
    (f"![Cap {VALUE}](https://example.org/a.png)", 1, "lies elsewhere"),
    (f"![Cap {VALUE}](sections/p.png)", 1, "the picture has no alternative text"),
    ('![Cap [x](#a) y](sections/q.png){fig-alt="a"}', 1, "the picture sections/q.png is missing"),
    ('![Cap](sections/a b.png){fig-alt="a"}', 1, "has a blank in it"),
    # Blocks, spans, headings, tables and pictures.
    ("::: {.heading-block}\nA paragraph\n:::", 1, "the heading block holds terms"),
    ("::: {.contents}\na\n:::", 1, "the block contents holds nothing"),
    ("::: {.content-visible}\na\n:::", 1, "does not say for which format"),
    ("::: {.callout-note .callout-tip}\na\n:::", 1, "is of two kinds at once"),
    ("::: {#note .callout-note}\na\n:::", 1, "a block has no id, and not #note"),
    ("::: {.callout-note title='a <b> c'}\na\n:::", 1, "not plain text"),
    ("::: {.callout-note}\n## T\n\n## U\n:::", 4, "a heading inside a callout that does not open it"),
    ("::: {.callout-note}\n## T {#sec-t}\n\nx\n:::", 2, "the title of a callout has no id"),
    ("[x]{#foo}", 1, "a span has no id"),
    (FLOAT % "A\n\nCap", 1, "the block #tbl-x holds one table"),
    (FLOAT % f"{TABLE}\n- a", 1, "the block #tbl-x has no caption"),
    (FLOAT % f"{TABLE}\n: Cap\n\nCap", 7, "and so has the block round it"),
    (f"{TABLE}\n: {{#tbl-x}}", 5, "the table tbl-x has no caption"),
    (f"{TABLE}\n: Cap {{#fig-x}}", 5, "the id of a table begins with tbl-"),
    ('![A](sections/p.png){#tbl-x fig-alt="a"}', 1, "the id of a picture begins with fig-"),
    ('![A](sections/p.png){#fig-x fig-alt="a" width=wide}', 1, "wide is no width"),
    ('![](sections/p.png){#fig-x fig-alt="a"}', 1, "the picture #fig-x has no caption"),
    ("A   B\n--- ---\n1   2", 2, "a table without pipes"),
    # Rows of a table that pandoc would cut or fill up.
    ("| A | B |\n|---|--:|\n| 1 | 2 | 3 |", 3, "this row has 3 cells, and the table 2 columns"),
    ("| A | B |\n|---|--:|\n| 1 | 2 |\n| 3 |", 4, "this row has 1 cell, and the table 2 columns"),
    ("| A | B | C |\n|---|--:|\n| 1 | 2 |", 1, "this row has 3 cells, and the table 2 columns"),
    ("A | B\n:-:|:--\n1 | 2 | 3", 3, "this row has 3 cells, and the table 2 columns"),
    ("| A | B |\n|---+---|\n| 1 | 2 | |", 3, "this row has 3 cells, and the table 2 columns"),
    (f"| A | B |\n|---|---|\n| {VALUE} |", 3, "this row has 1 cell, and the table 2 columns"),
    ("| A |\n|---|\n| 1 | 2 |", 3, "this row has 2 cells, and the table 1 column"),
    ("> | A | B |\n> |---|---|\n> | 1 |", 3, "this row has 1 cell, and the table 2 columns"),
    ("- | A | B |\n  |---|---|\n  | 1 |", 3, "this row has 1 cell, and the table 2 columns"),
    (FLOAT % "| A | B |\n|---|---|\n| 1 |\n\nCap", 5, "this row has 1 cell, and the table 2 columns"),
    ('![A](sections/p.svg){fig-alt="a"}', 1, "the picture sections/p.svg is neither PNG nor JPEG"),
    ("#", 1, "the heading is empty"),
    ("####### x", 1, "a heading has at most 6 levels"),
    ("# H {#fig-x}", 1, "does not begin with fig- or tbl-"),
    ("# H {sec-h}", 1, "{sec-h} would be printed"),
    ("# H {.unlisted}", 1, "a heading has an id and .unnumbered at most"),
    ("# H[^1]\n\n[^1]: note", 1, "a footnote inside a heading"),
    ("a[^1]\n\n[^1]: note^[nested]", 3, "a footnote inside a footnote"),
    ("a[^1]\n\n[^1]: x\n\n[^1]: y", 5, "the footnote 1 is defined twice"),
    ("a\n\n[^1]: x", 3, "the footnote 1 is never used"),
    # References, links, signs.
    ("[see @tbl-a]", 1, "the brackets around or behind @tbl-a"),
    ("@tbl-a [x]", 1, "the brackets around or behind @tbl-a"),
    ("As @PCC said", 1, "@PCC is read as a citation"),
    ("a [x]()", 1, "the link to nothing leads nowhere"),
    ("a [](#h)", 1, "the link has no text"),
    ("[x](page.html)", 1, "the link to page.html leads nowhere"),
    ("[a]: https://example.org\n\n[a]", 1, "an address apart from its link"),
    ("a<b and c>d", 1, "the HTML <b and c> would show only in HTML"),
    ("(@) a", 1, "a list without numbers"),
    ("x\n\n---\na: b\n---\n\ny", 3, "a rule"),
    ("x\n\nso 😀", 3, "no 😀 (U+1F600, GRINNING FACE)"),
    ("漢", 1, "U+6F22"),
    ("a\x07", 1, "U+0007 (a control character)"),
]

ACCEPTED = [
    "In the quarter that ended in June\n2020. It fell by 5\n-- a tenth -- and 5 * 3.",
    "\\- no list\n\n\\# no heading, \\{#no-id}, \\{\\{, \\[^1], \\`, \\<b>, \\$5 and \\$6, \\@PCC, \\|",
    "Text\n\\- a\n1\\. b\n\\| c\n\\> d",
    "`{ x }`, `[^1]`, `# x`, ``a ` b`` and `<br>`.",
    "```python\n# x\n- {a} [^1] {\n```\n\n- a\n\n  ```\n  x\n  ```\n",
    "<!-- {{< var nothing >}} [^1] ``` ::: -->\n\nText <!-- <b> --> text.",
    f"{VALUE} at the start.\n\n{VALUE}\n\n**{VALUE}** and *{VALUE}*, ({VALUE}), {VALUE}; “{VALUE}”.",
    f"- {VALUE}\n- **1.** b\n    - c\n\n1. x\n\n    A second paragraph.\n\n2. y\n",
    f"> - {VALUE}\n>\n> Text.\n",
    f"| A | B |\n|:--|--:|\n| - | 1. x |\n| {VALUE} | – |\n| `|` | \\[x\\] |\n\n: {VALUE} stands [here](https://example.org/a_(b)). {{#tbl-x}}",
    f"![Of {VALUE} [a](https://example.org)](sections/p.png){{#fig-x fig-alt='A \"b\".' width=50%}}",
    f"A | B\n---|---:\n`a|b` | \\|\n | {VALUE} | 1\n|| 2",
    "- | A | B |\n  |---|---|\n  | 1 | 2 |",
    "```\n| A | B |\n|---|---|\n| 1 |\n```",
    FLOAT % f"{TABLE}\n::: {{.notes}}\na\n:::\n\nCap {VALUE}.",
    f"Term\n:   Text {VALUE}.\n\nOther\n\n:   Text.\n",
    "# Crime & disorder: 2020/21\n\n[it](#crime-disorder-202021), https://example.org, <mailto:a@example.org>, a@example.org",
    "# A\n\n# A\n\n[one](#a) and [two](#a-1)",
    '::: {.content-visible when-format="html"}\n{{< pagebreak >}}\n\n{{< embed notebooks/a.ipynb#tbl-a >}}\n:::',
    f"A[^a] b.^[c {VALUE}]\n\n[^a]: One.\n\n    Two.\n",
    "A line\\\nbroken, and one  \nmore; 50 °C ≤ 60 → “so” … ½ £ € −\u00a0–\u00a0—",
]


@pytest.mark.parametrize(("text", "line", "message"), REFUSED, ids=[message for _, _, message in REFUSED])
def test_what_is_not_shown_alike_is_refused(text, line, message):
    told = problems(text)
    assert any(problem.startswith(f"sections/Q/01-a.qmd:{line}: ") and message in problem for problem in told), (
        told
    )
    assert all(" -> " in problem for problem in told)
    assert not any(sign in problem for problem in told for sign in "\ue001\ue002\ue003\ue004\U00100000")


@pytest.mark.parametrize("text", ACCEPTED)
def test_what_is_meant_as_it_stands_is_accepted(text):
    assert problems(text) == []
