"""Cells that were found to be good: what is like them speaks for no known defect."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ..graph_writer import GraphWriter

Floats = NDArray[np.float32]

COSINE = 0.9
PARDON = 100.0
"""Taken off for each unit of cosine above that: ten for the very same cell, where good parts
spread by about one.
"""
LENGTH_FLOOR = 1e-6


def directions(cells: Floats) -> Floats:
    """Return cells (..., channels) at unit length."""
    length = np.linalg.norm(cells, axis=-1, keepdims=True)
    return np.asarray(cells / np.maximum(length, LENGTH_FLOOR), np.float32)


def add_length(graph: GraphWriter, cells: str, name: str) -> str:
    """Add the lengths (cells, 1) by which `directions` divides cells (cells, channels)."""
    length = graph.node("ReduceL2", [cells], f"{name}.length", axes=[1], keepdims=1)
    floor = graph.floats(f"{name}.floor", LENGTH_FLOOR)
    return graph.node("Max", [length, floor], f"{name}.some_length")


@dataclass(frozen=True, slots=True)
class Pardoned:
    """The directions of the cells, (cells, channels), of unit length."""

    cells: Floats

    @classmethod
    def none(cls, channels: int) -> Self:
        """Pardon nothing."""
        return cls(np.zeros((0, channels), np.float32))

    def and_also(self, more: Floats) -> Self:
        """Pardon cells of these directions too."""
        return type(self)(np.concatenate([self.cells, more.astype(np.float32)]))

    def off(self, cells: Floats) -> Floats:
        """Return what is taken off for cells (..., channels), (...)."""
        if not len(self.cells):
            return np.zeros(cells.shape[:-1], np.float32)
        alike = (directions(cells) @ self.cells.T).max(axis=-1)
        return np.asarray(PARDON * np.maximum(alike - COSINE, 0), np.float32)

    def add_to(self, graph: GraphWriter, strange: str, cells: str, length: str, name: str) -> str:
        """Add the same for `cells` (cells, channels) of one image, taken off what is `strange`
        (cells,); `length` is what `add_length` returned.
        """
        if not len(self.cells):
            return strange
        x = graph.node("Div", [cells, length], f"{name}.directions")
        pardoned = graph.floats(f"{name}.pardoned", self.cells.T)
        x = graph.node("MatMul", [x, pardoned], f"{name}.alike")
        x = graph.node("ReduceMax", [x], f"{name}.most_alike", axes=[1], keepdims=0)
        x = graph.node("Sub", [x, graph.floats(f"{name}.pardoned_from", COSINE)], f"{name}.over")
        x = graph.node("Relu", [x], f"{name}.over_by")
        x = graph.node("Mul", [x, graph.floats(f"{name}.pardon_of", PARDON)], f"{name}.pardon")
        return graph.node("Sub", [strange, x], f"{name}.pardoned_strange")
