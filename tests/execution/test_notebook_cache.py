"""What builds remember: used again while all that it rests on is the same, and never otherwise."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from fixtures.projects import copy_project, quiet

from scrutiny.cache import LARGEST, OLDEST_DAYS, Cache, cache_of, program_digest
from scrutiny.errors import NotebookFailed, WrongInput
from scrutiny.execution.compute import Computed, compute, copy_inputs
from scrutiny.execution.kernels import KernelPool
from scrutiny.execution.notebook_cache import NotebookCache
from scrutiny.execution.run import execute_notebooks
from scrutiny.execution.sources import notebooks_of
from scrutiny.files import content_digest
from scrutiny.inputs.check import check_inputs
from scrutiny.inputs.project import Project
from scrutiny.narrative.check import outlines_of
from scrutiny.narrative.outline import OUTLINE_JSON, Heading, Named, Outline
from scrutiny.narrative.syntax import Shortcode
from scrutiny.pipeline.build import build_all
from scrutiny.progress import BuildProgress

QUARTER = "2020-21-Q1"


def notebook(*cells: str) -> nbformat.NotebookNode:
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.cells[0].metadata["tags"] = ["parameters"]
    return made


def reading(dataset: str, *more: str) -> nbformat.NotebookNode:
    """Give a notebook that publishes how many rows a dataset has, and their sum."""
    return notebook(
        f'quarter = "{QUARTER}"',
        "from scrutiny.notebook import Report, publish\nreport = Report(quarter)",
        *more,
        f'rows = report.dataset("{dataset}").rows\n'
        f'text = str(len(rows)) + " " + str(rows["value"].sum())\n'
        f'publish(report, {{"{dataset}.rows.all.text": text}})',
    )


@pytest.fixture(scope="module")
def kernels() -> Iterator[KernelPool]:
    with KernelPool() as made:
        yield made


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file of nobody's project that a notebook reads."""
    path = tmp_path_factory.mktemp("elsewhere") / "note.txt"
    path.write_text("a note")
    return path


@pytest.fixture(scope="module")
def computed_once(tmp_path_factory: pytest.TempPathFactory, kernels: KernelPool, elsewhere: Path) -> Path:
    """Give a project of three notebooks, each of which has run."""
    folder = copy_project(tmp_path_factory.mktemp("computed"))
    shutil.rmtree(folder / "notebooks")
    (folder / "notebooks").mkdir()
    (folder / "requirements.lock").write_text("pandas==3.0\n")
    nbformat.write(reading("budget"), folder / "notebooks" / "budget.ipynb")
    nbformat.write(reading("hate_crime"), folder / "notebooks" / "hate_crime.ipynb")
    nbformat.write(
        reading("knife_crime", f"note = open({str(elsewhere)!r}).read()"), folder / "notebooks" / "noting.ipynb"
    )
    ran, _ = run(folder, kernels)
    assert ran == ["budget", "hate_crime", "noting"]
    return folder


@pytest.fixture
def project(computed_once: Path, tmp_path: Path) -> Path:
    """Give a copy of it, and of what is remembered of it."""
    return shutil.copytree(computed_once, tmp_path / "project")


