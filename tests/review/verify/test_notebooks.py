"""Outputs of executed notebooks compared."""

from __future__ import annotations

from functools import partial

import pytest

from scrutiny.review.verify.findings import Compared, Part, Verdict
from scrutiny.review.verify.notebooks import compare_outputs

PNG = {"data": {"image/png": "AAAA", "text/plain": "a"}, "metadata": {"scrutiny": {"csv": "a,b\nx,1\n"}}}
OTHER = {**PNG, "data": {**PNG["data"], "image/png": "BBBB"}}


@pytest.mark.parametrize(("same", "verdict"), [(True, Verdict.DIFFERS), (False, Verdict.NOT_COMPARED)])
def test_another_picture_is_a_difference_only_where_it_is_drawn_with_the_same_packages(same, verdict):
    report = partial(Compared, Part.NOTEBOOKS, "notebooks/a.ipynb", "fig-x")
    results = {one.what: one for one in compare_outputs(report, [PNG], [OTHER], "fig-x", same_drawing=same)}
    picture = results["picture"]
    assert (picture.verdict, picture.done, len(picture.differences)) == (verdict, same, same)
    assert ("not compared" in picture.note) != same
    assert not results["data"].differences
