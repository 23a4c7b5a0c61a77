"""What the documents look like: pictures of their pages, and how much two of them differ."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageChops
from pixelmatch.contrib.PIL import pixelmatch
from playwright.sync_api import Browser, sync_playwright

from scrutiny.fonts import FOLDER

Pictures = dict[str, Image.Image]
"""Pictures by name, such as ``pdf-01``."""

RESOLUTION = 60
"""Dots per inch: lines, alignment and colour are seen, and a picture is small."""
COLOURS = 64
BAND = 1000
"""Height in pixels of the pieces in which a screenshot is compared, so that a change is not lost in a long page."""
_STRIP = 40

_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{folder}</dir>
  <dir>/usr/share/fonts</dir>
  <selectfont>
    <acceptfont><pattern><patelt name="family"><string>OpenSymbol</string></patelt></pattern></acceptfont>
    <rejectfont><glob>/usr/share/fonts/*</glob></rejectfont>
  </selectfont>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""


def own_fonts(folder: Path) -> dict[str, str]:
    """Give the environment in which programs see the report's typeface and LibreOffice's bullets alone.

    Else a document would look as the fonts of a machine have it.
    """
    settings = folder / "fonts.conf"
    settings.write_text(_FONTS.format(folder=FOLDER, cache=folder / "fonts-cache"), encoding="utf-8")
    return {**os.environ, "FONTCONFIG_FILE": str(settings)}


def pdf_pages(pdf: Path, name: str, folder: Path) -> Pictures:
    """Draw the pages of a PDF."""
    subprocess.run(["pdftoppm", "-r", str(RESOLUTION), pdf, folder / name], check=True)
    return {
        f"{name}-{number:02}": _reduced(Image.open(page))
        for number, page in enumerate(sorted(folder.glob(f"{name}-*.ppm")), 1)
    }


def word_pages(document: Path, folder: Path) -> Pictures:
    """Draw the pages of a Word document as LibreOffice lays them out."""
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *("--headless", "--convert-to", "pdf", "--outdir", folder, document),
        ],
        env=own_fonts(folder),
        check=True,
        capture_output=True,
    )
    return pdf_pages(folder / f"{document.stem}.pdf", "docx", folder)


@contextmanager
def chromium(folder: Path) -> Iterator[Browser]:
    """Run the installed Chromium; Playwright's own would have to be fetched."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"], env=own_fonts(folder)
        )
        yield browser
        browser.close()


def screenshots(browser: Browser, html: Path, width: int, scheme: str, folder: Path) -> Pictures:
    """Draw an HTML page as wide as a window, in the colour scheme ``light`` or ``dark``."""
    with browser.new_page(
        viewport={"width": width, "height": BAND}, color_scheme=scheme, reduced_motion="reduce"
    ) as page:
        page.goto(html.as_uri())
        page.screenshot(path=folder / "page.png", full_page=True)
    whole = Image.open(folder / "page.png")
    # Half the size of a desktop's window shows as much as a printed page at RESOLUTION.
    whole = whole.reduce(2) if width > 640 else whole
    return {
        f"html-{width}-{scheme}-{top // BAND + 1:02}": _reduced(
            whole.crop((0, top, whole.width, min(top + BAND, whole.height)))
        )
        for top in range(0, whole.height, BAND)
    }


def printed_pages(browser: Browser, html: Path, folder: Path) -> Pictures:
    """Draw the sheets that a browser prints of an HTML page."""
    with browser.new_page() as page:
        page.goto(html.as_uri())
        page.pdf(path=folder / "printed.pdf", format="A4", print_background=False, prefer_css_page_size=True)
    return pdf_pages(folder / "printed.pdf", "html-print", folder)


def store(pictures: Pictures, folder: Path, kind: str) -> None:
    """Replace the stored pictures of a kind."""
    for old in folder.glob(f"{kind}-[0-9]*.png"):
        old.unlink()
    folder.mkdir(exist_ok=True)
    for name, picture in pictures.items():
        picture.save(folder / f"{name}.png", optimize=True)


def stored(folder: Path, kind: str) -> Pictures:
    """Give the stored pictures of a kind."""
    return {path.stem: Image.open(path) for path in sorted(folder.glob(f"{kind}-[0-9]*.png"))}


def difference(one: Image.Image, other: Image.Image) -> tuple[float, Image.Image]:
    """Give the share of pixels that differ to the eye, smoothed edges of letters left out, and where they are."""
    size = max(one.width, other.width), max(one.height, other.height)
    canvases = []
    for picture in (one, other):
        canvas = Image.new("RGB", size, "magenta")
        canvas.paste(picture.convert("RGB"))
        canvases.append(canvas)
    shown = Image.new("RGBA", size, "white")
    changed = ImageChops.difference(*canvases)
    pixels = 0
    # pixelmatch looks at each pixel in Python, so it is given what is not the same.
    for top in range(0, size[1], _STRIP):
        box = changed.crop((0, top, size[0], min(top + _STRIP, size[1]))).getbbox()
        if box is not None:
            left, upper, right, lower = box
            box = (left, top + upper, right, top + lower)
            part = Image.new("RGBA", (right - left, lower - upper))
            pixels += pixelmatch(*(canvas.crop(box) for canvas in canvases), part)
            shown.paste(part, box)
    return pixels / (size[0] * size[1]), shown


def _reduced(picture: Image.Image) -> Image.Image:
    """Keep few colours, so that a stored picture is small, and the same picture is stored the same."""
    return picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
