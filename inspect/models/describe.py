"""What is in a model file, for a person or a program that asks."""

from collections import Counter
from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import Any

import onnx
from pydantic import BaseModel, Field

from ..core.frozen import FrozenModel
from ..core.identity import Sha256
from ..core.manifest import ModelManifest
from .file import ModelFile
from .signature import Signature


class GraphOutline(FrozenModel):
    """How large a graph is and what it is made of."""

    steps: int
    weights: int = Field(description="Numbers in all constants")
    operators: dict[str, int] = Field(description="Steps by their operator, the commonest first")


class ModelOutline(FrozenModel):
    """Identity, signature, manifest and graph of a model file."""

    sha256: Sha256 = Field(description="The model's identity")
    size_bytes: int = Field(description="Of the file")
    signature: Signature | None
    references: int
    graph: GraphOutline
    manifest: ModelManifest


def outline_of(file: ModelFile, path: Path) -> ModelOutline:
    """Say what the model that was read from `path` holds."""
    return ModelOutline(
        sha256=file.sha256,
        size_bytes=path.stat().st_size,
        signature=file.signature,
        references=len(file.references),
        graph=graph_outline(onnx.load_model_from_string(file.graph).graph),
        manifest=file.manifest,
    )


def graph_outline(graph: onnx.GraphProto) -> GraphOutline:
    """Count steps and weights."""
    counted = Counter(node.op_type for node in graph.node)
    return GraphOutline(
        steps=len(graph.node),
        weights=sum(prod(tensor.dims) for tensor in graph.initializer),
        operators=dict(sorted(counted.items(), key=lambda each: (-each[1], each[0]))),
    )


def flat(model: BaseModel) -> dict[str, Any]:
    """Return a model's values by dotted key, as `threshold.value`; lists stay whole."""
    return dict(_flat(model.model_dump(mode="json"), ""))


def _flat(tree: dict[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
