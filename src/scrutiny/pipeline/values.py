"""The values of a quarter as a list: for the terminal, for other programs, and for completion in editors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from scrutiny.errors import CheckFound, Location, Problem, WrongInput, WrongUse
from scrutiny.suggest import instead_of
from scrutiny.text import as_json, one_line
from scrutiny.workspace.write import VALUES

if TYPE_CHECKING:
    from rich.table import Table

    from scrutiny.inputs.project import Project
    from scrutiny.progress import BuildProgress


def values_now(project: Project, quarter: str, progress: BuildProgress) -> dict[str, str]:
    """Return what a quarter's notebooks publish now, and the program's own values: plain text by name, sorted.

    Only notebooks that changed run, and nothing but cached results is left behind.
    """
    # Imported late: the values of the last build need none of it.
    from scrutiny.pipeline.stages import Stages

    with Stages.of(project, quarter).staged(progress) as (computed, _):
        return dict(sorted(computed.values.items()))


def values_of_last_build(project: Project, quarter: str) -> dict[str, str]:
    """Return the values of a quarter's last build.

    Raises
    ------
    WrongUse
        If there is no such quarter, or no build of it.
    WrongInput
        If the list that it left is damaged.
    """
    path = project.build / quarter / VALUES
    mended = f"run scrutiny build {quarter}"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): str(text) for name, text in content["values"].items()}
    except (FileNotFoundError, NotADirectoryError):
        project.parameters(quarter)
        what = f"{quarter} has not been built, so there is no last list of values"
        raise WrongUse(Problem(what, None, mended)) from None
    except (ValueError, LookupError, TypeError, AttributeError, OSError):
        place = Location(path.relative_to(project.root).as_posix())
        raise WrongInput(Problem("this is no list of values", place, mended)) from None


def matching(values: Mapping[str, str], patterns: Sequence[str], *, text: bool = False) -> dict[str, str]:
    """Choose the values that match every pattern.

    Parameters
    ----------
    patterns : sequence of str
        Each part of a name, in any case, or a glob with ``*`` or ``?``.
    text : bool
        Whether a pattern may also match the text of a value.

    Raises
    ------
    CheckFound
        If none does, with the nearest names.
    """
    chosen = {
        name: says
        for name, says in values.items()
        if all(_matches(pattern, name) or (text and _matches(pattern, says)) for pattern in patterns)
    }
    if not chosen:
        asked = " and ".join(f'"{pattern}"' for pattern in patterns)
        where = "name or text of a value" if text else "name of a value"
        raise CheckFound(Problem(f"no {where} matches {asked}", None, _instead(values, patterns, text=text)))
    return chosen


def _matches(pattern: str, written: str) -> bool:
    pattern, written = pattern.casefold(), written.casefold()
    if "*" in pattern or "?" in pattern:
        # Brackets are literal: values contain [x].
        return fnmatchcase(written, pattern.replace("[", "[[]"))
    return pattern in written


def _instead(values: Mapping[str, str], patterns: Sequence[str], *, text: bool) -> str:
    # Of several patterns, those that match nothing by themselves are wrong.
    wrong = [pattern for pattern in patterns if not any(_matches(pattern, name) for name in values)]
    if not wrong:
        return "each of them matches some, and none matches all: leave one out"
    if not text and any(_matches(wrong[0], says) for says in values.values()):
        return "some say so: search what values say with --text"
    return instead_of(wrong[0].strip("*?"), values)


def as_lines(values: Mapping[str, str]) -> Iterator[str]:
    """Write values for other programs: name, tab, text on one line."""
    for name, text in values.items():
        yield f"{name}\t{one_line(text)}"


def as_tables(values: Mapping[str, str]) -> Iterator[Table]:
    """Tabulate values for the terminal: each as it is quoted, and what it says."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    # Names are copied from here, so they stay whole.
    table.add_column(no_wrap=True, overflow="ignore")
    table.add_column(overflow="fold")
    for name, text in values.items():
        quoted = Text.assemble(("{{< var ", "dim"), name, (" >}}", "dim"))
        table.add_row(quoted, Text(one_line(text)))
    yield table


def as_snippets(quarter: str, values: Mapping[str, str]) -> str:
    """Write values as VS Code snippets, which other editors read, too."""
    snippets = {
        name: {
            "scope": "quarto,markdown",
            "prefix": name,
            "body": f"{{{{< var {name} >}}}}",
            "description": f"{one_line(text)} ({quarter})",
        }
        for name, text in values.items()
    }
    return as_json(snippets)
