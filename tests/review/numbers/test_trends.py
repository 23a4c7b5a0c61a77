"""Words of trend and comparison: held against what measures were, or asked."""

from fractions import Fraction
from pathlib import PurePosixPath

import pytest
from fixtures.projects import ROOT

from scrutiny.execution.provenance import ProvenanceRecord, ReportProvenance
from scrutiny.inputs.measures import Measure, Measures, load_measures
from scrutiny.narrative.carried_over import Confirmed, Earlier, digest_of, own_texts
from scrutiny.narrative.section import FrontMatter, Section
from scrutiny.narrative.sections import Narrative
from scrutiny.review.numbers.judge import judge
from scrutiny.review.numbers.quotable import measure_of, statistic_of
from scrutiny.statistics.comparison import Comparison
from scrutiny.statistics.datum import NOT_SUPPLIED, Datum
from scrutiny.statistics.periods import Quarter
from scrutiny.statistics.wording import direction

OLD = Quarter.parse("2020-21-Q1")
CHANGES = {
    # measure and comparison: its change in per cent now, a quarter before, two before
    "crime.all.year": (-7, -16, -3),
    "crime.burglary_residential.year": (-20, -16, 4),
    "crime.robbery_personal.year": (5, -16, -1),
    "crime.public_order.year": (102, 30, 20),
    "crime.violence_with_injury.year": (-48, None, None),
    "knife.crime.quarter": (-10, -12, -3),
    "knife.crime.quarter_on_previous_quarter": (4, -9, -3),
    "hate.crimes.year": (3, 2, 1),
    "satisfaction.burglary.year": (2, 1, -1),
    "asb.incidents.year": (0, 3, 3),
}
SHARES = {
    "nrm.criminal_exploitation": 45,
    "search.arrested_black": 22,
    "search.arrested_all": 11,
    "search.arrested_asian": 9,
}


def values():
    found = {}
    for key, (now, *_) in CHANGES.items():
        stem, on, basis = key.partition("_on_")
        for statistic in ("movement", "percent_change"):
            name = f"{stem}.{statistic}{on}{basis}"
            number = Fraction(now) if statistic == "percent_change" else None
            text = f"{now:+}%" if number is not None else f"{'rose' if now > 0 else 'fell'} by {abs(now)}%"
            found[name] = ProvenanceRecord(name, text, number=number, direction=direction(now))
    for measure, share in SHARES.items():
        name = f"{measure}.year.percent"
        found[name] = ProvenanceRecord(name, f"{share}%", number=Fraction(share))
    found["period.year.end"] = ProvenanceRecord("period.year.end", "30 June 2020")
    found["atm.attacks.year.movement"] = ProvenanceRecord("atm.attacks.year.movement", "not supplied", absent=True)
    return ReportProvenance(found, {})


def history(name, quarters):
    """Give the changes above; the figures themselves are 100 now, and 120 three quarters before."""
    basis = statistic_of(name)[1]
    change = CHANGES.get(".".join(name.split(".")[:3]) + basis, (None,) * 3)[min(quarters, 2)]
    if change is None:
        return None
    before = Datum(Fraction(100))
    after = Datum(Fraction(120 if quarters == 3 else 100))
    return Comparison(before, after, NOT_SUPPLIED, Datum(Fraction(change)))


def measures():
    known = Measures(load_measures(ROOT / "data" / "measures.yaml"))
    plain = known["nrm.criminal_exploitation"].model_dump() | {"target": {"at_most": 40}}
    known["nrm.criminal_exploitation"] = Measure.model_validate(plain)
    return known


def judged(text, *, earlier="", confirmed=False):
    written = {sentence: OLD for one in own_texts(earlier) for sentence in one.sentences}
    by = [Confirmed(name="A", by="B", text=digest_of(own_texts(text)[0].sentences))] if confirmed else []
    front = FrontMatter.model_validate({"confirmed": by})
    section = Section(PurePosixPath("sections/2020-21-Q2/01-a.qmd"), front, text, earlier=Earlier(written))
    return judge(Narrative(("01-a.qmd",), (section,), ()), values(), measures(), history)


