"""Documents read back from their files, so that the three formats can be compared."""

from functools import cache

from readback.document import Document
from readback.html import read_html
from readback.pdf import read_pdf
from readback.word import read_word

# A document is read once however many tests ask what it says; reading a PDF takes seconds.
READERS = {"pdf": cache(read_pdf), "docx": cache(read_word), "html": cache(read_html)}

__all__ = ["READERS", "Document", "read_html", "read_pdf", "read_word"]
