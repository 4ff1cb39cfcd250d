"""The views of a frame that the backbone looks at, as nodes of the graph."""

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from ..backbone.pixels import PIXEL_MEAN, PIXEL_SCALE
from ..graph_writer import GraphWriter
from .form import COARSE_SIDE_PX, Size


def add_views(graph: GraphWriter, size: Size) -> dict[str, str]:
    """Add the nodes from `frame`, uint8 of `size`, to what the backbone takes, for each view."""
    fine = add_fine(graph)
    return {"fine": fine, "coarse": _add_shrunk(graph, fine, size)}


def add_fine(graph: GraphWriter) -> str:
    """Add the fine view, the frame as it is. The planes come last: runtimes that keep the channels
    of a pixel together then have nothing to move.
    """
    values = graph.node("Cast", ["frame"], "values", to=TensorProto.FLOAT)
    centred = graph.node("Sub", [values, graph.floats("mean", PIXEL_MEAN)], "centred")
    scaled = graph.node("Div", [centred, graph.floats("scale", PIXEL_SCALE)], "scaled")
    batch = graph.node("Unsqueeze", [scaled, graph.integers("first", 0)], "batch")
    return graph.node("Transpose", [batch], "fine.pixels", perm=[0, 3, 1, 2])


def _add_shrunk(graph: GraphWriter, fine: str, size: Size) -> str:
    """Add the coarse view: each of its pixels is the mean of the area it covers in the fine one.

    A convolution makes its pixels in blocks of two by two. A Resize takes OpenVINO six times as
    long.
    """
    down, across = (2 * side // COARSE_SIDE_PX for side in (size.height_px, size.width_px))
    block = np.einsum("ia,jb->ijab", halves(down), halves(across)).reshape(4, down, across)
    kernel = np.einsum("cd,pab->cpdab", np.eye(3), block).reshape(12, 3, down, across)
    blocks = graph.node(
        "Conv",
        [fine, graph.floats("coarse.means", kernel)],
        "coarse.blocks",
        kernel_shape=[down, across],
        strides=[down, across],
    )
    return graph.node("DepthToSpace", [blocks], "coarse.pixels", blocksize=2, mode="CRD")


def halves(count: int) -> NDArray[np.float64]:
    """Return the weights (2, count) with which the two halves of `count` pixels in a row are
    averaged; of an odd number the middle pixel belongs half to either.
    """
    first = np.clip(count / 2 - np.arange(count), 0, 1)
    return np.stack([first, first[::-1]]) * 2 / count