def var(name, statistic="movement"):
    stem, on, basis = name.partition("_on_")
    return f"{{{{< var {stem}.{statistic}{on}{basis} >}}}}"


CRIME, BURGLARY = var("crime.all.year"), var("crime.burglary_residential.year")
ROBBERY, KNIFE = var("crime.robbery_personal.year"), var("knife.crime.quarter")
ON_QUARTER = var("knife.crime.quarter_on_previous_quarter")
HATE, ASB = var("hate.crimes.year"), var("asb.incidents.year")
SATISFACTION, UNKNOWN = var("satisfaction.burglary.year"), var("crime.violence_with_injury.year")
MORE, ABSENT = var("crime.public_order.year"), var("atm.attacks.year")
SHARE = var("nrm.criminal_exploitation.year", "percent")
BLACK, ALL, ASIAN = (var(f"search.arrested_{who}.year", "percent") for who in ("black", "all", "asian"))

HOLDS, WRONG, ASKED = "holds", "wrong", "asked"
WORDS = [
    # kind, text, verdict
    ("pace", f"Crime is falling faster. It {CRIME}.", WRONG),
    ("pace", f"Crime is falling faster. It {BURGLARY}.", HOLDS),
    ("pace", f"The fall has slowed: crime {CRIME}.", HOLDS),
    ("pace", f"It fell more sharply than before, and {CRIME}.", WRONG),
    ("pace", f"It is falling faster: it {UNKNOWN}.", ASKED),
    ("continued", f"Recorded crime continues to fall. All crime {CRIME}.", HOLDS),
    ("continued", f"Recorded crime continues to fall. All crime {ROBBERY}.", WRONG),
    ("continued", f"Robbery {ROBBERY} again.", WRONG),
    ("continued", f"Burglary {BURGLARY} once more.", HOLDS),
    ("continued", f"There was a further fall: it {ROBBERY}.", WRONG),
    ("continued", f"It is still rising; it {HATE}.", HOLDS),
    ("continued", f"It {ABSENT} again.", ASKED),
    ("reversed", f"The trend has since reversed. Robbery {ROBBERY}.", HOLDS),
    ("reversed", f"The trend has since reversed. Crime {CRIME}.", WRONG),
    ("in a row", f"It {CRIME}, for the third quarter running.", HOLDS),
    ("in a row", f"It {BURGLARY}, for the third quarter running.", WRONG),
    ("in a row", f"It {BURGLARY}, for the third month in a row.", ASKED),
    ("explained", f"Personal robbery was increasing: it {CRIME}.", WRONG),
    ("explained", f"Personal robbery was increasing: it {ROBBERY}.", HOLDS),
    ("explained", f"It is now falling: in the latest quarter it {ROBBERY}.", WRONG),
    ("explained", f"It remained stable: it {CRIME}.", WRONG),
    ("referring", f"Knife crime {ON_QUARTER}. On the year before it {KNIFE}. These falls came early.", WRONG),
    ("referring", f"Crime {CRIME}. Burglary {BURGLARY}. These falls came early.", HOLDS),
    ("referring", f"Crime {CRIME}. Robbery {ROBBERY}. This rise was expected.", HOLDS),
    ("referring", f"Crime {CRIME}. This rise was expected.", WRONG),
    ("referring", f"Hate crime {HATE}. The falls began in 2019.", WRONG),
    ("referring", f"Hate crime {HATE}. Both fell.", WRONG),
    ("multiple", f"Public order offences doubled: they {MORE}.", HOLDS),
    ("multiple", f"Public order offences trebled and {MORE}.", WRONG),
    ("multiple", f"They halved, and {UNKNOWN}.", HOLDS),
    ("multiple", f"They halved, and {CRIME}.", WRONG),
    ("record", f"Crime {CRIME}, a record high.", WRONG),
    ("record", f"Crime {CRIME}, a record low.", ASKED),
    ("record", f"Crime {CRIME}, the lowest since 2015.", ASKED),
    ("better", f"Satisfaction improved: it {SATISFACTION}.", HOLDS),
    ("better", f"Satisfaction worsened, and {SATISFACTION}.", WRONG),
    ("better", f"Crime improved and {CRIME}.", HOLDS),
    ("better", f"Crime got worse and {CRIME}.", WRONG),
    ("better", f"Hate crime got worse and {HATE}.", ASKED),
    ("better", f"It is recorded on Better Impact, {CRIME}.", HOLDS),
    ("target", f"It was {SHARE}, above the target.", HOLDS),
    ("target", f"It was {SHARE}, below target.", WRONG),
    ("target", f"It met its target, at {SHARE}.", WRONG),
    ("target", f"It met its target, at {ALL}.", ASKED),
    ("than", f"Of them {BLACK} were arrested, more than the {ALL} of all.", HOLDS),
    ("than", f"Of them {ASIAN} were arrested, more than the {ALL} of all.", WRONG),
    (
        "extreme",
        f"Arrests were most often of some ({BLACK}), least often of others ({ASIAN}), of all {ALL}.",
        HOLDS,
    ),
    ("extreme", f"The highest was {ASIAN}; others were {BLACK} and {ALL}.", WRONG),
    ("year", f"Crime {CRIME}, in the financial year to {{{{< var period.year.end >}}}}.", WRONG),
    ("majority", f"It is the subject of {SHARE}, the majority.", WRONG),
    ("majority", f"It is the subject of {SHARE}, a minority.", HOLDS),
    ("level", f"Crime {CRIME}, above average.", ASKED),
    ("reported", f"Since the last report crime {CRIME}.", ASKED),
    ("alike", f"Crime {CRIME}, in line with the region.", ASKED),
    ("returning", f"Crime {CRIME}, and is returning to its usual level.", ASKED),
    ("without a value", "Crime is falling faster again.", HOLDS),
    ("another paragraph", f"It fell faster.\n\nCrime {CRIME}.", HOLDS),
]


