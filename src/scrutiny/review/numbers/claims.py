"""What figures say of words of trend and comparison: that they hold, that they do not, or nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from scrutiny.inputs.measures import Polarity
from scrutiny.narrative.pandoc_ast import VALUE
from scrutiny.review.numbers.directions import FALLS, RISES, STAYS, is_material
from scrutiny.review.numbers.passages import Passage
from scrutiny.review.numbers.quotable import CHANGES, Book, is_date, measure_of, statistic_of, var
from scrutiny.statistics.wording import TIMES, Direction

Verdict = tuple[bool, str] | None
"""Whether words hold, and the figures that say so; None where these cannot tell."""
HOLDS: Verdict = (True, "")

ORDINALS = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_TELLING = (*CHANGES, "in_brief", "direction", "directions", "movement")
_WAYS = ((Direction.DECREASE, FALLS), (Direction.INCREASE, RISES), (Direction.NO_CHANGE, STAYS))
_TWICE = {"doubl": (100, 15), "trebl": (200, 20), "tripl": (200, 20), "halv": (-50, 6)}
"""By how many per cent something changes that doubled, and how many points off it may be."""
_HALF = 50
_FIVE_YEARS = 20


@dataclass(frozen=True)
class Claim:
    """Words found in a sentence of a passage, and the value that they are about."""

    passage: Passage
    book: Book
    sentence: int
    found: re.Match[str]

    def names(self, sentence: int, *, telling: bool = True) -> list[tuple[int, str]]:
        """Give the values of a sentence with their places: those that tell a change, or all."""
        if not 0 <= sentence < len(self.passage.sentences):
            return []
        start, end = self.passage.sentences[sentence]
        return [
            (at, name)
            for at, name in sorted(self.passage.values.items())
            if start <= at < end
            and name in self.book
            and not is_date(name)
            and (not telling or statistic_of(name)[0] in _TELLING)
        ]

    @property
    def subject(self) -> str:
        """The value that the words are about: the nearest in their sentence, in the next, in the one before."""
        at = self.found.start()
        for telling in (True, False):
            if here := self.names(self.sentence, telling=telling):
                return min(here, key=lambda one: (abs(one[0] - at), -one[0]))[1]
        for telling in (True, False):
            if after := self.names(self.sentence + 1, telling=telling):
                return after[0][1]
            if before := self.names(self.sentence - 1, telling=telling):
                return before[-1][1]
        return ""

    @property
    def way(self) -> Direction | None:
        """The direction that the words say, if they say one."""
        words = (self.found["said"] if "said" in self.found.re.groupindex else self.found[0]).casefold()
        return next((way for way, said in _WAYS if re.search(rf"\b(?:{said})\b", words)), None)

    def before(self, quarters: int = 1) -> tuple[Direction | None, str]:
        """Give which way the subject went some quarters before, and what that says."""
        comparison = self.book.history(self.subject, quarters)
        if comparison is None or not comparison.conclusive:
            return None, ""
        when = "a quarter" if quarters == 1 else f"{quarters} quarters"
        return comparison.direction, f"{when} before: {comparison.in_brief}"

    @property
    def now(self) -> tuple[Direction | None, str]:
        """Which way the subject went, and what it says."""
        return self.book.direction(self.subject), f"{var(self.subject)} says “{self.book.says(self.subject)}”"


def asked(_: Claim) -> Verdict:
    """Leave to a person what no figure can judge."""
    return None


def pace(claim: Claim) -> Verdict:
    """Judge "faster" by the size of the change a quarter before."""
    now, earlier = (claim.book.history(claim.subject, quarters) for quarters in (0, 1))
    measure = claim.book.measures.get(measure_of(claim.subject))
    if now is None or earlier is None or not (now.conclusive and earlier.conclusive):
        return None
    if measure is None or measure.statistic in TIMES:
        # "Faster" is also what a time may be.
        return None
    sizes = [
        (one.percent_change if one.percent_change.number is not None else one.change).number
        for one in (now, earlier)
    ]
    if sizes[0] is None or sizes[1] is None:
        return None
    faster = abs(sizes[0]) > abs(sizes[1]) and now.direction is earlier.direction
    slower = abs(sizes[0]) < abs(sizes[1]) and now.direction is earlier.direction
    says_slower = re.search(r"slow|less|eas|level", claim.found[0], re.IGNORECASE)
    return (slower if says_slower else faster), f"{claim.now[1]}, and {claim.before()[1]}"


def continued(claim: Claim) -> Verdict:
    """Judge "continues to fall" by which way it goes, and went a quarter before."""
    (now, says), (before, said) = claim.now, claim.before()
    if claim.way and now and claim.way is not now:
        return False, says
    return None if now is None or before is None else (now is before, f"{says}, and {said}")


def reversed_(claim: Claim) -> Verdict:
    """Judge "reversed" in the same way."""
    (now, says), (before, said) = claim.now, claim.before()
    return None if now is None or before is None else (now is not before, f"{says}, and {said}")


def in_a_row(claim: Claim) -> Verdict:
    """Judge "for the third quarter" by which way it went in as many."""
    words, now = claim.found[0].casefold(), claim.now[0]
    times = next((n for n, word in enumerate(ORDINALS, 1) if word in words), 1)
    if "quarter" not in words or now is None:
        return None
    for quarters in range(1, times + 1):
        before, said = claim.before(quarters)
        if before is None:
            return None
        if before is not now:
            return False, f"{claim.now[1]}, and {said}"
    return True, ""


def explained(claim: Claim) -> Verdict:
    """Judge "was increasing: it …" by the first value after the colon."""
    at = claim.found.end() - 1
    name = claim.passage.values.get(at, "")
    went = claim.book.direction(name) if name in claim.book else None
    if went is None or claim.way is None:
        return None
    holds = claim.way is went
    if claim.way is Direction.NO_CHANGE and not holds:
        holds = not is_material(name, claim.book)
    return holds, f"{var(name)} says “{claim.book.says(name)}”"


def referring(claim: Claim) -> Verdict:
    """Judge "these falls" by the changes in the sentences before it, as far as they have any."""
    way = claim.way
    if way is None:
        return None
    told: dict[str, tuple[Direction, str]] = {}
    nearest: Direction | None = None
    for sentence in range(claim.sentence, -1, -1):
        names = [name for at, name in claim.names(sentence) if at < claim.found.start()]
        if not names and sentence < claim.sentence:
            break
        for name in reversed(names):
            if went := claim.book.direction(name):
                nearest = nearest or went
                told.setdefault(f"{name.rpartition('.')[0]}{statistic_of(name)[1]}", (went, name))
    if nearest is None:
        now, says = claim.now
        return None if now is None else (now is way, says)
    other = next((name for went, name in told.values() if went is not way), "")
    several = claim.found[0].casefold().endswith("s") or "both" in claim.found[0].casefold()
    that_way = sum(went is way for went, _ in told.values())
    holds = that_way > 0 and (not several or not other or (nearest is way and that_way > 1))
    if "both" in claim.found[0].casefold() or "all" in claim.found[0].casefold():
        holds = holds and not other
    return holds, f"{var(other)} says “{claim.book.says(other)}”" if other else ""


def better(claim: Claim) -> Verdict:
    """Judge "improved" by the measure's polarity, if it has one."""
    measure = claim.book.measures.get(measure_of(claim.subject))
    now, says = claim.now
    if measure is None or now is None or measure.polarity is Polarity.NEITHER:
        return None
    better = Direction.DECREASE if measure.polarity is Polarity.LOWER else Direction.INCREASE
    says_worse = re.search(r"wors|deterior", claim.found[0], re.IGNORECASE)
    holds = now is not Direction.NO_CHANGE and (now is better) is not bool(says_worse)
    return holds, f"{says}, and {measure.polarity} is better"


