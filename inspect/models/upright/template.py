"""How good parts look upright, and how a part lies against that."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from ...core.upright import VIEWS, WINDOW_PX
from .turning import Spectrum, correlation, peaks, spectrum_of
from .window import Views

LEVER_PX = WINDOW_PX / 3
"""A turn of 1 radian moves a typical pixel of a part this far."""
MOST_PEAKS = 6
"""Angles that are looked at more closely: the sides of a nut."""
MOST_STEPS = 12
MOST_SHIFT_PX = WINDOW_PX / 6

_MIDDLE = WINDOW_PX / 2 - 0.5
_Y, _X = np.mgrid[0:WINDOW_PX, 0:WINDOW_PX].astype(np.float32) - _MIDDLE
_DISC = np.repeat((np.hypot(_X, _Y) < WINDOW_PX / 2 - 1)[:, :, None], VIEWS, axis=2)


class Stance(NamedTuple):
    """How a part lies in its window: turned clockwise in radians, its middle off in pixels of the
    window, and how well it then agrees with the template, -1 to 1.
    """

    turn: float
    right_px: float
    down_px: float
    agreement: float = 0.0


@dataclass(frozen=True, slots=True)
class Template:
    """The views of good parts laid upright, ready to be compared with others.

    `light` is what parts show however they lie: it is left out where likely angles are sought.
    `solver` (2 or 3, pixels) gives the shift to the right, the shift down and the turn that best
    explain a difference in the views.
    """

    views: Views
    light: Views
    spectrum: Spectrum | None
    solver: NDArray[np.float32]

    @property
    def turns(self) -> bool:
        """Whether parts are turned to it, or only moved."""
        return self.spectrum is not None

    @classmethod
    def of(cls, views: Views, light: Views, *, turns: bool) -> "Template":
        """Make a template of the mean of aligned views; parts are turned to it, or only moved."""
        smooth = _smooth(views) * _DISC
        right = np.asarray(cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=1 / 8), np.float32)
        down = np.asarray(cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=1 / 8), np.float32)
        turning = (_X[:, :, None] * down - _Y[:, :, None] * right) / LEVER_PX
        moves = [right, down, turning] if turns else [right, down]
        slopes = (np.stack(moves, axis=-1) * _DISC[..., None]).reshape(-1, len(moves))
        normal = slopes.T @ slopes
        damped = normal + np.eye(len(moves)) * (1e-6 * np.trace(normal) + 1e-9)
        solver = np.linalg.solve(damped, slopes.T).astype(np.float32)
        return cls(smooth, light, spectrum_of(views) if turns else None, solver)

    def stance_of(self, views: Views) -> Stance:
        """Return how a part with these views lies: the best of the likely angles, refined."""
        starts = [0.0]
        if self.spectrum is not None:
            starts = peaks(correlation(spectrum_of(views - self.light), self.spectrum), MOST_PEAKS)
        smooth = _smooth(views)
        return max((self._refined(smooth, turn) for turn in starts), key=lambda s: s.agreement)

    def _refined(self, views: Views, turn: float) -> Stance:
        """Return the stance near `turn` at which the views agree best (Baker and Matthews'
        inverse compositional form of Lucas and Kanade, 2004)."""
        stance = Stance(turn, 0.0, 0.0)
        for _ in range(MOST_STEPS):
            seen = upright(views, stance)
            gain = float((seen * self.views).sum() / (np.square(seen * _DISC).sum() + 1e-9))
            step = self.solver @ (seen * gain * _DISC - self.views).reshape(-1)
            stance = _stepped(stance, step)
            if float(np.abs(step).sum()) < 0.02:
                break
        return stance._replace(agreement=agreement(upright(views, stance), self.views))


def upright(views: Views, stance: Stance) -> Views:
    """Return the views as they would be if the part lay upright in the middle."""
    cos, sin = np.cos(stance.turn), np.sin(stance.turn)
    right = _MIDDLE - cos * _MIDDLE + sin * _MIDDLE + stance.right_px
    down = _MIDDLE - sin * _MIDDLE - cos * _MIDDLE + stance.down_px
    back = np.array([[cos, -sin, right], [sin, cos, down]], np.float64)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    turned = cv2.warpAffine(views, back, (WINDOW_PX, WINDOW_PX), flags=flags)
    return np.asarray(turned, np.float32)


def agreement(one: Views, other: Views) -> float:
    """Return the correlation of two views within the window's circle, -1 to 1."""
    size = np.sqrt(np.square(one * _DISC).sum() * np.square(other * _DISC).sum())
    return float((one * other * _DISC).sum() / (size + 1e-9))


def left_out_agreements(views: Sequence[Views]) -> NDArray[np.float64]:
    """Return the agreement of each of several views with the mean of the others, (views,)."""
    total = np.sum(views, axis=0)
    return np.array([agreement(each, total - each) for each in views])


def _stepped(stance: Stance, step: NDArray[np.float32]) -> Stance:
    """Undo a step that the template would have to make, from where the views are seen."""
    cos, sin = np.cos(stance.turn), np.sin(stance.turn)
    right = stance.right_px - float(cos * step[0] - sin * step[1])
    down = stance.down_px - float(sin * step[0] + cos * step[1])
    turn = stance.turn - (float(step[2]) / LEVER_PX if len(step) == 3 else 0.0)
    near = np.clip((right, down), -MOST_SHIFT_PX, MOST_SHIFT_PX)
    return Stance(turn, float(near[0]), float(near[1]))


def _smooth(views: Views) -> Views:
    return np.asarray(cv2.GaussianBlur(views, (0, 0), 1.0), np.float32)
