"""Whether every name in a graph means one thing, and is made before it is used."""

from collections.abc import Iterable

import onnx

from ..core.errors import ModelError


def check_order(graph: onnx.GraphProto) -> None:
    """Raise ModelError for a name that is made twice, or used and not made before: a circle."""
    made: set[str] = set()
    _make(made, (value.name for value in graph.input))
    _make(made, (tensor.name for tensor in graph.initializer))
    for node in graph.node:
        _use(made, node.input)
        _make(made, node.output)
    _use(made, (value.name for value in graph.output))


def _make(made: set[str], names: Iterable[str]) -> None:
    for name in filter(None, names):
        if name in made:
            raise ModelError(f"makes '{name[:64]}' twice")
        made.add(name)


def _use(made: set[str], names: Iterable[str]) -> None:
    for name in filter(None, names):
        if name not in made:
            raise ModelError(f"uses '{name[:64]}' before it is made")
