"""Source files of every kind, damaged as files are in real life: no figure may change or be left out silently.

Each damage is judged by the figures that the clean file gives. `docs/reference/import.md` lists those that no reader can know.
"""

from __future__ import annotations

import os
from random import Random

import pytest
from fixtures.clean_sources import ALL, Case, empty_project, judged, pack
from fixtures.damages import KINDS, UNKNOWABLE
from fixtures.projects import ROOT

SEED = 15
MOST = 0 if "ALL_DAMAGES" in os.environ else 14
"""Cases of a kind that are tried, so that all take seconds; with ALL_DAMAGES in the environment, all are."""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return empty_project(tmp_path_factory.mktemp("project"), ROOT)


def cases(name):
    rng = Random(f"{SEED} {name}")
    made = list((KINDS | UNKNOWABLE)[name](rng))
    return rng.sample(made, MOST) if 0 < MOST < len(made) else made


def silent(made, project, folder, *, exactly=False):
    """Say what is silently wrong, case by case."""
    found = []
    for number, case in enumerate(made):
        own = folder / str(number)
        own.mkdir()
        if wrong := judged(case, project, own, exactly=exactly):
            more = f" … and {len(wrong) - 3} more" if len(wrong) > 3 else ""
            found.append(f"{case}\n    " + "\n    ".join(wrong[:3]) + more)
    return found


@pytest.mark.parametrize("clean", ALL, ids=lambda clean: clean.name)
def test_clean_files_give_all_figures_in_every_format(clean, project, tmp_path):
    made = [Case(clean, "clean", pack(clean.tables, form)) for form in clean.formats]
    assert silent(made, project, tmp_path) == []


def test_there_are_enough_damages():
    assert sum(len(cases(name)) for name in KINDS) >= 300


@pytest.mark.parametrize("name", KINDS)
def test_no_figure_changes_or_is_left_out_silently(name, project, tmp_path):
    found = silent(cases(name), project, tmp_path)
    assert not found, f"{len(found)} of {len(cases(name))}:\n" + "\n".join(found)


@pytest.mark.parametrize("name", UNKNOWABLE)
def test_what_no_reader_can_know_is_listed_and_known_by_none(name, project, tmp_path):
    made = cases(name)
    assert len(silent(made, project, tmp_path, exactly=True)) == len(made), (
        "what is known now need not be listed any more"
    )
    page = (ROOT / "docs" / "reference" / "import.md").read_text(encoding="utf-8")
    listed = page.split("## What no reader can know\n")[1].split("\n## ")[0]
    assert f"- {name.replace(' s ', '’s ')}" in " ".join(listed.lower().replace("'", "’").split())
