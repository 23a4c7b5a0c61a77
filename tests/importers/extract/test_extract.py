"""Each example of data/mappings/ with an extract made up in the form in which a dashboard gives it."""

import datetime as dt
import shutil

import pytest
from bad_input.workbooks import ods, xlsx
from fixtures.projects import ROOT

from scrutiny import importers as intake
from scrutiny.inputs.project import Project
from scrutiny.inputs.schema import dataset_problems

AS_AT = "--as-at"
QUARTER = "2020-21-Q2"
LANCASHIRE = "recorded-crime-dashboard,lancashire"

CASES = {
    # dataset: file, content, whether the day is given as an option, rows of the dataset that come of it, notes
    "recorded_crime": (
        "crime.csv",
        (
            "Recorded crime\r\nForce,Lancashire\r\n\r\nOffence Group,Month,Offences\r\n"
            'All Crime,Jul-20,"12,345"\r\n,Aug-20,"12,001(p)"\r\n,Sep-20,n/a\r\n,Total,"24,346"\r\n'
            "Burglary – Residential [1],Jul-20,310\r\n,Aug-20,300\r\n,Sep-20,305\r\n\r\n"
            "Applied filters: Force is Lancashire\r\n[1] Since April 2017.\r\n"
        ).encode("cp1252"),
        AS_AT,
        [
            f"{LANCASHIRE},all,2020-07-01,2020-07-31,count,12345,,supplied,2020-10-05",
            f"{LANCASHIRE},all,2020-08-01,2020-08-31,count,12001,p,supplied,2020-10-05",
            f"{LANCASHIRE},all,2020-09-01,2020-09-30,count,,x,supplied,2020-10-05",
            f"{LANCASHIRE},burglary_residential,2020-07-01,2020-07-31,count,310,,supplied,2020-10-05",
            f"{LANCASHIRE},burglary_residential,2020-08-01,2020-08-31,count,300,,supplied,2020-10-05",
            f"{LANCASHIRE},burglary_residential,2020-09-01,2020-09-30,count,305,,supplied,2020-10-05",
        ],
        ["skipped: rows with 'Total' in Month (1)", "skipped: notes below or between the rows (2)"],
    ),
    "crime_comparisons": (
        "forcesight.csv",
        "Area;12 months to;Change (%)\nEngland and Wales;Aug 2020;−5.1\nMSG;Aug 2020;-8\n".encode("utf-16"),
        AS_AT,
        [
            "forcesight,england_and_wales,all,2019-09-01,2020-08-31,percent_change,-5.1,,supplied,2020-10-05",
            "forcesight,most_similar_group,all,2019-09-01,2020-08-31,percent_change,-8,,supplied,2020-10-05",
        ],
        [],
    ),
    "anti_social_behaviour": (
        "asb.xlsx",
        xlsx(
            {
                "About": [["Made for the Commissioner"]],
                "ASB": [
                    ["Anti-social behaviour incidents"],
                    ["Data as at", "05/10/2020"],
                    [],
                    ["Area", dt.date(2020, 7, 1), dt.date(2020, 8, 1), dt.date(2020, 9, 1), "Oct-20", "Total"],
                    ["East", 1, 2, 3, "", 6],
                    ["Force total", 6000, 5900, 5100, "", 17000],
                ],
            }
        ),
        None,
        [
            f"{LANCASHIRE},2020-07-01,2020-07-31,count,6000,,supplied,2020-10-05",
            f"{LANCASHIRE},2020-08-01,2020-08-31,count,5900,,supplied,2020-10-05",
            f"{LANCASHIRE},2020-09-01,2020-09-30,count,5100,,supplied,2020-10-05",
        ],
        [
            "skipped: rows with 'East' in Area (1)",
            "skipped: cells without a figure (1)",
            "nothing to leave out: no row has 'South' or 'West' in Area",
        ],
    ),
    "knife_crime": (
        "knife.ods",
        ods({"Sheet1": [["Month", "Knife crime"], [dt.date(2020, 7, 1), 98], [44044, 101], ["2020-09", 90]]}),
        AS_AT,
        [
            "constabulary-analysts,lancashire,2020-07-01,2020-07-31,count,98,,supplied,2020-10-05",
            "constabulary-analysts,lancashire,2020-08-01,2020-08-31,count,101,,supplied,2020-10-05",
            "constabulary-analysts,lancashire,2020-09-01,2020-09-30,count,90,,supplied,2020-10-05",
        ],
        [],
    ),
    "budget": (
        "spend.csv",
        b"Category,\xa3m,% of spend\nNon-visible,\xa321.25,26.5%\nOther,9,-\n",
        AS_AT,
        [
            "force-finance,lancashire,non_visible,2020-07-01,2020-09-30,gbp_million,21.25,,supplied,2020-10-05",
            "force-finance,lancashire,non_visible,2020-07-01,2020-09-30,percent,26.5,,supplied,2020-10-05",
            "force-finance,lancashire,other,2020-07-01,2020-09-30,gbp_million,9,,supplied,2020-10-05",
            "force-finance,lancashire,other,2020-07-01,2020-09-30,percent,,z,supplied,2020-10-05",
        ],
        [],
    ),
    "workforce": (
        "census.xlsx",
        xlsx(
            {
                "Census": [
                    ["Function", "Sub-function", "FTE", "% of officers"],
                    ["Intelligence", "All", 190.4, 6.2],
                    ["", "Intelligence Gathering", 100.00000000000001, 3.3],
                ]
            },
            merged=["A2:A3"],
        ),
        AS_AT,
        # The financial year of the quarter is not complete: the last one is meant, whose rows are published.
        [],
        [],
    ),
    "citizens_in_policing": (
        "cip.csv",
        b'Reported by,Indicator,Unit,Figure\nLVP,Volunteer hours,Number,"10,400"\nCitizens in Policing,Cadets from vulnerable backgrounds,%,31\n',
        AS_AT,
        [
            "lancashire-volunteer-partnership,lancashire,volunteers_hours,2020-07-01,2020-09-30,count,10400,,supplied,2020-10-05",
            "force-citizens-in-policing,lancashire,cadets_vulnerable,2020-07-01,2020-09-30,percent,31,,supplied,2020-10-05",
        ],
        [],
    ),
    "crime_threats": (
        "threats.tsv",
        b"Threat\tQuarter\tNumber\nHomicides\tQ2 2020/21\t3\nATM attacks\tJul-Sep 2020\t0\n",
        AS_AT,
        [
            "constabulary-analysts,lancashire,homicide_reported,2020-07-01,2020-09-30,count,3,,supplied,2020-10-05",
            "constabulary-analysts,lancashire,atm_attack,2020-07-01,2020-09-30,count,0,,supplied,2020-10-05",
        ],
        [],
    ),
    "stop_and_search": (
        "searches.csv",
        b"Month,Self-defined ethnicity,Searches,Arrests\nSept 2020,All,640,71\nSept 2020,black,12,*\n",
        AS_AT,
        [
            "constabulary-analysts,lancashire,all,arrests,2020-09-01,2020-09-30,count,71,,supplied,2020-10-05",
            "constabulary-analysts,lancashire,all,searches,2020-09-01,2020-09-30,count,640,,supplied,2020-10-05",
            "constabulary-analysts,lancashire,black,arrests,2020-09-01,2020-09-30,count,,c,supplied,2020-10-05",
            "constabulary-analysts,lancashire,black,searches,2020-09-01,2020-09-30,count,12,,supplied,2020-10-05",
        ],
        [],
    ),
    "stop_and_search_profile": (
        "profile.csv",
        b"Finding,Asian,White\nArrested for public order,4%,..\n",
        AS_AT,
        [
            "constabulary-analysts,lancashire,asian,arrested_for_public_order,2019-01-01,2019-12-31,percent,4,,supplied,2020-10-05",
            "constabulary-analysts,lancashire,white,arrested_for_public_order,2019-01-01,2019-12-31,percent,,x,supplied,2020-10-05",
        ],
        [],
    ),
    "domestic_abuse": (
        "da.csv",
        b"sep=;\r\nMonth;DA crimes\r\nJuly 2020;2,010\r\nAugust 2020;1,987\r\nSeptember 2020;1950p\r\n",
        AS_AT,
        [
            f"{LANCASHIRE},crimes,2020-07-01,2020-07-31,count,2010,,supplied,2020-10-05",
            f"{LANCASHIRE},crimes,2020-08-01,2020-08-31,count,1987,,supplied,2020-10-05",
            f"{LANCASHIRE},crimes,2020-09-01,2020-09-30,count,1950,p,supplied,2020-10-05",
        ],
        [],
    ),
    "operation_encompass": (
        "encompass.csv",
        b"Month,Compliance\n09/2020,61.5 %\n",
        AS_AT,
        ["operation-encompass,lancashire,2020-09-01,2020-09-30,percent,61.5,,supplied,2020-10-05"],
        [],
    ),
    "sexual_offences": (
        "sexual.xlsx",
        xlsx(
            {
                "Offences": [
                    ["Sexual offences"],
                    ["", 2020, "", ""],
                    ["Offence", "Jul", "Aug", "Sep"],
                    ["Rape", 101, 99, 97],
                    ["Other sexual offences", 180, 181, 182],
                ]
            },
            merged=["A1:D1", "B2:D2"],
        ),
        AS_AT,
        [
            f"{LANCASHIRE},{kind},2020-{month:02}-01,2020-{month:02}-{last},count,{value},,supplied,2020-10-05"
            for kind, values in {"rape": (101, 99, 97), "other": (180, 181, 182)}.items()
            for month, last, value in zip((7, 8, 9), (31, 31, 30), values, strict=True)
        ],
        [],
    ),
    "modern_slavery": (
        "connect.csv",
        b"Record type,Year to,Records\nNC/88,30/09/2020,31\nN200,September 2020,77\n".replace(b"30/09/2020", b"2020-09-30"),
        AS_AT,
        [
            "connect-mi,lancashire,n200,2019-10-01,2020-09-30,count,77,,supplied,2020-10-05",
            "connect-mi,lancashire,nc88,2019-10-01,2020-09-30,count,31,,supplied,2020-10-05",
        ],
        [],
    ),
    "national_referral_mechanism": (
        "nrm.csv",
        b"Measure|Type|%\nReferrals|Change|-3%\nCriminal exploitation|Share|60\n",
        AS_AT,
        [
            "national-referral-mechanism,lancashire,referrals,2019-10-01,2020-09-30,percent_change,-3,,supplied,2020-10-05",
            "national-referral-mechanism,lancashire,criminal_exploitation_share,2019-10-01,2020-09-30,percent,60,,supplied,2020-10-05",
        ],
        [],
    ),
    "missing_persons": (
        "missing.csv",
        b"Missing people\nLancashire\n\nMonth,Incidents\n2020-09-01 00:00:00,701\nRefreshed 05/10/2020\n",
        AS_AT,
        ["responding-dashboard,lancashire,2020-09-01,2020-09-30,count,701,,supplied,2020-10-05"],
        ["skipped: notes below or between the rows (1)"],
    ),
    "child_sexual_exploitation": (
        "cse.csv",
        b"Aug 20,Sep 20\n41,40\n",
        AS_AT,
        [
            f"{LANCASHIRE},2020-08-01,2020-08-31,count,41,,supplied,2020-10-05",
            f"{LANCASHIRE},2020-09-01,2020-09-30,count,40,,supplied,2020-10-05",
        ],
        [],
    ),
    "hate_crime": (
        "hate.csv",
        b"\xef\xbb\xbfMonth,Hate crimes\nSep'20,250\n",
        AS_AT,
        [f"{LANCASHIRE},crimes,2020-09-01,2020-09-30,count,250,,supplied,2020-10-05"],
        [],
    ),
    "satisfaction": (
        "survey.xlsx",
        xlsx({"S": [["Survey", "12 months to", "Base", "Satisfied"], ["ASB", dt.date(2020, 9, 30), 800, 0.743]]}),
        AS_AT,
        ["victim-surveys,lancashire,anti_social_behaviour,all,all,2019-10-01,2020-09-30,percent,74.3,,supplied,2020-10-05"],
        [],
    ),
    "confidence": (
        "csew.csv",
        b"Year,Confident (%)\nJul 2019 to Jun 2020,74.9\n",
        AS_AT,
        ["csew,lancashire,2019-07-01,2020-06-30,percent,74.9,,open,2020-10-05"],
        [],
    ),
    "response": (
        "response.csv",
        b"Grade,Median time\nGrade 1 - Emergency,10:12\nGrade 3 - Routine,26:03:30\n",
        AS_AT,
        [
            "responding-dashboard,lancashire,grade_1,2019-10-01,2020-09-30,minutes,10.2,,supplied,2020-10-05",
            "responding-dashboard,lancashire,grade_3,2019-10-01,2020-09-30,minutes,1563.5,,supplied,2020-10-05",
        ],
        [],
    ),
    "call_handling": (
        "calls.csv",
        b"Line,Answered in target (%),Average (seconds)\n999,91.2,7.0\n101,48.25,150\n",
        AS_AT,
        [
            "force-control-room,lancashire,999,2019-10-01,2020-09-30,percent,91.2,,supplied,2020-10-05",
            "force-control-room,lancashire,999,2019-10-01,2020-09-30,seconds,7,,supplied,2020-10-05",
            "force-control-room,lancashire,101,2019-10-01,2020-09-30,percent,48.25,,supplied,2020-10-05",
            "force-control-room,lancashire,101,2019-10-01,2020-09-30,seconds,150,,supplied,2020-10-05",
        ],
        [],
    ),
}  # fmt: skip


