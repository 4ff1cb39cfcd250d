"""How an answer becomes findings; a change here is a new version, named in manifests."""

from collections.abc import Sequence
from itertools import islice
from math import isfinite

import cv2
import numpy as np
from numpy.typing import NDArray

from ..core.finding import Finding, touch
from ..core.judgement import AnomalyMap
from ..datasets.marked import UNKNOWN
from .answer import Answer, Boxes, ClassMap
from .naming import ANOMALY, Naming
from .placed import Placed

MAX_FINDINGS = 32
HIGHEST_SHARE = 0.9
"""Of a map's highest cell: cells from there on are the finding where none reaches the threshold."""

NAMED_SHARE = 0.5
"""Of a finding's highest cell: cells from there on tell its class. Its rim is half good part."""


def findings_of(
    answer: Answer, threshold: float, placed: Placed, naming: Naming = ANOMALY
) -> tuple[Finding, ...]:
    """Return what in the answer reaches `threshold`, in pixels of the frame, the strongest first.

    `MAX_FINDINGS` at most.
    """
    boxed = (
        () if answer.boxes is None else findings_from_boxes(answer.boxes, threshold, placed, naming)
    )
    if answer.anomaly_map is not None:
        map_ = answer.anomaly_map
        strange = findings_from_map(map_, threshold, placed, answer.class_map, naming)
        return boxed_and_strange(boxed, strange, threshold) if boxed else strange
    if answer.boxes is not None:
        return boxed
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


def boxed_and_strange(
    boxed: Sequence[Finding], strange: Sequence[Finding], threshold: float
) -> tuple[Finding, ...]:
    """Return boxes, and what is strange where none of them lies, the strongest first.

    A box tells a known defect more exactly than the cells around it do.
    """
    rest = [
        each
        for each in strange
        if each.score >= threshold and not any(touch(each.box_px, box.box_px) for box in boxed)
    ]
    return tuple(sorted([*boxed, *rest], key=lambda found: -found.score)[:MAX_FINDINGS])


def finding_from_classes(
    score: float, class_map: ClassMap, placed: Placed, naming: Naming
) -> tuple[Finding, ...]:
    """Return the likeliest class of bad parts over the whole frame: a classifier knows no place."""
    likely = class_map.reshape(len(class_map), -1).max(axis=1)
    bad = [index for index in np.argsort(-likely) if naming[int(index)] not in naming.good]
    frame = (0.0, 0.0, float(placed.frame_width_px), float(placed.frame_height_px))
    return (Finding(class_name=naming[int(bad[0])], score=score, box_px=frame),) if bad else ()


def findings_from_map(
    anomaly_map: AnomalyMap,
    threshold: float,
    placed: Placed,
    class_map: ClassMap | None = None,
    naming: Naming = ANOMALY,
) -> tuple[Finding, ...]:
    """Return one finding for each group of touching cells at or above `threshold`.

    Where no cell reaches it, for a score says more than any one cell, the highest are taken.
    Cells touch at edges and corners. A box covers its cells; its score is that of its highest
    cell, its class the one that `class_map` likens its higher cells to. What lies wholly outside
    the frame is no finding.
    """
    highest = float(anomaly_map.max())
    if not (isfinite(highest) and highest > 0):
        return ()
    above = anomaly_map >= min(threshold, HIGHEST_SHARE * highest)
    count, labels = cv2.connectedComponents(above.astype(np.uint8), connectivity=8)
    groups = np.asarray(labels, np.int32)
    scores = np.full(count, -np.inf)
    np.maximum.at(scores, groups[above], anomaly_map[above])
    strongest = np.argsort(-scores[1:], kind="stable") + 1
    high = anomaly_map >= NAMED_SHARE * scores[groups]
    found = (
        _finding(cells, float(scores[group]), placed, _name(cells & high, class_map, naming))
        for group in strongest
        for cells in (groups == group,)
    )
    return tuple(islice((finding for finding in found if finding is not None), MAX_FINDINGS))


def _finding(cells: NDArray[np.bool_], score: float, placed: Placed, name: str) -> Finding | None:
    height_px, width_px = placed.pixels.shape[:2]
    across, down = width_px / cells.shape[1], height_px / cells.shape[0]
    rows, columns = np.nonzero(cells)
    box = placed.in_frame(
        (
            float(columns.min() * across),
            float(rows.min() * down),
            float((columns.max() + 1) * across),
            float((rows.max() + 1) * down),
        )
    )
    if box is None:
        return None
    corners = [(columns + i, rows + j, np.ones_like(rows)) for i in (0, 1) for j in (0, 1)]
    outline = (placed.to_frame * (across, down, 1)) @ np.concatenate(corners, axis=1)
    cell_area_px = across * down * abs(np.linalg.det(placed.to_frame[:, :2]))
    return Finding(
        class_name=name,
        score=score,
        box_px=box,
        area_px=round(len(rows) * float(cell_area_px), 2),
        length_px=round(max(cv2.minAreaRect(outline.T.astype(np.float32))[1]), 2),
    )


def _name(cells: NDArray[np.bool_], class_map: ClassMap | None, naming: Naming) -> str:
    """Return the class that the cells of a map look most like on the mean, if they do."""
    if class_map is None:
        return ANOMALY[0]
    (rows, columns), (_, class_rows, class_columns) = cells.shape, class_map.shape
    row, column = np.nonzero(cells)
    alike = class_map[:, row * class_rows // rows, column * class_columns // columns].mean(axis=1)
    return naming[int(alike.argmax())] if alike.max() > 0 else UNKNOWN
