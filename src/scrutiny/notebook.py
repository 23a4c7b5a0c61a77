"""What a notebook needs: ``from scrutiny.notebook import …``. Nothing is imported before it is asked for."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrutiny.analysis.at_a_glance import glance_values, judgements, standing_headline, standing_table
    from scrutiny.analysis.breakdowns import by_group, spend, workforce_census
    from scrutiny.analysis.charts import (
        control_chart,
        paired_bars,
        quarter_bars,
        small_multiples,
        years_by_month,
    )
    from scrutiny.analysis.comparison_tables import (
        annual_and_quarterly_changes,
        by_window,
        months_by_financial_year,
        performance,
        targets_in_words,
    )
    from scrutiny.analysis.phrases import (
        change_values,
        directions,
        figure_values,
        headline,
        percent_phrase,
        share_values,
        stated,
        values_of,
    )
    from scrutiny.analysis.report import Report
    from scrutiny.analysis.show import publish, show_figure, show_table
    from scrutiny.analysis.table import Level

__all__ = [
    "Level",
    "Report",
    "annual_and_quarterly_changes",
    "by_group",
    "by_window",
    "change_values",
    "control_chart",
    "directions",
    "figure_values",
    "glance_values",
    "headline",
    "judgements",
    "months_by_financial_year",
    "paired_bars",
    "percent_phrase",
    "performance",
    "publish",
    "quarter_bars",
    "share_values",
    "show_figure",
    "show_table",
    "small_multiples",
    "spend",
    "standing_headline",
    "standing_table",
    "stated",
    "targets_in_words",
    "values_of",
    "workforce_census",
    "years_by_month",
]
_MODULES = ("report", "phrases", "table", "comparison_tables", "breakdowns", "at_a_glance", "charts", "show")
"""Where they are, in `scrutiny.analysis`; those that load Matplotlib and seaborn last."""


def __getattr__(name: str) -> object:
    if name in __all__:
        for module in _MODULES:
            found = getattr(import_module(f"scrutiny.analysis.{module}"), name, None)
            if found is not None:
                return globals().setdefault(name, found)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
