"""From a classifier's raw answer to the score of a frame and how much it looks like each class."""

from collections.abc import Sequence

from ...core.errors import ModelError
from ..graph_writer import GraphWriter
from .foreign import ForeignGraph


def add_classes(
    graph: GraphWriter,
    network: ForeignGraph,
    outputs: dict[str, str],
    classes: int,
    good: Sequence[int],
) -> None:
    """Add the nodes to `class_map` (classes, 1, 1), probabilities, and `score` (), 1 - p(good).

    `good` are the indices of the classes of good parts. Raises ModelError when the network does
    not answer one number a class.
    """
    name, shape = next(iter(network.outputs.items()))
    if sorted(shape) != sorted((1,) * (len(shape) - 1) + (classes,)):
        raise ModelError(
            f"answers {name} {shape}, not one number a class, of which {classes} are named; name "
            "its classes in their order"
        )
    flat = graph.node(
        "Reshape", [outputs[name], graph.integers("answer.flat", classes)], "answer.each"
    )
    if not _is_softmax(network, name):
        flat = graph.node("Softmax", [flat], "answer.probability", axis=0)
    graph.node("Reshape", [flat, graph.integers("answer.grid", classes, 1, 1)], "class_map")
    of_good = graph.node("Gather", [flat, graph.integers("answer.good", *good)], "answer.of_good")
    axes = graph.integers("answer.axis", 0)
    total = graph.node("ReduceSum", [of_good, axes], "answer.p_good", keepdims=0)
    rest = graph.node("Sub", [graph.floats("answer.certain", 1.0), total], "answer.p_bad")
    graph.node("Max", [rest, graph.floats("answer.never", 0.0)], "score")


def _is_softmax(network: ForeignGraph, name: str) -> bool:
    """Say whether the network's last step makes probabilities of its answer."""
    makers = {output: node for node in network.model.graph.node for output in node.output}
    while name in makers and makers[name].op_type in ("Identity", "Reshape", "Flatten", "Squeeze"):
        name = makers[name].input[0]
    return name in makers and makers[name].op_type == "Softmax"
