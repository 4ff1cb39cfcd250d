"""A camera over a table, in mathematics: its lens bends, and it looks askew."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from targets import Look, seen

from edgeinspect.core.frame import Image
from edgeinspect.measuring.board import Board
from edgeinspect.measuring.target import black_of

Floats = NDArray[np.float64]
FINE = 4
DOTS = 8
"""Dots a mm that a board is drawn with."""
Painting = Callable[[Floats, Floats], Floats]
"""Greys of places (right, down) on the table in mm."""
LOOK = Look(shape=40, ground=210, blur_px=0.8, noise=2.5)


@dataclass(frozen=True, slots=True)
class BenchCamera:
    """`turn` (Rodrigues) and `at_mm` are the table's pose before the camera."""

    width: int = 640
    height: int = 480
    focal_px: float = 900.0
    bends: tuple[float, ...] = (-0.12, 0.08, 0.0006, -0.0004)

    def shot(
        self,
        painting: Painting,
        turn: tuple[float, float, float],
        at_mm: tuple[float, float, float],
        seed: int = 0,
        look: Look = LOOK,
    ) -> Image:
        down, right = np.mgrid[0 : self.height * FINE, 0 : self.width * FINE]
        x, y = self._table(((right + 0.5) / FINE, (down + 0.5) / FINE), turn, at_mm)
        greys = painting(x, y).reshape(self.height, FINE, self.width, FINE).mean(axis=(1, 3))
        return seen(greys, look, seed)

    def _table(
        self,
        places: tuple[Floats, Floats],
        turn: tuple[float, float, float],
        at_mm: tuple[float, float, float],
    ) -> tuple[Floats, Floats]:
        """Return where on the table the frame's places are."""
        shape = places[0].shape
        flat = np.stack([each.reshape(-1) - 0.5 for each in places], axis=1)[:, None]
        matrix = np.array(
            [
                [self.focal_px, 0, self.width / 2 - 7],
                [0, self.focal_px, self.height / 2 + 5],
                [0, 0, 1],
            ]
        )
        ways = cv2.undistortPoints(flat, matrix, np.array(self.bends), criteria=(3, 50, 1e-10))
        rotation = np.asarray(cv2.Rodrigues(np.array(turn))[0])
        to_frame = np.column_stack([rotation[:, :2], np.array(at_mm)])
        table = cv2.perspectiveTransform(
            np.asarray(ways, np.float64).reshape(1, -1, 2), np.linalg.inv(to_frame)
        )
        laid = np.asarray(table, np.float64)[0]
        return laid[:, 0].reshape(shape), laid[:, 1].reshape(shape)


def board_painting(board: Board, look: Look = LOOK) -> Painting:
    """Return a board lying on the table with its left upper corner at 0, 0."""
    width, height = board.columns * board.square_mm, board.rows * board.square_mm
    margin = board.square_mm
    drawn = np.full(
        (round((height + 2 * margin) * DOTS), round((width + 2 * margin) * DOTS)), look.ground
    )
    for left, top, wide, high in black_of(board):
        x0, x1 = (round((margin + each) * DOTS) for each in (left, left + wide))
        y0, y1 = (round((margin + each) * DOTS) for each in (top, top + high))
        drawn[y0:y1, x0:x1] = look.shape

    def painting(x: Floats, y: Floats) -> Floats:
        column = np.clip(((x + margin) * DOTS).astype(int), 0, drawn.shape[1] - 1)
        row = np.clip(((y + margin) * DOTS).astype(int), 0, drawn.shape[0] - 1)
        return np.asarray(drawn[row, column], np.float64)

    return painting


TILTS = (
    (0.45, 0.05, 0.02, -40, -25, 190),
    (-0.45, 0.1, -0.03, -45, -35, 180),
    (0.05, 0.5, 0.05, -35, -30, 185),
    (0.1, -0.5, 0.02, -45, -30, 195),
    (0.3, 0.35, 0.3, -30, -45, 200),
    (-0.3, -0.3, -0.25, -45, -10, 190),
    (0.35, -0.25, 0.1, -55, -30, 170),
)
FLAT = (0.06, -0.05, 0.03, -40.0, -28.0, 170.0)
"""How the table lies: the camera is some four degrees off."""


def pose(of: tuple[float, ...]) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    return (of[0], of[1], of[2]), (of[3], of[4], of[5])
