"""Signals of process control: the one symbol of each rule, in all charts, and its words."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from scrutiny.analysis.charts import marks, style
from scrutiny.analysis.process import Process
from scrutiny.statistics.control_chart import SignalRule

STYLES = {
    # rule: (marker, colour, how the key names it); no other line of a chart has one of these markers
    SignalRule.OUTSIDE_LIMITS: ("D", style.ORANGE, "outside the limits"),
    SignalRule.SHIFT: ("s", style.DARK_PINK, "seven or more on one side of the mean"),
    SignalRule.TREND: ("^", style.LIGHT_PURPLE, "seven or more rising or falling"),
    SignalRule.TWO_OF_THREE: ("P", style.TURQUOISE, "two of three near a limit"),
}
_SEVERAL = "a point under several rules has the symbol of the first"
_KEY_COLUMNS = 2
_KEY_LINE = 0.2
"""Inches."""


def signal_columns(process: Process, shown: range) -> dict[str, list[str]]:
    """Give the columns `signal`, the rule by which a point is marked, and `signals`, all in words, or "none"."""
    rules = [process.rules_at(at) for at in shown]
    judged = [
        bool(process.conclusive and process.limits_at(at) and not process.months[at][1].illustrative)
        for at in shown
    ]
    return {
        # In the order of the key, by which the first marks the point.
        "signal": [next(iter(at), "") for at in rules],
        "signals": [
            "; ".join(STYLES[rule][2] for rule in at) or "none" * one
            for at, one in zip(rules, judged, strict=True)
        ],
    }


def draw_signals(axes: Axes, data: pd.DataFrame, size: float) -> None:
    """Mark the points that are part of a signal, `size` points large, each rule by a shape and colour."""
    for rule, (marker, colour, _) in STYLES.items():
        marked = data[data["signal"] == rule.value]
        marks.points(
            axes, marked, "middle", marker=marker, markersize=size, color=colour, markeredgecolor="white",
            markeredgewidth=0.6, zorder=3,
        )  # fmt: skip


def draw_key(figure: Figure, data: pd.DataFrame, lines: Sequence[Line2D] = ()) -> None:
    """Name the signals that are drawn, and other lines by their labels, beneath the charts of a figure."""
    drawn = set(data["signal"])
    handles = list(lines) + [
        Line2D([], [], linestyle="none", marker=marker, markersize=7, color=colour, markeredgecolor="white",
               label=name.capitalize())
        for rule, (marker, colour, name) in STYLES.items()
        if rule.value in drawn
    ]  # fmt: skip
    if not handles:
        return
    rows = -(-len(handles) // _KEY_COLUMNS)
    title = _SEVERAL.capitalize() if data["signals"].str.contains(";").any() else None
    width, height = figure.get_size_inches()
    figure.set_size_inches(width, height + _KEY_LINE * (rows + bool(title)))
    figure.legend(
        handles=handles, loc="outside lower left", ncols=_KEY_COLUMNS, handletextpad=0.4, title=title,
        alignment="left", title_fontsize=style.SMALLEST_TEXT,
    )  # fmt: skip


def told(process: Process, shown: range) -> str:
    """Tell the signals of some months rule by rule, as a sentence after others; empty where none is judged."""
    if not process.conclusive or not any(process.limits_at(at) for at in shown):
        return ""
    found = [signal for signal in process.signals if any(at in shown for at in signal.signalled)]
    if not found:
        return " No month gives a signal."
    by_rule = [
        f"{name.capitalize()}: {'; '.join(process.when(signal) for signal in same)}"
        for rule, (_, _, name) in STYLES.items()
        if (same := [signal for signal in found if signal.rule is rule])
    ]
    return f" Signals. {'. '.join(by_rule)}."
