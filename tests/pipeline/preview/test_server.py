"""What the preview's server answers and refuses."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from fixtures.preview import QUARTER, preview_project
from fixtures.projects import quiet

from scrutiny.errors import Location, Problem, WrongUse
from scrutiny.inputs.project import Project
from scrutiny.pipeline.preview.server import PreviewServer, serving
from scrutiny.pipeline.preview.state import Board, Draft


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PreviewServer]:
    """Give a server whose report is three words."""
    board = Board()
    draft = Draft(Project(preview_project(tmp_path)), QUARTER, tmp_path / "draft", quiet(), "pandoc")
    board.built(b"<html><head></head><body><main>Three words here</main></body></html>")
    with serving(board, draft, QUARTER, 0) as started:
        yield started


def ask(
    server: PreviewServer, path: str, method: str = "GET", host: str | None = None, **headers: str
) -> tuple[int, str, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.putrequest(method, path, skip_host=True)
    for name, text in {"Host": host or f"127.0.0.1:{server.port}", **headers}.items():
        connection.putheader(name.replace("_", "-"), text)
    connection.endheaders()
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text, dict(answer.headers)


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/", 200, "Three words here"),
        ("/report.html", 200, "Three words here"),
        ("/-/page.js", 200, "EventSource"),
        ("/-/page.css", 200, ".preview-bar"),
        ("/report.pdf", 403, "the link in the preview's own bar"),
        ("/report.pdf?token=guessed", 403, "the link in the preview's own bar"),
        ("/report.docx?token=%E2%82%AC", 403, "the link in the preview's own bar"),
        ("/-/", 404, "no such page"),
        ("/-/head.html", 404, "no such page"),
        ("/-/server.py", 404, "no such page"),
        ("/-/../page.js", 404, "no such page"),
        ("/manifest.json", 404, "no such page"),
        ("/../params/2020-21-Q1.yml", 404, "no such page"),
        ("/%2e%2e/%2e%2e/params/2020-21-Q1.yml", 404, "no such page"),
        ("/..%2f..%2fparams/2020-21-Q1.yml", 404, "no such page"),
        ("/%252e%252e/etc/passwd", 404, "no such page"),
        ("/..\\..\\params", 404, "no such page"),
        ("//etc/passwd", 404, "no such page"),
        ("/report.html%00.pdf", 404, "no such page"),
        ("http://127.0.0.1/", 404, "no such page"),
    ],
)
def test_answers_its_few_routes_and_nothing_else(server: PreviewServer, path: str, status: int, says: str) -> None:
    got, text, _ = ask(server, path)
    assert (got, says in text) == (status, True), text


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:{port}", 200),
        ("localhost:{port}", 200),
        ("LOCALHOST:{port}", 200),
        ("localhost", 421),
        ("127.0.0.1:1", 421),
        ("evil.example:{port}", 421),
        ("127.0.0.1.evil.example:{port}", 421),
        ("[::1]:{port}", 421),
    ],
)
def test_goes_by_the_names_of_this_machine_alone(server: PreviewServer, host: str, status: int) -> None:
    assert ask(server, "/", host=host.format(port=server.port))[0] == status


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {"Sec_Fetch_Site": "none", "Sec_Fetch_Mode": "navigate"}, 200),
        ("/", {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate"}, 200),
        ("/", {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"}, 403),
        ("/", {"Sec_Fetch_Site": "same-site", "Sec_Fetch_Mode": "cors"}, 403),
        ("/-/page.js", {"Sec_Fetch_Site": "same-origin", "Sec_Fetch_Mode": "no-cors"}, 200),
        ("/-/page.js", {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"}, 403),
        ("/-/events", {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "cors"}, 403),
        ("/report.pdf?token={token}", {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate"}, 403),
        # The token is right, but there is no report to make a document of.
        ("/report.pdf?token={token}", {"Sec_Fetch_Site": "same-origin", "Sec_Fetch_Mode": "navigate"}, 409),
        ("/report.pdf?token={token}", {}, 409),
    ],
)
def test_other_sites_may_open_the_page_and_nothing_more(
    server: PreviewServer, path: str, headers: dict[str, str], status: int
) -> None:
    assert ask(server, path.format(token=server.token), **headers)[0] == status


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"])
def test_takes_no_writes(server: PreviewServer, method: str) -> None:
    assert ask(server, "/", method)[0] == 501


def test_head_gives_the_length_and_no_content(server: PreviewServer) -> None:
    status, text, headers = ask(server, "/", "HEAD")
    assert (status, text) == (200, "")
    assert int(headers["Content-Length"]) == len(ask(server, "/")[1])


def test_headers_keep_others_out(server: PreviewServer) -> None:
    headers = ask(server, "/")[2]
    assert "script-src 'self';" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert not [name for name in headers if name.startswith("Access-Control")]
    assert "Python" not in headers["Server"]


def test_only_the_served_page_has_the_script(server: PreviewServer) -> None:
    assert ask(server, "/")[1].count("/-/page.js") == 1
    assert server.board.notice.page is not None
    assert b"page.js" not in server.board.notice.page


def test_listens_on_loopback_alone(server: PreviewServer) -> None:
    assert server.server_address[0] == "127.0.0.1"


def test_a_port_in_use_is_told(server: PreviewServer) -> None:
    with (
        pytest.raises(WrongUse, match=rf"the port {server.port} is in use"),
        serving(server.board, server.draft, QUARTER, server.port),
    ):
        pass


def test_no_such_port_is_told(server: PreviewServer) -> None:
    with pytest.raises(WrongUse, match="no port 65536"), serving(server.board, server.draft, QUARTER, 65536):
        pass


def test_events_tell_each_notice(server: PreviewServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", "/-/events")
    answer = connection.getresponse()
    assert '"version": 1, "working": false, "problems": []' in answer.readline().decode()
    server.board.failed((Problem("no such value", Location("sections/a.qmd", 3), "write b"),))
    answer.readline()
    told = answer.readline().decode()
    assert '{"message": "no such value", "location": "sections/a.qmd:3", "hint": "write b"}' in told
    connection.close()


def test_leaves_no_socket_and_no_thread(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    board = Board()
    draft = Draft(Project(preview_project(tmp_path)), QUARTER, tmp_path / "draft", quiet(), "pandoc")
    with serving(board, draft, QUARTER, 0) as started:
        # One who listens, and one that a browser opened to have it ready.
        listening = http.client.HTTPConnection("127.0.0.1", started.port, timeout=10)
        listening.request("GET", "/-/events")
        listening.getresponse().readline()
        idle = socket.create_connection(("127.0.0.1", started.port))
    assert set(threading.enumerate()) == before
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", started.port), timeout=1).close()
    listening.close()
    idle.close()
