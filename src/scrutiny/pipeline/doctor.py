"""What is installed on this machine, and which engine a build would use."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import version

from scrutiny.engines import choose_engine
from scrutiny.engines.pandoc import PandocEngine
from scrutiny.engines.quarto import find_quarto

_PACKAGES = ("papermill", "ipykernel", "pandas", "matplotlib", "seaborn", "pandera")


def examine() -> list[tuple[str, str]]:
    """Return pairs of what was looked for and what was found."""
    quarto = find_quarto()
    engine = choose_engine()
    return [
        ("Python", f"{platform.python_version()} ({sys.executable})"),
        *((name, version(name)) for name in _PACKAGES),
        ("bundled engine", f"pandoc {PandocEngine().version}"),
        ("Quarto", f"{quarto.version} ({quarto.path})" if quarto.usable else quarto.why_not),
        ("a build uses", f"{engine.name} {engine.version}"),
    ]
