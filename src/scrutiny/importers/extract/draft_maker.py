"""A first mapping made for one dataset: what each column and cell of a table may be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from scrutiny.importers.extract.draft_text import Draft
from scrutiny.importers.extract.known import plain_match, suggestion, words
from scrutiny.importers.extract.labels import is_total, letters
from scrutiny.importers.extract.mapping import PERIOD
from scrutiny.importers.extract.shape import (
    ABSENT,
    FOOTNOTE,
    Column,
    Shape,
    beginning_of,
    day_of,
    is_time,
    mark_of,
    period_form,
    without_mark,
)
from scrutiny.importers.extract.todo import TODO
from scrutiny.importers.files.cells import as_text, cell_at, is_empty
from scrutiny.inputs.csv_file import read_records
from scrutiny.inputs.datapackage import Resource
from scrutiny.inputs.project import Project

_COVERED = ("period_start", "period_end", "value", "symbol", "status", "as_at")
_OPEN = ("home-office-prc", "police-uk-", "ons-pfa")
_STATISTICS = {
    r"change": "percent_change", r"%|per ?cent|share": "percent", r"£": "gbp_million", r"\bfte\b": "fte",
    r"second": "seconds", r"minute|\btime\b": "minutes",
}  # fmt: skip
_UNITS = {"number": "count", "count": "count", "%": "percent", "percent": "percent", "percentage": "percent"}
_AS_AT = re.compile(r"as at|refreshed|extracted|drawn|run on", re.IGNORECASE)
_LISTED = 16


class Maker:
    """Makes a draft for one dataset."""

    def __init__(self, project: Project, resource: Resource, shape: Shape, file: Path) -> None:
        self.resource, self.shape, self.file = resource, shape, file
        self.draft = Draft(resource.name)
        self.about = f"{resource.name} {resource.title}"
        self.fields = [each for each in resource.fields if each.name not in _COVERED]
        self.known: dict[str, Sequence[str]] = {each.name: each.constraints.enum or () for each in self.fields}
        self.known["source"] = resource.source_names
        header, records, _ = read_records(
            project.data / resource.path, resource.path, [each.name for each in resource.fields]
        )
        self.rows = [dict(zip(header, cells, strict=True)) for _, cells in records]
        self.columns: dict[str, str] = {}
        self.values: dict[str, dict[str, str]] = {}
        self.ignore: list[str] = []
        self.wide = ""
        self.figures: list[Column] = []

    def make(self) -> Draft:
        """Make the draft, and judge how well the dataset fits."""
        named = [column for column in self.shape.columns if column.name]
        rest = self._assign_labels(named)
        by_period = [column for column in rest if self._heads([column])[0]]
        others = [column for column in rest if column not in by_period]
        if by_period and PERIOD not in self.columns.values():
            self.wide, self.figures = PERIOD, by_period
            self.ignore += [column.name for column in others]
            self._period(*self._heads(by_period))
        else:
            self._assign_figures([*by_period, *others])
        if PERIOD not in (*self.columns.values(), self.wide):
            self.draft.keys["window"] = TODO
            self.draft.comments["window"] = "of --quarter: quarter, year, financial_year …"
        keys: dict[str, object] = {}
        if self.shape.header_rows > 1:
            keys["header_rows"] = self.shape.header_rows
        if not self.columns:
            keys["header_row"] = self.shape.table.rows[self.shape.first][0]
            keys["files"] = [f"*{self.file.stem}*"]
        keys |= {"columns": self.columns} if self.columns else {}
        keys |= {"wide": {"to": self.wide}} if self.wide else {}
        self.draft.keys = keys | self.draft.keys
        self._constants()
        self._rest()
        found = {*words(self.file.stem), *words(self.shape.table.sheet or "")}
        found |= {word for column in named for word in words(column.name)}
        found |= {word for _, cells in self.shape.above for cell in cells for word in words(as_text(cell))}
        topic = set(words(self.resource.name))
        self.draft.score += 2 * len(found & topic) / len(topic) - 0.25 * len(self.draft.left)
        return self.draft

    def _heads(self, columns: Sequence[Column]) -> tuple[str | None, tuple[str, ...], bool]:
        """Tell what form of period the names of columns have; in a one-row header, real dates."""
        cells = self.shape.table.rows[self.shape.first][1]
        at = {column.name: position for position, column in enumerate(self.shape.columns)}
        one_row = self.shape.header_rows == 1
        return period_form([cell_at(cells, at[one.name]) if one_row else one.name for one in columns])

    def _period(self, form: str | None, dates: Sequence[str], unsure: bool) -> None:
        self.draft.keys["period"] = form or TODO
        if dates:
            self.draft.keys["dates"] = list(dates)
        if unsure:
            self.draft.comments["dates"] = "the day is taken to stand first; is it so?"

    def _assign_labels(self, named: Sequence[Column]) -> list[Column]:
        """Say what columns of periods and labels are; give the columns of figures."""
        rest: list[Column] = []
        for column in named:
            form, dates, unsure = period_form(column.cells, column.name)
            says = re.search(r"month|date|period|quarter|year", column.name, re.IGNORECASE)
            if form and PERIOD not in self.columns.values() and (says or not column.is_figures):
                self.columns[column.name] = PERIOD
                self._period(form, dates, unsure)
            elif column.is_figures and not self._is_of(column):
                rest.append(column)
            elif not column.texts:
                self._empty(column, rest)
            else:
                self._label(column)
        return rest

    def _empty(self, column: Column, rest: list[Column]) -> None:
        """Keep an empty column of a period, whose figures are still to come; ignore another."""
        if self._heads([column])[0]:
            rest.append(column)
        else:
            self.ignore.append(column.name)

    def _is_of(self, column: Column) -> bool:
        """Whether numbers are values of a field, as telephone lines are."""
        return any(known and set(column.texts) <= set(known) for known in self.known.values())

    def _label(self, column: Column) -> None:
        labels = [without_mark(text) for text in column.texts]

        def fit(name: str) -> float:
            known = self.known[name]
            hits = sum(self._match(name, label) is not None for label in labels)
            near = sum(bool(suggestion(label, known)) for label in labels)
            own, theirs = set(words(column.name)), set(words(name))
            return hits / len(labels) + 0.2 * near / len(labels) + len(own & theirs) / len(own | theirs)

        free = [each.name for each in self.fields if each.name not in self.columns.values()]
        best = max(free, key=fit, default="")
        if not best or not fit(best):
            self.columns[column.name] = TODO
            self.draft.comments[f"columns.{column.name}"] = f"one of {', '.join([*free, 'value'])}, or to ignore"
            return
        self.draft.score += fit(best)
        self.columns[column.name] = best
        if self.known[best]:
            self.values[best] = {label: self._value(best, label) for label in dict.fromkeys(labels)}

    def _match(self, name: str, label: str) -> str | None:
        if name == "statistic":
            return _UNITS.get(label.casefold())
        return plain_match(label, self.known[name], self.about)

    def _value(self, name: str, label: str) -> str:
        known = self.known[name]
        found = self._match(name, label)
        if found is None:
            perhaps = suggestion(label, known)
            self.draft.comments[f"values.{name}.{label}"] = (
                f"perhaps {perhaps}, or to leave_out" if perhaps else f"one of {_listed(known)}, or to leave_out"
            )
        return found or TODO

    def _assign_figures(self, columns: list[Column]) -> None:
        """Say what columns of figures are of: of values in their names, or one of them is the value."""
        best: dict[str, str] = {}
        name = ""
        for each in self.fields:
            if each.name in self.columns.values() or len(columns) < 2:
                continue
            found = {column.name: match for column in columns if (match := self._of_name(each.name, column))}
            if len(set(found.values())) > max(1, len(best)):
                name, best = each.name, found
        if name:
            self.wide, self.figures = name, columns
            names = [column.name for column in columns]
            self.values[name] = {each: best.get(each) or self._value(name, each) for each in names}
            self.draft.score += len(best) / len(columns)
            return
        if not columns:
            self.columns[TODO] = "value"
            return
        topic = set(words(self.about))
        value = max(reversed(columns), key=lambda column: len(topic & set(words(column.name))))
        self.columns[value.name], self.figures = "value", [value]
        self.ignore += [column.name for column in columns if column is not value]
        if self.ignore:
            self.draft.comments["ignore"] = f"figures are taken from {value.name!r} alone; is it so?"

    def _of_name(self, name: str, column: Column) -> str | None:
        return (
            _statistic(column) if name == "statistic" else plain_match(column.name, self.known[name], self.about)
        )

    def _constants(self) -> None:
        constants: dict[str, str] = {}
        given = {*self.columns.values(), self.wide}
        for name in (each.name for each in self.fields if each.name not in given):
            found = self._constant(name)
            constants[name] = found or TODO
            if not found:
                self.draft.comments[f"constants.{name}"] = f"one of {_listed(self.known[name])}"
        self.draft.keys |= {"constants": constants} if constants else {}

    def _constant(self, name: str) -> str:
        used = list(dict.fromkeys(row[name] for row in self.rows))
        if name == "statistic":
            of = _statistic(self.figures[0]) if len(self.figures) == 1 else ""
            of = of or ("count" if "count" in used and self._whole_numbers() else "")
            return of if of in used or len(used) != 1 else used[0]
        if name == "source":
            used = [source for source in self.known[name] if not source.startswith(_OPEN)]
        if name in ("source", "area"):
            return used[0] if len(used) == 1 else ""
        texts = [self.figures[0].name] if len(self.figures) == 1 else []
        texts += [word for text in texts for word in text.split()] + [self.file.stem]
        return next((found for text in texts if (found := plain_match(text, self.known[name]))), "")

    def _whole_numbers(self) -> bool:
        return not any("." in as_text(cell) or "%" in as_text(cell) for one in self.figures for cell in one.cells)

    def _rest(self) -> None:
        """Add what the cells and rows need: entries without a figure, marks, totals, notes and the day."""
        keys, comments = self.draft.keys, self.draft.comments
        if self.values:
            keys["values"] = self.values
        cells = [cell for column in self.figures for cell in column.cells]
        if any(map(is_time, cells)):
            keys["duration"] = True
        numbers = [cell for cell in cells if isinstance(cell, float | int)]
        constants = keys.get("constants")
        statistic = constants.get("statistic") if isinstance(constants, dict) else None
        shares = statistic in ("percent", TODO) and any(isinstance(cell, float) for cell in numbers)
        if shares and max(numbers) <= 1:
            keys["scale"] = 100 if statistic == "percent" else TODO
            comments["scale"] = (
                f"100 if these are percentages kept as fractions, such as {numbers[0]}; else delete it"
            )
        seen = [text for text in dict.fromkeys(map(as_text, cells)) if text.casefold() in ABSENT]
        absent = {text: ABSENT[text.casefold()] for text in seen}
        if any(map(is_empty, cells)):
            absent[""] = TODO
            comments["absent."] = "x not supplied, z not applicable, c hidden, or leave_out"
        if absent:
            keys["absent"] = absent
            comments["absent"] = "x not supplied, z not applicable, c hidden, or leave_out; is it so?"
        marks = list(dict.fromkeys(filter(None, map(mark_of, cells))))
        if marks:
            keys["marks"] = {mark: bare if (bare := mark.strip("()")) in ("p", "r") else TODO for mark in marks}
        labels = [text for column in self.shape.columns for text in (column.name, *column.texts)]
        if notes := list(dict.fromkeys(found["mark"] for text in labels if (found := FOOTNOTE.fullmatch(text)))):
            keys["footnotes"] = notes
        self._rows()
        if self.ignore:
            keys["ignore"] = self.ignore

    def _rows(self) -> None:
        keys = self.draft.keys
        taken = [column for column in self.shape.columns if column.name in self.columns and not column.is_figures]
        if gaps := [one.name for one in taken if not is_empty(one.cells[0]) and any(map(is_empty, one.cells))]:
            keys["fill_down"] = gaps
        left_out: dict[str, list[str]] = {}
        for column in taken:
            target = self.columns[column.name]
            totals = [text for text in column.texts if is_total(text)]
            if totals and target == PERIOD:
                left_out[column.name] = totals
        keys |= {"leave_out": left_out} if left_out else {}
        if self.shape.below:
            keys["notes"] = list(dict.fromkeys(map(beginning_of, self.shape.below)))
        for row, cells in self.shape.above:
            for at, cell in enumerate(cells):
                form, dates = day_of(cell)
                if form and (_AS_AT.search(as_text(cell)) or (at and _AS_AT.search(as_text(cells[at - 1])))):
                    keys["as_at_cell"] = f"{letters(at)}{row}"
                    keys["dates"] = list(dict.fromkeys([*keys.get("dates", []), *dates]))  # type: ignore[misc]
                    self.draft.comments.setdefault("dates", "the day is taken to stand first; is it so?")
                    return


def _statistic(column: Column) -> str:
    """Tell what figures are by the name of their column, or by the signs in its cells."""
    text = column.name + ("%" if any(as_text(cell).endswith("%") for cell in column.cells) else "")
    found = next(
        (statistic for sign, statistic in _STATISTICS.items() if re.search(sign, text, re.IGNORECASE)), ""
    )
    return found or ("minutes" if any(map(is_time, column.cells)) else "")


def _listed(known: Sequence[str]) -> str:
    return ", ".join(known[:_LISTED]) + (", …" if len(known) > _LISTED else "")
