"""A calibration target as a page to print, at its true size."""

from collections.abc import Iterator

import cv2
import numpy as np

from ..core.errors import MeasuringError
from .board import DICTIONARY, MARKER_SHARE, Board

POINT_MM = 25.4 / 72
PAPERS_MM = {"a4": (210.0, 297.0), "a3": (297.0, 420.0), "letter": (215.9, 279.4)}
EDGE_MM = 8.0
WORDS_MM = 12.0
RULE_MM = 100.0
Rectangle = tuple[float, float, float, float]
"""Left, top, width, height in mm, from the board's left upper corner."""


def black_of(board: Board) -> Iterator[Rectangle]:
    """Give the black rectangles of a board."""
    side = board.square_mm
    markers = _markers(board) if board.kind == "charuco" else {}
    for row in range(board.rows):
        for column in range(board.columns):
            left, top = column * side, row * side
            if (column, row) in markers:
                yield from _marker(markers[column, row], left, top, side)
            elif board.kind == "charuco" or (row + column) % 2 == 0:
                yield left, top, side, side


def _markers(board: Board) -> dict[tuple[int, int], int]:
    """Return which square holds which marker, by OpenCV's own layout."""
    drawn = board.charuco()
    squares = {}
    for number, corners in zip(
        np.asarray(drawn.getIds()).reshape(-1), drawn.getObjPoints(), strict=True
    ):
        middle = np.asarray(corners)[:, :2].mean(axis=0) / board.square_mm
        squares[int(middle[0]), int(middle[1])] = int(number)
    return squares


def _marker(number: int, left: float, top: float, side: float) -> Iterator[Rectangle]:
    cells = cv2.aruco.getPredefinedDictionary(DICTIONARY).generateImageMarker(number, 7)
    cell, margin = side * MARKER_SHARE / 7, side * (1 - MARKER_SHARE) / 2
    for row, column in zip(*np.nonzero(np.asarray(cells) < 128), strict=True):
        yield left + margin + column * cell, top + margin + row * cell, cell, cell


def page(board: Board, paper: str) -> bytes:
    """Return a PDF of one page of `paper` with the board in its middle, and a line to measure.

    Raises MeasuringError when it does not fit.
    """
    width, height = board.columns * board.square_mm, board.rows * board.square_mm
    across, down = PAPERS_MM[paper]
    if width > height:
        across, down = down, across
    if width > across - 2 * EDGE_MM or height > down - 2 * EDGE_MM - 2 * WORDS_MM:
        raise MeasuringError(
            f"{board} is {width:g}x{height:g} mm, too large for {paper}; "
            "name smaller squares, fewer of them, or larger paper."
        )
    left, top = (across - width) / 2, EDGE_MM + (down - 2 * EDGE_MM - WORDS_MM - height) / 2
    ink = [_filled(left + x, top + y, w, h, down) for x, y, w, h in black_of(board)]
    rule_top = down - EDGE_MM - 1
    rule = min(RULE_MM, across - 2 * EDGE_MM)
    ink.append(_filled(EDGE_MM, rule_top, rule, 0.3, down))
    ink += [_filled(EDGE_MM + x, rule_top - 3, 0.3, 3, down) for x in (0, rule - 0.3)]
    words = f"{board}. Print at 100 %; the line below is {rule:g} mm long: measure it."
    ink.append(
        f"BT /F 9 Tf {EDGE_MM / POINT_MM:.3f} {(EDGE_MM + 6) / POINT_MM:.3f} Td ({words}) Tj ET"
    )
    return _pdf("\n".join(ink), across / POINT_MM, down / POINT_MM)


def _filled(left: float, top: float, width: float, height: float, down: float) -> str:
    values = (each / POINT_MM for each in (left, down - top - height, width, height))
    return " ".join(f"{each:.4f}" for each in values) + " re f"


def _pdf(ink: str, width: float, height: float) -> bytes:
    """Return a document of one page, in points (PDF 1.4, ISO 32000)."""
    drawn = ink.encode("ascii")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /PrintScaling /None >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width:.3f} {height:.3f}] /Contents 4 0 R "
        "/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
        "".encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
    )
    made, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = len(made)
    count = len(objects) + 1
    made += b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    return made + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, end)
