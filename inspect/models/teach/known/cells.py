"""The cells that known defects are looked for in: three blocks of the coarse view, side by side."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ...graph_writer import GraphWriter
from ..features import Features
from ..form import CHANNELS, KNOWN_TAPS, Form, Tap

GRID_TAP = KNOWN_TAPS[0]
ALL_CHANNELS = sum(CHANNELS[tap.block] for tap in KNOWN_TAPS)
IMAGES_AT_ONCE = 64

Joined = NDArray[np.float32]
"""Features of the cells of several images, (images, cells, channels of all taps)."""


def joined(features: Features, form: Form, images: NDArray[np.intp]) -> Joined:
    """Return each cell of some of the images with what every tap says of it."""
    parts = [features[tap][images][:, covering(form, tap)] for tap in KNOWN_TAPS]
    return np.concatenate(parts, axis=2).astype(np.float32)


def joined_all(features: Features, form: Form) -> Joined:
    """Return the same for every image."""
    return joined(features, form, np.arange(len(features[GRID_TAP])))


def batches(
    features: Features, form: Form, images: NDArray[np.intp]
) -> Iterator[tuple[NDArray[np.intp], Joined]]:
    """Yield images with their cells, so many at a time that memory does not grow with them."""
    for start in range(0, len(images), IMAGES_AT_ONCE):
        some = images[start : start + IMAGES_AT_ONCE]
        yield some, joined(features, form, some)


def covering(form: Form, tap: Tap) -> NDArray[np.int64]:
    """Return for each cell of the grid the index of the tap's cell over it."""
    (rows, columns), (tap_rows, tap_columns) = form.shape(GRID_TAP), form.shape(tap)
    down = np.arange(rows) * tap_rows // rows
    across = np.arange(columns) * tap_columns // columns
    return np.asarray(down[:, None] * tap_columns + across, np.int64).reshape(-1)


def add_joined(graph: GraphWriter, cells: dict[Tap, str], form: Form) -> str:
    """Add the same to a graph, from each tap's cells (cells, channels) of one image."""
    parts = []
    for tap in KNOWN_TAPS:
        covered = cells[tap]
        if form.shape(tap) != form.shape(GRID_TAP):
            over = graph.constant(f"defects.{tap.block}.over", covering(form, tap))
            covered = graph.node("Gather", [covered, over], f"defects.{tap.block}", axis=0)
        parts.append(covered)
    return graph.node("Concat", parts, "defects.cells", axis=1)
