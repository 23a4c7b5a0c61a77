"""The draft, made whole at first and then what changed."""

from __future__ import annotations

from pathlib import Path

from fixtures.preview import FIRST, KNIVES, QUARTER, preview_project
from fixtures.projects import quiet

from scrutiny.inputs.project import Project
from scrutiny.pipeline.preview.state import Draft


def test_an_embed_that_is_added_comes_whole(tmp_path: Path) -> None:
    root = preview_project(tmp_path)
    (root / KNIVES).write_text(FIRST.partition("{{< embed")[0])
    draft = Draft(Project(root), QUARTER, tmp_path / "draft", quiet(), "pandoc")
    assert b"<figure" not in draft.update(())
    (root / KNIVES).write_text(FIRST)
    assert b"Bar chart of knife crime" in draft.update({KNIVES})
    (root / KNIVES).write_text(FIRST + "More.\n")
    page = draft.update({KNIVES})
    assert b"More." in page
    assert b"Bar chart of knife crime" in page
    assert page == Draft(Project(root), QUARTER, tmp_path / "other", quiet(), "pandoc").update(())
    assert not (root / "build" / QUARTER).exists()
