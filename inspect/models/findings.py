"""How an answer becomes findings; a change here is a new version, named in manifests."""

from dataclasses import dataclass
from itertools import islice
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from ..core.finding import BoxPx, Finding
from ..core.judgement import AnomalyMap
from ..core.manifest import ModelManifest
from .answer import Answer, Boxes, ClassMap
from .placement import Placed

MAX_FINDINGS = 32


@dataclass(frozen=True, slots=True)
class Naming:
    """What the classes of an answer are called, and which of them are of good parts."""

    classes: tuple[str, ...] = ("anomaly",)
    good: tuple[str, ...] = ()

    @classmethod
    def of(cls, manifest: ModelManifest) -> Self:
        """Take the names a model has."""
        return cls(manifest.classes, manifest.good_classes)

    def __getitem__(self, index: int) -> str:
        """Return a class's name; a number that has none is said as such."""
        return self.classes[index] if 0 <= index < len(self.classes) else f"class-{index}"


ANOMALY = Naming()


def findings_of(
    answer: Answer, threshold: float, placed: Placed, naming: Naming = ANOMALY
) -> tuple[Finding, ...]:
    """Return what in the answer reaches `threshold`, in pixels of the frame, the strongest first.

    `MAX_FINDINGS` at most.
    """
    if answer.anomaly_map is not None:
        return findings_from_map(answer.anomaly_map, threshold, placed)
    if answer.boxes is not None:
        return findings_from_boxes(answer.boxes, threshold, placed, naming)
    if answer.class_map is not None and answer.score >= threshold:
        return finding_from_classes(answer.score, answer.class_map, placed, naming)
    return ()


def findings_from_boxes(
    boxes: Boxes, threshold: float, placed: Placed, naming: Naming
) -> tuple[Finding, ...]:
    """Return one finding for each box whose score reaches `threshold`, cut to the frame."""
    sure = boxes[boxes[:, 4] >= threshold]
    strongest = sure[np.argsort(-sure[:, 4], kind="stable")].tolist()
    rows = ((placed.in_frame((row[0], row[1], row[2], row[3])), row) for row in strongest)
    found = (
        Finding(class_name=naming[int(row[5])], score=row[4], box_px=box)
        for box, row in rows
        if box
    )
    return tuple(islice(found, MAX_FINDINGS))


def finding_from_classes(
    score: float, class_map: ClassMap, placed: Placed, naming: Naming
) -> tuple[Finding, ...]:
    """Return the likeliest class of bad parts over the whole frame: a classifier knows no place."""
    likely = class_map.reshape(len(class_map), -1).max(axis=1)
    bad = [index for index in np.argsort(-likely) if naming[int(index)] not in naming.good]
    frame = (0.0, 0.0, float(placed.frame_width_px), float(placed.frame_height_px))
    return (Finding(class_name=naming[int(bad[0])], score=score, box_px=frame),) if bad else ()


def findings_from_map(
    anomaly_map: AnomalyMap, threshold: float, placed: Placed
) -> tuple[Finding, ...]:
    """Return one finding for each group of touching cells at or above `threshold`.

    Cells touch at edges and corners. A box covers its cells; its score is that of its highest
    cell. What lies wholly outside the frame is no finding.
    """
    above = anomaly_map >= threshold
    if not above.any():
        return ()
    count, groups, extents, _ = cv2.connectedComponentsWithStats(
        above.astype(np.uint8), connectivity=8
    )
    scores = np.full(count, -np.inf)
    np.maximum.at(scores, np.asarray(groups, np.int32)[above], anomaly_map[above])
    strongest = np.argsort(-scores[1:], kind="stable") + 1
    height_px, width_px = placed.pixels.shape[:2]
    cell_px = width_px / above.shape[1], height_px / above.shape[0]
    boxes = ((group, _box(extents[group], cell_px, placed)) for group in strongest)
    found = (Finding(score=float(scores[group]), box_px=box) for group, box in boxes if box)
    return tuple(islice(found, MAX_FINDINGS))


def _box(extent: NDArray[np.int32], cell_px: tuple[float, float], placed: Placed) -> BoxPx | None:
    """Return the box in the frame of cells from a left column and top row, so wide and high."""
    left, top, width, height = (int(cells) for cells in extent[:4])
    across, down = cell_px
    return placed.in_frame(
        (left * across, top * down, (left + width) * across, (top + height) * down)
    )
