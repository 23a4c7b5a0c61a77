"""Contrast of colours, as WCAG 2.2 defines it."""

from __future__ import annotations

from collections.abc import Sequence

Colour = str | Sequence[float]
"""``#rrggbb``, or parts of 1: a grey, or red, green and blue."""


def contrast(one: Colour, other: Colour = "#ffffff") -> float:
    """Give the contrast ratio of two colours, or of one with white."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    if isinstance(colour, str):
        colour = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (colour[0],) * 3 if len(colour) == 1 else colour[:3]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
