"""A full build with nothing remembered, against what it cannot do without, against Quarto, and on one core.

Run as ``python benchmarks/build.py [--times N] [--batch] [--quarto]`` where scrutiny is installed. ``--batch``
also builds two quarters on one core and on two; with ``--quarto`` Quarto also executes and renders the same cells.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import nbformat
from measuring import SCRUTINY, Run, copy_project, run

from scrutiny.engines.quarto import find_quarto

QUARTER = "2020-21-Q1"
BATCH = ("2019-20-Q4", QUARTER)
_EMBED = re.compile(r"^\{\{< embed .*?>\}\}$", re.MULTILINE)
_FLOOR = """
import contextlib, io, json, os, sys
from pathlib import Path
workspace = Path(sys.argv[1])
os.chdir(workspace / "notebooks")
for path in sorted(Path("../inputs/notebooks").glob("*.ipynb")):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    names = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in cells:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), names)
from scrutiny.engines.pandoc import PandocEngine
PandocEngine().render(workspace, ("pdf", "docx", "html"), workspace / "_floor")
"""


def main() -> None:
    """Measure, print, and exit with 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=3, help="how often each is measured; the best counts")
    parser.add_argument("--batch", action="store_true", help="one core against two")
    parser.add_argument("--quarto", action="store_true", help="against Quarto executing the cells itself")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        project = copy_project(Path(name, "project"))
        workspace = project / "build" / QUARTER
        build = [*SCRUTINY, "build", QUARTER, "--engine", "pandoc", "--fresh", "--quiet"]
        run(build, project)
        measures = {
            "build with nothing remembered": lambda: run(build, project),
            "the cells in one process, and the conversions": lambda: run(
                [sys.executable, "-c", _FLOOR, str(workspace)], project
            ),
        }
        if given.quarto:
            found = find_quarto()
            if not found.usable:
                raise SystemExit(found.why_not)
            written = write_for_quarto(workspace, Path(name, "quarto"))
            # All formats of _quarto.yml: these three.
            command = [str(found.path), "render", "report.qmd"]
            measures["Quarto executing and rendering the cells"] = lambda: run(command, written)
        if given.batch:
            batch = [*SCRUTINY, "build", *BATCH, "--engine", "pandoc", "--fresh", "--quiet"]
            measures["two quarters on two cores"] = lambda: run(["taskset", "-c", "0,1", *batch], project)
            measures["two quarters on one core"] = lambda: run(["taskset", "-c", "0", *batch], project)
        # In turns, so that what else the machine does falls on all of them.
        rounds = [{what: measure() for what, measure in measures.items()} for _ in range(given.times)]
    best: dict[str, Run] = {
        what: min((measured[what] for measured in rounds), key=lambda one: one.seconds) for what in measures
    }
    for what, measured in best.items():
        print(f"{what:<48}{measured}")
    full, floor, *others = (measured.seconds for measured in best.values())
    missed = tell("build to the floor", full / floor, at_most=2)
    if given.quarto:
        missed |= tell("build to Quarto", full / others.pop(0), at_most=1 / 3)
    if given.batch:
        two, one = others
        missed |= tell("one core to two", one / two, at_least=1.7)
    sys.exit(missed)


def tell(what: str, ratio: float, *, at_most: float = float("inf"), at_least: float = 0) -> bool:
    """Print a ratio, and say whether it misses its goal."""
    goal = f"at least {at_least}" if at_least else f"at most {at_most:.2f}"
    print(f"{what}: {ratio:.2f} (goal: {goal})")
    return not at_least <= ratio <= at_most


def write_for_quarto(workspace: Path, folder: Path) -> Path:
    """Write the report as one who has Quarto alone would: with the notebooks' cells instead of what they gave."""
    shutil.copytree(workspace, folder)
    for section in (folder / "sections").glob("*.qmd"):
        section.write_text(_EMBED.sub("", section.read_text(encoding="utf-8")), encoding="utf-8")
    cells = ["import os\nos.chdir('notebooks')"]
    for path in sorted((folder / "inputs" / "notebooks").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        cells += [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    with (folder / "report.qmd").open("a", encoding="utf-8") as report:
        report.writelines(f"\n```{{python}}\n#| echo: false\n{cell}\n```\n" for cell in cells)
    settings = (folder / "_quarto.yml").read_text(encoding="utf-8")
    # Quarto runs the cells; their pictures then have no alternative text, which PDF/UA asks for.
    settings, executed = re.subn(r"enabled: false", "enabled: true", settings)
    settings, untagged = re.subn(r"^ *pdf-standard: .*\n", "", settings, flags=re.MULTILINE)
    assert executed == untagged == 1
    (folder / "_quarto.yml").write_text(settings, encoding="utf-8")
    for path in folder.glob("notebooks/*.ipynb"):
        path.unlink()
    os.environ.setdefault("QUARTO_PYTHON", sys.executable)
    return folder


if __name__ == "__main__":
    main()