class Watched(BuildProgress):
    """Notes which notebooks run."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.log = quiet().log

    @contextmanager
    def step(self, name: str, total: int) -> Iterator[Watched]:
        yield self

    def started(self, part: str) -> None:
        self.ran.append(part)

    def finished(self, part: str) -> None:
        pass


def run(folder: Path, kernels: KernelPool, *, fresh: bool = False) -> tuple[list[str], Computed]:
    project = Project(folder)
    parameters = project.parameters(QUARTER)
    cache = cache_of(folder, fresh=fresh)
    progress = Watched()
    workspace = folder / "build" / "workspace"
    shutil.rmtree(workspace, ignore_errors=True)
    workspace.mkdir(parents=True)
    judged = check_inputs(project, parameters, cache)
    computed = compute(project, parameters, judged, workspace, progress, cache, kernels)
    return sorted(progress.ran), computed


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


ALL = ["budget", "hate_crime", "noting"]
CHANGES: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "source": (lambda root: change(root / "notebooks/budget.ipynb", "len(rows)", "len(rows )"), ["budget"]),
    "parameters": (lambda root: change(root / f"params/{QUARTER}.yml", "\n", " \n"), ALL),
    "measures": (lambda root: change(root / "data/measures.yaml", "\n", " \n"), ALL),
    "datapackage": (lambda root: change(root / "data/datapackage.yaml", "\n", " \n"), ALL),
    "events": (lambda root: change(root / "data/events.csv", "ockdown", "ockdowm"), ALL),
    "dataset": (lambda root: change(root / "data/hate_crime.csv", "\n", " \n"), ["hate_crime"]),
    "lock file": (lambda root: change(root / "requirements.lock", "3.0", "3.1"), ALL),
}


def test_a_project_may_be_named_from_where_one_is(project, kernels, monkeypatch):
    monkeypatch.chdir(project)
    assert run(Path(), kernels, fresh=True)[0] == ALL
    assert run(Path(), kernels)[0] == []


def test_an_untouched_second_run_runs_none(project, kernels):
    before = [path.read_bytes() for path in sorted((project / "build/workspace/notebooks").iterdir())]

    ran, computed = run(project, kernels)

    assert ran == []
    assert [path.read_bytes() for path in sorted((project / "build/workspace/notebooks").iterdir())] == before
    again, anew = run(project, kernels, fresh=True)
    assert again == ALL
    assert (anew.values, anew.csv, anew.omitted, anew.latest_figure) == (
        computed.values,
        computed.csv,
        computed.omitted,
        computed.latest_figure,
    )
    assert [one.datasets for one in anew.notebooks] == [one.datasets for one in computed.notebooks]


def would_run(folder: Path) -> list[str]:
    """Give the notebooks that would run now."""
    project = Project(folder)
    workspace = folder / "build" / "asked"
    shutil.rmtree(workspace, ignore_errors=True)
    inputs = copy_inputs(
        project, QUARTER, notebooks_of(project), workspace, {one.path: {} for one in project.datapackage.resources}
    )
    sources = notebooks_of(inputs)
    known = NotebookCache(cache_of(folder), workspace, QUARTER).known(sources)
    return [source.stem for source in sources if source not in known]


@pytest.mark.parametrize(("make", "expected"), CHANGES.values(), ids=CHANGES)
def test_one_byte_of_each_kind_of_input_runs_what_reads_it(project, make, expected):
    assert would_run(project) == []
    make(project)
    assert would_run(project) == expected


def test_a_figure_of_one_dataset_runs_its_notebooks_alone_and_changes_the_value(project, kernels):
    path = project / "data" / "hate_crime.csv"
    header, *rows = path.read_text().splitlines()
    value = header.split(",").index("value")
    position, row = next(
        (n, row.split(",")) for n, row in enumerate(rows) if row.split(",")[value].endswith("1") and '"' not in row
    )
    row[value] = row[value][:-1] + "2"
    rows[position] = ",".join(row)
    before = run(project, kernels)[1].values

    path.write_text("\n".join([header, *rows]) + "\n")
    ran, computed = run(project, kernels)

    assert ran == ["hate_crime"]
    changed = {name for name, text in computed.values.items() if before[name] != text}
    assert changed == {"hate_crime.rows.all.text"}


def test_a_file_elsewhere_that_a_notebook_opens_by_itself_runs_it_again(project, elsewhere):
    elsewhere.write_text("A note")
    try:
        assert would_run(project) == ["noting"]
    finally:
        elsewhere.write_text("a note")


def test_a_notebook_of_which_not_all_is_known_runs_each_time(project, kernels):
    unknowable = {
        "program": "import subprocess\nsubprocess.run(['true'])",
        "writing": "open('../beside.txt', 'w').close()",
        "database": "import sqlite3\nsqlite3.connect(':memory:')",
        "another": "open('../notebooks/hate_crime.ipynb').close()",
    }
    for name, code in unknowable.items():
        made = notebook(f'quarter = "{QUARTER}"', code)
        nbformat.write(made, project / "notebooks" / f"{name}.ipynb")
    run(project, kernels)
    assert would_run(project) == sorted(unknowable)


def test_a_folder_that_a_notebook_lists_is_read(project, kernels, tmp_path):
    (tmp_path / "listed").mkdir()
    code = f"import os\nprint(os.listdir({str(tmp_path / 'listed')!r}))"
    nbformat.write(reading("budget", code), project / "notebooks" / "budget.ipynb")
    run(project, kernels)
    assert would_run(project) == []
    (tmp_path / "listed" / "new.txt").touch()
    assert would_run(project) == ["budget"]


def test_a_module_of_the_analyst_is_read(project, kernels, tmp_path):
    module = tmp_path / "helping.py"
    module.write_text("x = 1\n")
    code = f"import sys\nsys.path.insert(0, {str(tmp_path)!r})\nimport helping\nprint(helping.x)"
    nbformat.write(reading("budget", code), project / "notebooks" / "budget.ipynb")
    run(project, kernels)
    run(project, kernels, fresh=True)  # from the compiled module, whose source Python does not open
    assert would_run(project) == []
    module.write_text("x = 23\n")
    assert would_run(project) == ["budget"]


def test_damaged_entries_are_made_anew(project, kernels):
    damages = [lambda text: text[:-9], lambda _: b"", lambda text: text[:99] + b"\xff" + text[100:]]
    for path, damage in zip((project / "build/.cache/notebooks").iterdir(), damages, strict=True):
        path.write_bytes(damage(path.read_bytes()))
    assert run(project, kernels)[0] == ALL
    assert would_run(project) == []


REFUSE = """
import scrutiny.yaml_models
from scrutiny.inputs import schema
def refuse(*_):
    raise AssertionError("judged or parsed again")
