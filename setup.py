"""Puts the skeleton of a report, which is at the top of the repository, into the package; see pyproject.toml."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithSkeleton(build_py):
    """Builds the package; an editable one finds the skeleton in the repository."""

    def run(self) -> None:
        """Copy the code, and then the skeleton beside it."""
        super().run()
        if not self.editable_mode:
            skeleton = Path(self.build_lib, "scrutiny", "skeleton")
            shutil.rmtree(skeleton, ignore_errors=True)
            shutil.copytree("assets", skeleton / "assets", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
            for name in ("_quarto.yml", "report.qmd"):
                shutil.copyfile(name, skeleton / name)


setup(cmdclass={"build_py": BuildWithSkeleton})
