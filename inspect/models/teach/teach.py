"""From a folder of good parts to a model that may judge."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from ...core.errors import ModelError
from ...core.manifest import ModelManifest, ThresholdBasis
from ...core.version import VERSION
from ...datasets.images import read_image
from ..backbone import LICENCE
from ..file import write_model
from ..progress import OnProgress, silent
from ..runtime import open_session
from .anomaly import folds_of, learn
from .front import Grid
from .looking import Looked, chosen, look
from .references import record_references
from .threshold import threshold_from_good

GRID = Grid(width_px=256, height_px=256)


def teach(
    images: Sequence[Path],
    output: Path,
    *,
    name: str,
    created_by: str,
    on_progress: OnProgress = silent,
    threads: int = 2,
) -> ModelManifest:
    """Teach a model what good parts look like and write it, whole, to `output`.

    Of more than 2,000 images that many are used, spread evenly; the same images give the same
    graph. Raises ImageError for an image that cannot be read, ModelError when there are too few
    or the file cannot be written.
    """
    if not output.parent.is_dir():
        raise ModelError(f"{output}: its folder does not exist; make it first.")
    paths = chosen(images)
    folds = folds_of(len(paths))
    steps = len(paths) + folds + 1
    looked = look(paths, GRID, threads, lambda done: on_progress(done, steps))
    model = learn(looked.features, GRID, lambda done: on_progress(len(paths) + done, steps))
    threshold = threshold_from_good(model.held_out_scores, folds)
    graph = model.graph()
    references = record_references(
        read_image(paths[0]),
        read_image(paths[-1]),
        open_session(graph.SerializeToString(deterministic=True), threads),
        GRID.height_px,
        threshold.value,
    )
    manifest = _manifest(looked, threshold, name, created_by, len(paths))
    return write_model(output, graph, manifest, references).manifest


def _manifest(
    looked: Looked, threshold: ThresholdBasis, name: str, created_by: str, images: int
) -> ModelManifest:
    return ModelManifest(
        family="anomaly",
        name=name,
        classes=("anomaly",),
        input_width_px=GRID.width_px,
        input_height_px=GRID.height_px,
        threshold=threshold,
        taught_frames=looked.frames,
        training_images=images,
        training_sha256=looked.sha256,
        licences=(LICENCE,),
        created_at=datetime.now(UTC),
        created_by=created_by,
        made_with=f"edgeinspect {VERSION}",
    )
