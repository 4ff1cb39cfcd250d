"""What good parts look like upright, learned from parts of which nobody said how they lie.

Congealing, after Learned-Miller, "Data driven image models through continuous joint alignment",
2006: all are turned to one of them, then again and again to the mean of all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .template import Stance, Template, left_out_agreements, upright
from .turning import correlation, spectrum_of
from .window import Views, coded, decoded

ROUNDS = 4
OUTLIER = 3.0
"""Deviations of agreement below the median from which a part no longer shapes the template."""


@dataclass(frozen=True, slots=True)
class Learned:
    """A template, and how the parts lie against it.

    `alike` is how well a part, laid so, agrees with the others, `agreements` says it of each.
    """

    template: Template
    views: Views
    stances: tuple[Stance, ...]
    agreements: NDArray[np.float64]

    @property
    def alike(self) -> float:
        """The median of the agreements."""
        return float(np.median(self.agreements))


def learn_turned(windows: Sequence[Views], *, without_light: bool) -> Learned:
    """Learn the template of parts that lie turned.

    What all parts show however they lie is lamps and what is round: `without_light` it is taken
    away while they are turned to each other, so that they are not turned by their shine.
    """
    light = _kept(np.mean(windows, axis=0) if without_light else np.zeros_like(windows[0]))
    own = [window - light for window in windows]
    mean = own[_typical(own)]
    for _ in range(ROUNDS):
        mean, stances = _improved(mean, own, turns=True)
    return _learned(windows, _laid(windows, stances), light, turns=True)


def learn_centred(windows: Sequence[Views]) -> Learned:
    """Learn the template of parts that are only moved."""
    mean = np.asarray(np.median(windows, axis=0), np.float32)
    for _ in range(ROUNDS):
        mean, stances = _improved(mean, windows, turns=False)
    return _learned(windows, _laid(windows, stances), np.zeros_like(mean), turns=False)


def _improved(
    mean: Views, windows: Sequence[Views], *, turns: bool
) -> tuple[Views, tuple[Stance, ...]]:
    """Return the mean of the windows, those that agree laid as `mean`, and how each lay."""
    template = Template.of(mean, np.zeros_like(mean), turns=turns)
    stances = tuple(template.stance_of(window) for window in windows)
    agreed = np.array([stance.agreement for stance in stances])
    middle = np.median(agreed)
    least = middle - OUTLIER * 1.4826 * np.median(np.abs(agreed - middle)) - 1e-6
    laid = [
        upright(window, stance)
        for window, stance in zip(windows, stances, strict=True)
        if stance.agreement >= least
    ]
    return np.asarray(np.mean(laid, axis=0), np.float32), stances


def _learned(
    windows: Sequence[Views], laid: Sequence[Views], light: Views, *, turns: bool
) -> Learned:
    views = _kept(np.mean(laid, axis=0))
    template = Template.of(views, light, turns=turns)
    stances = tuple(template.stance_of(window) for window in windows)
    return Learned(template, views, stances, left_out_agreements(_laid(windows, stances)))


def _laid(windows: Sequence[Views], stances: Sequence[Stance]) -> list[Views]:
    return [upright(window, stance) for window, stance in zip(windows, stances, strict=True)]


def _typical(windows: Sequence[Views]) -> int:
    """Return which window most others agree with when they are turned to it."""
    spectra = [spectrum_of(window) for window in windows]
    best = np.array([[correlation(one, other).max() for other in spectra] for one in spectra])
    upper_half = np.sort(best, axis=1)[:, len(windows) // 2 :]
    return int(upper_half.mean(axis=1).argmax())


def _kept(views: Views) -> Views:
    """Return views as a model will have them: what is taught is what will judge."""
    return decoded(coded(np.asarray(views, np.float32)))
