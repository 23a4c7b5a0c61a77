"""The workspace: the folder in which one quarter's report is assembled, a complete Quarto project."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from scrutiny.cache import NOTHING, Cache
from scrutiny.execution.provenance import write_provenance
from scrutiny.inputs.project import Project
from scrutiny.markdown import escape
from scrutiny.narrative.citations import includes
from scrutiny.narrative.sections import Narrative
from scrutiny.narrative.syntax import without_embeds, wrap_values
from scrutiny.text import as_json, with_units
from scrutiny.workspace.annex import FILE as ANNEX
from scrutiny.workspace.annex import annex
from scrutiny.workspace.lacking import FILE as LACKING
from scrutiny.workspace.lacking import with_what_is_there
from scrutiny.workspace.skeleton import GENERATED, QUARTER_FILE, SECTIONS, write_skeleton

if TYPE_CHECKING:
    from scrutiny.execution.compute import Computed

VALUES = "values.json"
"""The values that each build leaves in its workspace."""
DOWNLOADS = "downloads"
"""Folder of the data of tables and figures, from which the HTML page offers them."""
_WORD_JOINER = "\N{WORD JOINER}"


def write_report(
    project: Project, folder: Path, narrative: Narrative, computed: Computed, cache: Cache = NOTHING
) -> None:
    """Write what the engines read, but for the notebooks: skeleton, sections, values, downloads, assets."""
    write_sections(folder, narrative, computed)
    write_computed(folder, computed, cache)
    write_skeleton(project.root, folder, computed.parameters)


def write_sections(folder: Path, narrative: Narrative, computed: Computed) -> None:
    """Write the narrative of a workspace, and remove files of an earlier one."""
    sections = folder / SECTIONS
    sections.mkdir(exist_ok=True)
    narrative, part = with_what_is_there(narrative, computed)
    order = "\n\n".join(f"{{{{< include {SECTIONS}/{name} >}}}}" for name in narrative.order)
    texts = {Path(QUARTER_FILE).name: f"<!-- {GENERATED}; the order is that of the parameters -->\n\n{order}\n"}
    for section in narrative.sections:
        texts[section.name] = without_embeds(wrap_values(section.generated), computed.omitted)
    if includes(narrative, ANNEX):
        entries = annex(computed.provenance, narrative, computed.omitted)
        texts[Path(ANNEX).name] = f"<!-- {GENERATED} -->\n\n{entries}"
    if part:
        texts[Path(LACKING).name] = f"<!-- {GENERATED} -->\n\n{part}\n"
    current = {*texts, *(picture.name for picture in narrative.pictures)}
    for path in sections.iterdir():
        if path.name not in current:
            path.unlink()
    for name, text in texts.items():
        (sections / name).write_text(text, encoding="utf-8")
    for picture in narrative.pictures:
        shutil.copyfile(picture, sections / picture.name)


def write_computed(folder: Path, computed: Computed, cache: Cache = NOTHING) -> None:
    """Write values, provenance, and the data of tables and figures into a workspace."""
    (folder / DOWNLOADS).mkdir(exist_ok=True)
    for label, text in computed.csv.items():
        (folder / DOWNLOADS / f"{label}.csv").write_text(text, encoding="utf-8", newline="")
    values, quarter = computed.values, computed.parameters.quarter
    variables = cache.remember(
        "variables",
        lambda: cache.key(json.dumps(values)),
        lambda: yaml.safe_dump(as_variables(values), allow_unicode=True, width=10_000),
    )
    (folder / "_variables.yml").write_text(f"# {GENERATED}\n{variables}", encoding="utf-8")
    write_values(folder, quarter, values)
    write_provenance(folder, quarter, computed.provenance)


def as_variables(values: Mapping[str, str]) -> dict[str, object]:
    """Nest values as `_variables.yml` has them, the texts escaped for Markdown.

    Quarto reads a value again without its backslashes and would expand a shortcode in it: an invisible word joiner
    in the brackets prevents that.
    """
    variables: dict[str, object] = {}
    for name, text in values.items():
        *path, last = name.split(".")
        level = variables
        for part in path:
            level = level.setdefault(part, {})  # type: ignore[assignment]
        inert = with_units(text).replace("{{<", f"{{{{<{_WORD_JOINER}").replace(">}}", f">{_WORD_JOINER}}}}}")
        level[last] = escape(inert)
    return variables


def write_values(folder: Path, quarter: str, values: Mapping[str, str]) -> None:
    """Write `values.json` into a workspace."""
    (folder / VALUES).write_text(values_as_json(quarter, values), encoding="utf-8")


def values_as_json(quarter: str, values: Mapping[str, str]) -> str:
    """Write plain-text values as JSON: ``{"quarter": …, "values": {name: text}}``, sorted by name."""
    return as_json({"quarter": quarter, "values": dict(sorted(values.items()))})
