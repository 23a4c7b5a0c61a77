"""How soon commands answer, beside a Python that only imports what the command line is made with.

Run as ``python benchmarks/commands.py [--times N]`` where scrutiny is installed. Commands run in turns, so that
what else the machine does falls on all of them; the best of each counts.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from measuring import SCRUTINY, run

from scrutiny.workspace.write import write_values

QUARTER = "2020-21-Q1"
GOAL = 0.3
COMMANDS = {
    "import typer": (sys.executable, "-c", "import typer"),
    "scrutiny --help": (*SCRUTINY, "--help"),
    "scrutiny values --last": (*SCRUTINY, "values", QUARTER, "--last"),
}


def main() -> None:
    """Measure, print, and exit with 1 if help takes longer than the goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=9, help="how often each is measured; the best counts")
    times: int = parser.parse_args().times
    with tempfile.TemporaryDirectory() as name:
        project = Path(name)
        for part in ("data", "notebooks", "params", f"build/{QUARTER}"):
            (project / part).mkdir(parents=True)
        # About as many as the report of the example has.
        values = {f"crime.all_{number}.year.count": f"{number:,}" for number in range(1500)}
        write_values(project / "build" / QUARTER, QUARTER, values)
        rounds = [{name: run(command, project) for name, command in COMMANDS.items()} for _ in range(times)]
    best = {name: min((measured[name] for measured in rounds), key=lambda one: one.seconds) for name in COMMANDS}
    for name, measured in best.items():
        ratio = measured.seconds / best["import typer"].seconds
        print(f"{name:<24}{measured}, ratio {ratio:.1f}")
    print(f"goal: help in at most {GOAL} s")
    sys.exit(best["scrutiny --help"].seconds > GOAL)


if __name__ == "__main__":
    main()
