"""What JupyterLab and VS Code show, read as a browser reads it."""

import base64
from types import SimpleNamespace

import lxml.html
import pytest

from scrutiny.analysis import mime, show
from scrutiny.analysis.captions import caption
from scrutiny.analysis.show import figure_html, table_html
from scrutiny.analysis.table import Table, TableCell, TableRow
from scrutiny.statistics.provenance import Provenance, SourceRow
from scrutiny.statistics.value import Value

NASTY = '<b> & *not* #bold ** $x$ | \\ "quoted"'


def texts(element, path):
    return [found.text_content().strip() for found in element.xpath(path)]


def test_a_table_has_headline_and_caption_above_and_notes_beneath():
    table = Table(
        ["Measure", "Count", "Judged"],
        [
            TableRow(NASTY, [TableCell("1,234"), TableCell("better")]),
            TableRow("Other", [TableCell("[x]"), TableCell(NASTY)]),
        ],
    )
    shown = lxml.html.fragment_fromstring(table_html(caption("it fell", "Crime", "June 2020"), table))
    assert [child.tag for child in shown] == ["figcaption", "table", *["p"] * len(table.notes)]
    assert texts(shown, "figcaption/strong") == ["It fell."]
    assert texts(shown, "figcaption") == ["It fell. Crime, June 2020."]
    assert texts(shown, ".//th") == ["Measure", "Count", "Judged"]
    assert [texts(row, "td") for row in shown.xpath(".//tbody/tr")] == [
        [NASTY, "1,234", "better"], ["Other", "[x]", NASTY],
    ]  # fmt: skip
    assert tuple(texts(shown, "p")) == table.notes


@pytest.mark.parametrize("headline", [NASTY, "it fell by 16%", "a*b_c [d]"])
def test_a_caption_says_what_was_written(headline):
    shown = lxml.html.fragment_fromstring(figure_html(caption(headline, NASTY, "June 2020"), b"", 100, ""))
    assert texts(shown, "figcaption/strong") == [f"{headline[:1].upper()}{headline[1:]}."]
    assert texts(shown, "figcaption")[0].endswith(f"{NASTY}, June 2020.")


def test_a_figure_is_the_picture_with_its_alternative_text():
    shown = lxml.html.fragment_fromstring(figure_html(caption("it fell", "Crime", "June"), b"PNG", 640, NASTY))
    (image,) = shown.xpath("img")
    assert (image.get("width"), image.get("alt")) == ("640", NASTY)
    assert base64.b64decode(image.get("src").removeprefix("data:image/png;base64,")) == b"PNG"


def test_published_values_say_where_they_come_from_or_that_it_is_unknown(monkeypatch):
    shown = []
    monkeypatch.setattr(show, "display", lambda bundle, **options: shown.append((bundle, options["metadata"])))
    report = SimpleNamespace(datasets_read=("d",))
    value = Value("5", Provenance(rows=frozenset({SourceRow("d", 2)}), formula="said"))
    values = {"a.b.c.known": value, "a.b.c.joined": value + " offences", "a.b.c.formatted": f"{value} offences"}
    show.publish(report, values)
    ((bundle, metadata),) = shown
    assert bundle[mime.VALUES] == values
    assert bundle["text/plain"].splitlines() == [
        "a.b.c.known: 5",
        "a.b.c.joined: 5 offences (provenance unknown)",
        "a.b.c.formatted: 5 offences (provenance unknown)",
    ]
    known = metadata[mime.METADATA]["provenance"]
    assert {name: (one["formula"], one["rows"]) for name, one in known.items()} == {
        "a.b.c.known": ("said", {"d": [2]}),
        "a.b.c.joined": ("said; provenance unknown for the rest: the notebook's own text", {"d": [2]}),
        "a.b.c.formatted": ("provenance unknown: the notebook's own text", {}),
    }
