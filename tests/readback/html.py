from __future__ import annotations

import re
from pathlib import Path

from lxml import html

from readback.document import OF_THE_PROGRAM, Document, tidy

# The other formats have no data to open and to download, and no links to headings.
_OF_THE_PAGE = ".//*[@class='data' or @class='heading-link']"


def read_html(path: Path) -> Document:
    tree = html.fromstring(path.read_text(encoding="utf-8"))
    body = tree.xpath("//main")[0]
    for place in body.xpath(".//wbr"):
        place.drop_tag()
    for element in body.xpath(_OF_THE_PAGE):
        element.drop_tree()
    document = Document()
    for heading in body.xpath(".//h2 | .//h3 | .//h4 | .//h5"):
        document.add_heading(int(heading.tag[1]) - 1, heading.text_content())
    for table in body.xpath(".//table"):
        rows = [[tidy(cell.text_content()) for cell in row.xpath("./th | ./td")] for row in table.xpath(".//tr")]
        document.tables.append([row for row in rows if row])
    for caption in body.xpath(".//figcaption"):
        document.add_caption(caption.text_content())
    document.alternative_texts = [image.get("alt") for image in body.xpath(".//img")]
    for link in body.xpath(".//a[starts-with(@href, '#')]"):
        listed = link.xpath("string(ancestor::table[1]/thead//th[1])") == OF_THE_PROGRAM[1]
        if re.match(r"#(fig|tbl|sec)-", link.get("href")) and not listed:
            document.references.append(tidy(link.text_content()))
    document.text = tidy(" ".join(body.itertext()))
    return document
