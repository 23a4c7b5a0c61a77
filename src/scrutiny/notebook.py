"""What a notebook needs: ``from scrutiny.notebook import …``."""

from scrutiny.charts import control_chart, quarter_bars
from scrutiny.phrases import change_values, directions, movement, values_of
from scrutiny.report import Report
from scrutiny.show import publish, show_figure, show_table
from scrutiny.tables import annual_and_quarterly_changes, performance

__all__ = [
    "Report",
    "annual_and_quarterly_changes",
    "change_values",
    "control_chart",
    "directions",
    "movement",
    "performance",
    "publish",
    "quarter_bars",
    "show_figure",
    "show_table",
    "values_of",
]
