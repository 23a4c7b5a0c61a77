import pytest
from PIL import Image

from scrutiny.errors import WrongInput
from scrutiny.narrative.sections import load_narrative


def write(folder, **texts):
    (folder / "Q").mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / "Q" / f"{name.replace('__', '-')}.qmd").write_text(text, encoding="utf-8")


FRONT = "---\nstated:\n  - text: up to 60%\n    source: a partner\n---\n"


def test_front_matter_is_taken_off_and_lines_stay(tmp_path):
    write(tmp_path, **{"01__a": f"{FRONT}# A\n\nup to 60% less\n", "_part": "A part.\n"})
    narrative = load_narrative(tmp_path, "Q", ["01-a"])
    assert narrative.order == ("01-a.qmd",)
    one, part = narrative.sections
    assert (one.front_matter.stated[0].text, one.front_matter.stated[0].source) == ("up to 60%", "a partner")
    lines = one.generated.splitlines()
    assert lines[0] == "<!-- generated: edit sections/Q/01-a.qmd -->"
    assert lines[5] == "# A"
    assert "stated" not in one.generated
    assert part.generated.splitlines() == ["A part.", "", "<!-- generated: edit sections/Q/_part.qmd -->"]


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (
            "---\ntitle: A\n---\n",
            ["sections/Q/01-a.qmd (title): this key is not known here", "known: carried-over, confirmed, stated"],
        ),
        ("---\nstated: [\n---\n", ["sections/Q/01-a.qmd:", "not valid YAML"]),
        (FRONT, ["(stated.1.text)", "'up to 60%' does not stand in the section"]),
        (
            FRONT.replace("text", "number"),
            ["(stated.1.number): this key is not known here", "(stated.1.text): this key is missing"],
        ),
    ],
)
def test_wrong_front_matter_is_told_by_file_and_key(tmp_path, text, messages):
    write(tmp_path, **{"01__a": text})
    with pytest.raises(WrongInput) as caught:
        load_narrative(tmp_path, "Q", ["01-a"])
    for message in messages:
        assert message in str(caught.value)


def test_all_missing_sections_are_told_with_the_nearest(tmp_path):
    write(tmp_path, **{"01__crime": ""})
    with pytest.raises(WrongInput) as caught:
        load_narrative(tmp_path, "Q", ["01-crimes", "02-other"])
    assert len(caught.value.problems) == 3
    assert 'did you mean "01-crime"?' in str(caught.value)
    assert "sections/Q/01-crime.qmd: this section is not in sections: of params/Q.yml" in str(caught.value)


def test_a_file_that_is_not_utf_8(tmp_path):
    (tmp_path / "Q").mkdir()
    (tmp_path / "Q" / "01-a.qmd").write_bytes("£".encode("cp1252"))
    with pytest.raises(WrongInput, match=r"01-a\.qmd: not UTF-8 text\n    save the file as UTF-8"):
        load_narrative(tmp_path, "Q", ["01-a"])


def save_picture(path, kind):
    """Write a picture; `kind` is its mode, or "GIF", "cut" in half, "turned" by EXIF, "moving" or "two" in a JPEG."""
    picture = Image.effect_noise((40, 30), 80).convert(kind if kind in ("CMYK", "P", "L", "RGBA") else "RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    options = {
        "GIF": {"format": "GIF"},
        "turned": {"exif": exif},
        "moving": {"save_all": True, "append_images": [picture.rotate(90)]},
        "two": {"format": "MPO", "save_all": True, "append_images": [picture]},
    }.get(kind, {})
    picture.save(path, **options)
    if kind == "cut":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize(
    ("name", "kind", "message"),
    [
        ("a.png", "GIF", "no picture of the kind .png"),
        ("a.png", "cut", "a part of it is missing"),
        ("a.jpg", "cut", "a part of it is missing"),
        ("a.jpg", "CMYK", "colours of a printing press"),
        ("a.jpg", "turned", "turned by a note in its file"),
        ("a.png", "turned", "turned by a note in its file"),
        ("a.png", "moving", "moves"),
        ("a.png", "P", None),
        ("a.png", "RGBA", None),
        ("a.jpeg", "L", None),
        ("a.jpg", "two", None),
    ],
)
def test_a_picture_that_cannot_be_shown_alike_is_refused(tmp_path, name, kind, message):
    write(tmp_path, **{"01__a": "# A\n"})
    save_picture(tmp_path / "Q" / name, kind)
    if message is None:
        assert [path.name for path in load_narrative(tmp_path, "Q", ["01-a"]).pictures] == [name]
        return
    with pytest.raises(WrongInput) as caught:
        load_narrative(tmp_path, "Q", ["01-a"])
    (problem,) = caught.value.problems
    assert message in problem.message
    assert str(problem.location) == f"sections/Q/{name}"
    assert problem.hint
