from datetime import date

import pytest

from scrutiny.analysis.captions import caption
from scrutiny.statistics.provenance import Provenance


@pytest.mark.parametrize(
    ("statuses", "said"),
    [
        ({"published"}, None),
        ({"illustrative"}, "Illustrative figures, made up for this report"),
        ({"illustrative", "published"}, "Hatched bars are illustrative"),
    ],
)
def test_the_caption_of_a_picture_says_where_it_is_from_and_what_is_made_up(statuses, said):
    origin = Provenance(frozenset({"A system", "B", "C"}), date(2020, 6, 30), frozenset(statuses))
    text = caption("it *fell*", "Crime", "June 2020", origin, lag_months=1)
    # Made-up figures do not come from the system whose figures they stand in for.
    source = "" if statuses == {"illustrative"} else " Sources: A system, B and C, as at 30 June 2020."
    assert text.startswith(f"**It \\*fell\\*.** Crime, June 2020. These figures run 1 month behind.{source}")
    assert ("illustrative" in text.lower()) == (said is not None)
    assert said is None or said in text


def test_the_caption_of_a_table_leaves_the_source_to_its_notes():
    assert caption("it fell", "Crime", "June 2020") == "**It fell.** Crime, June 2020."


def test_a_caption_without_figures_says_so():
    assert caption("None", "Crime", "June 2020", Provenance()).endswith("No figure was supplied.")