schema._validated = scrutiny.yaml_models.parse_yaml = refuse
report.measures_of("crime")
"""


def test_a_kernel_takes_over_what_the_build_has_judged_and_parsed(project, kernels):
    before = run(project, kernels)[1].values
    nbformat.write(reading("budget", REFUSE), project / "notebooks" / "budget.ipynb")
    ran, computed = run(project, kernels)
    assert ran == ["budget"]
    assert computed.values == before
    # What a kernel was given does not count as read, so that it runs again only for its own inputs.
    assert would_run(project) == []


@pytest.mark.parametrize("of", ["damaged", "of another key", "removed"])
def test_a_kernel_judges_for_itself_what_it_finds_no_sound_entry_of(project, kernels, of):
    before = run(project, kernels)[1].values
    for kind in ("datasets", "parsed", "rows"):
        entries = sorted((project / "build/.cache" / kind).iterdir())
        contents = [path.read_bytes() for path in entries]
        for path, content, other in zip(entries, contents, [*contents[1:], contents[0]], strict=True):
            if of == "removed":
                path.unlink()
            else:
                path.write_bytes(other if of == "of another key" else content.replace(b"0", b"1", 1))
    nbformat.write(reading("budget", "1"), project / "notebooks" / "budget.ipynb")
    ran, computed = run(project, kernels)
    assert (ran, computed.values) == (["budget"], before)


def test_a_notebook_run_by_hand_validates(project, kernels):
    folder = project / "notebooks" / "executed"
    notebooks = [project / "notebooks" / "hate_crime.ipynb"]
    path = project / "data" / "hate_crime.csv"
    nbformat.write(reading("hate_crime", REFUSE), notebooks[0])
    with pytest.raises(NotebookFailed, match="judged or parsed again"):
        execute_notebooks(notebooks, folder, QUARTER, kernels=kernels, at_once=1)
    nbformat.write(reading("hate_crime"), notebooks[0])
    execute_notebooks(notebooks, folder, QUARTER, kernels=kernels, at_once=1)
    change(path, ",published,", ",publisht,")
    with pytest.raises(NotebookFailed, match="publisht"):
        execute_notebooks(notebooks, folder, QUARTER, kernels=kernels, at_once=1)


def test_a_notebook_that_ran_is_remembered_although_another_failed(project, kernels):
    failing = project / "notebooks" / "hate_crime.ipynb"
    good = failing.read_bytes()
    nbformat.write(reading("budget", "1"), project / "notebooks" / "budget.ipynb")
    nbformat.write(notebook(f'quarter = "{QUARTER}"', "1 / 0"), failing)
    with pytest.raises(NotebookFailed, match="ZeroDivisionError"):
        run(project, kernels)
    assert would_run(project) == ["hate_crime"]
    failing.write_bytes(good)
    assert would_run(project) == []


def test_what_is_wrong_with_a_dataset_is_not_remembered(project):
    path = project / "data" / "budget.csv"
    text = path.read_text()
    assert ",published," in text
    path.write_text(text.replace(",published,", ",publisht,", 1))
    for _ in range(2):
        with pytest.raises(WrongInput, match="publisht"):
            check_inputs(Project(project), Project(project).parameters(QUARTER), cache_of(project))
    path.write_text(text)
    check_inputs(Project(project), Project(project).parameters(QUARTER), cache_of(project))


def test_the_program_sum_is_of_code_versions_and_lock_file(tmp_path, monkeypatch):
    code, installed, lock = tmp_path / "code", tmp_path / "installed", tmp_path / "requirements.lock"
    code.mkdir()
    installed.mkdir()
    monkeypatch.setattr("sys.path", [str(installed)])
    sums = [program_digest(lock, code)]
    (code / "a.py").write_text("x = 1")
    sums.append(program_digest(lock, code))
    (code / "a.py").write_text("x = 2")
    sums.append(program_digest(lock, code))
    (code / "a.py").rename(code / "b.py")
    sums.append(program_digest(lock, code))
    (installed / "pandas-3.0.dist-info").mkdir()
    sums.append(program_digest(lock, code))
    lock.write_text("pandas==3.0")
    sums.append(program_digest(lock, code))
    monkeypatch.setattr("sys.version", "4.0")
    sums.append(program_digest(lock, code))
    assert len(set(sums)) == len(sums)
    assert program_digest(lock, code) == sums[-1]


def test_parts_of_a_key_are_told_apart():
    assert content_digest("a", "bc") != content_digest("ab", "c")


def test_a_program_that_changed_knows_nothing(tmp_path):
    old, new = Cache(tmp_path, "old"), Cache(tmp_path, "new")
    old.put("kind", old.key("x"), [1])
    assert old.get("kind", old.key("x")) == [1]
    assert new.get("kind", new.key("x")) is None


def test_what_changes_while_it_is_computed_is_not_remembered(tmp_path):
    cache = Cache(tmp_path, "")
    source = ["before"]

    def compute_it() -> str:
        source[0] = "after"
        return "of something in between"

    cache.remember("kind", lambda: cache.key(source[0]), compute_it)
    assert cache.get("kind", cache.key("before")) is None
    assert cache.get("kind", cache.key("after")) is None


def test_entries_are_whole_while_many_write_and_read_them(tmp_path):
    cache = Cache(tmp_path, "")
    wrong = []

    def use() -> None:
        for _ in range(50):
            cache.put("kind", "key", ["x" * 10_000])
            if cache.get("kind", "key") not in (["x" * 10_000], None):
                wrong.append(1)

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert [path.name for path in (tmp_path / "kind").iterdir()] == ["key.json"]


def test_nothing_is_left_of_an_entry_that_could_not_be_written(tmp_path, monkeypatch):
    cache = Cache(tmp_path, "")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    cache.put("kind", "key", [1])
    assert list((tmp_path / "kind").iterdir()) == []


def test_a_cache_that_cannot_be_written_stops_nothing(tmp_path):
    (tmp_path / "file").touch()
    cache = Cache(tmp_path / "file", "")
    assert cache.remember("kind", lambda: "key", lambda: [1]) == [1]
    cache.prune()


def test_the_cache_is_bounded_in_age_and_size(tmp_path, monkeypatch):
    cache = Cache(tmp_path, "")
    for name in ("new", "used", "old"):
        cache.put("kind", name, ["x" * 1000])
    now = time.time()
    long_ago = now - (OLDEST_DAYS + 1) * 24 * 3600
    for name in ("used", "old"):
        os.utime(tmp_path / "kind" / f"{name}.json", (long_ago, long_ago))
    left_over = tmp_path / "kind" / ".left"
    left_over.touch()
    os.utime(left_over, (long_ago, long_ago))
    cache.get("kind", "used")
    cache.prune()
    assert cache.keys("kind", "") == ["new", "used"]
    assert not left_over.exists()
    os.utime(tmp_path / "kind" / "used.json", (now - 60, now - 60))
    assert LARGEST > 2000
    monkeypatch.setattr("scrutiny.cache.LARGEST", 2000)
    cache.prune()
    assert cache.keys("kind", "") == ["new"]


def test_outlines_are_remembered_as_they_were(tmp_path):
    there = Outline(
        [("what", 1, "instead")],
        [Heading(1, "a", True, True, 2), Shortcode("include", ("x",), 0, 3, 4, True)],
        [Named("a", 1, True)],
        [Named("b", 2)],
        [Named("c", 3)],
    )
    assert (
        OUTLINE_JSON.validate_python(json.loads(json.dumps(OUTLINE_JSON.dump_python(there, mode="json")))) == there
    )
    texts = {"one.qmd": "# One {#sec-one}\n\nSee @tbl-x and <b>.\n", "two.qmd": "{{< include one.qmd >}}\n\n$x$\n"}
    cache = Cache(tmp_path, "")
    first = outlines_of(texts, {"a.png"}, cache)
    assert outlines_of(texts, {"a.png"}, cache) == first == outlines_of(texts, {"a.png"}, Cache(None, ""))
    assert first["one.qmd"].problems


def test_quarters_are_built_together_and_one_that_fails_stops_no_other(project_folder):
    for path in (project_folder / "notebooks").iterdir():
        path.unlink()
    nbformat.write(reading("budget"), project_folder / "notebooks" / "budget.ipynb")
    for quarter in ("2020-21-Q1", "2019-20-Q4"):
        parameters = project_folder / "params" / f"{quarter}.yml"
        head = parameters.read_text().partition("\nsections:")[0]
        parameters.write_text(f"{head}\nsections:\n  - 02-recommendation\n")
        shutil.rmtree(project_folder / "sections" / quarter, ignore_errors=True)
    built = dict(
        build_all(
            Project(project_folder),
            ("2020-21-Q1", "2021-22-Q1", "2019-20-Q4"),
            quiet(),
            engine_name="pandoc",
            formats=("html",),
        )
    )
    assert list(built) == ["2020-21-Q1", "2021-22-Q1", "2019-20-Q4"]
    assert "2021-22-Q1" in str(built["2021-22-Q1"])
    for quarter in ("2020-21-Q1", "2019-20-Q4"):
        assert built[quarter].documents[0].is_file(), built[quarter]
        log = (project_folder / "build" / "logs" / f"{quarter}.log").read_text()
        assert "Notebooks: budget done" in log
        assert f"{quarter} built with" in log
        assert log.count("built with") == 1
    assert not (project_folder / "build" / "logs" / "2021-22-Q1.log").exists()
    left = {path.name for path in (project_folder / "build").iterdir()}
    assert left == {".cache", "logs", "2020-21-Q1", "2019-20-Q4"}
    assert not (project_folder / "build" / "2020-21-Q1" / ".reads").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
def test_ctrl_c_ends_a_batch_and_leaves_the_reports_as_they_were(project_folder):
    for path in (project_folder / "notebooks").iterdir():
        path.unlink()
    for number in range(3):
        made = notebook(f'quarter = "{QUARTER}"', "import time\ntime.sleep(60)")
        nbformat.write(made, project_folder / "notebooks" / f"slow_{number}.ipynb")
    # Tests that run in the background of a shell ignore it, and with them what they start.
    heeding = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    code = f"{heeding}; from scrutiny.cli import main; main()"
    command = [sys.executable, "-c", code, "build", "2020-21-Q1", "2019-20-Q4"]
    with subprocess.Popen(command, cwd=project_folder, stderr=subprocess.PIPE, text=True) as process:
        logs = [project_folder / "build" / "logs" / f"{quarter}.log" for quarter in command[-2:]]
        until = time.monotonic() + 60
        while not all(log.is_file() and "started" in log.read_text() for log in logs):
            assert time.monotonic() < until
            time.sleep(0.05)
        started = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130, said
    assert time.monotonic() - started < 20
    assert "Traceback" not in said
    assert {path.name for path in (project_folder / "build").iterdir()} <= {".cache", ".lock", "logs"}
    assert all(path.suffix == ".json" for path in (project_folder / "build").glob(".cache/*/*"))
