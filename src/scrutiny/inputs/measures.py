"""Measures, the indicators of the report, as described in `data/measures.yaml`."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from itertools import pairwise
from operator import attrgetter
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, RootModel, field_validator, model_validator

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.inputs.events import LONGEST_LABEL
from scrutiny.statistics.control_chart import MINIMUM_POINTS
from scrutiny.suggest import nearest
from scrutiny.yaml_models import Strict, load_model

_SHOWN_AS = Path("data/measures.yaml")
MEASURE_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


class Polarity(StrEnum):
    """Which way a measure gets better."""

    LOWER = "lower"
    HIGHER = "higher"
    NEITHER = "neither"


class Priority(StrEnum):
    """A priority of the Police and Crime Plan; each is a part of Appendix A."""

    LOCAL_POLICING = "local_policing"
    TACKLING_CRIME = "tackling_crime"
    VULNERABLE_PEOPLE = "vulnerable_people"
    CONFIDENT_COMMUNITIES = "confident_communities"


class Target(Strict):
    """What the figure should be: at most or at least a number, in the measure's unit."""

    at_most: float | None = None
    at_least: float | None = None

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError("a target is either at_most or at_least")
        return self


def _is_month(text: object) -> object:
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}", str(text)):
            raise ValueError  # fromisoformat also reads weeks, and more
        date.fromisoformat(f"{text}-01")
    except ValueError:
        raise ValueError("write the month from which limits begin anew, such as 2018-05") from None
    return text


def _one_line(text: object) -> object:
    if isinstance(text, str) and ("{{" in text or "}}" in text):
        raise ValueError("this is plain text, in which shortcodes have no effect")
    return " ".join(text.split()) if isinstance(text, str) else text


class Baseline(Strict):
    """Where the limits of a measure's control charts begin anew, and why."""

    month: Annotated[str, BeforeValidator(_is_month)] = Field(alias="from")
    reason: Annotated[str, BeforeValidator(_one_line)] = Field(min_length=1, max_length=LONGEST_LABEL)
    """As a chart's label and its caption give it."""
    months: int = Field(default=MINIMUM_POINTS, ge=MINIMUM_POINTS)
    """How many months with a figure, from the first on, the limits come from."""

    @property
    def start(self) -> date:
        """The first day of the month."""
        return date.fromisoformat(f"{self.month}-01")

    @property
    def label(self) -> str:
        """The month as "May 2018"."""
        return f"{self.start:%B %Y}"


def _usual_material_change(measure: dict[str, object]) -> float:
    return 2 if measure["statistic"] == "percent" else 5


def _as_names(given: object) -> object:
    return (given,) if isinstance(given, str) else given


Names = Annotated[tuple[str, ...], BeforeValidator(_as_names)]
"""Of measures that add up to something; one may be written without brackets."""


class Measure(Strict):
    """An indicator."""

    title: str = Field(min_length=1)
    subject: str | None = Field(default=None, min_length=1)
    """What a sentence calls it, if not by its title: "Public order offences"."""
    definition: str = Field(min_length=1)
    unit: str = Field(min_length=1)
    """Plural of what is counted, or the unit of measurement: offences, incidents, min, %."""
    statistic: str = "count"
    places: int = Field(default=0, ge=0, le=2)
    """Decimal places shown."""
    polarity: Polarity
    dataset: str
    where: dict[str, str]
    """Columns of the dataset and the values that select this measure's rows."""
    source: str
    """Used unless a quarter's parameters name another."""
    sum_of: tuple[str, ...] = ()
    """Measures that add up to it, for a window of which it has no figure of its own."""
    numerator: Names = ()
    """Of a share or rate: the measure, or those that add up to what it is the share of or the rate of."""
    denominator: Names = ()
    """The measure, or those that add up to the whole, or the population."""
    per: int = Field(default=100, ge=1)
    """100 for a share, 1 for an average, 1,000 or so for a rate."""
    lag_months: int = Field(default=0, ge=0, le=24)
    """By how many months its figures run behind the report; shifts its windows."""
    allowed_lag_months: int = Field(ge=0, le=36)
    """Age of its newest figure, counted from the quarter's end, beyond which it is stale."""
    target: Target | None = None
    material_change: float = Field(default_factory=_usual_material_change, gt=0)
    """In per cent, or for a percentage in points; 5 per cent or 2 points by default."""
    baselines: tuple[Baseline, ...] = ()
    """In the order of time."""
    priority: Priority | None = None
    window: Literal["quarter", "year"] = "year"
    """The window in which Appendix A and the first page show it."""

    @field_validator("baselines")
    @classmethod
    def _one_a_month(cls, baselines: tuple[Baseline, ...]) -> tuple[Baseline, ...]:
        ordered = sorted(baselines, key=attrgetter("start"))
        for one, other in pairwise(ordered):
            if one.start == other.start:
                raise ValueError(f"two baselines begin in {one.month}; keep one, with both reasons")
        return tuple(ordered)

    @model_validator(mode="after")
    def _both_of_a_ratio(self) -> Self:
        if bool(self.numerator) != bool(self.denominator):
            raise ValueError("numerator and denominator go together")
        if self.numerator and self.sum_of:
            raise ValueError("a measure is a ratio (numerator, denominator) or a sum (sum_of)")
        return self

    @property
    def ratio(self) -> tuple[tuple[str, ...], ...]:
        """Numerator and denominator; empty if it is none."""
        return (self.numerator, self.denominator) if self.numerator else ()


class MeasuresFile(RootModel[dict[str, Measure]]):
    """What `data/measures.yaml` holds."""


class Measures(dict[str, Measure]):
    """The measures by name, ``topic.measure``; an unknown name is answered with the nearest."""

    def __missing__(self, name: str) -> Measure:
        raise WrongInput(Problem(f"data/measures.yaml has no measure {name!r}", hint=nearest(name, self)))


def load_measures(path: Path) -> Measures:
    """Read `data/measures.yaml`; a sum or ratio may be neither of unknown measures nor, a sum, of other sums."""
    measures = load_model(path, MeasuresFile, _SHOWN_AS).root
    wrong = [name for name in measures if not MEASURE_NAME.fullmatch(name)]
    if wrong:
        raise WrongInput(
            [Problem(f"{_SHOWN_AS}: a measure is named like crime.all, not {name!r}") for name in wrong]
        )
    unknown = [
        Problem(f"{part!r} is not a measure", Location(_SHOWN_AS, column=f"{name}.{key}"), nearest(part, measures))
        for name, measure in measures.items()
        for key in ("sum_of", "numerator", "denominator")
        for part in getattr(measure, key)
        if part not in measures
    ]
    computed = [
        Problem(
            f"{part!r} is computed from other measures itself",
            Location(_SHOWN_AS, column=f"{name}.{key}"),
            "write the measures that it is computed from",
        )
        for name, measure in measures.items()
        for key in ("sum_of", "numerator", "denominator")
        for part in getattr(measure, key)
        if part in measures and (measures[part].ratio or (key == "sum_of" and measures[part].sum_of))
    ]
    unknown += computed
    if unknown:
        raise WrongInput(unknown)
    return Measures(measures)
