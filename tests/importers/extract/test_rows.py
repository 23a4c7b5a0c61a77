"""Rows and headers of a force's own extract: none gives another figure, and none is lost, without a word."""

import re

import pytest
from bad_input.cases import LONG, PERCENT, WIDE
from bad_input.workbooks import xlsx
from fixtures.projects import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny import importers as intake
from scrutiny.errors import ScrutinyError
from scrutiny.importers.extract.extract import read
from scrutiny.importers.extract.header import fits
from scrutiny.importers.extract.mapping import load_mapping
from scrutiny.importers.files.csv import read_csv
from scrutiny.inputs.project import Project

HEAD = "Month,Offence,Offences\n"
ROBBERY = "{All Crime: all, Robbery - Personal: robbery_personal}"
TWO_ROWS = WIDE + "header_rows: 2\n"
EMPTY = 'absent: {"": x}\n'
SEARCHES = """
dataset: stop_and_search
columns: {Month: period}
wide: {to: counted}
period: month
constants: {source: constabulary-analysts, area: lancashire, ethnic_group: all, statistic: count}
values: {counted: {Searches: searches, Arrests: arrests}}
"""
CENSUS = """
dataset: workforce
columns: {Function: function, Part: sub_function, FTE: value}
constants: {source: workforce-census, area: lancashire, statistic: fte, period_start: 2019-04-01, period_end: 2020-03-31}
fill_down: [Function]
"""
DISTRICTS = LONG + "sum: [District]\n"
LOST = "a cell was lost or added, so that others may have moved: export it again, or as a workbook"


def taken(folder, content, mapping, quarter=None):
    """Give the figures taken, `month what value symbol`, what was refused, and the notes."""
    file = folder / ("extract.csv" if isinstance(content, str) else "extract.xlsx")
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
    options = intake.parse_options(folder / "mapping.yaml", "2020-10-05", quarter)
    try:
        (offer,) = read(Project(ROOT), [file], options)
    except ScrutinyError as error:
        return [], [str(problem).replace(str(file), "{file}") for problem in error.problems], []
    rows = []
    for row in offer.rows:
        what = next((row.cells[name] for name in ("offence", "counted", "sub_function") if name in row.cells), "")
        parts = (row.cells["period_start"][:7], what, row.cells["value"], row.cells.get("symbol", ""))
        rows.append(" ".join(filter(None, parts)))
    return (
        rows,
        [str(problem).replace(str(file), "{file}") for problem in offer.refused],
        [note for note in offer.notes if not note.startswith("no figure has these values")],
    )


