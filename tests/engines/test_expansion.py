from fixtures.all_syntax import fixture_workspace

from scrutiny.engines.expansion import Expansion


def test_expansion_finds_cells_by_label_metadata_or_tag(tmp_path):
    workspace = fixture_workspace(tmp_path / "w")
    notebook = workspace / "notebooks" / "fixture.ipynb"
    text = notebook.read_text(encoding="utf-8")
    for old, new in (
        ('"#| label: tbl-embedded\\n",\n    ', ""),
        ('"tbl-cap"', '"label": "tbl-embedded",\n    "tbl-cap"'),
    ):
        assert old in text
        text = text.replace(old, new)
    notebook.write_text(text, encoding="utf-8")
    expanded = Expansion(workspace, workspace / "figures").text()
    assert "::: {#tbl-embedded}" in expanded
    assert "{{<" not in expanded.replace(r"\{\{\<", "")


def test_values_and_metadata_of_the_front_matter_are_carried_out(tmp_path):
    workspace = fixture_workspace(tmp_path / "w")
    main = workspace / "report.qmd"
    main.write_text('---\ntitle: "In {{< meta lang >}}"\nlang: en-GB\n---\n{{< meta title >}}', encoding="utf-8")
    expansion = Expansion(workspace, workspace / "figures")
    assert (expansion.metadata["title"], expansion.text().strip()) == ("In en-GB", "In en-GB")
