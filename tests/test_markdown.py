from __future__ import annotations

import json
import re
import subprocess

import pypandoc
import pytest
from fixtures.all_syntax import NASTY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrutiny.markdown import escape, table
from scrutiny.narrative.pandoc_ast import Node, Visitor
from scrutiny.narrative.pandoc_ast import plain as plain_text
from scrutiny.narrative.syntax import READER

AWKWARD = [
    *NASTY.values(), "1. first", "a) b", "(1) b", "(@) b", "- b", "+ b", "* b", "# b", ": b", "::: b", "% b", "> b",
    "a -- b --- c", "wait...", "'q' \"r\"", "&amp; &lt;", "http://x.y/z mail@x.y www.x.y", "a\\b\\", "x^2^ ~s~ ~~t~~",
    "[a](b) [^1] ^[n]", "{.c #i}", "`c`", "$x$ $$y$$ £5", "| a | b |", "a  b\tc\nd", "\u00a0no\u00a0break", "i. roman",
    "==", "---", "***", "\\newpage", "<!-- c -->", "[x]{.value}", "!", "@", "é — − ½", "Term\n: def", "---\na: b\n---",
]  # fmt: skip
TEXTS = st.text(
    st.sampled_from(list("ab1 .:-+*_`~^$@#<>|&\"'\\[](){}!%=/\n\t\u00a0−é")) | st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=24
)  # fmt: skip


def plain(text: str) -> str:
    return re.sub(r"[^\S\u00a0\u202f]+", " ", text).strip()


def read_back(markdown: str) -> list[str]:
    """Give the plain text of each table cell and paragraph, in order."""
    said = subprocess.run(
        [pypandoc.get_pandoc_path(), "-f", READER, "-t", "json"],
        input=markdown,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found: list[str] = []

    class Texts(Visitor):
        def _visit_para(self, node: Node) -> None:
            found.append(plain_text(node["c"]))

        _visit_plain = _visit_para

    Texts().visit(json.loads(said)["blocks"])
    return found


def assert_literal(texts: list[str]) -> None:
    texts = [text for text in texts if plain(text)]
    expected = [plain(text) for text in texts]
    paragraphs = "\n\n".join(escape(text) for text in texts)
    assert read_back(paragraphs) == expected
    assert read_back(table([["head", text] for text in texts], ["a", "b"]))[3::2] == expected


def test_awkward_texts_are_literal_in_paragraphs_and_cells():
    assert_literal(AWKWARD)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TEXTS, min_size=1, max_size=30))
def test_any_text_is_literal(texts):
    assert_literal(texts)


@pytest.mark.parametrize(
    "text", ["Decrease (−16%, −25,769)", "10.2 min", "134,069", "fell by 16%, from 1,141 to 957", "£27.2m"]
)
def test_ordinary_phrases_stay_readable(text):
    assert escape(text) == text


@given(TEXTS)
def test_no_shortcode_arises(text):
    assert "{{<" not in escape(text)
    assert "\n" not in escape(text)


def test_a_table_keeps_figures_as_they_are_and_aligns_them():
    lines = table([["a", "159,838"], ["b", "10.10"]], ["Name", "Count"]).splitlines()
    assert re.fullmatch(r"\|:-+\|-+:\|", lines[1])
    assert lines[2].split("|")[2].strip() == "159,838"
    assert lines[3].split("|")[2].strip() == "10.10"
