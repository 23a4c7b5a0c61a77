"""Parameters of one quarter's report: `params/<quarter>.yml`, validated before a notebook runs."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, field_validator

from scrutiny.errors import Location, Problem, WrongInput, WrongUse
from scrutiny.statistics.periods import Quarter, long_date
from scrutiny.suggest import nearest
from scrutiny.yaml_models import Strict, load_model

SECTION_NAME = re.compile(r"\d{2}-[a-z0-9]+(-[a-z0-9]+)*")


def _is_quarter(text: str) -> str:
    return str(Quarter.parse(text))


def _month_as_text(given: object) -> object:
    # YAML reads 2020-09-10 as a date, but 2020-09 as text.
    return given.isoformat() if isinstance(given, date) else given


def _number_as_text(given: object) -> object:
    # In Python, true and false are integers too.
    return str(given) if isinstance(given, int) and not isinstance(given, bool) else given


def _first_day(month_or_day: str) -> date:
    return date.fromisoformat(f"{month_or_day}-01"[:10])


def _is_month_or_day(text: str) -> str:
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?", text):
            raise ValueError  # fromisoformat also reads weeks, and more
        _first_day(text)
    except ValueError:
        raise ValueError("write the month (2020-09) or day (2020-09-10) of the meeting") from None
    return text


def _is_plain(text: str) -> str:
    if "{{" in text or "}}" in text:
        raise ValueError("this is plain text, in which shortcodes have no effect")
    # Typst would make a list of it.
    if re.match(r"(\d+[.)]|[-+=/])(\s|$)", text):
        raise ValueError("start it with a word, not like an item of a list")
    return text


Line = Annotated[str, Field(min_length=1), AfterValidator(_is_plain)]


def _is_marking(text: str) -> str:
    # It also stands in a style sheet.
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 :/,.()\[\]–-]*", text):
        raise ValueError("write letters, digits and simple punctuation, such as OFFICIAL or OFFICIAL-SENSITIVE")
    return text


class Heading(Strict):
    """The heading block of the report: the meeting that receives it, and its item on the agenda."""

    to: Line
    date: Annotated[str, BeforeValidator(_month_as_text), AfterValidator(_is_month_or_day)]
    title: Line
    item: Annotated[Line, BeforeValidator(_number_as_text)]
    force: Line
    marking: Annotated[Line, AfterValidator(_is_marking)] | None = None
    """Of the document's protection, such as OFFICIAL; stands at the top and foot of each page."""

    @property
    def date_label(self) -> str:
        """Such as "September 2020" or "10 September 2020"."""
        day = _first_day(self.date)
        return f"{day:%B %Y}" if len(self.date) == 7 else long_date(day)


class Parameters(Strict):
    """What differs from quarter to quarter and is neither data nor narrative."""

    quarter: Annotated[str, AfterValidator(_is_quarter)]
    report: Heading
    sources: dict[str, str]
    """Dataset or measure, and the source of its figures; a measure's entry wins over its dataset's."""
    sections: list[str] = Field(min_length=1)
    """Files of `sections/<quarter>/`, without ``.qmd``, in the order of the report."""

    @field_validator("sections")
    @classmethod
    def _named_and_once(cls, sections: list[str]) -> list[str]:
        for name in sections:
            if not SECTION_NAME.fullmatch(name):
                raise ValueError(f"a section is named like 04-tackling-crime, not {name!r}")
            if sections.count(name) > 1:
                raise ValueError(f"the section {name!r} is listed twice")
        return sections

    def source_of(self, measure: str, dataset: str) -> str | None:
        """Name the source chosen for a measure of a dataset; None if it is the measure's own."""
        return self.sources.get(measure) or self.sources.get(dataset)

    @property
    def reported(self) -> Quarter:
        """The quarter, parsed."""
        return Quarter.parse(self.quarter)


def load_parameters(folder: Path, quarter: str, shown_in: Path = Path("params")) -> Parameters:
    """Read the parameters of a quarter from the folder `params/`, which the user knows as `shown_in`.

    Raises WrongUse if there is no such quarter, and WrongInput if its file is wrong.
    """
    known = [path.stem for path in folder.glob("*.yml")]
    if quarter not in known:
        try:
            Quarter.parse(quarter)
        except ValueError as error:
            raise WrongUse(Problem(str(error), hint=nearest(quarter, known))) from None
        what = f"there are no parameters for {quarter}: {shown_in / quarter}.yml is missing"
        raise WrongUse(Problem(what, hint=nearest(quarter, known)))
    shown_as = shown_in / f"{quarter}.yml"
    parameters = load_model(folder / f"{quarter}.yml", Parameters, shown_as)
    if parameters.quarter != quarter:
        what = f"this says {parameters.quarter}, but the file is named {quarter}.yml"
        raise WrongInput(Problem(what, Location(shown_as, column="quarter"), f"quarter: {quarter}"))
    return parameters
