"""What the preview shows at present, posted by the one who builds and awaited by the open pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Condition

from scrutiny.errors import Problem


@dataclass(frozen=True)
class Notice:
    """What there is to show.

    Parameters
    ----------
    serial : int
        Of the notice; each one posted has the next.
    version : int
        Of the page; 0 until there is one.
    page : bytes, optional
        The last good report.
    problems : tuple of Problem
        Why there is no newer one.
    working : bool
        Whether a newer one is being made.
    """

    serial: int = 0
    version: int = 0
    page: bytes | None = None
    problems: tuple[Problem, ...] = ()
    working: bool = True


class Board:
    """Holds the latest notice, and wakes those who wait for a newer one."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._notice = Notice()
        self._closed = False

    @property
    def notice(self) -> Notice:
        """The latest notice."""
        with self._changed:
            return self._notice

    def working(self) -> None:
        """Say that a new page is being made."""
        self._post(working=True)

    def built(self, page: bytes) -> None:
        """Show a new page, and no problems."""
        self._post(page=page, problems=(), working=False)

    def failed(self, problems: tuple[Problem, ...]) -> None:
        """Show what went wrong over the last good page."""
        self._post(problems=problems, working=False)

    def after(self, serial: int, seconds: float) -> Notice | None:
        """Wait for a notice newer than one; None if there was none in time, or the board is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._notice.serial > serial, seconds)
            return None if self._closed or self._notice.serial <= serial else self._notice

    @property
    def closed(self) -> bool:
        """Whether the preview has ended."""
        return self._closed

    def close(self) -> None:
        """End: wake all who wait."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _post(
        self, *, page: bytes | None = None, working: bool, problems: tuple[Problem, ...] | None = None
    ) -> None:
        with self._changed:
            last = self._notice
            self._notice = replace(
                last,
                serial=last.serial + 1,
                version=last.version + (page is not None),
                page=last.page if page is None else page,
                problems=last.problems if problems is None else problems,
                working=working,
            )
            self._changed.notify_all()
