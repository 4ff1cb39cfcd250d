"""From a model in float32 to one in 8 bits that loses no more than was allowed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import onnx

from ...core.errors import ModelError
from ...core.frame import Image
from ...core.manifest import ModelManifest, Quantised, ThresholdBasis
from ...datasets.images import read_image
from ...quality.promise import above
from ..envelope import check_place
from ..file import ModelFile, read_model, write_model
from ..graph_check import check_graph
from ..placement import place
from ..progress import OnProgress, silent
from ..runtime import Session, open_session
from ..teach.references import record_references
from ..teach.threshold import threshold_from_good
from .convolutions import convolutions, rounded_at_both_ends, rounded_by
from .harm import harm_of, least_harmful
from .ranges import ranges_of
from .rewrite import rewritten
from .trial import Trial, Tried, trial_of

MOST_CALIBRATED = 32
"""Good parts whose numbers are looked at; more were not seen to change the ranges."""
HARM_DONE = (1 / 2, 1 / 4, 1 / 15, 1 / 60)
"""The share of all harm that the convolutions in 8 bits may do, tried in this order."""
HARM_SEEN_ON = 4
"""Good parts; which convolutions harm most is much the same for all."""
MOST_LOSS = 0.005


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One graph that was tried, and how many of its convolutions count in 8 bits."""

    graph: onnx.ModelProto
    session: Session
    chosen: int
    of: int
    tried: Tried


def quantize(
    path: Path,
    folder: Path,
    good: Sequence[Path],
    output: Path,
    *,
    most_loss: float = MOST_LOSS,
    threads: int = 2,
    on_progress: OnProgress = silent,
) -> ModelManifest:
    """Write the model at `path` to `output` with its convolutions in 8 bits; return its manifest.

    The `good` parts of `folder` set the ranges; `trial_of` says on what the loss is measured.
    Raises ModelError when more than `most_loss` of image AUROC is lost however it is tried, or the
    file cannot be written; ImageError or DatasetError for parts that cannot be used.
    """
    check_place(output)
    file = read_model(path)
    if file.manifest.quantised is not None:
        raise ModelError(f"{path}: is in 8 bits already; name the model it was made from.")
    trial = trial_of(folder, good)
    done = 0

    def on_part() -> None:
        nonlocal done
        done += 1
        on_progress(done, len(trial) * -(-done // len(trial)))

    before = trial.run(open_session(file.graph, threads), file.manifest, on_part)
    least = float("inf")
    for attempt in _attempts(file, trial, good, threads, on_part):
        loss = before.auroc - attempt.tried.auroc
        if loss <= most_loss:
            new = _manifest(file, attempt, before, trial, len(_spread(good, MOST_CALIBRATED)))
            return _write(file, attempt, new, output)
        least = min(least, loss)
    raise ModelError(
        f"{path}: loses {least:.2%} of image AUROC or more in 8 bits, measured on {trial.words}; "
        f"{most_loss:.2%} is allowed, so keep the model as it is."
    )


def _attempts(
    file: ModelFile,
    trial: Trial,
    good: Sequence[Path],
    threads: int,
    on_part: Callable[[], None],
) -> Iterator[_Attempt]:
    """Try the graph with more and more of its convolutions left as they are, the worst first."""
    model = onnx.load_model_from_string(file.graph)
    found = convolutions(model)
    frames = _Frames(_spread(good, MOST_CALIBRATED), file.manifest)
    ranges = ranges_of(model, sorted(rounded_by(found)), frames, threads)
    few = list(_Frames(_spread(good, HARM_SEEN_ON), file.manifest))
    harm = harm_of(model, found, ranges, few, threads)
    for share in HARM_DONE:
        chosen = rounded_at_both_ends(least_harmful(harm, share))
        graph = rewritten(model, chosen, ranges)
        check_graph(graph, file.manifest)
        session = open_session(graph.SerializeToString(deterministic=True), threads)
        tried = trial.run(session, file.manifest, on_part)
        yield _Attempt(graph, session, len(chosen), len(found), tried)


def _spread(paths: Sequence[Path], most: int) -> Sequence[Path]:
    return paths[:: -(-len(paths) // most)]


@dataclass(frozen=True, slots=True)
class _Frames:
    """Parts laid into the model's input, one after the other."""

    paths: Sequence[Path]
    manifest: ModelManifest

    def __iter__(self) -> Iterator[Image]:
        return (place(read_image(path), self.manifest).pixels for path in self.paths)


def _manifest(
    file: ModelFile, attempt: _Attempt, before: Tried, trial: Trial, calibrated: int
) -> ModelManifest:
    quantised = Quantised(
        from_sha256=file.sha256,
        images=calibrated,
        convolutions=attempt.chosen,
        of_convolutions=attempt.of,
        measured_on=trial.words,
        auroc_before=before.auroc,
        auroc_after=attempt.tried.auroc,
    )
    threshold = moved(file.manifest.threshold, before, attempt.tried)
    return file.manifest.model_copy(update={"quantised": quantised, "threshold": threshold})


def _write(
    file: ModelFile, attempt: _Attempt, manifest: ModelManifest, output: Path
) -> ModelManifest:
    pictures = [reference.image() for reference in file.references]
    references = record_references(pictures, attempt.session, manifest)
    return write_model(output, attempt.graph, manifest, references).manifest


def moved(old: ThresholdBasis, before: Tried, after: Tried) -> ThresholdBasis:
    """Return the threshold for the scores in 8 bits: moved as far as the one moves that the good
    parts of the trial would set. No bound holds for it, for these parts chose it.
    """
    parts = before.good.size
    by = threshold_from_good(after.good).value - threshold_from_good(before.good).value
    method = (
        f"{old.method}; moved by {by:.3g} for 8 bits, as far as the threshold that {parts} good "
        "parts set by themselves moves, so no bound is claimed"
    )
    return ThresholdBasis(value=above(old.value + by), method=method, good_parts=old.good_parts)
