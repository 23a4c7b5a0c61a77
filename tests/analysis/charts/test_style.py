from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, pairwise

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from colorspacious import cspace_convert, deltaE
from fixtures.projects import ROOT, copy_project
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text
from readback.colour import contrast

from scrutiny.analysis.at_a_glance import judgements
from scrutiny.analysis.charts import (
    Chart,
    control_chart,
    paired_bars,
    quarter_bars,
    small_multiples,
    years_by_month,
)
from scrutiny.analysis.charts import style as chart_style
from scrutiny.analysis.charts.signals import STYLES
from scrutiny.analysis.report import Report
from scrutiny.inputs.project import Project

PALETTE = chart_style.CATEGORICAL
# The last stands beside the first too: in pairs of bars, and where a palette begins again.
NEIGHBOURS = list(pairwise((*PALETTE, PALETTE[0])))
DEFICIENCIES = ("protanomaly", "deuteranomaly", "tritanomaly")
SURVEYS = ("burglary", "violence", "hate", "domestic_abuse", "anti_social_behaviour")

Draw = Callable[[Report], Chart]
DRAWN: dict[str, Draw] = {
    **{
        name: lambda report, name=name: control_chart(report.measure(name))
        for name in ("crime.all", "da.incidents", "da.crimes", "missing.incidents", "sexual.rape")
    },
    "crime.all, 11 months": lambda report: control_chart(report.measure("crime.all"), months=11),
    "knife.crime": lambda report: quarter_bars(report.measure("knife.crime")),
    "search.searches": lambda report: years_by_month(report.measure("search.searches")),
    "crime.all, 4 years": lambda report: years_by_month(report.measure("crime.all"), years=4),
    "satisfaction": lambda report: paired_bars(
        {report.measure(f"satisfaction.{name}").title: report.measure(f"satisfaction.{name}") for name in SURVEYS},
        "rates",
        "Share satisfied",
    ),
}
MORE_EVENTS = """\
date,label,topics
2017-11-02,The way of recording was inspected,crime da sexual
2018-11-03,Counting rules changed,knife
2020-03-23,Lockdown began,
"""


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Chart]:
    """Give the report's charts; those of more events, all figures being real; of a quarter with fewer figures."""
    mpl.use("Agg")
    eventful = copy_project(tmp_path_factory.mktemp("eventful"))
    for dataset in (eventful / "data").glob("*.csv"):
        text = dataset.read_text(encoding="utf-8")
        dataset.write_text(text.replace(",illustrative,", ",supplied,"), encoding="utf-8")
    (eventful / "data" / "events.csv").write_text(MORE_EVENTS, encoding="utf-8")
    reports = {
        "real": Report("2020-21-Q1", Project(ROOT)),
        "eventful": Report("2020-21-Q1", Project(eventful)),
        "early": Report("2019-20-Q4", Project(ROOT)),
    }
    charts: dict[str, Chart] = {}

    def keep(name: str, chart: Chart) -> None:
        chart.figure.canvas.draw()
        plt.close(chart.figure)
        charts[name] = chart

    for kind, report in reports.items():
        for name, draw in DRAWN.items():
            keep(f"{kind} {name}", draw(report))
        judged = judgements(report)
        for standing in ("better", "worse", "no_material_change", "with_text"):
            if chart := small_multiples(judged, standing):
                keep(f"{kind} {standing}", chart)
    return charts


def lightness(colour: object) -> float:
    return float(cspace_convert(to_rgb(colour), "sRGB1", "CIELab")[0])


def as_seen(colour: str, deficiency: str) -> np.ndarray:
    space = {"name": "sRGB1+CVD", "cvd_type": deficiency, "severity": 100}
    return np.clip(cspace_convert(to_rgb(colour), space, "sRGB1"), 0, 1)


def drawn_texts(figure: Figure) -> list[Text]:
    """Give the texts that are drawn, which are not those of ticks beyond the end of an axis."""
    beyond = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            beyond |= {tick.label1 for tick in axis.get_major_ticks() if not low <= tick.get_loc() <= high}
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text() and text not in beyond]


def test_each_colour_stands_out_from_white():
    assert {colour: contrast(to_rgb(colour)) for colour in PALETTE if contrast(to_rgb(colour)) < 3} == {}


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_neighbours_are_told_apart_without_all_colours(deficiency):
    distances = {
        pair: deltaE(*(as_seen(colour, deficiency) for colour in pair), input_space="sRGB1") for pair in NEIGHBOURS
    }
    # 1 is a difference that can just be seen.
    assert {pair: distance for pair, distance in distances.items() if distance < 20} == {}