CASES = {
    # name: content, mapping, what is taken, what is refused, notes
    "a cell lost in the middle": (
        "Offence,Jul-20,Aug-20\nAll Crime,1,2\nRobbery - Personal,4\n", WIDE,
        ["2020-07 all 1", "2020-08 all 2"],
        [f"{{file}}:3: this row has 2 cells, but the header has 3\n    {LOST}"], [],
    ),
    "a cell lost in a row whose empty cells mean something": (
        "Offence,Jul-20,Aug-20\nAll Crime,1,2\nRobbery - Personal,4\n", WIDE + EMPTY,
        ["2020-07 all 1", "2020-08 all 2"],
        [f"{{file}}:3: this row has 2 cells, but the header has 3\n    {LOST}"], [],
    ),
    "an empty cell added in the middle, and the last one empty": (
        "Offence,Jul-20,Aug-20\nAll Crime,1,2\nRobbery - Personal,,4,\n", WIDE + EMPTY,
        ["2020-07 all 1", "2020-08 all 2"],
        [f"{{file}}:3: this row has 4 cells, but most have 3\n    {LOST}"], [],
    ),
    "a lost cell where all rows end with a comma": (
        "Offence,Jul-20,Aug-20,\nAll Crime,1,2,\nRobbery - Personal,4,\n", WIDE + EMPTY,
        ["2020-07 all 1", "2020-08 all 2"],
        [f"{{file}}:3: this row has 3 cells, but most have 4\n    {LOST}"], [],
    ),
    "all rows end with a comma": (
        "Offence,Jul-20,Aug-20\nAll Crime,1,2,\nRobbery - Personal,4,5,\n", WIDE,
        ["2020-07 all 1", "2020-08 all 2", "2020-07 robbery_personal 4", "2020-08 robbery_personal 5"], [], [],
    ),
    "an empty cell left out after the last name": (
        "Offence,Jul-20,Aug-20,,\nAll Crime,1,2,,\nRobbery - Personal,4,5\n", WIDE,
        ["2020-07 all 1", "2020-08 all 2", "2020-07 robbery_personal 4", "2020-08 robbery_personal 5"], [], [],
    ),
    "a label lost with its row, of those below": (
        HEAD + "Jul-20,All Crime,1\nAug-20,Robbery - Personal\nSep-20,,3\n", LONG + "fill_down: [Offence]\n",
        ["2020-07 all 1"],
        [
            f"{{file}}:3: this row has 2 cells, but the header has 3\n    {LOST}",
            "{file}:4 (Offence): this cell is empty\n    fill it, or name the column under fill_down in the mapping",
        ], [],
    ),
    "a figure right of the table": (
        xlsx({"Data": [["Month", "Offence", "Offences"], ["Jul-20", "All Crime", 1, "", 5]]}), LONG,
        [], ['{file}, sheet Data:1 (column E): this column has data but no name\n    name it, in the mapping as "column E", or delete what is in it'], [],
    ),
    # names
    "two columns of one name but for case": (
        "Month,Offence,Offences,OFFENCES\nJul-20,All Crime,33790,917\n", LONG,
        [], ["{file}:1 (Offences): the column 'Offences' occurs 2 times\n    keep one"], [],
    ),
    "two columns of one name but for a footnote": (
        "Month,Offence,Offences,Offences [1]\nJul-20,All Crime,33790,917\n", LONG + 'footnotes: ["[1]"]\n',
        [], ["{file}:1 (Offences): the column 'Offences' occurs 2 times\n    keep one"], [],
    ),
    "two columns of one name in two rows": (
        ",2020,,\nOffence,Jul,Aug,jul\nAll Crime,1,2,1\n", TWO_ROWS,
        [], ["{file}:1 (column D): below '2020', '2020 jul' comes after '2020 Aug'\n    write the year above each month, or merge each year over its own months"], [],
    ),
    "two columns of one month, written otherwise, with the same figure": (
        "Offence,2020-07,Jul 2020\nAll Crime,1,1\n", WIDE,
        [], ["{file}:1 (2020-07): the columns '2020-07' (B) and 'Jul 2020' (C) are both July 2020\n    keep one, and correct the name of the other"], [],
    ),
    "two columns that are translated alike": (
        "Month,Searches,Stops\nJul-20,1,1\n", SEARCHES.replace("Arrests: arrests", "Stops: searches"),
        [], ["{file}:1 (Searches): the columns 'Searches' (B) and 'Stops' (C) are both searches\n    keep one, and correct the name of the other"], [],
    ),
    "a column to be ignored, twice": (
        "Month,Offence,Rate,Offences,Rate\nJul-20,All Crime,1.5,1,2.5\n", LONG + "ignore: [Rate]\n", ["2020-07 all 1"], [], [],
    ),
    "a column without a name, by its letter": (
        ",Jul-20,Aug-20\nAll Crime,1,2\n", WIDE.replace("{Offence: offence}", '{"column A": offence}') + "header_row: 1\n",
        ["2020-07 all 1", "2020-08 all 2"], [], [],
    ),
    "the column of a letter has a name": (
        "Group,Month,Offences\nAll Crime,Jul-20,1\n", LONG.replace("Offence: offence", '"column A": offence'),
        [], ["{file}:1 (column A): the column A has a name: 'Group'\n    write that in the mapping"], [],
    ),
    "names one row below": (
        "Month,,Offences\n,Offence,\nJul-20,All Crime,1\n", LONG,
        [], ["{file}:1: the column 'Offence' is missing\n    it stands one row below: set header_rows to 2 in the mapping"], [],
    ),
    "columns that are months": (
        "Month,Offence,Offences,Jul-20,Aug-20\nJul-20,All Crime,1,2,3\n", LONG,
        [], ["{file}:1: 2 columns are named by periods, but the mapping does not know them: Jul-20, Aug-20\n    if figures stand below, write wide: {to: period} and period: month in the mapping"], [],
    ),
    "two headers": (
        "Month,Offence,Number\nJul-20,All Crime,7\n" + HEAD + "Jul-20,All Crime,1\n", LONG,
        [], ["{file}:1: two rows look like the header: 1 and 3\n    say in the mapping which it is, as header_row"], [],
    ),
    # years over months
    "the second year lost": (
        ",2019,,,,\nOffence,Nov,Dec,Jan,Feb\nAll Crime,1,2,3,4\n", TWO_ROWS,
        [], ["{file}:1 (column D): below '2019', '2019 Jan' comes after '2019 Dec'\n    write the year above each month, or merge each year over its own months"], [],
    ),
    "the second year lost, months after a gap": (
        ",2019,,,\nOffence,Jan,Feb,Jul\nAll Crime,1,2,3\n", TWO_ROWS,
        [], ["{file}:1 (column D): below '2019', '2019 Jul' comes after '2019 Feb'\n    write the year above each month, or merge each year over its own months"], [],
    ),
    "the second year lost, of two months": (
        ",2019,\nOffence,Mar,Feb\nAll Crime,1,2\n", TWO_ROWS,
        [], ["{file}:1 (column C): below '2019', '2019 Feb' comes after '2019 Mar'\n    write the year above each month, or merge each year over its own months"], [],
    ),
    "years over their months, the latest first": (
        ",2020,,2019,\nOffence,Feb,Jan,Dec,Nov\nAll Crime,1,2,3,4\n", TWO_ROWS,
        ["2020-02 all 1", "2020-01 all 2", "2019-12 all 3", "2019-11 all 4"], [], [],
    ),
    "merged years are trusted": (
        xlsx({"Data": [["", 2020, "", ""], ["Offence", "Jan", "Feb", "Jul"], ["All Crime", 1, 2, 3]]}, merged=["B1:D1"]),
        TWO_ROWS + "absent: {}\n", ["2020-01 all 1", "2020-02 all 2", "2020-07 all 3"],
        ["{file}, sheet Data: March 2020, April 2020, May 2020, June 2020 are missing between other months of recorded-crime-dashboard lancashire all count\n    export these months as well"], [],
    ),
    # tables below
    "another header in mid-file, its columns in another order": (
        "Month,Searches,Arrests\nJul-20,640,71\nMonth,Arrests,Searches\nAug-20,70,600\n", SEARCHES,
        [], ["{file}:3: another header stands here, whose columns are not those of the first\n    take the tables in one by one, each from a file or sheet of its own"], [],
    ),
    "another header in mid-file, with other months": (
        "Offence,Jul-20\nAll Crime,1\nOffence,Aug-20\nAll Crime,2\n", WIDE,
        [], ["{file}:3: another header stands here, whose columns are not those of the first\n    take the tables in one by one, each from a file or sheet of its own"], [],
    ),
    "the second year's table below": (
        ",2020,\nOffence,Jul,Aug\nAll Crime,1,2\n,2021,\nOffence,Jul,Aug\nAll Crime,3,4\n", TWO_ROWS,
        [], ["{file}:5: another header stands here, whose columns are not those of the first\n    take the tables in one by one, each from a file or sheet of its own"], [],
    ),
    "a header of two rows repeated": (
        ",2020,\nOffence,Jul,Aug\nAll Crime,1,2\n,2020,\nOffence,Jul,Aug\nRobbery - Personal,3,4\n", TWO_ROWS,
        ["2020-07 all 1", "2020-08 all 2", "2020-07 robbery_personal 3", "2020-08 robbery_personal 4"], [],
        ["skipped: repeated headers (1)"],
    ),
    "a heading between rows": (
        "Month,Offences\nJul-20,1\nRobbery,\nAug-20,2\nSep-20,3\n", LONG.replace("Offence: offence, ", "").replace("statistic:", "offence: all, statistic:"),
        ["2020-07 all 1"],
        ["{file}:3: this row has only a text, 'Robbery', to which the rows below may belong: 4–5\n    if it is a note, write its beginning under notes in the mapping"], [],
    ),
    "a text below": (
        HEAD + "Jul-20,All Crime,1\nSource: dashboard\n", LONG, ["2020-07 all 1"],
        ["{file}:3: this row has only a text, 'Source: dashboard'\n    if it is a note, write its beginning under notes in the mapping"], [],
    ),
    "figures above the header": (
        "All Crime,33,44\nRobbery,1,2\n" + HEAD + "Jul-20,All Crime,1\n", LONG, ["2020-07 all 1"], [],
        ["skipped: rows above the header, with figures (2)"],
    ),
    # rows that are skipped
    "a note that begins like a row": (
        HEAD + "Jul-20,All Crime,1\nJul-20,Robbery - Personal,2\nJuly has 31 days\n", LONG + "notes: [Jul]\n", [],
        [
            "{file}:2: this row has figures, but begins like the note 'Jul'\n    write more of the note under notes in the mapping",
            "{file}:3: this row has figures, but begins like the note 'Jul'\n    write more of the note under notes in the mapping",
        ],
        ["skipped: notes below or between the rows (1)"],
    ),
    "a group that is left out keeps its label to itself": (
        "Offence,Month,Offences\nAll Crime,Jul-20,1\nRobbery - Personal,Total,9\n,Jul-20,4\n",
        LONG + "fill_down: [Offence]\nleave_out: {Month: [Total]}\n",
        ["2020-07 all 1", "2020-07 robbery_personal 4"], [], ["skipped: rows with 'Total' in Month (1)"],
    ),
    "a group that is left out whole": (
        "Offence,Month,Offences\nAll Crime,Jul-20,1\nSpam,Jul-20,9\n,Aug-20,4\n",
        LONG + "fill_down: [Offence]\nleave_out: {Offence: [Spam]}\n",
        ["2020-07 all 1"], [], ["skipped: rows with 'Spam' in Offence (2)"],
    ),
    "no label after a blank row": (
        "Offence,Month,Offences\nAll Crime,Jul-20,1\n\n,Aug-20,4\n", LONG + "fill_down: [Offence]\n",
        ["2020-07 all 1"],
        ["{file}:4 (Offence): this cell is empty\n    fill it, or name the column under fill_down in the mapping"], [],
    ),
    "a cell of two lines is no blank row": (
        'Offence,Month,Offences\nAll Crime,"Jul\n2020",1\n,Aug-20,4\n', LONG + "fill_down: [Offence]\n",
        ["2020-07 all 1", "2020-08 all 4"], [], [],
    ),
    "a new group without the label of its part": (
        "Function,Part,FTE\nIntelligence,All,5\nInvestigations,,6\n", CENSUS,
        ["2019-04 All 5"],
        ['{file}:3 (Part): this cell is empty\n    fill it, or name the column under fill_down in the mapping'], [],
    ),
    "an inner label ends with its outer one": (
        "Function,Part,FTE\nIntelligence,All,5\nInvestigations,,6\n", CENSUS.replace("[Function]", "[Function, Part]"),
        ["2019-04 All 5"],
        ['{file}:3 (Part): this cell is empty\n    fill it, or name the column under fill_down in the mapping'], [],
    ),
    "a label that merged cells do not reach": (
        xlsx({"Data": [["Offence", "Month", "Offences"], ["All Crime", "Jul-20", 1], ["", "Aug-20", 2], ["", "Sep-20", 3]]}, merged=["A2:A3"]),
        LONG + "fill_down: [Offence]\n", ["2020-07 all 1", "2020-08 all 2"],
        ["{file}, sheet Data:4 (Offence): this cell is empty\n    fill it, or name the column under fill_down in the mapping"], [],
    ),
    "a total in a column of free text": (
        "Function,Part,FTE\nIntelligence,Gathering,5\n,Total,5\n", CENSUS, ["2019-04 Gathering 5"],
        ["{file}:3 (Part): 'Total' seems to be a total of other rows\n    write leave_out: {Part: [Total]} in the mapping, or add it to values.sub_function"], [],
    ),
    "a total among months": (
        HEAD + "Jul-20,All Crime,1\nTotal,All Crime,1\n", LONG, ["2020-07 all 1"],
        ["{file}:3 (Month): 'Total' is not a month\n    if it is a total, write leave_out: {Month: [Total]} in the mapping"], [],
    ),
    "districts with the same figure, whose column is ignored": (
        "District,Month,Offence,Offences\nEast,Jul-20,All Crime,5\nWest,Jul-20,All Crime,5\n", LONG + "ignore: [District]\n",
        [], ["{file}:2: rows 2–3 are of one figure, but differ in District: 'East' and 'West'\n    keep one or, if they add up, add sum: [District] to the mapping"], [],
    ),
    "two labels of one figure": (
        HEAD + "Jul-20,All Crime,5\nJul-20,Everything,5\n", LONG.replace(ROBBERY, "{All Crime: all, Everything: all}"),
        [], ["{file}:2: rows 2–3 are of one figure, but differ in Offence: 'All Crime' and 'Everything'\n    keep one or, if they add up, add sum: [Offence] to the mapping"], [],
    ),
    "everything is skipped": (
        HEAD + "Jul-20,All Crime,-\n", LONG + 'absent: {"-": leave_out}\n', [],
        ["{file}: nothing is taken from this table: all its rows or figures are skipped\n    check absent, keep, leave_out and notes in the mapping"],
        ["skipped: cells without a figure (1)"],
    ),
    "many labels that nothing translates": (
        HEAD + "".join(f"Jul-20,{name},5\n" for name in ("Arson", "Bribery", "Cruelty", "Drugs")), LONG, [],
        [f"{{file}}:{row} (Offence): the mapping does not translate {name!r}\n    add it to values.offence, or write keep: {{Offence: […]}} to take only some rows" for row, name in enumerate(("Arson", "Bribery", "Cruelty", "Drugs"), 2)], [],
    ),
    # keep
    "rows to keep": (
        "Force,Month,Offence,Offences\nLancashire,Jul-20,All Crime,5\nCumbria,Jul-20,All Crime,7\nKent,Jul-20,All Crime,8\n",
        LONG + "keep: {Force: [lancashire]}\n", ["2020-07 all 5"], [],
        ["skipped: rows with another Force than is to be kept: 'Cumbria', 'Kent' (2)"],
    ),
    "rows that may be meant to be kept": (
        "Force,Month,Offence,Offences\nLancashire,Jul-20,All Crime,5\nLancashre,Aug-20,All Crime,7\n,Sep-20,All Crime,8\n",
        LONG + "keep: {Force: [Lancashire]}\n", ["2020-07 all 5"],
        [
            "{file}:3 (Force): 'Lancashre' is not to be kept, but 'Lancashire' is\n    add it to keep.Force, or to leave_out.Force, in the mapping",
            '{file}:4 (Force): this cell is empty, so it is not known whether the row is to be kept\n    fill it, or add "" to leave_out.Force in the mapping',
        ], [],
    ),
    "nothing of what is to be kept": (
        "Force,Month,Offence,Offences\nLancashire Constabulary,Jul-20,All Crime,5\n", LONG + "keep: {Force: [Lancashire]}\n", [],
        [
            "{file}: nothing is taken from this table: all its rows or figures are skipped\n    check absent, keep, leave_out and notes in the mapping",
            "{file}: no row has 'Lancashire' in Force, which the mapping keeps\n    did you mean \"Lancashire Constabulary\"?",
        ],
        ["skipped: rows with another Force than is to be kept: 'Lancashire Constabulary' (1)"],
    ),
    # join
    "year and month in two columns": (
        "Year,Month,Offence,Offences\n2020,Jul,All Crime,5\n2020,8,All Crime,6\n",
        LONG.replace("Month: period", "Period: period") + "join: {Period: [Year, Month]}\n",
        ["2020-07 all 5", "2020-08 all 6"], [], [],
    ),
    "financial year and quarter in two columns": (
        "Year,Quarter,Offence,Offences\n2019/20,4,All Crime,5\n2020/21,1,All Crime,6\n",
        LONG.replace("Month: period", "Period: period").replace("period: month", "period: quarter") + "join: {Period: [Year, Quarter]}\n",
        ["2020-01 all 5", "2020-04 all 6"], [], [],
    ),
    "a year that is filled down": (
        "Year,Month,Offence,Offences\n2020,Nov,All Crime,5\n,Dec,All Crime,6\n2021,Jan,All Crime,7\n",
        LONG.replace("Month: period", "Period: period") + "join: {Period: [Year, Month]}\nfill_down: [Year]\n",
        ["2020-11 all 5", "2020-12 all 6", "2021-01 all 7"], [], [],
    ),
    "no year": (
        "Year,Month,Offence,Offences\n2020,Nov,All Crime,5\n,Dec,All Crime,6\n",
        LONG.replace("Month: period", "Period: period") + "join: {Period: [Year, Month]}\n", ["2020-11 all 5"],
        ["{file}:3 (Period): this cell is empty\n    fill it, or name the column under fill_down in the mapping"], [],
    ),
    "the file has a column of the joined name": (
        "Period,Year,Month,Offence,Offences\nx,2020,Nov,All Crime,5\n",
        LONG.replace("Month: period", "Period: period") + "join: {Period: [Year, Month]}\nignore: [Period]\n", [],
        ["{file}:1 (Period): the file has a column 'Period', but the mapping joins others to one of this name\n    choose another name under join"], [],
    ),
    # sum
    "districts added up": (
        "District,Month,Offence,Offences\nEast,Jul-20,All Crime,5\nWest,Jul-20,All Crime,7\nEast,Aug-20,All Crime,1\nWest,Aug-20,All Crime,2(p)\n",
        DISTRICTS + "marks: {(p): p}\n", ["2020-07 all 12", "2020-08 all 3 p"], [], ["added up over District: 4 figures to 2"],
    ),
    "labels of one figure added up": (
        HEAD + "Jul-20,All Crime,5\nJul-20,Everything,5\n", LONG.replace(ROBBERY, "{All Crime: all, Everything: all}") + "sum: [Offence]\n",
        ["2020-07 all 10"], [], ["added up over Offence: 2 figures to 1"],
    ),
    "a sum with a part that cannot be read": (
        "District,Month,Offence,Offences\nEast,Jul-20,All Crime,5\nWest,Jul-20,All Crime,n/k\nEast,Aug-20,All Crime,1\nWest,Aug-20,All Crime,2\n",
        DISTRICTS, ["2020-08 all 3"],
        [
            "{file}:3 (Offences): 'n/k' is not a number\n    if it means that there is no figure, name it under `absent` in the mapping",
            "{file}:3 (Offences): 1 sum is not taken, because this may be part of it\n    correct what is refused here",
        ],
        ["added up over District: 2 figures to 1"],
    ),
    "sums of a row whose offence is not known": (
        "District,Month,Offence,Offences\nEast,Jul-20,All Crime,5\nWest,Jul-20,All Crimes,7\nEast,Aug-20,All Crime,1\nWest,Aug-20,All Crime,2\n",
        DISTRICTS, ["2020-08 all 3"],
        [
            "{file}:3 (Offence): the mapping does not translate 'All Crimes'\n    add it to values.offence; did you mean \"All Crime\"?",
            "{file}:3 (Offence): 1 sum is not taken, because this may be part of it\n    correct what is refused here",
        ],
        ["added up over District: 2 figures to 1"],
    ),
    "sums of a row that has moved": (
        "District,Month,Offence,Offences\nEast,Jul-20,All Crime,5\nWest,Jul-20,7\nEast,Aug-20,All Crime,1\nWest,Aug-20,All Crime,2\n",
        DISTRICTS, [],
        [
            f"{{file}}:3: this row has 3 cells, but the header has 4\n    {LOST}",
            "{file}:3: 2 sums are not taken, because this may be part of them\n    correct what is refused here",
        ], [],
    ),
    "a sum that lacks a part": (
        "District,Month,Offence,Offences\nEast,Jul-20,All Crime,5\nEast,Aug-20,All Crime,1\nWest,Aug-20,All Crime,2\n",
        DISTRICTS, ["2020-08 all 3"],
        ["{file}:2: the sum of recorded-crime-dashboard, lancashire, all, 2020-07-01, 2020-07-31, count has no row for District 'West'\n    export it, or set zeros_omitted in the mapping if the file leaves rows of zero out"],
        ["added up over District: 2 figures to 1"],
    ),
    "a sum whose file leaves zeros out": (
        "District,Month,Offence,Offences\nEast,Jul-20,All Crime,5\nEast,Aug-20,All Crime,1\nWest,Aug-20,All Crime,2\n",
        DISTRICTS + "zeros_omitted: true\n", ["2020-07 all 5", "2020-08 all 3"], [],
        ["added up over District: 3 figures to 2", "sums with fewer rows than others, taken for zero: 1"],
    ),
    "a part twice": (
        "District,Month,Offence,Offences\nEast,Jul-20,All Crime,5\nEast,Jul-20,All Crime,5\n", DISTRICTS, [],
        ["{file}:3: District 'East' occurs twice in one sum, here and in row 2\n    take one of the two out, or name under sum another column in which they differ"], [],
    ),
    "a total among the parts": (
        "District,Month,Offence,Offences\n" + "".join(f"{d},{m}-20,All Crime,{n}\n" for m in ("Jul", "Aug") for d, n in (("East", 5), ("West", 6), ("Force", 11))),
        DISTRICTS, [],
        ["{file}:4: District 'Force' is in each sum as much as all others: it looks like their total\n    name it under leave_out in the mapping"], [],
    ),
    "a part that is hidden": (
        "District,Month,Offence,Offences\nEast,Jul-20,All Crime,5\nWest,Jul-20,All Crime,*\n", DISTRICTS + 'absent: {"*": c}\n', [],
        [
            "{file}:3 (Offences): there is no figure here, so the sum is not known\n    give the figure, or take the total from a row of its own",
            "{file}:3 (Offences): 1 sum is not taken, because this may be part of it\n    correct what is refused here",
        ], [],
    ),
    "parts that are no counts": (
        "District,Month,Offence,Offences\nEast,Jul-20,All Crime,12.5\nWest,Jul-20,All Crime,0.5\n", DISTRICTS, [],
        [
            "{file}:2 (Offences): 12.5 is not a count, so it cannot be part of a sum\n    write the count itself",
            "{file}:3 (Offences): 0.5 is not a count, so it cannot be part of a sum\n    write the count itself",
        ], [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_each_row_is_taken_or_told(tmp_path, case):
    content, mapping, rows, refused, notes = CASES[case]
    assert taken(tmp_path, content, mapping) == (rows, refused, notes)


def test_whether_a_mapping_fits_is_told_without_raising(tmp_path):
    (tmp_path / "mapping.yaml").write_text(LONG, encoding="utf-8")
    mapping, _ = load_mapping(tmp_path / "mapping.yaml", Project(ROOT).datapackage)
    assert fits(read_csv(HEAD.encode(), "crime.csv"), mapping) == []
    told = [str(problem) for problem in fits(read_csv(b"Month,Offence,Number\n", "crime.csv"), mapping)]
    assert told == ["crime.csv:1: the column 'Offences' is missing\n    did you mean \"Offence\"?"]


FIGURES = st.lists(st.lists(st.integers(1, 999), min_size=4, max_size=4), min_size=2, max_size=2)


@settings(deadline=None)
@given(figures=FIGURES, row=st.integers(0, 1), column=st.integers(0, 4), add=st.booleans())
def test_a_row_that_has_moved_gives_no_figure(tmp_path_factory, figures, row, column, add):
    names = ["All Crime", "Robbery - Personal"]
    cells = [[name, *map(str, of)] for name, of in zip(names, figures, strict=True)]
    if add:
        cells[row].insert(column, "")
    else:
        del cells[row][column]
    lines = ["Offence,May-20,Jun-20,Jul-20,Aug-20", *(",".join(each) for each in cells)]
    rows, refused, _ = taken(tmp_path_factory.mktemp("moved"), "\n".join(lines), WIDE + EMPTY)
    other = ("all", "robbery_personal")[1 - row]
    assert [each.split()[1:] for each in rows] == [[other, str(figure)] for figure in figures[1 - row]]
    assert refused


@settings(deadline=None)
@given(parts=st.lists(st.integers(0, 10**6), min_size=1, max_size=8))
def test_a_sum_is_that_of_its_parts(tmp_path_factory, parts):
    lines = "".join(f"D{at},Jul-20,All Crime,{part}\n" for at, part in enumerate(parts))
    rows, refused, _ = taken(tmp_path_factory.mktemp("sum"), f"District,{HEAD}{lines}", DISTRICTS)
    assert (rows, refused) == ([f"2020-07 all {sum(parts)}"], [])


def test_percentages_are_not_added_up(tmp_path):
    rows, refused, _ = taken(tmp_path, "District,Month,Compliance\nEast,Jul-20,5\n", PERCENT + "sum: [District]\n")
    assert (rows, len(refused)) == ([], 1)
    assert "sum adds up counts, but percent cannot be added up" in refused[0]


def test_the_example_of_the_reference_takes_a_file_of_all_forces(tmp_path):
    page = (ROOT / "docs" / "reference" / "import.md").read_text(encoding="utf-8")
    mapping = next(each for each in re.findall("```yaml\n(.*?)```", page, re.DOTALL) if "\nsum:" in each)
    head = "Force,District,Year,Month,Offence,Offences\n"
    rows = "Lancashire,East,2020,Jul,All Crime,5\nLancashire,West,2020,Jul,All Crime,6\nKent,Mid,2020,Jul,All Crime,9\n"
    assert taken(tmp_path, head + rows, mapping) == (
        ["2020-07 all 11"],
        [],
        [
            "skipped: rows with another Force than is to be kept: 'Kent' (1)",
            "added up over District: 2 figures to 1",
        ],
    )