def target(claim: Claim) -> Verdict:
    """Judge "below target" by the measure's target, if it has one."""
    measure = claim.book.measures.get(measure_of(claim.subject))
    name = next(
        (name for _, name in claim.names(claim.sentence, telling=False) if name in claim.book.quotable), ""
    )
    target = measure.target if measure else None
    if target is None or name not in claim.book.quotable:
        return None
    bound = target.at_most if target.at_most is not None else target.at_least
    number, limit = claim.book.quotable[name].number, Fraction(str(bound))
    words = claim.found[0].casefold()
    met = number <= limit if target.at_most is not None else number >= limit
    holds = (
        number > limit if re.search(r"above|over|exceed|beyond", words)
        else number < limit if re.search(r"below|under|short", words)
        else not met if re.search(r"miss|not\s|outside", words)
        else met
    )  # fmt: skip
    kind = "at most" if target.at_most is not None else "at least"
    return holds, f"{claim.book.quotable[name].quoted}, and the target is {kind} {bound:g}"


def than(claim: Claim) -> Verdict:
    """Judge "… more than …" between two values."""
    ends = [at for at, sign in enumerate(claim.found[0], claim.found.start()) if sign == VALUE]
    names = [claim.passage.values.get(at, "") for at in (ends[0], ends[-1])]
    one, two = (claim.book.quotable.get(name) for name in names)
    if one is None or two is None or one.unit != two.unit:
        return None
    less = re.search(r"\b(?:less|lower|fewer|smaller)\b", claim.found[0], re.IGNORECASE)
    holds = one.number < two.number if less else one.number > two.number
    return holds, f"{one.quoted}, and {two.quoted}"


