"""Values: computed numbers and phrases by name, which narrative quotes with ``{{< var name >}}``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from scrutiny import markdown
from scrutiny.errors import Problem, WrongInput

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
                        instead="let one of the two publish it",
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
                        instead="give one of the two another name",
                    )
                )
    return problems


_BEFORE_UNIT = re.compile(r"(?<=\d) (?=[^\W\d])")
_WORD_JOINER = "\N{WORD JOINER}"


def as_variables(values: Mapping[str, str]) -> dict[str, object]:
    """Nest values as `_variables.yml` has them, the texts escaped for Markdown.

    Quarto reads a value once more after its backslashes are gone, and would carry out a shortcode in it: a word
    joiner, which nobody sees, keeps its brackets from being that.
    """
    variables: dict[str, object] = {}
    for name, text in values.items():
        *path, last = name.split(".")
        level = variables
        for part in path:
            level = level.setdefault(part, {})  # type: ignore[assignment]
        # A figure and its unit, a day and its month stay on one line.
        text = _BEFORE_UNIT.sub("\N{NO-BREAK SPACE}", text)
        inert = text.replace("{{<", f"{{{{<{_WORD_JOINER}").replace(">}}", f">{_WORD_JOINER}}}}}")
        level[last] = markdown.escape(inert)
    return variables
