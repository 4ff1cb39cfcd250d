"""The targets a camera is calibrated by, and where their corners are in a picture."""

import re
from dataclasses import dataclass
from typing import Literal, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from ..core.errors import MeasuringError
from ..core.frame import Image
from ..core.gauge import Step
from .plane import Points
from .steps import steps_of

MARKER_SHARE = 0.7
"""Side of a ChArUco marker over that of its square."""
DICTIONARY = cv2.aruco.DICT_5X5_250
MOST_BLUR_PX = 2.5
FEWEST_CORNERS = 12
REFINED_PX = 5
_REFINING = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_COUNT, 50, 1e-4)
_FINDING = cv2.CALIB_CB_EXHAUSTIVE | cv2.CALIB_CB_ACCURACY | cv2.CALIB_CB_NORMALIZE_IMAGE


@dataclass(frozen=True, slots=True)
class Board:
    """A printed target: so many squares across and down, of `square_mm` each."""

    kind: Literal["checkerboard", "charuco"]
    columns: int
    rows: int
    square_mm: float

    @classmethod
    def parse(cls, text: str, square_mm: float) -> Self:
        """Read `charuco:10x7` or `checkerboard:9x6`, squares across and down.

        Raises MeasuringError.
        """
        form = re.fullmatch(r"(checkerboard|charuco):(\d{1,2})x(\d{1,2})", text)
        if form is None:
            raise MeasuringError(
                f"{text}: no board; write charuco:10x7 or checkerboard:10x7, in squares."
            )
        columns, rows = int(form[2]), int(form[3])
        if not (5 <= columns <= 30 and 4 <= rows <= 30):
            raise MeasuringError(f"{text}: a board has 5x4 to 30x30 squares; write another.")
        if form[1] == "charuco" and columns * rows > 500:
            raise MeasuringError(f"{text}: a ChArUco board has 500 squares at most; write fewer.")
        kind: Literal["checkerboard", "charuco"] = (
            "charuco" if form[1] == "charuco" else "checkerboard"
        )
        return cls(kind, columns, rows, square_mm)

    def __str__(self) -> str:
        return f"{self.kind}:{self.columns}x{self.rows} of {self.square_mm:g} mm"

    def charuco(self) -> cv2.aruco.CharucoBoard:
        """Return OpenCV's form of it."""
        return cv2.aruco.CharucoBoard(
            (self.columns, self.rows),
            self.square_mm,
            self.square_mm * MARKER_SHARE,
            cv2.aruco.getPredefinedDictionary(DICTIONARY),
        )


@dataclass(frozen=True, slots=True)
class Sight:
    """The corners of a board in a picture: where they are on it, (number, 2) in whole squares, and
    in the frame in pixels from the middle of the first, as OpenCV counts, (number, 2).
    """

    squares: NDArray[np.int64]
    places_px: Points


def sight_of(image: Image, board: Board) -> Sight:
    """Return the board's corners in `image`, uint8 (height, width, 3), BGR.

    Raises MeasuringError with what is wrong, without an end: it shows no such board, or blurred.
    """
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    found = _charuco(grey, board) if board.kind == "charuco" else _checkerboard(grey, board)
    blur = _blur_of(grey, found)
    if blur > MOST_BLUR_PX:
        raise MeasuringError(
            f"is blurred (edges {blur:.1f} px wide, {MOST_BLUR_PX:g} at most): focus the lens"
        )
    return found


def _checkerboard(grey: NDArray[np.uint8], board: Board) -> Sight:
    across, down = board.columns - 1, board.rows - 1
    found, corners = cv2.findChessboardCornersSB(grey, (across, down), flags=_FINDING)
    if not found:
        raise MeasuringError(f"shows no whole {board}")
    squares = np.array([(n % across, n // across) for n in range(across * down)], np.int64)
    # By itself the search is off by some 0.2 px; the saddle of greys about each corner is not.
    window = (REFINED_PX, REFINED_PX)
    refined = cv2.cornerSubPix(grey, corners, window, (-1, -1), _REFINING)
    return Sight(squares, np.asarray(refined, np.float64).reshape(-1, 2))


def _charuco(grey: NDArray[np.uint8], board: Board) -> Sight:
    drawn = board.charuco()
    corners, ids, _, markers = cv2.aruco.CharucoDetector(drawn).detectBoard(grey)
    if markers is not None and len(markers) and int(np.max(markers)) >= len(drawn.getIds()):
        raise MeasuringError(f"shows a larger board than {board}: say how many squares it has")
    if ids is None or corners is None or len(ids) < FEWEST_CORNERS:
        raise MeasuringError(f"shows no {board}, or too little of it")
    flat = np.asarray(ids, np.int64).reshape(-1)
    across = board.columns - 1
    squares = np.stack([flat % across, flat // across], axis=1)
    return Sight(squares, np.asarray(corners, np.float64).reshape(-1, 2))


def _blur_of(grey: NDArray[np.uint8], sight: Sight) -> float:
    """Return the usual width of the edges between neighbours, the sigma of a Gaussian in pixels."""
    known = {tuple(s): p for s, p in zip(sight.squares.tolist(), sight.places_px, strict=True)}
    pairs = [(place, known[x + 1, y]) for (x, y), place in known.items() if (x + 1, y) in known]
    if not pairs:
        return 0.0
    one, other = (np.stack(each) for each in zip(*pairs, strict=True))
    way = other - one
    square = np.stack([-way[:, 1], way[:, 0]], axis=1) / np.linalg.norm(way, axis=1)[:, None]
    along = np.arange(-8, 9)
    grid = ((one + other) / 2)[:, None] + along[None, :, None] * square[:, None]
    x, y = (np.ascontiguousarray(grid[..., n], np.float32) for n in (0, 1))
    read = cv2.remap(grey.astype(np.float32), x, y, cv2.INTER_LINEAR)
    steps = steps_of(np.asarray(read, np.float32), Step.ANY)
    near = np.where(np.abs(steps.at_px - 8) < 3, steps.height, 0.0)
    which = near.argmax(axis=1)
    rows = np.arange(len(which))
    seen = near[rows, which] > 0
    return float(np.median(steps.blur_px[rows, which][seen])) if seen.any() else 0.0
