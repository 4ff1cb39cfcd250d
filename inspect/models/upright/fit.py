"""Whether parts lie as they fall, seen in good images alone, and how to lay them upright if so."""

import base64
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from ...core.frame import Image
from ...core.upright import Edges, Uprighting
from .crop import coverage_of, crop_around, outline_in
from .found import found_in
from .ground import SMALL_SIDE_PX, small_copy
from .learn import Learned, learn_centred, learn_turned
from .seek import Part
from .template import Stance, left_out_agreements
from .window import MARGIN, Views, coded, views_of

LEAST_IMAGES, ENOUGH_IMAGES = 8, 32
LEAST_MOVE = 0.05
"""Of the part's reach, by which its rim has to be off before anything is moved: cells of the
networks see less than that."""
LEAST_GAIN = 1.5
"""How many times less good parts must differ when they are laid upright."""
TURNING_GAIN = 1.15
"""How many times less they must differ when they are turned than when they are only centred."""
LIGHT_GAIN = 1.2
"""How many times less they must differ when light is left in, which may be lamps on a few parts."""
LEAST_BETTER = 0.005
"""How much better they must agree besides: parts that agree perfectly differ by noise."""
FAR_OUT = 3.0
"""Ranges between the quartiles, below the lower one: Tukey's far outliers (1977)."""
LEEWAY = 0.05
"""Of agreement, below the least that any of a few good parts showed."""
LIKELY_AREA = (0.5, 2.0)
"""Of the usual area, in which a part is still taken for one."""


def fit(images: Iterable[Image]) -> Uprighting | None:
    """Return how to lay parts upright, learned from good images; `ENOUGH_IMAGES` are enough.

    None when it would not help: for parts that are not found alone on a background, that always
    lie alike, or do not look more alike upright; for frames of several sizes, as no one camera
    takes them.
    """
    shapes, smalls = set(), []
    for image in images:
        shapes.add(image.shape)
        smalls.append(small_copy(image))
    found = found_in(smalls) if len(smalls) >= LEAST_IMAGES and len(shapes) == 1 else None
    if found is None:
        return None
    edges, parts = found
    side_px = 2 * MARGIN * float(np.percentile([part.reach_px for part in parts], 95))
    learned = _best([views_of(part, side_px) for part in parts])
    if not _helps(learned, parts, side_px):
        return None
    return _uprighting(edges, parts, side_px, learned)


def _best(windows: Sequence[Views]) -> Learned:
    """Return what makes parts alike: turned without regard to light, turned with it where that is
    plainly better, only centred where turning does not pay.
    """
    centred = learn_centred(windows)
    turned = learn_turned(windows, without_light=True)
    in_light = learn_turned(windows, without_light=False)
    if _pays(turned.alike, in_light.alike, LIGHT_GAIN):
        turned = in_light
    return turned if _pays(centred.alike, turned.alike, TURNING_GAIN) else centred


def _helps(learned: Learned, parts: Sequence[Part], side_px: float) -> bool:
    places = np.array([(part.x_px, part.y_px) for part in parts])
    usual = np.median(places, axis=0)
    off_px = np.hypot(*(places - usual).T)
    moved = float(np.median(off_px)) / (side_px / 2 / MARGIN)
    if max(moved, _turned(learned.stances)) < LEAST_MOVE:
        return False
    middle = (float(usual[0]), float(usual[1]))
    as_they_lie = [views_of(part, side_px, middle) for part in parts]
    before = float(np.median(left_out_agreements(as_they_lie)))
    return _pays(before, learned.alike, LEAST_GAIN)


def _turned(stances: Sequence[Stance]) -> float:
    """Return by how many radians parts are turned against each other, as a deviation."""
    length = abs(np.exp(1j * np.array([stance.turn for stance in stances])).mean())
    return float(np.sqrt(-2 * np.log(max(length, 1e-9))))


def _pays(before: float, after: float, times: float) -> bool:
    """Say whether parts differ so many times less after, and by more than noise alone gives."""
    return (1 - before) >= times * (1 - after) and after - before >= LEAST_BETTER


def _uprighting(
    edges: Edges, parts: Sequence[Part], side_px: float, learned: Learned
) -> Uprighting:
    usual = float(np.median([part.area for part in parts]))
    coverage = coverage_of(parts, side_px, learned)
    crop = crop_around(coverage, turns=learned.template.turns)
    return Uprighting(
        edges=edges,
        turns=learned.template.turns,
        window=side_px / SMALL_SIDE_PX,
        crop=crop,
        outline=base64.b64encode(outline_in(coverage, crop)),
        least_agreement=_least(learned.agreements),
        least_area=LIKELY_AREA[0] * usual,
        most_area=min(1.0, LIKELY_AREA[1] * usual),
        template=base64.b64encode(coded(learned.views)),
        light=base64.b64encode(coded(learned.template.light)),
    )


def _least(agreements: NDArray[np.float64]) -> float:
    """Return the agreement that good parts do not fall below, from those of some of them."""
    lower, upper = np.percentile(agreements, (25, 75))
    far_out = float(lower - FAR_OUT * (upper - lower))
    return max(0.0, min(far_out, float(agreements.min())) - LEEWAY)
