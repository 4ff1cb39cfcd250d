"""From a trained network to the model: wrapped, its threshold set, compared with its origin."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ...core.counted import counted
from ...core.errors import ModelError
from ...core.frame import Image
from ...core.identity import digest
from ...core.manifest import ModelManifest, ThresholdBasis, WeightLicence
from ...datasets.images import read_image
from ...datasets.labels.split import Parted
from ..file import ModelFile
from ..frame_kinds import kinds_of
from ..runtime import Session, open_session
from ..usual_gates import usual_in
from ..wrap.declared import USUAL, Layout
from ..wrap.foreign import ForeignGraph, read_foreign
from ..wrap.graph import OVERLAP
from ..wrap.wrap import Declared, Origin, manifest_of, wrapped_graph, write_wrapped
from .agreement import Agreement, agreement, in_image
from .asked import Asked
from .plan import COMPARED, NETWORK
from .prepare import Prepared
from .threshold import Measured, threshold_from_boxes

LEAST_COMPARED_SCORE = 0.01
MOST_REFERENCE_IMAGES = 16
MOST_LOOKED_AT = 200
_UNSET = ThresholdBasis(value=0.0, method="not set yet", good_parts=0)


@dataclass(frozen=True, slots=True)
class Trained:
    """A run's folder with a trained network, and what it was trained on."""

    folder: Path
    prepared: Prepared
    ultralytics: str
    start_licence: str


def deliver(asked: Asked, trained: Trained) -> tuple[ModelFile, Agreement]:
    """Write the model. Raises ModelError when it does not find what the network finds."""
    network = read_foreign(trained.folder / NETWORK)
    declared = _declared(network, asked.data.classes)
    graph = wrapped_graph(network, declared)
    session = open_session(graph.SerializeToString(deterministic=True), asked.threads)
    manifest = manifest_of(network, declared, _origin(asked, trained), _UNSET)
    same = _compared(trained.folder, session, manifest)
    threshold = _threshold(trained.prepared.parted, session, manifest)
    seen = usual_in(_some(trained.prepared.parted), manifest)
    manifest = manifest.model_copy(update={"threshold": threshold, "taught_gates": seen})
    images = [
        read_image(image.path) for image in trained.prepared.parted.val[:MOST_REFERENCE_IMAGES]
    ]
    return write_wrapped(asked.output, graph, manifest, images), same


def _some(parted: Parted) -> Iterator[Image]:
    """Yield images to see how parts are seen, spread evenly over all."""
    images = (*parted.train, *parted.val)
    for image in images[:: -(-len(images) // MOST_LOOKED_AT)]:
        yield read_image(image.path)


def _declared(network: ForeignGraph, classes: tuple[str, ...]) -> Declared:
    chosen = any(shape[-1] == 6 and len(classes) != 2 for shape in network.outputs.values())
    layout = Layout.YOLO_NMS if chosen else Layout.YOLO
    return Declared(layout, USUAL[layout], classes, (), OVERLAP)


def _compared(folder: Path, session: Session, manifest: ModelManifest) -> Agreement:
    """Compare on the images as they were laid out for the trainer: cut to the region already."""
    found = json.loads((folder / COMPARED).read_text(encoding="utf-8"))
    whole = manifest.model_copy(update={"region": None})
    same = agreement(found, session, whole, LEAST_COMPARED_SCORE)
    if not same.holds:
        raise ModelError(
            f"{folder / NETWORK}: only {same.twins} of {counted(same.boxes, 'box', 'boxes')} found "
            "by both the export and ultralytics; use the ultralytics of constraints.txt."
        )
    return same


def _threshold(parted: Parted, session: Session, manifest: ModelManifest) -> ThresholdBasis:
    measured = [Measured(in_image(image.path, session, manifest), image) for image in parted.val]
    images = counted(len(parted.val), "image")
    where = f"{images} kept apart"
    if parted.shared:
        where = f"{images} that it was taught from, which promises nothing"
    return threshold_from_boxes(measured, where)


def _origin(asked: Asked, trained: Trained) -> Origin:
    parted, seen = trained.prepared.parted, trained.prepared.seen
    images = {image.path: seen[image.path] for image in (*parted.train, *parted.val)}
    digests = sorted(each.sha256 for each in images.values())
    return Origin(
        name=asked.name,
        created_by=asked.created_by,
        licences=tuple(_licences(asked, trained)),
        frames=kinds_of([each.kind for each in images.values()]),
        training_images=len(parted.train),
        training_sha256=digest("\n".join(digests).encode()),
        region=trained.prepared.region,
    )


def _licences(asked: Asked, trained: Trained) -> list[WeightLicence]:
    made = WeightLicence(
        weights=f"{Path(asked.start).stem}, trained by ultralytics",
        licence="AGPL-3.0",
        source=f"PyPI ultralytics {trained.ultralytics}",
    )
    if not asked.from_weights:
        return [made]
    path = Path(asked.start)
    begun = WeightLicence(
        weights=path.name,
        licence=trained.start_licence or "unknown",
        source=f"file {digest(path.read_bytes())}",
    )
    return [begun, made]
