"""The preview as an analyst sees it in the browser, and its end."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from signal import SIGINT, SIGTERM
from urllib.request import urlopen

import pytest
from fixtures.preview import FIRST, KNIVES, OTHER, QUARTER, SECOND, preview_project
from playwright.sync_api import Browser, Page, expect
from rich.console import Console

from scrutiny.engines.quarto import find_quarto
from scrutiny.errors import WrongUse
from scrutiny.inputs.project import Project
from scrutiny.pipeline.preview import _open, run

WAIT = 60_000


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
    root = preview_project(tmp_path)
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
    root = preview_project(tmp_path)
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
    root = preview_project(tmp_path)
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
    root = preview_project(tmp_path)
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
    root = preview_project(tmp_path)
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
    root = preview_project(tmp_path)
    with previewed(root, "quarto") as address:
        page.goto(address)
        expect(page.get_by_text("The last words are of")).to_contain_text("patrols", timeout=WAIT)
        (root / OTHER).write_text(SECOND.replace("patrols", "bicycles"))
        expect(page.get_by_text("The last words are of")).to_contain_text("bicycles", timeout=WAIT)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
@pytest.mark.parametrize(("while_idle", "number"), [(True, SIGINT), (False, SIGINT), (True, SIGTERM)])
def test_ctrl_c_leaves_nothing(tmp_path: Path, while_idle: bool, number: int) -> None:
    root = preview_project(tmp_path)
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
    assert list((root / "build").glob(f".preview-{QUARTER}-*"))
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
    root = preview_project(tmp_path)
    with pytest.raises(WrongUse, match="2031-32-Q1"):
        run(Project(root), "2031-32-Q1", Console(quiet=True), threading.Event(), lambda _: None)
    assert not (root / "build").exists()


@pytest.mark.parametrize("found", [None, "text"])
def test_a_browser_that_cannot_be_opened_is_none(monkeypatch: pytest.MonkeyPatch, found: str | None) -> None:
    def get() -> webbrowser.BaseBrowser:
        if found is None:
            raise webbrowser.Error("could not locate runnable browser")
        return webbrowser.GenericBrowser("lynx")

    monkeypatch.setattr(webbrowser, "get", get)
    assert _open("http://127.0.0.1:1/") is False
