"""Kinds of source files, and the options that a user typed."""

from datetime import date

import pytest
from fixtures.projects import ROOT

from scrutiny import importers as intake
from scrutiny.errors import WrongUse


def test_options_are_understood_or_all_refused():
    options = intake.parse_options(None, "2020-10-05", "2020-21-Q2")
    assert (options.as_at, str(options.quarter)) == (date(2020, 10, 5), "2020-21-Q2")
    with pytest.raises(WrongUse) as raised:
        intake.parse_options(None, "5/10/2020", "Q2")
    assert len(raised.value.problems) == 2


def test_an_unknown_kind_is_told_with_the_nearest():
    with pytest.raises(WrongUse, match='did you mean "extract"'):
        intake.reader("extrakt")


def test_every_kind_has_its_reader_and_its_page():
    page = (ROOT / "docs" / "reference" / "import.md").read_text(encoding="utf-8")
    for kind in intake.KINDS:
        assert callable(intake.reader(kind))
        assert f"`{kind}`" in page