def test_neighbours_are_told_apart_in_greyscale():
    differences = {pair: abs(lightness(pair[0]) - lightness(pair[1])) for pair in NEIGHBOURS}
    assert {pair: difference for pair, difference in differences.items() if difference < 25} == {}


def test_text_can_be_read_at_half_size_and_stands_out(charts):
    for name, chart in charts.items():
        texts = drawn_texts(chart.figure)
        assert texts, name
        for text in texts:
            assert text.get_fontsize() >= 10, (name, text)
            assert contrast(to_rgb(text.get_color())) >= 4.5, (name, text)
            assert text.get_fontname() == chart_style.FONT, (name, text)


def test_no_text_leaves_its_picture_or_overlaps_another(charts):
    wrong = []
    for name, chart in charts.items():
        boxes = {text: Text.get_window_extent(text) for text in drawn_texts(chart.figure)}
        for text, box in boxes.items():
            inside = chart.figure.bbox.padded(1)
            if not (inside.contains(*box.min) and inside.contains(*box.max)):
                wrong.append(f"{name}: {text.get_text()!r} leaves the picture")
        for (one, first), (other, second) in combinations(boxes.items(), 2):
            if first.overlaps(second):
                wrong.append(f"{name}: {one.get_text()!r} overlaps {other.get_text()!r}")
    assert wrong == []


def test_pictures_are_as_wide_as_the_text_and_leave_room_on_a_page(charts):
    for name, chart in charts.items():
        width, height = chart.figure.get_size_inches()
        assert width == chart_style.WIDTH, name
        assert height < 6, name


def test_a_rule_has_one_symbol_in_all_charts_and_a_key_names_it(charts):
    named = set()
    for name, chart in charts.items():
        rules = set(chart.data.get("signal", ())) - {""}
        named |= rules
        lines = [
            line for axes in chart.figure.axes for line in axes.lines if line.get_marker() not in (None, "None")
        ]
        symbols = {line.get_marker(): line for line in lines}
        assert {rule for rule in STYLES if STYLES[rule][0] in symbols} == rules, name
        for rule in rules:
            marker, colour, words = STYLES[rule]
            assert to_hex(symbols[marker].get_color()) == colour.lower(), name
            assert words.capitalize() in [text.get_text() for text in chart.figure.legends[0].get_texts()], name
    assert named == set(STYLES)
    assert len({marker for marker, *_ in STYLES.values()}) == len(STYLES)


def test_marks_stand_out_from_white(charts):
    for name, chart in charts.items():
        for axes in chart.figure.axes:
            colours = [line.get_color() for line in axes.lines]
            colours += [bar.get_edgecolor() if bar.get_hatch() else bar.get_facecolor() for bar in axes.patches]
            assert all(contrast(to_rgb(colour)) >= 3 for colour in colours), name


def test_the_mean_is_told_from_the_limits_by_dashes(charts):
    lines = [line for line in charts["real crime.all"].figure.axes[0].lines if len(set(line.get_ydata())) == 1]
    assert [line.get_linestyle() for line in lines if line.get_color() == chart_style.MID_GREY] == [
        "--",
        "-",
        "--",
    ]


def test_years_are_told_apart_by_markers_and_by_dashes(charts):
    axes = charts["real crime.all, 4 years"].figure.axes[0]
    lines = [line for line in axes.lines if line.get_linestyle() != "None"]
    points = [line for line in axes.lines if line.get_linestyle() == "None"]
    assert len(lines) == len({line.get_marker() for line in lines}) == 4
    assert len({line._unscaled_dash_pattern for line in lines}) == 4
    # Hollow points have the shape of their line.
    assert [line.get_marker() for line in points if len(line.get_xdata())] == [line.get_marker() for line in lines]


def test_pairs_are_told_apart_by_lightness(charts):
    bars = charts["real satisfaction"].figure.axes[0].patches
    for before, latest in zip(bars[::2], bars[1::2], strict=True):
        assert lightness(before.get_facecolor()) - lightness(latest.get_facecolor()) > 25
        assert min(contrast(to_rgb(bar.get_facecolor())) for bar in (before, latest)) >= 3
    assert {to_hex(bar.get_facecolor()) for bar in bars} <= {colour.lower() for colour in PALETTE}
