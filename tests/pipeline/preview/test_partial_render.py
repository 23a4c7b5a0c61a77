"""Only the narrative is rendered anew, and nobody can see it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from fixtures.all_syntax import render
from fixtures.projects import QUARTERS

from scrutiny.pipeline.preview.partial_render import bodies, with_bodies, write_stand_ins


@pytest.mark.parametrize("engine_name", ["pandoc", pytest.param("quarto", marks=pytest.mark.quarto)])
def test_the_page_is_that_of_the_whole_report(built: dict[str, Path], tmp_path: Path, engine_name: str) -> None:
    workspace = shutil.copytree(built[QUARTERS[0]], tmp_path / "whole")
    write_stand_ins(workspace, tmp_path / "stand-ins")
    whole, quick = (
        (render(folder, engine_name, "html") / "report.html").read_text(encoding="utf-8")
        for folder in (workspace, tmp_path / "stand-ins")
    )
    assert len(quick) < len(whole) / 3
    assert with_bodies(quick, bodies(whole)) == whole


def test_a_figure_that_was_not_shown_before_is_not_made_up() -> None:
    shown = '<figure id="tbl-a" class="table"><figcaption>A</figcaption>the table</figure>'
    other = shown.replace("tbl-a", "tbl-b")
    assert with_bodies(shown.replace("the table", "-"), bodies(shown)) == shown
    assert with_bodies(shown + other, bodies(shown)) is None
