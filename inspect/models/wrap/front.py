"""From a frame's bytes to what a foreign network takes."""

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from ..graph_writer import GraphWriter
from .declared import Colours, InputForm, Scaling

MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of ImageNet's red, green and blue, between 0 and 1."""


def add_front(graph: GraphWriter, form: InputForm) -> str:
    """Add the nodes from `frame`, uint8 (height, width, 3) BGR, to float32 (1, 3, h, w)."""
    planes = graph.node("Transpose", ["frame"], "front.planes", perm=[2, 0, 1])
    if form.colours is Colours.RGB:
        order = graph.integers("front.red_green_blue", 2, 1, 0)
        planes = graph.node("Gather", [planes, order], "front.colours", axis=0)
    batch = graph.node("Unsqueeze", [planes, graph.integers("front.first", 0)], "front.batch")
    pixels = graph.node("Cast", [batch], "front.pixels", to=TensorProto.FLOAT)
    if form.scaling is Scaling.BYTE:
        return pixels
    unit = graph.node("Div", [pixels, graph.floats("front.white", 255.0)], "front.unit")
    if form.scaling is Scaling.UNIT:
        return unit
    mean = graph.floats("front.mean", _planes(MEAN, form.colours))
    centred = graph.node("Sub", [unit, mean], "front.centred")
    deviation = graph.floats("front.deviation", _planes(DEVIATION, form.colours))
    return graph.node("Div", [centred, deviation], "front.scaled")


def _planes(colours: tuple[float, float, float], order: Colours) -> NDArray[np.float32]:
    """Return a number for each plane, (1, 3, 1, 1)."""
    in_order = colours if order is Colours.RGB else colours[::-1]
    return np.array(in_order, np.float32).reshape(1, 3, 1, 1)
