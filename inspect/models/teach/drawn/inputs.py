"""What the network sees of a picture: some blocks of the backbone, on the fine view."""

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper

from ....core.frame import Image
from ...graph_writer import GraphWriter
from ...runtime import inference_session
from ..form import CHANNELS, DRAWN_TAPS, Form, Size, Tap
from ..front import PRODUCER, add_blocks, frame_value
from ..views import add_fine
from .network import Inputs
from .weights import SIDES, Floats


class InputReader:
    """Reads the blocks of pictures of one size."""

    def __init__(self, size: Size, threads: int) -> None:
        graph, form = GraphWriter(), Form({"fine": size}, ())
        add_blocks(graph, {"fine": add_fine(graph)}, DRAWN_TAPS)
        outputs = [
            helper.make_tensor_value_info(
                tap.name, TensorProto.FLOAT, [1, CHANNELS[tap.block], *form.shape(tap)]
            )
            for tap in DRAWN_TAPS
        ]
        model = graph.model("blocks", PRODUCER, [frame_value(form)], outputs)
        self._session = inference_session(model.SerializeToString(), threads)

    def read(self, pixels: Image) -> Inputs:
        """Return each tap's inputs of one picture, (1, rows, columns, inputs)."""
        blocks = self._session.run([tap.name for tap in DRAWN_TAPS], {"frame": pixels})
        return [_by_cell(block, tap) for block, tap in zip(blocks, DRAWN_TAPS, strict=True)]


def _by_cell(block: NDArray[np.float32], tap: Tap) -> Floats:
    """Return a block (1, channels, rows, columns) by cells of the network: of a finer tap the
    cells in one lie behind each other, row by row.
    """
    side = SIDES[tap]
    _, channels, rows, columns = block.shape
    parts = block.reshape(channels, rows // side, side, columns // side, side)
    cells = parts.transpose(1, 3, 2, 4, 0).reshape(1, rows // side, columns // side, -1)
    return np.ascontiguousarray(cells)
