"""Values: computed numbers and phrases by name, which narrative quotes with ``{{< var name >}}``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from scrutiny.errors import Problem, WrongInput
from scrutiny.inputs.parameters import Parameters
from scrutiny.statistics.periods import SAME_PERIOD_A_YEAR_AGO, WINDOWS, long_date, window

COMPUTED_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+){3}")
RESERVED_TOPICS = ("report", "period")
"""Topics of the values that the program gives by itself."""


def collect(published: Iterable[tuple[str, Mapping[str, str]]]) -> dict[str, str]:
    """Put the values of all notebooks together.

    Parameters
    ----------
    published : iterable of (str, mapping of str to str)
        Notebook and what it published: name to plain text.

    Returns
    -------
    dict of str to str
        Name to plain text, sorted by name.

    Raises
    ------
    WrongInput
        If a name is not of the form ``topic.measure.window.statistic``, is published twice, or is the
        prefix of another (Quarto prints nothing for such a name).
    """
    publisher: dict[str, str] = {}
    values: dict[str, str] = {}
    problems: list[Problem] = []
    for notebook, named in published:
        for name, text in named.items():
            if name in publisher:
                problems.append(
                    Problem(
                        f"the value {name} is published by {publisher[name]} and by {notebook}",
                        hint="let one of the two publish it",
                    )
                )
            elif wrong := name_problem(name):
                problems.append(Problem(f"{notebook}: {wrong}"))
            publisher.setdefault(name, notebook)
            values[name] = text
    problems += prefix_problems(values)
    if problems:
        raise WrongInput(problems)
    return dict(sorted(values.items()))


def name_problem(name: str) -> str | None:
    """Say what is wrong with the name of a computed value, or give None."""
    if not COMPUTED_NAME.fullmatch(name):
        return f"a value is named topic.measure.window.statistic in small letters, not {name!r}"
    if name.split(".")[0] in RESERVED_TOPICS:
        return f"the value {name} has a topic that the program keeps for itself"
    return None


def prefix_problems(names: Iterable[str]) -> list[Problem]:
    """Find names that are the prefix of another, such as ``a.b`` beside ``a.b.c``."""
    known = set(names)
    problems = []
    for name in sorted(known):
        parts = name.split(".")
        for length in range(1, len(parts)):
            prefix = ".".join(parts[:length])
            if prefix in known:
                problems.append(
                    Problem(
                        f"the value {prefix} is the prefix of {name}: Quarto would print nothing for it",
                        hint="give one of the two another name",
                    )
                )
    return problems


def program_values(parameters: Parameters) -> dict[str, str]:
    """Give the values that the program itself knows: the heading's, and the periods of the windows."""
    heading = parameters.report
    quarter = parameters.reported
    values = {
        "report.title": heading.title,
        "report.to": heading.to,
        "report.date": heading.date_label,
        "report.item": heading.item,
        "report.force": heading.force,
        "report.quarter": quarter.label,
    }
    for name in {*WINDOWS, *SAME_PERIOD_A_YEAR_AGO, *SAME_PERIOD_A_YEAR_AGO.values()}:
        period = window(quarter, name)
        values[f"period.{name}.label"] = period.label
        values[f"period.{name}.end"] = long_date(period.end)
    return dict(sorted(values.items()))
