"""Documents read back."""

from __future__ import annotations

import pytest

from scrutiny.review.readback import Unreadable, read_document


@pytest.mark.parametrize("name", ["report.pdf", "report.docx", "report.html"])
def test_what_is_no_document_is_told(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"\xff\xfeno document")
    with pytest.raises(Unreadable, match="it cannot be read"):
        read_document(path)
