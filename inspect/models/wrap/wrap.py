"""Wraps a network that came from elsewhere into a model of this product."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import onnx

from ...core.errors import ModelError
from ...core.frame import Image
from ...core.identity import Sha256
from ...core.manifest import ModelManifest, TaughtFrames, ThresholdBasis, WeightLicence
from ...core.region import Region
from ...core.version import VERSION
from ..file import ModelFile, write_model
from ..runtime import open_session
from .declared import InputForm, Layout
from .foreign import ForeignGraph
from .graph import classifier_graph, detector_graph
from .record import record_references


@dataclass(frozen=True, slots=True)
class Declared:
    """All that the file does not say; `good` are a classifier's classes of good parts."""

    layout: Layout
    form: InputForm
    classes: tuple[str, ...]
    good: tuple[str, ...]
    overlap: float


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a model comes from: its name, whose work it is, and what it was taught on, or in."""

    name: str
    created_by: str
    licences: tuple[WeightLicence, ...]
    frames: TaughtFrames
    training_images: int
    training_sha256: Sha256
    region: Region | None = None


def wrapped_graph(network: ForeignGraph, declared: Declared) -> onnx.ModelProto:
    """Return the whole graph. Raises ModelError when the network is not as declared."""
    count = len(declared.classes)
    if declared.layout is Layout.CLASSIFIER:
        good = [declared.classes.index(name) for name in declared.good]
        return classifier_graph(network, declared.form, count, good)
    return detector_graph(network, declared.layout, declared.form, count, declared.overlap)


def manifest_of(
    network: ForeignGraph, declared: Declared, origin: Origin, threshold: ThresholdBasis
) -> ModelManifest:
    """Return what the model will say about itself."""
    is_classifier = declared.layout is Layout.CLASSIFIER
    return ModelManifest(
        family="classifier" if is_classifier else "detector",
        name=origin.name,
        classes=declared.classes,
        good_classes=declared.good,
        input_width_px=network.width_px,
        input_height_px=network.height_px,
        resize=declared.form.resize,
        region=origin.region,
        findings="classes/1" if is_classifier else "boxes/1",
        threshold=threshold,
        taught_frames=origin.frames,
        training_images=origin.training_images,
        training_sha256=origin.training_sha256,
        licences=origin.licences,
        created_at=datetime.now(UTC),
        created_by=origin.created_by,
        made_with=f"edgeinspect {VERSION}",
    )


def write_wrapped(
    path: Path, graph: onnx.ModelProto, manifest: ModelManifest, images: Sequence[Image]
) -> ModelFile:
    """Write the model, proved on `images` that it answers, whole or not at all.

    Raises ModelError when it cannot be run or written, or this product would refuse it.
    """
    if not path.parent.is_dir():
        raise ModelError(f"{path}: its folder does not exist; make it first.")
    session = open_session(graph.SerializeToString(deterministic=True), threads=1)
    return write_model(path, graph, manifest, record_references(images, session, manifest))
