"""A workspace's narrative as one Markdown text, its shortcodes carried out, for the bundled engine."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import yaml

from scrutiny.engines.interface import MAIN
from scrutiny.errors import EngineFailed, Place, Problem
from scrutiny.execution import labelled_cells
from scrutiny.syntax import Shortcode, replace_shortcodes, split_front_matter

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


class Expansion:
    """Carries out `include`, `var`, `meta`, `embed` and `pagebreak`.

    Parameters
    ----------
    workspace : Path
    pictures : Path
        Folder into which the pictures of notebooks are written.
    """

    def __init__(self, workspace: Path, pictures: Path) -> None:
        self._workspace = workspace
        self._pictures = pictures
        self._variables = _read_yaml(workspace / "_variables.yml")
        main = (workspace / MAIN).read_text(encoding="utf-8")
        front_matter, _, self._body = split_front_matter(main)
        own: dict[str, Any] = yaml.safe_load(front_matter) or {}
        self.metadata = {
            key: replace_shortcodes(text, self._replacement(MAIN)) if isinstance(text, str) else text
            for key, text in (_read_yaml(workspace / "_quarto.yml") | own).items()
        }

    def text(self) -> str:
        """Give the whole narrative as pandoc's Markdown."""
        return self._expand(self._body, MAIN)

    def _expand(self, text: str, file: str) -> str:
        return replace_shortcodes(text, self._replacement(file))

    def _replacement(self, file: str) -> Any:
        def replace(found: Shortcode) -> str:
            argument = found.arguments[0] if found.arguments else ""
            match found.name:
                case "include":
                    return self._include(argument)
                case "embed":
                    return self._embed(argument)
                case "var":
                    return str(_look_up(self._variables, argument, found, file))
                case "meta":
                    return str(_look_up(self.metadata, argument, found, file))
                case "pagebreak":
                    return _PAGE_BREAK
            raise EngineFailed(
                Problem(f"the bundled engine does not know the shortcode {found.name}", Place(file, found.line))
            )

        return replace

    def _include(self, path: str) -> str:
        text = (self._workspace / path).read_text(encoding="utf-8")
        return f"\n{self._expand(split_front_matter(text)[2], path)}\n"

    def _embed(self, address: str) -> str:
        path, _, label = address.partition("#")
        notebook = nbformat.read(self._workspace / path, as_version=4)
        cell = next(
            (
                cell
                for cell in notebook.cells
                if label in (cell.metadata.get("label"), *cell.metadata.get("tags", []))
                or any(found == label and cell is own for own, found in labelled_cells(notebook))
            ),
            None,
        )
        if cell is None:
            raise EngineFailed(Problem(f"no cell has the label {label}", Place(path)))
        shown = [self._output(output, label, cell.metadata) for output in cell.outputs if "data" in output]
        kind = label.partition("-")[0]
        caption = cell.metadata.get(f"{kind}-cap")
        if caption is None:
            return "\n\n" + "\n\n".join(shown) + "\n\n"
        blocks = "\n\n".join([*shown, caption])
        return f"\n\n::: {{#{label}}}\n{blocks}\n:::\n\n"

    def _output(self, output: nbformat.NotebookNode, label: str, metadata: Mapping[str, str]) -> str:
        data = output.data
        if "text/markdown" in data:
            return str(data["text/markdown"])
        for mime_type, suffix in _PICTURES.items():
            if mime_type in data:
                content = data[mime_type]
                picture = self._pictures / f"{label}{suffix}"
                picture.parent.mkdir(parents=True, exist_ok=True)
                if suffix == ".svg":
                    picture.write_text(content, encoding="utf-8")
                else:
                    picture.write_bytes(base64.b64decode(content))
                size = output.get("metadata", {}).get(mime_type, {})
                width = f" width={size['width']}px" if "width" in size else ""
                alternative = _quoted(metadata.get("fig-alt", ""))
                return f"![]({picture.relative_to(self._workspace).as_posix()}){{fig-alt={alternative}{width}}}"
        return str(data.get("text/plain", ""))


def _quoted(text: str) -> str:
    r"""Quote an attribute, in which `\` and `"` have to be escaped and a shortcode must not arise."""
    return '"' + re.sub(r'([\\"])', r"\\\1", " ".join(text.split())) + '"'


def _look_up(nested: Mapping[str, Any], name: str, found: Shortcode, file: str) -> object:
    level: Any = nested
    for part in name.split("."):
        if not isinstance(level, Mapping) or part not in level:
            raise EngineFailed(Problem(f"nothing is called {name}", Place(file, found.line)))
        level = level[part]
    return level


def _read_yaml(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {} if path.is_file() else {}
