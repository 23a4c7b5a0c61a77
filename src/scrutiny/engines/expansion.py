"""A workspace's narrative as one Markdown text, its shortcodes expanded, for the bundled engine."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from scrutiny.errors import EngineFailed, Location, Problem
from scrutiny.execution.executed import labelled_cells
from scrutiny.inputs.project import MAIN
from scrutiny.narrative.syntax import Shortcode, replace_shortcodes, split_front_matter
from scrutiny.yaml_models import FastLoader

_PAGE_BREAK = """
```{=typst}
#pagebreak(weak: true)
```
```{=openxml}
<w:p><w:r><w:br w:type="page"/></w:r></w:p>
```
```{=html}
<div class="page-break"></div>
```
"""
_PICTURES = {"image/png": ".png", "image/svg+xml": ".svg"}
_SHOWN = ("text/markdown", *_PICTURES, "text/plain")


class Expansion:
    """Expands `include`, `var`, `meta`, `embed` and `pagebreak`; writes the notebooks' pictures into a folder."""

    def __init__(self, workspace: Path, pictures: Path) -> None:
        self._workspace = workspace
        self._pictures = pictures
        self._notebooks: dict[str, dict[str, Any]] = {}
        self._variables = _read_yaml(workspace / "_variables.yml")
        text = (workspace / MAIN).read_text(encoding="utf-8")
        front_matter, _, _ = split_front_matter(text)
        self._body = _body(text)
        own: dict[str, Any] = yaml.load(front_matter, FastLoader) or {}
        self.metadata = _read_yaml(workspace / "_quarto.yml") | own
        self.metadata |= {
            key: self._expand(text, MAIN) for key, text in self.metadata.items() if isinstance(text, str)
        }

    def text(self) -> str:
        """Give the whole narrative as pandoc's Markdown."""
        return self._expand(self._body, MAIN)

    def _expand(self, text: str, file: str) -> str:
        return replace_shortcodes(text, lambda code: self._replacement(code, Location(file, code.line)))

    def _replacement(self, code: Shortcode, place: Location) -> str:
        match code.name:
            case "include" | "embed" if not (self._workspace / code.argument.partition("#")[0]).is_file():
                raise EngineFailed(Problem(f"there is no file {code.argument}", place))
            case "include":
                text = (self._workspace / code.argument).read_text(encoding="utf-8")
                return f"\n{self._expand(_body(text), code.argument)}\n"
            case "embed":
                return self._embed(code.argument, place)
            case "var":
                return _look_up(self._variables, code.argument, place)
            case "meta":
                # In running text: its lines would end the paragraph.
                return " ".join(_look_up(self.metadata, code.argument, place).split())
            case "pagebreak":
                return _PAGE_BREAK
        raise EngineFailed(Problem(f"the bundled engine does not know the shortcode {code.name}", place))

    def _embed(self, address: str, place: Location) -> str:
        path, _, label = address.partition("#")
        cell = self._cells(path).get(label)
        if cell is None:
            raise EngineFailed(Problem(f"no cell of {path} has the label {label}", place))
        metadata = cell["metadata"]
        shown = [self._output(output, label, metadata) for output in cell["outputs"] if "data" in output]
        kind = label.partition("-")[0]
        caption = metadata.get(f"{kind}-cap")
        if caption is None:
            return "\n\n" + "\n\n".join(shown) + "\n\n"
        blocks = "\n\n".join([*shown, caption])
        return f"\n\n::: {{#{label}}}\n{blocks}\n:::\n\n"

    def _cells(self, path: str) -> dict[str, Any]:
        """Give the cells of a notebook that can be embedded, by label or tag; each notebook is read once."""
        if path not in self._notebooks:
            # Not by nbformat: its import would take longer than all the rest, and the program wrote the file.
            cells = json.loads((self._workspace / path).read_text(encoding="utf-8"))["cells"]
            by_name = self._notebooks[path] = {}
            for cell in cells:
                cell["source"] = "".join(cell["source"])
                labels = [label for _, label in labelled_cells({"cells": [cell]})]
                for name in [cell["metadata"].get("label"), *cell["metadata"].get("tags", []), *labels]:
                    by_name.setdefault(name, cell)
        return self._notebooks[path]

    def _output(self, output: Mapping[str, Any], label: str, metadata: Mapping[str, str]) -> str:
        # A notebook may store a text line by line.
        data = {name: "".join(content) for name, content in output["data"].items() if name in _SHOWN}
        if "text/markdown" in data:
            return data["text/markdown"]
        for mime_type, suffix in _PICTURES.items():
            if mime_type in data:
                picture = self._pictures / f"{label}{suffix}"
                picture.parent.mkdir(parents=True, exist_ok=True)
                content = data[mime_type]
                picture.write_bytes(content.encode() if suffix == ".svg" else base64.b64decode(content))
                size = output.get("metadata", {}).get(mime_type, {})
                width = f" width={size['width']}px" if "width" in size else ""
                alternative = _quoted(metadata.get("fig-alt", ""))
                return f"![]({picture.relative_to(self._workspace).as_posix()}){{fig-alt={alternative}{width}}}"
        return data.get("text/plain", "")


def _quoted(text: str) -> str:
    r"""Quote an attribute, in which `\` and `"` have to be escaped and a shortcode must not arise."""
    return '"' + re.sub(r'([\\"])', r"\\\1", " ".join(text.split())) + '"'


def _look_up(nested: Mapping[str, Any], name: str, place: Location) -> str:
    level: Any = nested
    for part in name.split("."):
        if not isinstance(level, Mapping) or part not in level:
            raise EngineFailed(Problem(f"nothing is called {name}", place))
        level = level[part]
    if level is None or isinstance(level, Mapping | list | bool):
        raise EngineFailed(Problem(f"{name} is no text", place, "name one text"))
    return str(level)


def _body(text: str) -> str:
    """Take the front matter off; lines stay."""
    _, lines, body = split_front_matter(text)
    return "\n" * lines + body


def _read_yaml(path: Path) -> dict[str, Any]:
    return yaml.load(path.read_text(encoding="utf-8"), FastLoader) or {} if path.is_file() else {}
