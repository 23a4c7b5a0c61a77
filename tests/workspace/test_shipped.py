"""The skeleton that travels in the package."""

import subprocess
import sys
from pathlib import Path

from scrutiny.files import file_digest
from scrutiny.workspace.skeleton import ASSETS, SETTINGS, shipped

ROOT = Path(__file__).parents[2]


def test_a_built_package_has_the_skeleton_of_the_repository(tmp_path: Path) -> None:
    command = [sys.executable, "setup.py", "--quiet", "build_py", "--build-lib", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    code = "from scrutiny.workspace.skeleton import shipped; print(shipped())"
    built = {"PYTHONPATH": str(tmp_path), "PATH": ""}
    found = subprocess.run([sys.executable, "-c", code], env=built, check=True, capture_output=True, text=True)
    assert Path(found.stdout.strip()) == tmp_path / "scrutiny" / "skeleton"
    assert shipped() == ROOT
    for name in (SETTINGS, "report.qmd", *(f"assets/{asset}" for asset in ASSETS)):
        assert file_digest(tmp_path / "scrutiny" / "skeleton" / name) == file_digest(ROOT / name) != "", name
