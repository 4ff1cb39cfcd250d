"""What tells two models apart."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

from ..core.frozen import FrozenModel
from ..core.identity import Sha256, digest
from .describe import flat, graph_outline
from .file import ModelFile


class Change(FrozenModel):
    """One thing that differs: what it is in the first model and in the second; null is nothing."""

    what: str
    first: Any
    second: Any


class ModelDiff(FrozenModel):
    """The identities of two models, and what differs."""

    same: bool
    first: Sha256
    second: Sha256
    changes: tuple[Change, ...]


def diff(first: ModelFile, second: ModelFile) -> ModelDiff:
    """Compare two models. They are the same when their identity is, whoever signed them."""
    graphs = [onnx.load_model_from_string(each.graph).graph for each in (first, second)]
    changes = (
        *_changes("signature", _signature(first), _signature(second)),
        *_changes("manifest", flat(first.manifest), flat(second.manifest)),
        *_graph_changes(*graphs),
        *_changes("references", _references(first), _references(second)),
    )
    return ModelDiff(
        same=first.sha256 == second.sha256,
        first=first.sha256,
        second=second.sha256,
        changes=changes,
    )


def _changes(part: str, first: Mapping[str, Any], second: Mapping[str, Any]) -> Iterator[Change]:
    for key in dict.fromkeys((*first, *second)):
        if first.get(key) != second.get(key):
            yield Change(what=f"{part}: {key}", first=first.get(key), second=second.get(key))


def _signature(file: ModelFile) -> dict[str, Any]:
    if file.signature is None:
        return {}
    return file.signature.model_dump(mode="json", include={"signed_by", "signed_at", "public_key"})


def _references(file: ModelFile) -> dict[str, Any]:
    """Return picture and score of each reference."""
    told: dict[str, Any] = {}
    for number, reference in enumerate(file.references, 1):
        told[f"{number}, picture"] = digest(reference.png)[:12]
        told[f"{number}, score"] = reference.expected().score
    return told


def _graph_changes(first: onnx.GraphProto, second: onnx.GraphProto) -> Iterator[Change]:
    yield from _changes("graph", flat(graph_outline(first)), flat(graph_outline(second)))
    steps = [Counter(node.SerializeToString() for node in graph.node) for graph in (first, second)]
    only = (steps[0] - steps[1]).total(), (steps[1] - steps[0]).total()
    if any(only):
        yield Change(what="graph: steps that the other has not", first=only[0], second=only[1])
    weights = [{tensor.name: tensor for tensor in graph.initializer} for graph in (first, second)]
    for name in dict.fromkeys((*weights[0], *weights[1])):
        yield from _weight_changes(name, weights[0].get(name), weights[1].get(name))


def _weight_changes(
    name: str, first: onnx.TensorProto | None, second: onnx.TensorProto | None
) -> Iterator[Change]:
    if first == second:
        return
    what = f"weights: {name}"
    if first is not None and second is not None and _form(first) == _form(second):
        off = np.abs(_numbers(first) - _numbers(second)).max(initial=0)
        what = f"{what}, by at most {off:.3g}"
    told = (None if tensor is None else _told(tensor) for tensor in (first, second))
    yield Change(what=what, first=next(told), second=next(told))


def _form(tensor: onnx.TensorProto) -> str:
    kind = onnx.TensorProto.DataType.Name(tensor.data_type).lower()
    return f"{kind} {tuple(tensor.dims)}"


def _told(tensor: onnx.TensorProto) -> str:
    return f"{_form(tensor)} {digest(tensor.raw_data)[:12]}"


def _numbers(tensor: onnx.TensorProto) -> NDArray[np.float64]:
    return numpy_helper.to_array(tensor).astype(np.float64)
