"""A full build with nothing cached, of two source trees in turns: how many times as fast the second is.

    python benchmarks/fresh_build.py BEFORE [AFTER] [--turns N]

BEFORE and AFTER are checkouts of this repository, AFTER by default this one; each builds its own copy of its own
project. Beside the wall time stands the CPU time of the build and all its processes, which what else the machine
does disturbs less. The best of all turns counts, by the clock.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
from pathlib import Path

from measuring import ROOT, SCRUTINY, copy_project, run

QUARTER = "2020-21-Q1"
BUILD = (*SCRUTINY, "build", QUARTER, "--engine", "pandoc", "--fresh", "--quiet")
GOAL = 1.3


def main() -> None:
    """Measure, print, and exit with 1 if the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path, nargs="?", default=ROOT)
    parser.add_argument("--turns", type=int, default=3)
    given = parser.parse_args()
    trees = {"before": given.before.resolve(), "after": given.after.resolve()}
    turns: dict[str, list[tuple[float, float]]] = {name: [] for name in trees}
    with tempfile.TemporaryDirectory() as folder:
        projects = {name: copy_project(Path(folder, name), tree) for name, tree in trees.items()}
        for turn in range(1, given.turns + 1):
            for name, tree in trees.items():
                cpu = _cpu_seconds()
                measured = run(BUILD, projects[name], {"PYTHONPATH": str(tree / "src")})
                turns[name].append((measured.seconds, _cpu_seconds() - cpu))
                print(f"turn {turn}, {name:<6}  {measured}, {turns[name][-1][1]:6.2f} s of CPU", flush=True)
    best = {name: [min(column) for column in zip(*of_tree, strict=True)] for name, of_tree in turns.items()}
    wall, cpu_ratio = (before / after for before, after in zip(best["before"], best["after"], strict=True))
    print(f"times as fast: {wall:.2f} by the clock, {cpu_ratio:.2f} in CPU time; goal: at least {GOAL}")
    sys.exit(wall < GOAL)


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
