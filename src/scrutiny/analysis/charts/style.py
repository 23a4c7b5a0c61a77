"""The one style of all charts, after the Government Analysis Function's guidance on charts."""

from __future__ import annotations

import seaborn as sns
from matplotlib import font_manager

from scrutiny.fonts import FOLDER

# https://analysisfunction.civilservice.gov.uk/policy-store/data-visualisation-colours-in-charts/
DARK_BLUE = "#12436D"
TURQUOISE = "#28A197"
DARK_PINK = "#801650"
ORANGE = "#F46A25"
DARK_GREY = "#3D3D3D"
LIGHT_PURPLE = "#A285D1"
CATEGORICAL = (DARK_BLUE, TURQUOISE, DARK_PINK, ORANGE, DARK_GREY, LIGHT_PURPLE)
"""In an order in which neighbours differ in lightness too, so that they stay apart in greyscale and to those
who do not see all colours; but never the only sign."""

MID_GREY = "#6B6B6B"
GRID_GREY = "#D9D9D9"

WIDTH = 6.2
"""Inches: the width of the text on an A4 page with 25 mm margins."""
HEIGHT = 2.7
DPI = 220
FONT = "Source Sans Pro"
SMALLEST_TEXT = 10
"""Points: half of it can still be read, where a picture is shown at half its size."""
TITLE_TEXT = 11
TITLE_GAP = 10
_SIZES = ("font.size", "axes.labelsize", "legend.fontsize", "xtick.labelsize", "ytick.labelsize")
_COLOURS = ("axes.labelcolor", "legend.labelcolor", "xtick.color", "ytick.color")
_SPINES = ("axes.spines.top", "axes.spines.right", "axes.spines.left")


def use_style() -> None:
    """Set seaborn and Matplotlib to the report's style."""
    sns.set_theme(
        style="white",
        palette=list(CATEGORICAL),
        rc={
            "font.family": FONT,
            # A "$" is a dollar and no mathematics.
            "text.parse_math": False,
            "axes.edgecolor": MID_GREY,
            "axes.linewidth": 0.8,
            "axes.grid": True,
            "axes.grid.axis": "y",
            "axes.axisbelow": True,
            "grid.color": GRID_GREY,
            "grid.linewidth": 0.6,
            "xtick.bottom": True,
            "legend.frameon": False,
            "axes.titlelocation": "left",
            "axes.titlesize": TITLE_TEXT,
            "axes.titlecolor": DARK_GREY,
            "axes.titlepad": TITLE_GAP,
            **dict.fromkeys(_SIZES, SMALLEST_TEXT),
            **dict.fromkeys(_COLOURS, DARK_GREY),
            **dict.fromkeys(_SPINES, False),
            "figure.figsize": (WIDTH, HEIGHT),
            "figure.dpi": DPI,
            "savefig.dpi": DPI,
            "figure.constrained_layout.use": True,
            "hatch.linewidth": 0.8,
        },
    )


def _add_fonts() -> None:
    """Make the font of the documents known to Matplotlib, the same on every machine."""
    if FONT not in font_manager.get_font_names():
        for name in ("Regular", "Bold"):
            font_manager.fontManager.addfont(FOLDER / f"SourceSansPro-{name}.ttf")


# At once, because text is measured before a chart has its style.
_add_fonts()
