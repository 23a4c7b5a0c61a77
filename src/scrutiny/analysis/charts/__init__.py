"""Charts of the report, each with the alternative text that its data give."""

from scrutiny.analysis.charts.bars import paired_bars
from scrutiny.analysis.charts.chart import Chart
from scrutiny.analysis.charts.control import control_chart
from scrutiny.analysis.charts.quarters import quarter_bars
from scrutiny.analysis.charts.small_multiples import small_multiples
from scrutiny.analysis.charts.years import years_by_month

__all__ = ["Chart", "control_chart", "paired_bars", "quarter_bars", "small_multiples", "years_by_month"]
