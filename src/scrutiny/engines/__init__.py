"""Engines: what turns a workspace into documents."""

from __future__ import annotations

from scrutiny.engines.documents import DOCUMENTS
from scrutiny.engines.pandoc import PandocEngine
from scrutiny.engines.quarto import QuartoEngine, find_quarto
from scrutiny.errors import Problem, WrongUse

__all__ = ["DOCUMENTS", "ENGINES", "Engine", "choose_engine"]

ENGINES = ("quarto", "pandoc")
Engine = PandocEngine | QuartoEngine


def choose_engine(name: str | None = None) -> Engine:
    """Give the engine of a name; by default Quarto where it is installed, or else the bundled one.

    Raises WrongUse if there is no such engine, or Quarto is not installed or too old.
    """
    if name == "pandoc":
        return PandocEngine()
    if name not in (None, "quarto"):
        raise WrongUse(Problem(f"there is no engine {name!r}", hint=f"choose one of {', '.join(ENGINES)}"))
    found = find_quarto()
    if found.usable:
        return QuartoEngine(found)
    if name == "quarto":
        raise WrongUse(Problem(found.why_not, hint="install Quarto 1.9 or newer, or use --engine pandoc"))
    return PandocEngine()
