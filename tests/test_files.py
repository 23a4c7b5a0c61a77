import pytest

from scrutiny import files
from scrutiny.files import staged


@pytest.fixture(params=["exchange", "two renames"])
def way(request, monkeypatch):
    if request.param == "two renames":
        monkeypatch.setattr(files, "_exchange", lambda *folders: False)


def make(target, text):
    with staged(target) as folder:
        (folder / "report.txt").write_text(text, encoding="utf-8")


def test_a_folder_is_made_and_replaced_whole(tmp_path, way):
    target = tmp_path / "build" / "2020-21-Q1"
    make(target, "one")
    (target / "left over.txt").touch()
    make(target, "two")
    assert {path.name: path.read_text(encoding="utf-8") for path in target.iterdir()} == {"report.txt": "two"}
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt])
def test_a_failure_leaves_what_was_there(tmp_path, way, failure):
    target = tmp_path / "2020-21-Q1"
    make(target, "one")
    with pytest.raises(failure), staged(target) as folder:
        (folder / "report.txt").write_text("half", encoding="utf-8")
        raise failure
    assert (target / "report.txt").read_text(encoding="utf-8") == "one"
    assert list(tmp_path.iterdir()) == [target]


def test_a_failed_move_puts_the_old_one_back(tmp_path, monkeypatch):
    target = tmp_path / "2020-21-Q1"
    make(target, "one")
    monkeypatch.setattr(files, "_exchange", lambda *folders: False)
    rename = type(target).rename

    def refuse(self, other):
        if other == target and not self.parent.name.startswith(".2020-21-Q1-old"):
            raise OSError("the disk is full")
        return rename(self, other)

    monkeypatch.setattr(type(target), "rename", refuse)
    with pytest.raises(OSError, match="disk is full"):
        make(target, "two")
    assert (target / "report.txt").read_text(encoding="utf-8") == "one"
    assert list(tmp_path.iterdir()) == [target]
