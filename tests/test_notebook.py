"""The public face of notebooks: it imports nothing by itself, and a warm process has imported all of it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from scrutiny import notebook


def printed(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_nothing_is_imported_before_it_is_asked_for():
    heavy = {"IPython", "matplotlib", "pandas", "seaborn"}
    assert printed(f"import sys, scrutiny.notebook; print(sorted({heavy} & set(sys.modules)))") == "[]"


@pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux alone")
def test_a_forked_kernel_has_nothing_left_to_import():
    left = printed(
        "import sys; from importlib import import_module; from scrutiny.execution.kernels.forkserver import PRELOADED\n"
        "[import_module(name) for name in PRELOADED]; before = set(sys.modules)\n"
        "from scrutiny.notebook import *; print(sorted(set(sys.modules) - before))"
    )
    assert left == "[]"


@pytest.mark.parametrize("name", notebook.__all__)
def test_each_name_is_that_of_its_module(name):
    found = getattr(notebook, name)
    assert found.__name__ == name
    assert found.__module__.startswith("scrutiny.analysis.")
    assert found is getattr(notebook, name)


def test_another_name_is_refused():
    with pytest.raises(ImportError, match="cannot import name 'perfomance'"):
        from scrutiny.notebook import perfomance  # noqa: F401
