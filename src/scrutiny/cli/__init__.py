"""The command line: each command is a thin function over one function of the package.

A command imports what it needs itself, so that `scrutiny --help` and `scrutiny values` do not wait for pandas.
"""

from __future__ import annotations

import gc
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from scrutiny import __version__
from scrutiny.cli import data, report, review
from scrutiny.cli.terminal import say
from scrutiny.errors import ScrutinyError

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""
INTERNAL_ERROR = 70

app = typer.Typer(
    help="Writes a police force's quarterly performance report from data, notebooks and narrative.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def version(
    show: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    """Write a police force's quarterly performance report from data, notebooks and narrative."""
    if show:
        typer.echo(f"scrutiny {__version__}")
        raise typer.Exit


# In the order in which the help lists them.
for command in (
    report.new,
    report.status,
    report.build,
    report.preview,
    report.values,
    report.check,
    data.import_,
    data.mapping,
    review.numbers,
    review.explain,
    review.verify,
    review.reconcile,
    review.diff,
    report.doctor,
):
    app.command(command.__name__.rstrip("_"))(command)


def main() -> None:
    """Run the command line; a user's mistake is printed without a traceback."""
    # A command frees hardly any of what it imports and reads: to look for garbage often takes a tenth of a build.
    gc.set_threshold(50_000, 20, 20)
    try:
        code = app(standalone_mode=False)
        if code == INTERRUPTED:
            # Typer returns this after Ctrl-C, and prints nothing.
            raise KeyboardInterrupt
        sys.exit(code)
    except ScrutinyError as error:
        say(str(error))
        sys.exit(error.exit_code)
    except TyperException as error:
        say(f"{error.format_message()}\n    see scrutiny --help, or docs/reference/commands.md")
        sys.exit(2)
    except (KeyboardInterrupt, typer.Abort):
        say("stopped; the last documents are as they were")
        sys.exit(INTERRUPTED)
    except Exception:  # noqa: BLE001 - the last resort: anything but a user's mistake is a bug
        import traceback

        say(f"internal error; please report it with {_save(traceback.format_exc())}")
        sys.exit(INTERNAL_ERROR)


def _save(trace: str) -> str:
    """Write a traceback to a file and name it, or give the traceback where nothing can be written."""
    import tempfile

    for folder in (".", tempfile.gettempdir()):
        with suppress(OSError):
            log_file = Path(folder, "scrutiny-error.log").absolute()
            log_file.write_text(trace, encoding="utf-8")
            return str(log_file)
    return f"this:\n{trace}"
