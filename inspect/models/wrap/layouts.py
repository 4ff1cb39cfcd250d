"""From a detector's raw answer to boxes, scores and classes, by the layout it was declared with."""

from collections.abc import Callable, Mapping

from ..box_writer import BoxWriter
from ..graph_writer import GraphWriter
from ..suppress import Candidates
from .declared import Layout
from .foreign import ForeignGraph
from .queries import queries
from .task import Task
from .yolo import yolo, yolo_nms, yolox

_DECODERS: dict[Layout, Callable[[Task], Candidates]] = {
    Layout.YOLO: yolo,
    Layout.YOLO_NMS: yolo_nms,
    Layout.YOLOX: yolox,
    Layout.RTDETR: queries,
    Layout.RFDETR: queries,
}


def add_decoding(
    graph: GraphWriter,
    layout: Layout,
    network: ForeignGraph,
    outputs: Mapping[str, str],
    classes: int,
) -> Candidates:
    """Add the nodes that decode the network's `outputs` (its names to the graph's).

    Raises ModelError when their shapes are not those of the layout with so many classes.
    """
    decode = _DECODERS[layout]
    return decode(Task(BoxWriter(graph), network, outputs, classes))
