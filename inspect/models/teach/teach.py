"""From a folder of good parts to a model that may judge."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from ...core.errors import ModelError
from ...core.frame import Image
from ...core.manifest import Addition, Findings, Grade, ModelManifest
from ...core.region import CornerPx
from ...core.version import VERSION
from ...datasets.images import read_image
from ...datasets.marked import MarkedDefects
from ..backbone.shipped import LICENCE
from ..envelope import check_place
from ..file import ModelFile, placing_model
from ..placement import Laying
from ..progress import OnProgress, Tell, in_stages, silent, tell_nobody
from ..region import region_in
from ..runtime import open_session
from ..usual_gates import taught_gates
from .anomaly import AnomalyModel
from .cache import TeachingCache, write_cache
from .drawn.asked import enough_boxes, fine_for_boxes
from .drawn.drawn import Drawn, looks_of, loudest_of, taught_head
from .form import Form, Size, form_of
from .known.looking import look_at_marked
from .known.said import known_of
from .learn import learn, steps_of
from .looking import check_different, chosen, laying_of, look
from .mixture import mixture
from .references import record_references, reference_pictures
from .threshold import threshold_from_good

MOST_ACCEPTED = 64
"""Images taken for good as they are; a product with more of them is another product."""


@dataclass(frozen=True, slots=True)
class Birth:
    """Whose model it is, and what it came from."""

    name: str
    created_by: str
    grade: Grade = Grade.FAST
    version: int = 1
    additions: tuple[Addition, ...] = ()


def teach(
    images: Sequence[Path],
    output: Path,
    birth: Birth,
    *,
    fine: Size | None = None,
    defects: MarkedDefects | None = None,
    region_px: Sequence[CornerPx] = (),
    on_progress: OnProgress = silent,
    tell: Tell = tell_nobody,
    threads: int = 2,
) -> ModelManifest:
    """Teach a model what good parts look like, and marked defects if any, and write it, whole, to
    `output`. Where enough boxes are drawn, it learns to draw them. With `region_px`, the corners
    of a polygon (of two: an upright box), nothing else of a frame is looked at.

    Of more than 2,000 images that many are used, spread evenly; the same images give the same
    graph; `tell` hears when they are not of one kind. What was seen in them is kept beside the
    model, so that it can be taught more. Raises ImageError for an image that cannot be read,
    DatasetError for a mark that cannot be used, ModelError when there are too few images or the
    file cannot be written.
    """
    check_place(output)
    paths, boxed = chosen(images), enough_boxes(defects) if defects else ()
    if boxed:
        fine = fine_for_boxes(boxed, birth.grade, fine)
    form = form_of(birth.grade, fine, knows_defects=defects is not None, draws_boxes=bool(boxed))
    marks = len(defects.images) if defects else 0
    stages = len(paths), marks, looks_of(boxed), len(paths) if boxed else 0, steps_of(form)
    look_at, mark, draw, listen, on_step = in_stages(on_progress, stages)
    first = read_image(paths[0])
    region = region_in(first, region_px) if region_px else None
    if region and defects and not region.is_box:
        raise ModelError(
            "--region: beside --defects it is an upright box; name two of its corners, left upper "
            "and right lower."
        )
    laying = laying_of(paths, region)
    looked = look(paths, form, laying, threads, look_at)
    check_different(looked)
    if mixed := mixture(looked.kinds):
        tell(mixed)
    marked = look_at_marked(defects, form, laying, threads, mark) if defects else None
    if marked is not None:
        marked.check_apart(looked, paths)
    drawn = None
    if defects and boxed:
        head = taught_head(boxed, len(defects.classes), form, laying, threads, draw)
        drawn = Drawn(head, loudest_of(paths, head, form, laying, threads, listen))
    pictures = reference_pictures(first, read_image(paths[-1]), form.input, region)
    cache = TeachingCache(looked, (0,) * len(looked), marked, drawn)
    return finish(cache, form, laying, birth, pictures, output, on_step).manifest


def finish(
    cache: TeachingCache,
    form: Form,
    laying: Laying,
    birth: Birth,
    pictures: Sequence[Image],
    output: Path,
    on_step: Callable[[int], None],
    threads: int = 2,
) -> ModelFile:
    """Learn from what was seen and write the model, and beside it what was seen: both or neither,
    so that a model which is taught more in its place never loses what it was taught on.
    """
    looked = cache.looked
    model = learn(looked.features, form, on_step, cache.marked, cache.drawn)
    threshold = threshold_from_good(model.left_out_scores)
    graph = _accepting(model, cache, threshold.value).graph(threshold.value)
    session = open_session(graph.SerializeToString(deterministic=True), threads)
    manifest = ModelManifest(
        family="anomaly",
        name=birth.name,
        version=birth.version,
        grade=birth.grade,
        classes=cache.marked.classes if cache.marked else ("anomaly",),
        findings=_findings_of(cache),
        input_width_px=form.input.width_px,
        input_height_px=form.input.height_px,
        region=laying.region,
        upright=laying.upright,
        threshold=threshold,
        taught_frames=looked.frames,
        taught_gates=taught_gates(looked.gates),
        training_images=len(looked),
        training_sha256=looked.sha256,
        additions=birth.additions,
        known=cache.marked and known_of(cache.marked, model.known_scores, threshold.value),
        licences=(LICENCE,),
        created_at=datetime.now(UTC),
        created_by=birth.created_by,
        made_with=f"edgeinspect {VERSION}",
    )
    references = record_references(pictures, session, manifest)
    with placing_model(output, graph, manifest, references) as file:
        write_cache(output, file.sha256, form, cache)
    return file


def _findings_of(cache: TeachingCache) -> Findings:
    if cache.drawn:
        return "boxed-map/1"
    return "named-map/1" if cache.marked else "anomaly-map/1"


def _accepting(model: AnomalyModel, cache: TeachingCache, threshold: float) -> AnomalyModel:
    """Return a model that takes for good those added images that it would otherwise flag.

    One image among hundreds moves a mean by nothing: without this a false alarm would return.
    """
    added = np.array(cache.addition) > 0
    flagged = np.flatnonzero(added & (model.left_out_scores >= threshold))
    if len(flagged) > MOST_ACCEPTED:
        raise ModelError(
            f"{len(flagged)} of the added images differ from all others: the product has changed; "
            "teach it anew from good parts of today."
        )
    if not len(flagged):
        return model
    loudest = cache.drawn.good.only(flagged) if cache.drawn else None
    return model.accepting(cache.looked.only(flagged).features, loudest)
