"""From candidates to the boxes of the answer: the best 300 that do not lie on one another."""

from dataclasses import dataclass

import numpy as np

from .graph_writer import GraphWriter

MOST_BOXES = 300
MOST_CANDIDATES = 1024
"""Kept for suppression, by score. A lower one never changes what becomes of a higher one."""
LEAST_SCORE = 0.001
"""A candidate below is none: so low that curves of precision and recall lose nothing."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Boxes in pixels of the input (n, 4), their scores (n, 1) and classes (n, 1), as names."""

    count: int
    corners: str
    score: str
    class_index: str
    needs_suppression: bool


def add_boxes(graph: GraphWriter, found: Candidates, overlap: float, side_px: int) -> int:
    """Add the nodes from `found` to `boxes` (n, 6), in the order of their scores; return n.

    Where the network did not choose itself, of two boxes of one class that overlap by more than
    `overlap` (intersection over union) the lower goes. Unused rows are zero.
    """
    parts = [found.corners, found.score, found.class_index]
    rows = graph.node("Concat", parts, "answer.rows_of_all", axis=1)
    best = _best_rows(
        graph, rows, found, MOST_CANDIDATES if found.needs_suppression else MOST_BOXES
    )
    count = min(found.count, MOST_CANDIDATES if found.needs_suppression else MOST_BOXES)
    if found.needs_suppression:
        count = _suppressed(graph, best, count, overlap, side_px)
    else:
        graph.node("Identity", [best], "boxes")
    return count


def _best_rows(graph: GraphWriter, rows: str, found: Candidates, most: int) -> str:
    """Return the rows of the highest scores, the highest first."""
    count = min(found.count, most)
    flat = graph.node(
        "Reshape", [found.score, graph.integers("answer.flat", -1)], "answer.flat_score"
    )
    top = [flat, graph.integers("answer.kept", count)]
    graph.node("TopK", top, "answer.best_score", "answer.best", axis=0)
    return graph.node("Gather", [rows, "answer.best"], "answer.best_rows", axis=0)


def _suppressed(graph: GraphWriter, best: str, count: int, overlap: float, side_px: int) -> int:
    """Classes are moved apart so far that boxes of two never overlap, as is usual."""
    kept = min(count, MOST_BOXES)
    corners = _slice(graph, best, 0, 4, "answer.best_corners")
    score = _slice(graph, best, 4, 5, "answer.best_scores")
    index = _slice(graph, best, 5, 6, "answer.best_class")
    apart = graph.floats("answer.apart", 2.0 * side_px)
    shift = graph.node("Mul", [index, apart], "answer.shift")
    moved = graph.node("Add", [corners, shift], "answer.moved")
    boxes = _reshape(graph, moved, "answer.nms_boxes", 1, count, 4)
    scores = _reshape(graph, score, "answer.nms_scores", 1, 1, count)
    limits = [
        graph.integers("answer.nms_most", kept),
        graph.floats("answer.nms_overlap", [overlap]),
        graph.floats("answer.nms_least", [LEAST_SCORE]),
    ]
    graph.node("NonMaxSuppression", [boxes, scores, *limits], "answer.chosen")
    places = _padded(graph, count, kept)
    nothing = graph.floats("answer.nothing", np.zeros((1, 6)))
    table = graph.node("Concat", [best, nothing], "answer.table", axis=0)
    graph.node("Gather", [table, places], "boxes", axis=0)
    return kept


def _padded(graph: GraphWriter, count: int, kept: int) -> str:
    """Return the rows chosen (kept,), filled up with the row of nothing, `count`."""
    places = _slice(graph, "answer.chosen", 2, 3, "answer.chosen_rows")
    filling = graph.constant("answer.filling", np.full((kept, 1), count, np.int64))
    filled = graph.node("Concat", [places, filling], "answer.filled", axis=0)
    limits = [
        graph.integers(f"answer.filled_{word}", value)
        for word, value in (("start", 0), ("end", kept), ("axis", 0))
    ]
    cut = graph.node("Slice", [filled, *limits], "answer.cut")
    return _reshape(graph, cut, "answer.places", kept)


def add_score_of_boxes(graph: GraphWriter) -> None:
    """Add `score` (), that of the first box, which is the highest; zero where there is none."""
    scores = _slice(graph, "boxes", 4, 5, "answer.box_scores")
    first = [graph.integers(f"answer.first_{word}", v) for word, v in (("start", 0), ("end", 1))]
    top = graph.node("Slice", [scores, *first], "answer.top_score")
    graph.node("Reshape", [top, graph.integers("answer.scalar")], "score")


def _slice(graph: GraphWriter, source: str, start: int, end: int, name: str) -> str:
    limits = [
        graph.integers(f"{name}.{word}", value)
        for word, value in (("start", start), ("end", end), ("axis", 1))
    ]
    return graph.node("Slice", [source, *limits], name)


def _reshape(graph: GraphWriter, source: str, name: str, *shape: int) -> str:
    return graph.node("Reshape", [source, graph.integers(f"{name}.shape", *shape)], name)
