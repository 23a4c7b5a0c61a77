"""The preview: what it answers and refuses, what it watches, and what an analyst sees in the browser."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from signal import SIGINT, SIGTERM
from urllib.request import urlopen

import pytest
from fixtures.all_syntax import render
from fixtures.projects import QUARTERS, copy_project, quiet
from playwright.sync_api import Browser, Page, expect
from rich.console import Console

from scrutiny.engines.quarto import find_quarto
from scrutiny.errors import Place, Problem, WrongUse
from scrutiny.inputs.project import Project
from scrutiny.pipeline.preview import _open, run
from scrutiny.pipeline.preview.partial_render import bodies, with_bodies, write_stand_ins
from scrutiny.pipeline.preview.server import PreviewServer, serving
from scrutiny.pipeline.preview.state import Board, Draft
from scrutiny.pipeline.preview.watch import Inputs, changes

QUARTER = QUARTERS[0]
NOTEBOOK = "knife_crime"
KNIFE = "{{< var knife.crime.quarter.movement >}}"
FIRST = f"""# Knife crime

Knife crime {KNIFE}.

{{{{< embed notebooks/{NOTEBOOK}.ipynb#fig-knife-crime >}}}}

"""
FILLING = "\n\n".join(f"Paragraph {number} of the report." for number in range(1, 41))
SECOND = f"# Second part\n\n{FILLING}\n\nThe last words are of patrols.\n"
WAIT = 60_000


def small_project(folder: Path) -> Path:
    """Copy the project with one notebook and two sections."""
    copy_project(folder)
    for notebook in (folder / "notebooks").glob("*.ipynb"):
        if notebook.stem != NOTEBOOK:
            notebook.unlink()
    parameters = folder / "params" / f"{QUARTER}.yml"
    text = parameters.read_text(encoding="utf-8")
    head = text[: text.index("sections:")]
    parameters.write_text(f"{head}sections:\n  - 01-knives\n  - 02-second\n", encoding="utf-8")
    sections = folder / "sections"
    for name in (QUARTER, "_skeleton"):
        shutil.rmtree(sections / name)
    (sections / QUARTER).mkdir()
    (sections / QUARTER / "01-knives.qmd").write_text(FIRST, encoding="utf-8")
    (sections / QUARTER / "02-second.qmd").write_text(SECOND, encoding="utf-8")
    return folder


# What it answers, and what it refuses.


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PreviewServer]:
    """Give a server whose report is three words."""
    board = Board()
    draft = Draft(Project(copy_project(tmp_path)), QUARTER, tmp_path / "draft", quiet(), "pandoc")
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
    server.board.failed((Problem("no such value", Place("sections/a.qmd", 3), "write b"),))
    answer.readline()
    told = answer.readline().decode()
    assert '{"what": "no such value", "where": "sections/a.qmd:3", "instead": "write b"}' in told
    connection.close()


def test_leaves_no_socket_and_no_thread(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    board = Board()
    draft = Draft(Project(copy_project(tmp_path)), QUARTER, tmp_path / "draft", quiet(), "pandoc")
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


# What it watches.


def renamed(file: Path, text: str) -> None:
    """Save as many editors do: aside, then by a new name."""
    aside = file.with_name(f".{file.name}.new")
    aside.write_text(text, encoding="utf-8")
    aside.replace(file)


def backed_up(file: Path, text: str) -> None:
    """Save as others do: the old one away, a new one in its place, the old one removed."""
    old = file.rename(f"{file}~")
    file.write_text(text, encoding="utf-8")
    old.unlink()


def in_halves(file: Path, text: str) -> None:
    with file.open("w", encoding="utf-8") as open_file:
        open_file.write(text[: len(text) // 2])
        open_file.flush()
        open_file.write(text[len(text) // 2 :])


KNIVES = f"sections/{QUARTER}/01-knives.qmd"
OTHER = f"sections/{QUARTER}/02-second.qmd"


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[tuple[Path, Queue[frozenset[str]]]]:
    """Give a project and what its watcher says of it."""
    root = small_project(tmp_path)
    told: Queue[frozenset[str]] = Queue()
    stop = threading.Event()
    inputs = Inputs(root, QUARTER)

    def watch() -> None:
        for changed in changes(inputs, stop):
            told.put(changed)

    watcher = threading.Thread(target=watch)
    watcher.start()
    yield root, told
    stop.set()
    watcher.join()


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        (lambda root: (root / KNIVES).write_text("# New\n"), {KNIVES}),
        (lambda root: renamed(root / KNIVES, "# New\n"), {KNIVES}),
        (lambda root: backed_up(root / KNIVES, "# New\n"), {KNIVES}),
        (lambda root: in_halves(root / KNIVES, "# New\n\nWords.\n"), {KNIVES}),
        (lambda root: (root / KNIVES).unlink(), {KNIVES}),
        (lambda root: [(root / name).write_text("# New\n") for name in (KNIVES, OTHER)], {KNIVES, OTHER}),
        (lambda root: (root / KNIVES).rename(root / OTHER), {KNIVES, OTHER}),
        (lambda root: shutil.copy(root / KNIVES, root / f"sections/{QUARTER}/_part.qmd"), {f"sections/{QUARTER}/_part.qmd"}),
        (lambda root: (root / "assets" / "report.css").write_text("p {}"), {"assets/report.css"}),
        (lambda root: (root / "assets" / "filters" / "data.lua").write_text("return {}"), {"assets/filters/data.lua"}),
        (lambda root: (root / "data" / "budget.csv").write_text("a"), {"data/budget.csv"}),
        (lambda root: renamed(root / f"params/{QUARTER}.yml", "quarter: 1"), {f"params/{QUARTER}.yml"}),
        (lambda root: (root / "notebooks" / "new.ipynb").write_text("{}"), {"notebooks/new.ipynb"}),
        (lambda root: renamed(root / "report.qmd", "x"), {"report.qmd"}),
    ],
)  # fmt: skip
def test_tells_what_changed_however_it_is_saved(
    watched: tuple[Path, Queue[frozenset[str]]], change: Callable[[Path], object], changed: set[str]
) -> None:
    root, told = watched
    change(root)
    said: set[str] = set()
    while said != changed:
        said |= told.get(timeout=10)
        assert said <= changed


def test_tells_nothing_of_what_is_no_input(watched: tuple[Path, Queue[frozenset[str]]]) -> None:
    root, told = watched
    (root / KNIVES).touch()
    (root / KNIVES).write_text((root / KNIVES).read_text())
    for name in (".01-knives.qmd.swp", "01-knives.qmd~", "#01-knives.qmd#", "01-knives.tmp"):
        (root / "sections" / QUARTER / name).write_text("x")
    (root / "params" / f"{QUARTERS[1]}.yml").write_text("x")
    (root / "build").mkdir()
    (root / "build" / "report.html").write_text("x")
    (root / KNIVES).write_text("# The end\n")
    assert told.get(timeout=10) == {KNIVES}


def test_a_burst_is_told_at_once(watched: tuple[Path, Queue[frozenset[str]]]) -> None:
    root, told = watched
    for number in range(50):
        (root / KNIVES).write_text(f"# {number}\n")
    told.get(timeout=10)
    assert told.qsize() <= 2


def test_a_folder_that_comes_later_is_watched(watched: tuple[Path, Queue[frozenset[str]]]) -> None:
    root, told = watched
    shutil.rmtree(root / "sections" / QUARTER)
    assert told.get(timeout=10) == {KNIVES, OTHER}
    (root / "sections" / QUARTER).mkdir()
    (root / KNIVES).write_text("# New\n")
    assert told.get(timeout=10) == {KNIVES}
    (root / KNIVES).write_text("# Newer\n")
    assert told.get(timeout=10) == {KNIVES}


# What an analyst sees.


@contextmanager
def previewed(root: Path, engine_name: str = "pandoc") -> Iterator[str]:
    """Run the preview of a project beside the test, and give its address."""
    address: Queue[str] = Queue()
    stop = threading.Event()
    arguments = (Project(root), QUARTER, Console(quiet=True), stop, address.put)
    running = threading.Thread(target=run, args=arguments, kwargs={"engine_name": engine_name})
    running.start()
    try:
        yield address.get(timeout=30)
    finally:
        stop.set()
        running.join()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    opened.close()
    assert said == []


@pytest.mark.chromium
def test_edit_break_and_mend_in_the_browser(tmp_path: Path, page: Page) -> None:
    root = small_project(tmp_path)
    section = root / OTHER
    with previewed(root) as address:
        page.goto(address)
        last = page.get_by_text("The last words are of")
        expect(last).to_have_text("The last words are of patrols.", timeout=WAIT)
        page.locator("figure summary").first.click()
        last.scroll_into_view_if_needed()
        place = page.evaluate("scrollY")
        assert place > 500

        # A new paragraph far above, and another word here.
        section.write_text(
            SECOND.replace("patrols", "bicycles").replace("# Second part\n", "# Second part\n\nIt is new.\n")
        )
        expect(last).to_have_text("The last words are of bicycles.", timeout=WAIT)
        expect(last).to_have_attribute("data-preview-change", "Changed")
        expect(page.get_by_text("It is new.")).to_have_attribute("data-preview-change", "New")
        expect(page.get_by_role("status")).to_contain_text("2 blocks changed")
        assert last.evaluate("block => getComputedStyle(block, '::before').content") == '"Changed"'
        # What was seen stays where it was, although there is more above it.
        seen = page.get_by_text("Paragraph 40 of")
        assert seen.is_visible()
        assert 0 < page.evaluate("scrollY") - place < 100
        assert page.locator("figure details").first.evaluate("details => details.open")
        page.get_by_role("button", name="Go to the change").click()

        section.write_text(SECOND.replace("patrols", "{{< var knife.crimes >}}"))
        alert = page.get_by_role("alert")
        expect(alert).to_be_visible(timeout=WAIT)
        expect(alert).to_contain_text(f"{OTHER}:{SECOND.count(chr(10))} nothing publishes the value knife.crimes")
        expect(last).to_have_text("The last words are of bicycles.")
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="PDF").click()
        expect(opened.value.locator("body")).to_contain_text("mend it")
        opened.value.close()

        section.unlink()
        expect(alert).to_contain_text("there is no section 02-second", timeout=WAIT)

        section.write_text(SECOND.replace("patrols", "cars"))
        expect(alert).to_be_hidden(timeout=WAIT)
        expect(last).to_have_text("The last words are of cars.")
        expect(last).not_to_have_attribute("data-preview-change", re.compile("."), timeout=WAIT)


@pytest.mark.chromium
def test_focus_stays_where_it_was(tmp_path: Path, page: Page) -> None:
    root = small_project(tmp_path)
    section = root / OTHER
    section.write_text(
        "# Second part\n\nOne [link](https://example.org/one) and [another](https://example.org/two).\n"
    )
    with previewed(root) as address:
        page.goto(address)
        another = page.get_by_role("link", name="another")
        expect(another).to_be_visible(timeout=WAIT)
        another.focus()
        section.write_text(section.read_text().replace("One", "Here is one"))
        expect(page.get_by_text("Here is one")).to_be_visible(timeout=WAIT)
        expect(another).to_be_focused()


@pytest.mark.chromium
def test_data_and_style_come_through(tmp_path: Path, page: Page) -> None:
    root = small_project(tmp_path)
    with previewed(root) as address:
        page.goto(address)
        expect(page.get_by_role("img", name="Bar chart of knife crime")).to_be_visible(timeout=WAIT)
        styles = root / "assets" / "report.css"
        styles.write_text(styles.read_text() + "main p { letter-spacing: 3px; }\n")
        expect(page.get_by_text("Paragraph 1 of")).to_have_css("letter-spacing", "3px", timeout=WAIT)
        (root / "data" / "measures.yaml").write_text("knife.crime: 3\n")
        expect(page.get_by_role("alert")).to_contain_text("data/measures.yaml", timeout=WAIT)


@pytest.mark.chromium
def test_other_formats_on_demand(tmp_path: Path, page: Page) -> None:
    root = small_project(tmp_path)
    with previewed(root) as address:
        page.goto(address)
        expect(page.get_by_text("Paragraph 1 of")).to_be_visible(timeout=WAIT)
        for format_, begins in (("PDF", b"%PDF-"), ("Word", b"PK")):
            link = page.get_by_role("link", name=format_).get_attribute("href")
            answer = page.request.get(f"{address}{link}".replace("//report", "/report"))
            assert answer.status == 200
            assert answer.body().startswith(begins)


@pytest.mark.chromium
def test_a_report_that_is_wrong_from_the_start(tmp_path: Path, page: Page) -> None:
    root = small_project(tmp_path)
    (root / KNIVES).write_text(FIRST.replace("movement", "movment"))
    with previewed(root) as address:
        page.goto(address)
        expect(page.get_by_role("alert")).to_contain_text(f"{KNIVES}:3", timeout=WAIT)
        (root / KNIVES).write_text(FIRST)
        expect(page.get_by_text("Paragraph 1 of")).to_be_visible(timeout=WAIT)
        expect(page.get_by_role("alert")).to_be_hidden()


@pytest.mark.chromium
@pytest.mark.quarto
def test_with_the_quarto_engine(tmp_path: Path, page: Page) -> None:
    assert find_quarto().usable
    root = small_project(tmp_path)
    with previewed(root, "quarto") as address:
        page.goto(address)
        expect(page.get_by_text("The last words are of")).to_contain_text("patrols", timeout=WAIT)
        (root / OTHER).write_text(SECOND.replace("patrols", "bicycles"))
        expect(page.get_by_text("The last words are of")).to_contain_text("bicycles", timeout=WAIT)


# Only the narrative is made anew, and nobody can see it.


@pytest.mark.parametrize("engine_name", ["pandoc", pytest.param("quarto", marks=pytest.mark.quarto)])
def test_the_page_is_that_of_the_whole_report(built: dict[str, Path], tmp_path: Path, engine_name: str) -> None:
    workspace = shutil.copytree(built[QUARTER], tmp_path / "whole")
    write_stand_ins(workspace, tmp_path / "stand-ins")
    whole, quick = (
        (render(folder, engine_name, "html") / "report.html").read_text(encoding="utf-8")
        for folder in (workspace, tmp_path / "stand-ins")
    )
    assert len(quick) < len(whole) / 3
    assert with_bodies(quick, bodies(whole)) == whole


def test_a_figure_that_was_not_shown_before_is_not_made_up() -> None:
    shown = '<figure id="tbl-a" class="table"><figcaption>A</figcaption>the table</figure>'
    other = shown.replace("tbl-a", "tbl-b")
    assert with_bodies(shown.replace("the table", "-"), bodies(shown)) == shown
    assert with_bodies(shown + other, bodies(shown)) is None


def test_an_embed_that_is_added_comes_whole(tmp_path: Path) -> None:
    root = small_project(tmp_path)
    (root / KNIVES).write_text(FIRST.partition("{{< embed")[0])
    draft = Draft(Project(root), QUARTER, tmp_path / "draft", quiet(), "pandoc")
    assert b"<figure" not in draft.update(())
    (root / KNIVES).write_text(FIRST)
    assert b"Bar chart of knife crime" in draft.update({KNIVES})
    (root / KNIVES).write_text(FIRST + "More.\n")
    page = draft.update({KNIVES})
    assert b"More." in page
    assert b"Bar chart of knife crime" in page
    assert page == Draft(Project(root), QUARTER, tmp_path / "other", quiet(), "pandoc").update(())
    assert not (root / "build" / QUARTER).exists()


# Its end.


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
@pytest.mark.parametrize(("while_idle", "number"), [(True, SIGINT), (False, SIGINT), (True, SIGTERM)])
def test_ctrl_c_leaves_nothing(tmp_path: Path, while_idle: bool, number: int) -> None:
    root = small_project(tmp_path)
    code = (
        "from pathlib import Path; from scrutiny.pipeline.preview import preview; from scrutiny.inputs.project import Project; "
        f"preview(Project(Path.cwd()), {QUARTER!r}, engine_name='pandoc', open_browser=False)"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", code], cwd=root, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert running.stderr is not None
    port = int(re.search(r"http://127\.0\.0\.1:(\d+)/", running.stderr.readline())[1])
    until = time.monotonic() + 60
    while while_idle and "Paragraph 1 of" not in urlopen(f"http://127.0.0.1:{port}/").read().decode():
        assert time.monotonic() < until
        time.sleep(0.2)
    assert list((root / "build").glob(f".{QUARTER}-preview-*"))
    (os.killpg if number == SIGINT else os.kill)(running.pid, number)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 0
    assert said.endswith("The preview has ended.\n")
    assert "Traceback" not in said
    assert [path.name for path in (root / "build").iterdir() if path.name != ".cache"] == []
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    with pytest.raises(ProcessLookupError):
        os.killpg(running.pid, 0)


def test_a_quarter_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    root = copy_project(tmp_path)
    with pytest.raises(WrongUse, match="2031-32-Q1"):
        run(Project(root), "2031-32-Q1", Console(quiet=True), threading.Event(), lambda _: None)
    assert not (root / "build").exists()


@pytest.mark.parametrize("found", [None, "text"])
def test_a_browser_that_cannot_be_opened_is_none(monkeypatch: pytest.MonkeyPatch, found: str | None) -> None:
    import webbrowser

    def get() -> webbrowser.BaseBrowser:
        if found is None:
            raise webbrowser.Error("could not locate runnable browser")
        return webbrowser.GenericBrowser("lynx")

    monkeypatch.setattr(webbrowser, "get", get)
    assert _open("http://127.0.0.1:1/") is False
