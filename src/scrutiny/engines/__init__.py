"""Engines: what turns a workspace into documents."""

from __future__ import annotations

from scrutiny.engines.interface import DOCUMENTS, Engine
from scrutiny.engines.pandoc import PandocEngine
from scrutiny.engines.quarto import QuartoEngine, find_quarto
from scrutiny.errors import Problem, WrongUse

__all__ = ["DOCUMENTS", "ENGINES", "Engine", "choose_engine"]

ENGINES = ("quarto", "pandoc")


def choose_engine(name: str | None = None) -> Engine:
    """Give the engine that was asked for, or Quarto where it is installed, or the bundled one.

    Parameters
    ----------
    name : {"quarto", "pandoc"}, optional

    Raises
    ------
    WrongUse
        If Quarto was asked for and is not there or too old, or there is no such engine.
    """
    if name == "pandoc":
        return PandocEngine()
    if name not in (None, "quarto"):
        raise WrongUse(Problem(f"there is no engine {name!r}", instead=f"choose one of {', '.join(ENGINES)}"))
    found = find_quarto()
    if found.usable:
        return QuartoEngine(found)
    if name == "quarto":
        raise WrongUse(Problem(found.why_not, instead="install Quarto 1.9 or newer, or use --engine pandoc"))
    return PandocEngine()
