"""The preview's server: on loopback alone, for this machine's browser, read only."""

from __future__ import annotations

import errno
import json
import secrets
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from string import Template
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from scrutiny.engines import DOCUMENTS
from scrutiny.errors import Problem, ScrutinyError, WrongUse
from scrutiny.pipeline.preview.state import Board, Draft, Notice

ADDRESS = "127.0.0.1"
_OWN = "/-/"
_BEAT_SECONDS = 10
_SLOWEST_SECONDS = 30
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
# The page holds its own pictures and styles; only the preview's script may run.
_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
# Opened by its user, or by the page itself; a browser too old to say so is kept out by the token alone.
_OWN_SITES = (None, "same-origin", "none")


def _package_file(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


class _Refused(Exception):
    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


class PreviewServer(ThreadingHTTPServer):
    """Serves what is on the board, and documents on demand."""

    # Elsewhere it lets a port be used again at once; on Windows it would let two use it together.
    allow_reuse_address = sys.platform != "win32"
    daemon_threads = False

    def __init__(self, board: Board, draft: Draft, quarter: str, port: int) -> None:
        self.board = board
        self.draft = draft
        self.quarter = quarter
        self.token = secrets.token_urlsafe(24)
        self._open: set[socket.socket] = set()
        self._opening = Lock()
        super().__init__((ADDRESS, port), _Handler)

    @property
    def port(self) -> int:
        """The port, also where a free one was asked for."""
        return int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember a connection while it is open."""
        with self._opening:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection."""
        with self._opening:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore a browser that went away; report anything else."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)

    def hang_up(self) -> None:
        """End the open connections: a browser may keep one without asking for anything."""
        with self._opening:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def serving(board: Board, draft: Draft, quarter: str, port: int) -> Iterator[PreviewServer]:
    """Serve until the block ends, and leave no socket and no thread.

    Raises
    ------
    WrongUse
        If the port is in use, or not allowed.
    """
    try:
        server = PreviewServer(board, draft, quarter, port)
    except OSError as error:
        why = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used: {error.strerror}"
        hint = "choose another, or leave --port out for a free one"
        raise WrongUse(Problem(f"the port {port} {why}", hint=hint)) from None
    except OverflowError:
        raise WrongUse(Problem(f"there is no port {port}", hint="choose one from 1024 to 65535")) from None
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, name="preview server")
    thread.start()
    try:
        yield server
    finally:
        board.close()
        server.shutdown()
        server.hang_up()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: PreviewServer
    server_version = "scrutiny"
    sys_version = ""
    timeout = _SLOWEST_SECONDS

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the standard library
        """Log nothing."""

    def do_GET(self) -> None:
        try:
            path = self._admitted()
            if path == f"{_OWN}events":
                self._events()
            else:
                content, suffix = self._content(path)
                self._send(HTTPStatus.OK, content, _TYPES[suffix])
        except _Refused as refusal:
            self._send(refusal.status, f"{refusal}\n".encode(), _TYPES[".txt"])
        except ScrutinyError as error:
            self._send(HTTPStatus.CONFLICT, f"{error}\n".encode(), _TYPES[".txt"])

    def do_HEAD(self) -> None:
        self.do_GET()

    def _admitted(self) -> str:
        """Return the path that is asked for, if whoever asks may have it."""
        names = {f"{name}:{self.server.port}" for name in (ADDRESS, "localhost")}
        given = self.headers.get_all("Host", [])
        if len(given) != 1 or given[0].lower() not in names:
            # Someone else's name that leads here would let their pages read ours.
            raise _Refused(HTTPStatus.MISDIRECTED_REQUEST, f"the preview is {ADDRESS}, under no other name")
        path = unquote(urlsplit(self.path).path) if self.path.startswith("/") else ""
        to_look = path == "/" and self.headers.get("Sec-Fetch-Mode") == "navigate"
        if self.headers.get("Sec-Fetch-Site") not in _OWN_SITES and not to_look:
            raise _Refused(HTTPStatus.FORBIDDEN, "other sites may not ask this")
        return path

    def _content(self, path: str) -> tuple[bytes, str]:
        """Look up what may be asked for; no path leads anywhere else."""
        documents = {f"/{name}": format_ for format_, name in DOCUMENTS.items() if format_ != "html"}
        if path in ("/", f"/{DOCUMENTS['html']}"):
            return self._page(self.server.board.notice), ".html"
        if path in (f"{_OWN}page.js", f"{_OWN}page.css"):
            name = path.removeprefix(_OWN)
            return _package_file(name).encode(), f".{name.partition('.')[2]}"
        if path in documents:
            given = parse_qs(urlsplit(self.path).query).get("token", [""])[0]
            if not secrets.compare_digest(given.encode(), self.server.token.encode()):
                raise _Refused(HTTPStatus.FORBIDDEN, "follow the link in the preview's own bar")
            document = self.server.draft.other(documents[path])
            return document.read_bytes(), document.suffix
        raise _Refused(HTTPStatus.NOT_FOUND, "the preview has no such page")

    def _page(self, notice: Notice) -> bytes:
        """Return the report with the preview's script, or a page to wait on."""
        page = _package_file("waiting.html").encode() if notice.page is None else notice.page
        head = Template(_package_file("head.html")).substitute(
            token=self.server.token, version=notice.version, quarter=self.server.quarter
        )
        return page.replace(b"</head>", head.encode() + b"</head>", 1)

    def _events(self) -> None:
        """Send each notice as it is posted, by https://html.spec.whatwg.org/multipage/server-sent-events.html."""
        self._begin(HTTPStatus.OK, "text/event-stream; charset=utf-8")
        board = self.server.board
        notice: Notice | None = board.notice
        serial = -1
        while self.command == "GET" and not board.closed:
            if notice:
                serial = notice.serial
                self.wfile.write(f"data: {_as_json(notice)}\n\n".encode())
            else:
                # A comment: it finds out whether anyone still reads.
                self.wfile.write(b":\n\n")
            notice = board.after(serial, _BEAT_SECONDS)

    def _send(self, status: HTTPStatus, content: bytes, type_: str) -> None:
        self._begin(status, type_, {"Content-Length": str(len(content))})
        if self.command != "HEAD":
            self.wfile.write(content)

    def _begin(self, status: HTTPStatus, type_: str, more: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, text in {"Content-Type": type_, **_HEADERS, **(more or {})}.items():
            self.send_header(name, text)
        self.end_headers()


def _as_json(notice: Notice) -> str:
    problems = [
        {**asdict(problem), "location": str(problem.location) if problem.location else None}
        for problem in notice.problems
    ]
    return json.dumps({"version": notice.version, "working": notice.working, "problems": problems})
