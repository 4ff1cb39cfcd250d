"""From a model in float32 to one in 8 bits that loses no more than was allowed."""

from collections.abc import Sequence
from pathlib import Path

from ...core.errors import ModelError
from ...core.manifest import ModelManifest, Quantised, ThresholdBasis
from ...quality.promise import above
from ..envelope import check_place
from ..file import ModelFile, read_model, write_model
from ..progress import OnProgress, Steps, silent
from ..runtime import open_session
from ..teach.references import record_references
from ..teach.threshold import threshold_from_good
from .attempts import MOST_CALIBRATED, Attempt, attempts, spread
from .trial import Trial, Tried, trial_of

MOST_LOSS = 0.005


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
    steps = Steps(on_progress, len(trial))
    tries = attempts(file, trial, good, threads, steps)
    before = trial.run(open_session(file.graph, threads), file.manifest, steps.take)
    least = float("inf")
    for attempt in tries:
        loss = before.auroc - attempt.tried.auroc
        if loss <= most_loss:
            new = _manifest(file, attempt, before, trial, len(spread(good, MOST_CALIBRATED)))
            return _write(file, attempt, new, output)
        least = min(least, loss)
    raise ModelError(
        f"{path}: loses {least:.2%} of image AUROC or more in 8 bits, measured on {trial.words}; "
        f"{most_loss:.2%} is allowed, so keep the model as it is."
    )


def _manifest(
    file: ModelFile, attempt: Attempt, before: Tried, trial: Trial, calibrated: int
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
    file: ModelFile, attempt: Attempt, manifest: ModelManifest, output: Path
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
