"""A new quarter's files: parameters from an earlier one, and its narrative marked as carried over."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from scrutiny.errors import Location, Problem, WrongInput, WrongUse
from scrutiny.files import write_together
from scrutiny.inputs.parameters import Heading, Parameters
from scrutiny.inputs.project import Project
from scrutiny.narrative.sections import Narrative, load_narrative
from scrutiny.pipeline.quarters.confirm import CONFIRMED, with_key
from scrutiny.statistics.periods import Quarter, add_months
from scrutiny.suggest import nearest
from scrutiny.yaml_models import in_words, parse_yaml, read_text, validate_model

KEY = "carried-over"


@dataclass(frozen=True)
class Begun:
    """A quarter that was begun from an earlier one.

    Parameters
    ----------
    sections : tuple of str
        Names of the files in its folder of narrative; none if the skeleton serves.
    """

    parameters: Parameters
    earlier: Quarter
    sections: tuple[str, ...]


def begin(
    project: Project,
    quarter: str,
    *,
    earlier: str | None = None,
    skeleton: bool = False,
    meeting: str | None = None,
) -> Begun:
    """Write the parameters and the narrative of a new quarter, whole or not at all.

    Parameters
    ----------
    earlier : str, optional
        The quarter to begin from, by default the newest before it.
    skeleton : bool
        Carry no section over; those of `sections/_skeleton/` serve.
    meeting : str, optional
        Month or day of the meeting; by default as many months after the earlier one's as lie between the quarters.

    Raises
    ------
    WrongUse
        If it is no quarter, some of its files exist, or there is none to begin from.
    WrongInput
        If the earlier quarter's files are wrong, or files cannot be written.
    """
    new = _quarter(quarter)
    _refuse_to_overwrite(project, new)
    old = _quarter(earlier) if earlier else _newest_before(project, new)
    before = project.parameters(str(old))
    if meeting:
        _require_date(before, meeting)
    text, parameters = _parameters(project, before, new, meeting)
    # Without a section of its own the quarter has those of the skeleton: they have to be there.
    narrative = load_narrative(project.sections, str(new) if skeleton else before.quarter, before.sections)
    files = _files(project, narrative, before)
    _write(project, new, text, files)
    return Begun(parameters, old, tuple(sorted(files)))


def _quarter(written: str) -> Quarter:
    try:
        return Quarter.parse(written)
    except ValueError as error:
        raise WrongUse(Problem(str(error), hint="write it like 2020-21-Q2: Q1 is April to June")) from None


def _refuse_to_overwrite(project: Project, quarter: Quarter) -> None:
    problems = [
        Problem(
            "this exists already, and nothing is overwritten",
            Location(path.relative_to(project.root)),
            f"go on with it (scrutiny status {quarter}), or move it away",
        )
        for path in (project.params / f"{quarter}.yml", project.sections / str(quarter))
        if os.path.lexists(path)
    ]
    if problems:
        raise WrongUse(problems)


def _newest_before(project: Project, quarter: Quarter) -> Quarter:
    known = []
    for path in project.params.glob("*.yml"):
        try:
            known.append(Quarter.parse(path.stem))
        except ValueError:
            continue
    if not (earlier := [one for one in known if one < quarter]):
        raise WrongUse(
            Problem(
                f"params/ has no quarter before {quarter} to begin from",
                hint=f"name one with --from; {nearest(str(quarter), map(str, known))}",
            )
        )
    return max(earlier)


def _require_date(before: Parameters, meeting: str) -> None:
    try:
        Heading.model_validate(before.report.model_dump() | {"date": meeting})
    except ValidationError as error:
        what = f"--date: {in_words(error.errors()[0])}, not {meeting!r}"
        raise WrongUse(Problem(what)) from None


def _parameters(
    project: Project, before: Parameters, quarter: Quarter, meeting: str | None
) -> tuple[str, Parameters]:
    """Return an earlier quarter's parameters with the new quarter and meeting, as text and as a model."""
    source = project.params / f"{before.quarter}.yml"
    shown_as = Path("params", f"{quarter}.yml")
    text = read_text(source, Path("params", source.name))
    text = _with_value(text, ("quarter",), str(quarter))
    text = _with_value(text, ("report", "date"), meeting or _moved_on(before, quarter))
    return text, validate_model(parse_yaml(text, shown_as), Parameters, shown_as)


def _moved_on(before: Parameters, quarter: Quarter) -> str:
    """Move an earlier quarter's meeting on; a day that the month does not have becomes its last."""
    old, new, meeting = before.reported.period.end, quarter.period.end, before.report.date
    months = (new.year - old.year) * 12 + new.month - old.month
    if len(meeting) == len("2020-09"):
        return f"{add_months(date.fromisoformat(f'{meeting}-01'), months):%Y-%m}"
    return str(add_months(date.fromisoformat(meeting), months))


def _with_value(text: str, path: tuple[str, ...], value: str) -> str:
    """Replace one value of a YAML text and leave the rest, comments included, as it is."""
    node: Any = yaml.compose(text, yaml.SafeLoader)
    for key in path:
        node = next(child for name, child in node.value if name.value == key)
    quote = node.style if node.style in ("'", '"') else ""
    return f"{text[: node.start_mark.index]}{quote}{value}{quote}{text[node.end_mark.index :]}"


def _files(project: Project, narrative: Narrative, before: Parameters) -> dict[str, bytes]:
    """Return a quarter's own sections, marked as carried over, and its pictures, but nothing of the skeleton's."""
    files = {}
    for section in narrative.sections:
        if not section.from_skeleton:
            text = read_text(project.root / section.source, str(section.source))
            files[section.name] = carried_over(text, before.reported).encode()
    pictures = (picture for picture in narrative.pictures if picture.parent.name == before.quarter)
    return files | {picture.name: picture.read_bytes() for picture in pictures}


def _write(project: Project, quarter: Quarter, parameters: str, sections: Mapping[str, bytes]) -> None:
    folder = project.sections / str(quarter)
    files = {folder / name: content for name, content in sections.items()}
    try:
        write_together(project.root, files | {project.params / f"{quarter}.yml": parameters.encode()})
    except OSError as error:
        what = f"the files of {quarter} cannot be written: {error.strerror or error}"
        raise WrongInput(Problem(what, hint="nothing was written; make room or ask for access")) from None


def carried_over(text: str, quarter: Quarter) -> str:
    """Mark a section's file as carried over from a quarter, for which alone its text was confirmed."""
    return with_key(with_key(text, CONFIRMED, ""), KEY, f"{KEY}: {quarter}\n")
