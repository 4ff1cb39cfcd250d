"""`edgeinspect model import`: a network from elsewhere becomes a model of this product."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ...core.errors import ModelError
from ...core.frame import Image
from ...core.identity import digest
from ...core.manifest import ModelManifest, ThresholdBasis, WeightLicence
from ...core.region import CornerPx, Region
from ...datasets.images import read_image
from ..envelope import check_place
from ..frame_kinds import kind_of, kinds_of
from ..graph_check import check_graph
from ..region import check_frame, region_in
from ..usual_gates import usual_in
from .foreign import read_foreign
from .wrap import Declared, Origin, manifest_of, wrapped_graph, write_wrapped

MOST_IMAGES = 64
"""Looked at, spread evenly over those given."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What the importer says of the file beside its layout."""

    name: str
    created_by: str
    licence: str
    threshold: float
    side_px: int | None
    region_px: tuple[CornerPx, ...] = ()


def import_model(
    source: Path, output: Path, declared: Declared, said: Imported, images: Sequence[Path]
) -> ModelManifest:
    """Wrap the ONNX file `source` and write the model to `output`.

    References are recorded from its own answers to `images`, which also tell what frames it may
    judge and how parts are seen in them. Raises ModelError for a file that is not as declared and a
    region that is not in the images, ImageError for an image.
    """
    check_place(output)
    paths = _spread(images)
    pictures = [read_image(path) for path in paths]
    region = region_in(pictures[0], said.region_px) if said.region_px else None
    for path, picture in zip(paths, pictures, strict=True):
        check_frame(region, picture, path)
    network = read_foreign(source, said.side_px)
    try:
        graph = wrapped_graph(network, declared)
    except ModelError as error:
        raise ModelError(f"{source}: {error}.") from None
    manifest = manifest_of(network, declared, _origin(source, said, pictures, region), _basis(said))
    manifest = manifest.model_copy(update={"taught_gates": usual_in(pictures, manifest)})
    try:
        check_graph(graph, manifest)
    except ModelError as error:
        raise ModelError(f"{source}: refused, for it {error}; export a plainer one.") from None
    return write_wrapped(output, graph, manifest, pictures).manifest


def _origin(
    source: Path, said: Imported, pictures: Sequence[Image], region: Region | None
) -> Origin:
    sha256 = digest(source.read_bytes())
    licence = WeightLicence(
        weights=source.name, licence=said.licence, source=f"imported file {sha256}"
    )
    frames = kinds_of([kind_of(picture) for picture in pictures])
    return Origin(said.name, said.created_by, (licence,), frames, 0, digest(b""), region)


def _basis(said: Imported) -> ThresholdBasis:
    return ThresholdBasis(value=said.threshold, method="given when it was imported", good_parts=0)


def _spread(images: Sequence[Path]) -> list[Path]:
    step = max(1, -(-len(images) // MOST_IMAGES))
    return list(images[::step])