def year(claim: Claim) -> Verdict:
    """Judge "the financial year to …" by the day that follows."""
    name = claim.passage.values.get(claim.found.end() - 1, "")
    last = "31 December" if claim.found[0].casefold().startswith("calendar") else "31 March"
    says = claim.book.says(name)
    return says.startswith(last), f"{var(name)} says “{says}”"


def extreme(claim: Claim) -> Verdict:
    """Judge "most often (…)" by the values of the same kind in its passage."""
    after = [name for at, name in sorted(claim.passage.values.items()) if at > claim.found.start()]
    one = claim.book.quotable.get(after[0]) if after else None
    if one is None or one.name not in [name for _, name in claim.names(claim.sentence, telling=False)]:
        return None
    alike = [
        other
        for name in claim.passage.values.values()
        if (other := claim.book.quotable.get(name))
        and (other.topic, other.unit, statistic_of(name)) == (one.topic, one.unit, statistic_of(one.name))
    ]
    if len(alike) == 1:
        return None
    least = re.search(r"\b(?:least|lowest|smallest|fewest|shortest)\b", claim.found[0], re.IGNORECASE)
    beyond = (min if least else max)(alike, key=lambda value: value.number)
    return one.number == beyond.number, f"{one.quoted}, and {beyond.quoted}"


def majority(claim: Claim) -> Verdict:
    """Judge "the majority" by the one percentage in its sentence."""
    values = [claim.book.quotable.get(name) for _, name in claim.names(claim.sentence, telling=False)]
    shares = [value for value in values if value and value.unit == "%"]
    if len(shares) != 1:
        return None if claim.names(claim.sentence, telling=False) else HOLDS
    more = not re.search(r"minority", claim.found[0], re.IGNORECASE)
    return (shares[0].number > _HALF) is more, shares[0].quoted


def multiple(claim: Claim) -> Verdict:
    """Judge "doubled" by the change in per cent."""
    stem, basis = claim.subject.rpartition(".")[0], statistic_of(claim.subject)[1]
    change = claim.book.quotable.get(f"{stem}.percent_change{basis}")
    if change is None:
        return None
    words = claim.found[0].casefold()
    by, off = next(known for part, known in _TWICE.items() if part in words)
    size = change.number
    if "more than" in words:
        return (abs(size) >= abs(by) and (size > 0) is (by > 0)), change.quoted
    return abs(size - by) <= off, change.quoted


def reported(claim: Claim) -> Verdict:
    """Ask what an earlier report is said to have said, unless the value is that report's."""
    earlier = r"last_(?:report|meeting)"
    if claim.found[0].casefold().startswith("since"):
        earlier += "|on_previous_quarter"
    return HOLDS if re.search(earlier, claim.subject) else None


def record(claim: Claim) -> Verdict:
    """Contradict a record that a figure of the last five years exceeds; none can be proved."""
    high = not re.search(r"\blow|least|fewest|smallest|shortest|worst", claim.found[0], re.IGNORECASE)
    now = claim.book.history(claim.subject, 0)
    if now is None or now.after.number is None or re.search(r"\bsince\b|\bfor\b", claim.found[0], re.IGNORECASE):
        return None
    for quarters in range(1, _FIVE_YEARS + 1):
        before = claim.book.history(claim.subject, quarters)
        if before and before.conclusive and before.after.number is not None:
            beyond = before.after.number > now.after.number if high else before.after.number < now.after.number
            if beyond:
                return False, f"{claim.now[1]}, and {quarters} quarters before it was {before.after.number}"
    return None
