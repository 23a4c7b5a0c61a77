"""Time and memory of running the project's notebooks: ordinary kernels, forked ones, and no kernel at all.

    python benchmarks/kernels.py

Each way is a process of its own that runs the notebooks of 2020-21-Q1, imports included. The last, their code in
one process, is the floor; the others are given as ratios to it. Ratios of one run on an idle machine mean
something, seconds do not.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from measuring import copy_project, run

QUARTER = "2020-21-Q1"
WAYS = {
    "ordinary kernels, one by one": ("ordinary", "1"),
    "ordinary kernels, two at a time": ("ordinary", "2"),
    "forked kernels, one by one": ("forked", "1"),
    "forked kernels, two at a time": ("forked", "2"),
    "forked kernels, four at a time": ("forked", "4"),
    "the same code in one process": ("one process", "1"),
}


def main() -> None:
    """Measure all ways."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = copy_project(Path(temporary, "project"))
        command = [sys.executable, str(Path(__file__).resolve())]
        runs = {way: run([*command, *arguments], folder) for way, arguments in WAYS.items()}
    floor = runs["the same code in one process"].seconds
    for way, measured in runs.items():
        print(f"{way:<32} {measured}, {measured.seconds / floor:5.2f} times the floor")


def run_in_kernels(sources: list[Path], forked: bool, at_once: int) -> None:
    """Run notebooks as a build does."""
    from scrutiny.execution.kernels import KernelPool
    from scrutiny.execution.run import execute_notebooks

    with KernelPool(fork=forked) as kernels:
        execute_notebooks(sources, Path("build", "notebooks"), QUARTER, kernels=kernels, at_once=at_once)


def run_in_one_process(sources: list[Path]) -> None:
    """Run the cells of notebooks one after another."""
    import nbformat

    notebooks = [nbformat.read(source, as_version=4) for source in sources]
    os.chdir("notebooks")
    for notebook in notebooks:
        names: dict[str, object] = {}
        for cell in notebook.cells:
            if cell.cell_type == "code":
                exec(cell.source, names)
                if "parameters" in cell.metadata.get("tags", []):
                    names["quarter"] = QUARTER


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        kind, at_once = sys.argv[1:]
        found = sorted(Path("notebooks").resolve().glob("*.ipynb"))
        if kind == "one process":
            run_in_one_process(found)
        else:
            run_in_kernels(found, kind == "forked", int(at_once))
