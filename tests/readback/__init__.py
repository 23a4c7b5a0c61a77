"""Documents read back from their files, so that the three formats can be compared."""

from readback.document import Document
from readback.html import read_html
from readback.pdf import read_pdf
from readback.word import read_word

READERS = {"pdf": read_pdf, "docx": read_word, "html": read_html}

__all__ = ["READERS", "Document", "read_html", "read_pdf", "read_word"]
