"""Texts of charts lie over nothing: measured after drawing, over kinds of series and events."""

from __future__ import annotations

import io
from datetime import date
from itertools import combinations, pairwise

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from fixtures.series import measure_of
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from scrutiny.analysis.charts import (
    Chart,
    control_chart,
    paired_bars,
    placement,
    quarter_bars,
    small_multiples,
    years_by_month,
)
from scrutiny.analysis.judgement import Judgement, Standing
from scrutiny.errors import WrongInput

LONG = "Blackburn with Darwen and Ribble Valleys"
assert len(LONG) == 40
JUMPS = [100, 140, 60, 120, 80, 150, 40, 110, 90, 130, 70, 100] * 5
EVENTS = {
    "none": [],
    "one late": [("2020-03-23", "Lockdown began")],
    "first and last day": [("2017-07-01", "The first day"), ("2020-06-30", "The last day")],
    "long ones": [(day, LONG) for day in ("2017-07-05", "2018-12-12", "2020-06-29")],
    "same day": [("2019-01-01", "One"), ("2019-01-01", "Another"), ("2019-01-01", "A third")],
    "crowded": [(f"2019-0{month}-{day}", f"Event {month}.{day}") for month in (1, 2, 3, 4) for day in (10, 20)],
    "spread": [
        (f"20{year}-{month}-15", "Something new") for year in (18, 19) for month in ("01", "05", "09", "12")
    ],
    "outside": [("2010-01-01", "Long before"), ("2030-01-01", "Long after")],
    "letters": [("2019-05-05", "Cost $5, then $6_a^b"), ("2019-06-06", "Ŵythnos Ŷ, Größe")],
}


@pytest.fixture(autouse=True)
def close_figures():
    mpl.use("Agg")
    yield
    plt.close("all")


def texts_of(figure) -> list[Text]:
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]


def marks_of(axes: Axes) -> tuple[list[Bbox], list]:
    """Give the boxes of markers and bars, and the paths of lines, in pixels."""
    boxes, paths = [], []
    for line in axes.lines:
        path = line.get_transform().transform_path(line.get_path())
        if line.get_linestyle() != "None" and len(path.vertices):
            paths.append(path)
        if line.get_marker() not in ("None", None, ""):
            half = line.get_markersize() / 2 * axes.figure.dpi / 72
            boxes += [Bbox.from_extents(x - half, y - half, x + half, y + half) for x, y in path.vertices]
    for collection in axes.collections:
        paths += [collection.get_transform().transform_path(path) for path in collection.get_paths()]
    boxes += [bar.get_window_extent() for bar in axes.patches if isinstance(bar, Rectangle) and bar.get_width()]
    return [box for box in boxes if np.isfinite(box.extents).all()], paths


def faults(chart: Chart) -> list[str]:
    """Say what in a chart covers what, leaves the picture, or lies beyond its axis."""
    figure = chart.figure
    figure.draw_without_rendering()
    found = []
    boxes = {text: Text.get_window_extent(text).padded(-0.5) for text in texts_of(figure)}
    picture = figure.bbox.padded(1)
    found += [
        f"{text.get_text()!r} leaves the picture"
        for text, box in boxes.items()
        if not (picture.contains(*box.min) and picture.contains(*box.max))
    ]
    found += [
        f"{one.get_text()!r} covers {other.get_text()!r}"
        for (one, first), (other, second) in combinations(boxes.items(), 2)
        if first.overlaps(second)
    ]
    for axes in figure.axes:
        if not axes.axison:
            continue
        marks, lines = marks_of(axes)
        leaders = [text.arrow_patch for text in axes.texts if getattr(text, "arrow_patch", None)]
        lines += [patch.get_transform().transform_path(patch.get_path()) for patch in leaders]
        edges = [spine.get_window_extent() for spine in axes.spines.values() if spine.get_visible()]
        for text, box in boxes.items():
            covered = [mark for mark in marks + edges if mark.overlaps(box)]
            crossed = [line for line in lines if line.intersects_bbox(box, filled=False)]
            if covered or crossed:
                found.append(f"{text.get_text()!r} covers {'a mark' if covered else 'a line'}")
        plot = axes.bbox.padded(1)
        found += [f"a point at {box.min} lies outside the axes" for box in marks if not plot.overlaps(box)]
        if axes.get_yticklabels() and not axes.yaxis_inverted():
            ticks, levels = axes.get_yticks(), chart.data["value"].dropna()
            if len(figure.axes) == 1 and (max(ticks) < levels.max() or min(ticks) > levels.min()):
                found.append(f"the ticks {ticks} do not reach {levels.max()}")
            names = [label.get_text() for label in axes.get_yticklabels()]
            if len(set(names)) < len(names):
                found.append(f"two ticks are named alike: {names}")
    return found


def multiples(*measures) -> Chart:
    judged = [Judgement(one, one.comparison("year"), Standing.WORSE, "") for one in measures]
    chart = small_multiples(judged, "worse")
    assert chart
    return chart