@pytest.fixture
def project(tmp_path):
    shutil.copytree(ROOT / "data", tmp_path / "data")
    return Project(tmp_path)


def take_in(project, dataset, name, content, as_at):
    (project.root / name).write_bytes(content)
    options = intake.parse_options(
        project.data / "mappings" / f"{dataset}.yaml", "2020-10-05" if as_at else None, QUARTER
    )
    return intake.take_in(project, "extract", [project.root / name], options)


def test_every_dataset_has_an_example():
    named = {resource.name for resource in Project(ROOT).datapackage.resources}
    assert {path.stem for path in (ROOT / "data" / "mappings").glob("*.yaml")} == named == set(CASES)


@pytest.mark.parametrize("dataset", [name for name in CASES if name != "workforce"])
def test_an_extract_becomes_rows_of_its_dataset(project, dataset):
    name, content, as_at, expected, notes = CASES[dataset]
    path = project.data / f"{dataset}.csv"
    before = path.read_text(encoding="utf-8").splitlines()
    proposal = take_in(project, dataset, name, content, as_at)
    assert [str(problem) for problem in proposal.refused] == []
    # The samples have a few rows of each extract only.
    assert [note for note in proposal.changes[0].notes if not note.startswith("no figure ")] == notes
    assert path.read_text(encoding="utf-8").splitlines() == before, "nothing is written yet"
    intake.write(proposal, without_refused=False)
    after = path.read_text(encoding="utf-8").splitlines()
    assert set(after) - set(before) == set(expected)
    assert not set(before) - set(after), "all of these are new"
    assert dataset_problems(project.datapackage.resource(dataset), path) == []
    again = take_in(project, dataset, name, content, as_at)
    assert [(len(one.added), len(one.revised), len(one.same)) for one in again.changes] == [(0, 0, len(expected))]


def test_figures_of_the_census_that_are_published_stay_as_they_are(project):
    name, content, as_at, _, _ = CASES["workforce"]
    proposal = take_in(project, "workforce", name, content, as_at)
    assert not proposal.changes[0].changes
    assert all("is published, so it is not replaced" in problem.message for problem in proposal.refused)
    assert len(proposal.refused) + len(proposal.changes[0].same) == 4
