import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.errors import WrongInput
from scrutiny.execution.values import collect, prefix_problems
from scrutiny.workspace.write import as_variables

SEGMENT = st.from_regex(r"[a-z][a-z0-9_]{0,4}", fullmatch=True)
NAMES = st.lists(SEGMENT, min_size=1, max_size=4).map(".".join)


@pytest.mark.parametrize(
    ("published", "message"),
    [
        ([("a", {"crime.all.count": "1"})], "named topic.measure.window.statistic in small letters"),
        ([("a", {"Crime.all.year.count": "1"})], "in small letters"),
        ([("a", {"report.all.year.count": "1"})], "a topic that the program keeps for itself"),
        ([("a", {"c.a.y.n": "1"}), ("b", {"c.a.y.n": "1"})], "the value c.a.y.n is published by a and by b"),
        ([("a", {"c.a.y.n": "1", "c.a.y": "1"})], "the value c.a.y is the prefix of c.a.y.n"),
    ],
)
def test_names_that_would_not_be_found_are_refused(published, message):
    with pytest.raises(WrongInput) as caught:
        collect(published)
    assert message in str(caught.value)


@given(st.sets(NAMES, max_size=12))
def test_names_without_prefixes_nest_without_loss(names):
    kept = {name for name in names if not any(other.startswith(f"{name}.") for other in names)}
    assert {problem.message.split()[2] for problem in prefix_problems(names)} == names - kept
    nested = as_variables(dict.fromkeys(kept, "v"))

    def leaves(level, path=""):
        for key, value in level.items():
            yield from leaves(value, f"{path}{key}.") if isinstance(value, dict) else [f"{path}{key}"]

    assert set(leaves(nested)) == kept
