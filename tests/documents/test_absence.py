"""What was not supplied is told once: no document has a sentence, list, table or section with a hole in it."""

from __future__ import annotations

import pytest
from fixtures.absence import DATASETS, blocks_of, computed, holes, later_project, one_figure


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return later_project(tmp_path_factory.mktemp("later"))


def test_nothing_was_supplied(project, monkeypatch, tmp_path):
    given = computed(project, monkeypatch)
    blocks = blocks_of(project, given, tmp_path / "w")
    assert holes(blocks) == []


@pytest.mark.parametrize("dataset", DATASETS)
def test_one_figure_was_supplied(project, monkeypatch, tmp_path, dataset):
    with one_figure(project, dataset):
        blocks = blocks_of(project, computed(project, monkeypatch), tmp_path / "w")
    assert holes(blocks) == []