@pytest.mark.parametrize(
    ("text", "verdict"), [one[1:] for one in WORDS], ids=[f"{n}-{w[0]}" for n, w in enumerate(WORDS)]
)
def test_words_are_held_against_what_measures_were(text, verdict):
    found = judged(f"# A\n\n{text}\n")
    told = [str(problem) for problem in found.wrong]
    assert (bool(told), bool(found.asked)) == (verdict == WRONG, verdict == ASKED), [*told, *map(str, found.asked)]
    assert all(problem.startswith("sections/2020-21-Q2/01-a.qmd:3: ") for problem in told)


def test_both_figures_are_told():
    (problem,) = judged(f"# A\n\nCrime is falling faster. It {CRIME}.\n").wrong
    assert '"faster" does not hold: {{< var crime.all.year.movement >}} says “fell by 7%”' in str(problem)
    assert "a quarter before: Decrease (−16%)" in str(problem)


def test_what_is_asked_of_an_old_sentence_has_to_be_confirmed():
    old = f"Since the last report crime {CRIME}."
    new = f"# A\n\n{old} A new sentence.\n"
    assert [len(found) for found in (judged(new).wrong, judged(new).asked)] == [0, 1]
    found = judged(new, earlier=f"# A\n\n{old}\n")
    (problem,) = found.wrong
    assert "which stands here since 2020-21-Q1\n    make sure that it holds: scrutiny status" in str(problem)
    found = judged(new, earlier=f"# A\n\n{old}\n", confirmed=True)
    assert (found.wrong, found.asked) == ((), ())


def test_an_old_sentence_without_a_value_is_asked_where_its_heading_was_edited():
    for old, asked in (("Burglary rose steadily.", "rose"), ("A plan will now be made in May.", "will")):
        new = f"# A\n\n{old} A new sentence.\n"
        (problem,) = judged(new, earlier=f"# A\n\n{old}\n").wrong
        assert f'no figure can judge "{asked}", which stands here since' in str(problem)
        assert (judged(new).wrong, judged(new).asked) == ((), ())


def test_no_confirmation_helps_what_the_figures_contradict():
    text = f"# A\n\nCrime is falling faster. It {CRIME}.\n"
    assert len(judged(text, confirmed=True).wrong) == 1


def test_every_kind_is_tried():
    from scrutiny.review.numbers.trends import KINDS

    assert {name for name, *_ in KINDS} <= {kind for kind, *_ in WORDS}
    assert all(measure_of(name) in measures() for name in values().values if name != "period.year.end")