SERIES = {
    "jumps": {"figures": JUMPS[:36]},
    "small": {"figures": [0, 1, 2, 3, 1, 0] * 6},
    "millions": {"figures": [value * 12_345 for value in JUMPS[:36]]},
    "equal": {"figures": [7] * 36},
    "zero": {"figures": [0] * 36},
    "one": {"figures": [12]},
    "two": {"figures": [12, 15]},
    "thirteen": {"figures": JUMPS[:13]},
    "sixty months": {"figures": JUMPS},
    "decimals": {"figures": [0.25, 0.5, 0.375] * 12, "statistic": "fte", "places": 2},
    "minutes": {"figures": [10.1, 10.4, 9.8] * 12, "statistic": "minutes", "places": 1, "unit": "min"},
    "money": {"figures": [27.2, 25.1] * 18, "statistic": "gbp_million", "places": 1, "unit": "£ million"},
    "negative": {"figures": [-5.5, 12.1, -20.4, 3] * 9, "statistic": "gbp_million", "places": 1},
    "only negative": {"figures": [-5.5, -12.1, -20.4] * 12, "statistic": "change"},
    "percent near 100": {"figures": [98.2, 100, 99.1] * 12, "statistic": "percent", "places": 1, "unit": "%"},
    "percent near 0": {"figures": [0, 0.2, 0.1] * 12, "statistic": "percent", "places": 1, "unit": "%"},
    "missing last": {"figures": [*JUMPS[:34], None, None]},
    "missing inside": {"figures": [*JUMPS[:10], None, *JUMPS[:9], None, *JUMPS[:15]]},
    "hidden": {"figures": [*JUMPS[:20], "c", *JUMPS[:14], "c"]},
    "provisional": {"figures": JUMPS[:36], "symbol": "p"},
    "made up": {"figures": JUMPS[:36], "status": "illustrative"},
    "jump at the end": {"figures": [10] * 35 + [100_000]},
    "steady rise": {"figures": list(range(100, 136))},
    "long title": {"figures": JUMPS[:36], "title": f"{LONG}: {LONG}, {LONG.upper()}"},
    "title of signs": {"figures": JUMPS[:36], "title": "Cost in $ of a_b, $ a^2"},
    "title of lines": {"figures": JUMPS[:36], "title": "Things\nof two lines"},
}
QUARTERS = ("jumps", "small", "millions", "equal", "zero", "one", "two", "sixty months", "decimals", "minutes", "money",
            "negative", "only negative", "percent near 100", "hidden", "provisional", "made up", "long title")  # fmt: skip


@pytest.mark.parametrize("name", SERIES)
def test_texts_of_a_control_chart_cover_nothing(name):
    assert faults(control_chart(measure_of(**SERIES[name], events=EVENTS["long ones"]), months=60)) == []


@pytest.mark.parametrize("name", SERIES)
def test_texts_of_years_cover_nothing(name):
    assert faults(years_by_month(measure_of(**SERIES[name]), years=4)) == []


@pytest.mark.parametrize("name", QUARTERS)
def test_texts_of_bars_by_quarter_cover_nothing(name):
    series = SERIES[name] | {"figures": SERIES[name]["figures"][:8]}
    assert faults(quarter_bars(measure_of(**series, each=3, events=EVENTS["long ones"]))) == []


@pytest.mark.parametrize("quarters", [1, 2, 5, 12, 20])
def test_texts_of_few_and_many_bars_cover_nothing(quarters):
    figures = [*[value * 12_345 for value in JUMPS[: quarters - 1]], "c"][::-1]
    assert faults(quarter_bars(measure_of(figures, each=3, title=f"{LONG}, {LONG}"), quarters)) == []


@pytest.mark.parametrize("events", EVENTS)
@pytest.mark.parametrize(
    "draw", [control_chart, lambda measure: quarter_bars(measure_of(JUMPS[:8], each=3, events=[
        (one.day.isoformat(), one.label) for one in measure.events]))], ids=["months", "quarters"]
)  # fmt: skip
def test_texts_of_events_cover_nothing(draw, events):
    assert faults(draw(measure_of(JUMPS[:36], events=EVENTS[events]))) == []


PAIRS = {
    "near 0 and 100": {"One": [0, 0.4], "Other": [100, 99.6], LONG: [50, 98]},
    "absent": {"One": ["c", 100], "Other": [100, "c"], "None": ["z", "x"]},
    "long names": {f"{LONG} and {LONG} {number}": [70, 98] for number in range(6)},
    "one": {"One": [97, 100]},
    "a long word": {"W" * 60: [10, 20]},
}


@pytest.mark.parametrize("pairs", PAIRS)
def test_texts_of_pairs_cover_nothing(pairs):
    measures = {
        name: measure_of(figures, windows=True, statistic="percent", places=1, unit="%", title=name)
        for name, figures in PAIRS[pairs].items()
    }
    assert faults(paired_bars(measures, "rates", f"Share satisfied of {LONG}, {LONG}, {LONG}")) == []


@pytest.mark.parametrize("count", [1, 2, 5])
def test_texts_of_small_multiples_cover_nothing(count):
    kinds = ("jumps", "millions", "minutes", "percent near 100", "long title")
    assert faults(multiples(*(measure_of(**SERIES[name]) for name in kinds[:count]))) == []


