"""Charts of the report, each with the alternative text that its data give."""

from scrutiny.charts.bars import paired_bars
from scrutiny.charts.chart import Chart
from scrutiny.charts.control import control_chart
from scrutiny.charts.quarters import quarter_bars
from scrutiny.charts.small_multiples import small_multiples
from scrutiny.charts.years import years_by_month

__all__ = ["Chart", "control_chart", "paired_bars", "quarter_bars", "small_multiples", "years_by_month"]
