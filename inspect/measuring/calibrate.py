"""A camera's calibration, from pictures of a board or from one known distance."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

import cv2
import numpy as np
from numpy.typing import NDArray

from ..core.calibration import Calibration, Lens
from ..core.clock import utc_now
from ..core.errors import MeasuringError
from ..core.frame import Image
from ..core.gauge import DistanceGauge, PlacePx, Stripe
from .board import Board, Sight, sight_of
from .plane import Points, on_plane, unbent
from .straight import distance
from .view import View

FEWEST_VIEWS = 5
LEAST_TILT_DEG = 15.0
MOST_RMS_PX = 1.0
CLICK_PX = 0.5
"""Standard uncertainty of a place that a person named."""
_LENS_FLAGS = cv2.CALIB_FIX_K3


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture and the name it is told by."""

    name: str
    image: Image


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A calibration, and the pictures that were left out, with why."""

    calibration: Calibration
    left_out: tuple[str, ...]


def by_board(
    flat: Shot, tilted: Sequence[Shot], board: Board, square_uncertainty: float
) -> Calibrated:
    """Return the calibration by a board that lies on the part's plane in `flat`.

    `tilted` are more pictures of it, at other angles and places, for the lens; without any it is
    taken to bend nothing. `square_uncertainty` is the standard uncertainty of the board's squares,
    as a share of them. Raises MeasuringError.
    """
    height, width = flat.image.shape[:2]
    if other := next((each for each in tilted if each.image.shape != flat.image.shape), None):
        size = f"{other.image.shape[1]}x{other.image.shape[0]}"
        raise MeasuringError(
            f"{other.name}: is {size}, {flat.name} {width}x{height}; take all with one camera."
        )
    lying = _sight(flat, board)
    seen, left_out = _sights(tilted, board)
    lens, rms_px = None, None
    if tilted:
        lens, rms_px = _lens_of((lying, *seen), board, (width, height), left_out)
    plane, off_mm, spread_mm = _plane_of(lying, lens, board)
    scale = off_mm / (len(lying.squares) ** 0.5 * spread_mm)
    calibration = Calibration(
        mm_per_px=1.0,
        uncertainty=hypot(square_uncertainty, scale),
        place_mm=off_mm,
        width_px=width,
        height_px=height,
        lens=lens,
        plane=tuple(plane.reshape(-1).tolist()),
        rms_px=rms_px,
        views=1 + len(seen),
        target=str(board),
        made_at=utc_now(),
    )
    pixel = _pixel_mm(calibration, width, height)
    off_px = off_mm / pixel
    if off_px > MOST_RMS_PX:
        raise MeasuringError(
            f"{flat.name}: the board's corners are {off_px:.1f} px off a plane; give more pictures "
            "for the lens, or lay the board flat."
        )
    rms = off_px if rms_px is None else rms_px
    whole = calibration.model_copy(update={"mm_per_px": pixel, "rms_px": rms})
    return Calibrated(whole, tuple(left_out))


def by_distance(
    ends: tuple[PlacePx, PlacePx],
    length_mm: float,
    uncertainty_mm: float,
    image: Image | None = None,
) -> Calibration:
    """Return the calibration by one known distance between two places of the frame.

    With an `image` the distance is that of two edges crossed on the way from one to the other.
    `uncertainty_mm` is the standard uncertainty of the length. Raises MeasuringError.
    """
    if image is None:
        length = hypot(ends[1][0] - ends[0][0], ends[1][1] - ends[0][1])
        off = 2**0.5 * CLICK_PX
    else:
        try:
            stripe = Stripe(from_px=ends[0], to_px=ends[1])
            gauge = DistanceGauge(name="known", stripe=stripe, unit="px")
            found = distance(View.of(image, None, None), gauge)
        except (MeasuringError, ValueError) as error:
            raise MeasuringError(
                f"the two edges are not found ({str(error).splitlines()[0]}); "
                "begin and end the way outside of both."
            ) from None
        length, off = found.value, found.uncertainty
    if length < 8:
        raise MeasuringError("the two places are less than 8 pixels apart; name farther ones.")
    return Calibration(
        mm_per_px=length_mm / length,
        uncertainty=min(1.0, hypot(off / length, uncertainty_mm / length_mm)),
        width_px=None if image is None else image.shape[1],
        height_px=None if image is None else image.shape[0],
        target=f"{length_mm:g} mm along {length:.1f} px",
        made_at=utc_now(),
    )


def _sight(shot: Shot, board: Board) -> Sight:
    try:
        return sight_of(shot.image, board)
    except MeasuringError as error:
        raise MeasuringError(f"{shot.name}: {error}; take that picture again.") from None


def _sights(shots: Sequence[Shot], board: Board) -> tuple[tuple[Sight, ...], list[str]]:
    seen, left_out = [], []
    for shot in shots:
        try:
            seen.append(sight_of(shot.image, board))
        except MeasuringError as error:
            left_out.append(f"{shot.name}: {error}")
    return tuple(seen), left_out


def _lens_of(
    sights: tuple[Sight, ...], board: Board, size: tuple[int, int], left_out: Sequence[str]
) -> tuple[Lens, float]:
    """Return the lens, and what it leaves unexplained, rms in pixels."""
    if len(sights) < FEWEST_VIEWS:
        why = f" (left out: {left_out[0]})" if left_out else ""
        raise MeasuringError(
            f"{len(sights)} pictures show the board{why}, {FEWEST_VIEWS} or more are needed for "
            "the lens; take more, tilted this way and that."
        )
    on_board = [
        np.column_stack([each.squares * board.square_mm, np.zeros(len(each.squares))]).astype(
            np.float32
        )
        for each in sights
    ]
    in_frame = [each.places_px.astype(np.float32)[:, None] for each in sights]
    rms, camera, bends, turns, _ = cv2.calibrateCamera(
        on_board, in_frame, size, np.eye(3), np.zeros(5), flags=_LENS_FLAGS
    )
    if rms > MOST_RMS_PX:
        raise MeasuringError(
            f"the corners are {rms:.1f} px off what any lens would show, {MOST_RMS_PX:g} at most; "
            f"check that the board is flat, and {board}."
        )
    tilt = _widest_deg([np.asarray(each, np.float64) for each in turns])
    if tilt < LEAST_TILT_DEG:
        raise MeasuringError(
            f"the views are too alike: the board's tilts differ by {tilt:.0f} degrees, "
            f"{LEAST_TILT_DEG:g} are needed; take some tilted by 20 to 40 degrees."
        )
    k1, k2, p1, p2 = (float(each) for each in np.asarray(bends).reshape(-1)[:4])
    return Lens(
        focal_px=(float(camera[0, 0]), float(camera[1, 1])),
        centre_px=(float(camera[0, 2]), float(camera[1, 2])),
        distortion=(k1, k2, p1, p2),
    ), float(rms)


def _widest_deg(turns: Sequence[NDArray[np.float64]]) -> float:
    """Return the widest angle between the normals of boards."""
    normals = np.stack([np.asarray(cv2.Rodrigues(each)[0])[:, 2] for each in turns])
    return float(np.degrees(np.arccos(np.clip(normals @ normals.T, -1, 1).min())))


def _plane_of(
    sight: Sight, lens: Lens | None, board: Board
) -> tuple[NDArray[np.float64], float, float]:
    """Return the way from the frame to the plane in mm, what corners are off there (rms of one
    direction), and how far they spread from their middle (rms).
    """
    places = sight.places_px + 0.5
    straight: Points = places if lens is None else unbent(places, lens)
    wanted = sight.squares * board.square_mm
    plane, _ = cv2.findHomography(straight, wanted)
    if plane is None:
        raise MeasuringError("the board's corners lie on one line; show more of it.")
    laid = np.asarray(cv2.perspectiveTransform(straight[None], plane)[0], np.float64)
    off = float(np.sqrt(((laid - wanted) ** 2).mean()))
    spread = float(np.sqrt(((wanted - wanted.mean(axis=0)) ** 2).sum(axis=1).mean()))
    return np.asarray(plane, np.float64), off, spread


def _pixel_mm(calibration: Calibration, width: int, height: int) -> float:
    """Return the side of a square of a pixel's area in the middle of the frame, in mm."""
    x, y = width / 2, height / 2
    middle, right, below = on_plane(
        np.array([[x, y], [x + 1, y], [x, y + 1]], np.float64), calibration
    )
    (a, b), (c, d) = right - middle, below - middle
    return float(abs(a * d - b * c) ** 0.5)