def test_too_many_events_for_one_chart_are_refused():
    events = [(f"2019-{month:02}-{day:02}", f"Event {day}") for month in range(1, 13) for day in (3, 9, 15, 21)]
    with pytest.raises(WrongInput, match="48 events are to be marked in one chart"):
        control_chart(measure_of(JUMPS[:36], events=events))


def test_texts_are_no_mathematics():
    chart = control_chart(measure_of(JUMPS[:36], events=EVENTS["letters"], title="$a$ and $b$"))
    assert not any(text.get_parse_math() for text in texts_of(chart.figure))


@pytest.mark.parametrize(
    "draw", [control_chart, lambda measure: quarter_bars(measure, 8)], ids=["months", "quarters"]
)
@pytest.mark.parametrize(("least", "most"), [(0, 0.3), (97, 100), (0, 100), (40, 60)])
def test_a_percentage_has_no_tick_beyond_0_and_100(draw, least, most):
    each = 1 if draw is control_chart else 3
    chart = draw(measure_of([least, most] * (12 // each), each=each, statistic="percent", places=1, unit="%"))
    ticks = chart.figure.axes[0].get_yticks()
    assert min(ticks) == 0
    assert most <= max(ticks) <= 100


def test_pictures_are_the_same_on_each_run():
    def picture() -> bytes:
        chart = control_chart(measure_of(JUMPS[:36], events=EVENTS["crowded"]))
        file = io.BytesIO()
        chart.figure.savefig(file, format="png", metadata={"Software": None})
        return file.getvalue()

    assert picture() == picture()


@pytest.mark.parametrize(
    ("lines", "widths", "placed"),
    [
        ([10], [30], "right"),
        ([90], [30], "left"),
        ([10, 90], [30, 30], "right left"),
        ([40, 60], [50, 50], None),
        ([0, 100], [90, 90], "right left"),
        ([10, 20, 30], [50, 50, 50], "right right right"),
    ],
)
def test_flags_stand_where_no_line_crosses_them(lines, widths, placed):
    flags = placement.flags(lines, [(width, 10) for width in widths], 0, 100)
    assert (flags and " ".join("right" if flag.to_right else "left" for flag in flags)) == placed


@given(st.lists(st.floats(0, 100), min_size=1, max_size=6))
def test_spread_levels_keep_their_order_and_stay_inside(levels):
    placed = placement.spread(levels, 10, 0, 100)
    assert all(0 <= place <= 100 + 1e-9 for place in placed)
    ordered = [place for _, place in sorted(zip(levels, placed, strict=True))]
    assert all(later - earlier >= 10 - 1e-9 for earlier, later in pairwise(sorted(placed)))
    assert len(set(levels)) < len(levels) or ordered == sorted(placed)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("minutes", "lowest 9.8 min in "),
        ("percent near 100", "latest 99.1% in June 2020. Mean 99.1%"),
        ("small", "Mean 1.2, limits 0.0 to 4.1, of July 2017 to June 2018."),
        ("missing last", "latest 130 in April 2020. No figure for May to June 2020."),
        ("provisional", "Provisional: July 2017 to June 2020."),
    ],
)
def test_figures_are_told_with_their_unit_places_and_month(name, told):
    assert told in control_chart(measure_of(**SERIES[name])).alternative_text


def test_bars_that_are_absent_or_provisional_are_named_in_the_caption():
    chart = quarter_bars(measure_of([10, "c", 12, None, 14, 15, "c", None], each=3))
    assert chart.period == (
        "July 2018 to December 2019, without October to December 2018 and April to June 2019, "
        "no figure for January to June 2020"
    )
    chart = quarter_bars(measure_of([10.5, 2.5], each=3, symbol="p", statistic="fte"))
    assert chart.period == "January to June 2020, January to June 2020 provisional"
    assert "April to June 2020: 3 (provisional)" in chart.alternative_text
    assert [text.get_text() for text in chart.figure.axes[0].texts] == ["11", "3"]


figures = st.one_of(
    st.none(), st.integers(0, 50), st.integers(0, 2_000_000), st.floats(0, 3).map(lambda value: round(value, 2))
)
some_events = st.lists(
    st.tuples(
        st.dates(date(2017, 1, 1), date(2020, 6, 30)).map(str),
        st.text(st.sampled_from("abcdefghij klmno WM$_^"), min_size=1, max_size=40).filter(str.strip),
    ),
    max_size=6,
)


@settings(max_examples=5, deadline=None)
@given(st.lists(figures, min_size=1, max_size=40).filter(lambda series: set(series) - {None}), some_events)
def test_texts_of_any_series_cover_nothing(series, events):
    measure = measure_of(series, events=events, statistic="fte", places=2)
    bars = quarter_bars(measure_of(series[:8], each=3, events=events, statistic="fte", places=2))
    for chart in (control_chart(measure, months=40), years_by_month(measure, years=4), bars):
        assert faults(chart) == []
        plt.close(chart.figure)
