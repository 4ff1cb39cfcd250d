"""A printed target is the board that was asked for, at its true size."""

import re

import numpy as np
import pytest

from edgeinspect.core.errors import MeasuringError
from edgeinspect.measuring.board import Board, sight_of
from edgeinspect.measuring.target import page

DOTS = 6
"""Dots a mm the page is drawn with here."""


def printed(pdf: bytes) -> np.ndarray:
    """Draw the rectangles of a page, as a printer would."""
    width, height = (
        float(each) / 72 * 25.4 * DOTS
        for each in re.search(rb"MediaBox \[0 0 (\S+) (\S+)\]", pdf).groups()  # type: ignore[union-attr]
    )
    sheet = np.full((round(height), round(width), 3), 255, np.uint8)
    for found in re.findall(rb"(\S+) (\S+) (\S+) (\S+) re f", pdf):
        left, low, wide, high = (float(each) / 72 * 25.4 * DOTS for each in found)
        top, bottom = round(height - low - high), round(height - low)
        sheet[top:bottom, round(left) : round(left + wide)] = 0
    return sheet


@pytest.mark.parametrize("text", ["charuco:10x7", "charuco:7x6", "charuco:5x9", "checkerboard:9x6"])
def test_a_printed_board_is_found_whole_and_of_its_size(text: str) -> None:
    board = Board.parse(text, 18.0)
    seen = sight_of(printed(page(board, "a4")), board)
    assert len(seen.squares) == (board.columns - 1) * (board.rows - 1)
    spans = np.ptp(seen.places_px, axis=0) / DOTS
    wanted = ((board.columns - 2) * 18.0, (board.rows - 2) * 18.0)
    assert sorted(spans) == pytest.approx(sorted(wanted), abs=0.4)


def test_a_page_is_whole() -> None:
    pdf = page(Board.parse("charuco:10x7", 20.0), "a4")
    assert pdf.startswith(b"%PDF-1.4") and pdf.endswith(b"%%EOF\n")
    table = int(re.search(rb"startxref\n(\d+)", pdf)[1])  # type: ignore[index]
    assert pdf[table:].startswith(b"xref")
    for number, place in enumerate(re.findall(rb"(\d{10}) 00000 n", pdf), 1):
        assert pdf[int(place) :].startswith(b"%d 0 obj" % number)


def test_what_cannot_be_printed_is_a_sentence() -> None:
    with pytest.raises(MeasuringError, match="400x280 mm, too large for a4; name smaller squares"):
        page(Board.parse("charuco:10x7", 40.0), "a4")
    for text in ("charuco:3x3", "dots:10x7", "charuco:30x30", "charuco"):
        with pytest.raises(MeasuringError, match=text):
            Board.parse(text, 20.0)
