"""What is wrong with a mapping file is told before an extract is read."""

import pytest
import yaml
from fixtures.projects import ROOT

from scrutiny.errors import WrongInput
from scrutiny.importers.extract.mapping import load_mapping
from scrutiny.inputs.project import Project

GOOD = {
    "dataset": "recorded_crime",
    "columns": {"Month": "period", "Offence": "offence", "Offences": "value"},
    "period": "month",
    "constants": {"source": "recorded-crime-dashboard", "area": "lancashire", "statistic": "count"},
    "values": {"offence": {"All": "all"}},
}


def problems_of(folder, **changes):
    path = folder / "mapping.yaml"
    path.write_text(yaml.safe_dump({**GOOD, **changes}), encoding="utf-8")
    try:
        load_mapping(path, Project(ROOT).datapackage)
    except WrongInput as error:
        return [str(problem).replace(str(path), "{file}") for problem in error.problems]
    return []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"dataset": "recorded_crimes"},
            "{file} (dataset): there is no dataset 'recorded_crimes'\n    did you mean \"recorded_crime\"",
        ),
        ({"colunms": {}}, '{file} (colunms): this key is not known here\n    did you mean "columns"'),
        (
            {"columns": {"Month": "period", "Offence": "offense", "N": "value"}},
            "{file} (columns.Offence): recorded_crime has no column 'offense'\n    did you mean \"offence\"",
        ),
        ({"columns": {"Month": "period", "N": "value"}}, "{file}: the mapping does not say what offence is"),
        ({"columns": {"Month": "period", "Offence": "offence"}}, "no column is the value"),
        ({"wide": {"to": "area"}}, "area is given twice"),
        ({"wide": {"to": "period"}}, "period is given twice"),
        ({"period": None}, "period gives the form of a period in columns or wide"),
        ({"period": "months"}, "{file} (period): 'month'"),
        ({"window": "quarter"}, "give the period in one way"),
        ({"window": "quarters"}, "no window 'quarters'"),
        (
            {"constants": {"source": "dashboard", "area": "lancashire", "statistic": "count"}},
            "{file} (constants.source): the column source of recorded_crime has no 'dashboard'",
        ),
        (
            {"values": {"offence": {"All": "al"}}},
            "{file} (values.offence.All): the column offence of recorded_crime has no 'al'\n    did you mean \"all\"",
        ),
        ({"dates": ["dd/mm/yyyy"]}, "write a date format like %d/%m/%Y"),
        ({"as_at_cell": "2B"}, "a cell is named like B2"),
        ({"absent": {"n/a": "q"}}, "{file} (absent.n/a): 'x', 'z', 'c' or 'leave_out' belongs here"),
        ({"marks": {"1": "p"}}, "the mark '1' could be digits of a figure"),
        ({"scale": 0}, "{file} (scale): more than 0 belongs here"),
        (
            {"constants": {**GOOD["constants"], "as_at": "5/10/2020"}},
            "{file} (constants.as_at): '5/10/2020' is not a date",
        ),
        ({"constants": {**GOOD["constants"], "value": 5}}, "value is read from the file"),
        ({"constants": {**GOOD["constants"], "period": "Jul-20"}}, "period is read from the file"),
        ({"ignore": ["offences"]}, "the column 'offences' is needed, so it cannot be ignored"),
        (
            {
                "columns": {**GOOD["columns"], "month": "area"},
                "constants": {"source": "recorded-crime-dashboard", "statistic": "count"},
            },
            "the column 'month' is given twice in columns",
        ),
        (
            {"columns": {**GOOD["columns"], "": "as_at"}},
            'a column without a name is named by its letter: "column A"',
        ),
        ({"values": {"offence": {"All": "all", "ALL": "robbery"}}}, "is given twice in values.offence"),
        (
            {"footnotes": ["*"], "values": {"offence": {"All*": "all"}}},
            "'All*' in values.offence ends with the footnote '*'",
        ),
        ({"absent": {"n/a": "x", "N/A": "z"}}, "is given twice in absent"),
        ({"absent": {"0": "x"}}, "'0' in absent could be a figure"),
        (
            {"keep": {"Area": ["East"]}, "leave_out": {"Area": ["east"]}},
            "keep and leave_out both have 'East' of Area",
        ),
        ({"join": {"Period": ["Year", "Month"]}}, "the column 'Period' is joined: say in columns what it is"),
        (
            {"join": {"Month": ["Year", "month"]}},
            "the file has a column 'Month', so choose another name for what is joined",
        ),
        (
            {"sum": ["Area"], "constants": {**GOOD["constants"], "statistic": "percent"}},
            "percent cannot be added up",
        ),
        ({"zeros_omitted": True}, "zeros_omitted is about sums"),
        ({"notes": [""]}, "a note needs a text"),
        ({"duration": True}, "with duration, figures are minutes or seconds, not count"),
        ({"keeps": {}}, 'this key is not known here\n    did you mean "keep"'),
        ({"header_row": 0}, "{file} (header_row): 1 or more belongs here"),
    ],
)
def test_what_is_wrong_is_told_with_its_key(tmp_path, changes, message):
    told = problems_of(tmp_path, **changes)
    assert any(message in problem for problem in told), told


def test_it_is_right_as_it_stands_and_tells_all_mistakes_at_once(tmp_path):
    assert problems_of(tmp_path) == []
    both = problems_of(tmp_path, constants={"source": "x", "area": "y", "statistic": "count"})
    assert len(both) == 2
