"""A million street-level records and a national file of recorded crime taken in, against pandas reading the same.

Run as ``python benchmarks/intake.py [--rows N]`` where scrutiny is installed. The files are generated: five years
of one force as one CSV file and as the archive that data.police.uk gives, and ten of all forces by offence code.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from measuring import ROOT, Run, copy_project, run

SECONDS, MEBIBYTES = 10.0, 1024.0
"""Goals for a million street-level records."""

STREET = (
    "Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location", "LSOA code",
    "LSOA name", "Crime type", "Last outcome category", "Context",
)  # fmt: skip
CATEGORIES = ("Anti-social behaviour", "Burglary", "Criminal damage and arson", "Violence and sexual offences")
MONTHS = [f"{2016 + month // 12}-{month % 12 + 1:02}" for month in range(60)]
_TAKE = """
import sys
from pathlib import Path
from scrutiny import importers
from scrutiny.inputs.project import Project
proposal = importers.take_in(Project(Path(sys.argv[1])), sys.argv[2], [Path(sys.argv[3])], importers.Options())
print(sum(len(change.added) for change in proposal.changes))
if proposal.refused:
    sys.exit("\\n".join(map(str, proposal.refused)))
"""
_PANDAS = "import sys, pandas; print(len(pandas.read_csv(sys.argv[1])))"


def street_records(month: str, count: int, chance: random.Random) -> Iterator[list[str]]:
    """Make records of a month, of which those of anti-social behaviour now and then repeat another."""
    for _ in range(count):
        category = chance.choice(CATEGORIES)
        of_crime = category != CATEGORIES[0]
        place = chance.randrange(5_000)
        yield [
            f"{chance.getrandbits(256):064x}" if of_crime else "",
            month,
            "Lancashire Constabulary",
            "Lancashire Constabulary",
            f"-2.{place:06}",
            f"53.{place:06}",
            f"On or near Street {place}",
            f"E010{place % 1_000:05}",
            f"Preston 0{place % 10}A",
            category,
            "Investigation complete; no suspect identified" if of_crime else "",
            "",
        ]


def write_street(folder: Path, rows: int) -> tuple[Path, Path]:
    """Write the records as one file and as the site's archive."""
    chance = random.Random(1)
    single, archive = folder / "lancashire-street.csv", folder / "site.zip"
    with (
        single.open("w", encoding="utf-8", newline="") as whole,
        zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        all_records = csv.writer(whole)
        all_records.writerow(STREET)
        for month in MONTHS:
            path = folder / f"{month}-lancashire-street.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                of_month = csv.writer(file)
                of_month.writerow(STREET)
                for record in street_records(month, rows // len(MONTHS), chance):
                    of_month.writerow(record)
                    all_records.writerow(record)
            packed.write(path, f"{month}/{path.name}")
            path.unlink()
    return single, archive


def write_recorded_crime(folder: Path) -> Path:
    """Write ten years of all forces by offence code."""
    chance = random.Random(2)
    path = folder / "prc.csv"
    with (
        (ROOT / "data" / "police_forces.csv").open(encoding="utf-8", newline="") as forces,
        (ROOT / "data" / "offence_codes.csv").open(encoding="utf-8", newline="") as codes,
        path.open("w", encoding="utf-8", newline="") as file,
    ):
        territorial = [force["name"] for force in csv.DictReader(forces) if force["kind"] == "territorial"]
        known = [code for code in csv.DictReader(codes) if not code["group"].startswith("Fraud")]
        writer = csv.writer(file)
        writer.writerow(
            ["Financial Year", "Financial Quarter", "Force Name", "Offence Description", "Offence Group",
             "Offence Subgroup", "Offence Code", "Number of Offences"]
        )  # fmt: skip
        for year in range(2012, 2022):
            for quarter in (1, 2, 3, 4):
                for force in territorial:
                    writer.writerows(
                        [f"{year}/{(year + 1) % 100:02}", quarter, force, code["description"], code["group"],
                         code["subgroup"], code["code"], f" {chance.randrange(1_000)} "]
                        for code in known
                    )  # fmt: skip
    return path


def main() -> None:
    """Measure, print, and exit with 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="street-level records")
    rows: int = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = copy_project(folder / "project")
        single, archive = write_street(folder, rows)
        crime = write_recorded_crime(folder)

        def take(kind: str, path: Path) -> Run:
            return run([sys.executable, "-c", _TAKE, str(project), kind, str(path)], folder)

        street, zipped = take("police-uk-street", single), take("police-uk-street", archive)
        recorded = take("home-office-prc", crime)
        alone, alone_crime = (run([sys.executable, "-c", _PANDAS, str(path)], folder) for path in (single, crime))
    print(f"{rows:,} street-level records, one file     {street}")
    print(f"the same in the site's archive           {zipped}")
    print(f"the same file read by pandas alone       {alone}")
    print(f"ratio: {street.seconds / alone.seconds:.2f}")
    print(f"ten years of all forces by offence code  {recorded}")
    print(f"the same file read by pandas alone       {alone_crime}")
    print(f"ratio: {recorded.seconds / alone_crime.seconds:.2f}")
    slowest = max(street.seconds, zipped.seconds)
    print(f"goals for a million: {SECONDS:.0f} s and {MEBIBYTES:.0f} MiB; the slower took {slowest:.2f} s")
    sys.exit(slowest > SECONDS or max(street.mebibytes, zipped.mebibytes) > MEBIBYTES)


if __name__ == "__main__":
    main()
