"""Write what each command's --help prints into the reference of commands; `make docs` runs it, a test compares."""

from __future__ import annotations

import re
from pathlib import Path

import typer
from typer.testing import CliRunner

from scrutiny.cli import app

PAGE = Path(__file__).parent / "reference" / "commands.md"
COMMANDS = tuple(typer.main.get_command(app).commands)
_BLOCK = re.compile(r"(<!-- help: (?P<command>\S+) -->\n).*?(<!-- end -->\n)", re.DOTALL)


def with_help(page: str) -> str:
    """Fill each block `<!-- help: command -->` … `<!-- end -->` of a page."""
    return _BLOCK.sub(lambda block: f"{block[1]}\n```text\n{_help(block['command'])}\n```\n\n{block[3]}", page)


def _help(command: str) -> str:
    # The same text whatever the terminal: its width and colours are not the reader's.
    shown = CliRunner().invoke(
        app, [command, "--help"], prog_name="scrutiny", env={"NO_COLOR": "1", "COLUMNS": "80"}
    )
    return "\n".join(line.rstrip() for line in shown.output.strip().splitlines())


if __name__ == "__main__":
    PAGE.write_text(with_help(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
