from __future__ import annotations

import re
from pathlib import Path

from lxml import html

from readback.document import Document, tidy


def read_html(path: Path) -> Document:
    tree = html.fromstring(path.read_text(encoding="utf-8"))
    body = tree.xpath("//main")[0]
    for unwanted in body.xpath(".//script | .//style | .//*[contains(@class, 'anchorjs-link')]"):
        unwanted.drop_tree()
    document = Document()
    for heading in body.xpath(".//h2 | .//h3 | .//h4 | .//h5"):
        # Quarto heads the footnotes, which pandoc rules off.
        if "quarto-appendix-heading" not in (heading.get("class") or ""):
            document.add_heading(int(heading.tag[1]) - 1, heading.text_content())
    for table in body.xpath(".//table"):
        rows = [[tidy(cell.text_content()) for cell in row.xpath("./th | ./td")] for row in table.xpath(".//tr")]
        document.tables.append([row for row in rows if row])
    for caption in body.xpath(".//caption | .//figcaption"):
        document.add_caption(caption.text_content())
    document.alternative_texts = [image.get("alt") for image in body.xpath(".//img")]
    for link in body.xpath(".//a[starts-with(@href, '#')]"):
        if re.match(r"#(fig|tbl|sec)-", link.get("href")):
            document.references.append(tidy(link.text_content()))
    document.text = tidy(" ".join(body.itertext()))
    return document
