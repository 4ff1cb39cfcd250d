"""What judges a frame."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Protocol

from ..core.errors import ModelError, RuntimeMissingError
from ..core.finding import Finding
from ..core.frame import Image, check_image
from ..core.inspection import ModelRef
from ..core.judgement import Judgement
from ..core.manifest import ModelManifest
from ..core.runtime import Runtime
from .file import ModelFile, read_model
from .findings import findings_of
from .gates import gates_of
from .naming import Naming
from .placed import Placed
from .placement import place
from .reference import Reference
from .runtime import Session
from .runtime_choice import proven_session
from .trust import check_signer


class Judge(Protocol):
    """A model that was loaded, proved and is ready."""

    @property
    def manifest(self) -> ModelManifest:
        """What the model says about itself."""
        ...

    @property
    def ref(self) -> ModelRef:
        """The identity an inspection carries."""
        ...

    def judge(self, image: Image, threshold: float) -> Judgement:
        """Judge `image` (uint8 (height, width, 3), BGR); findings are cut out at `threshold`.

        Raises ModelError when the image is of another shape or type, or the model cannot be run.
        """
        ...


@dataclass(frozen=True, slots=True)
class ModelJudge:
    """A judge of any family: what differs between them is in its graph and its manifest."""

    manifest: ModelManifest
    ref: ModelRef
    session: Session
    references: tuple[Reference, ...]

    def judge(self, image: Image, threshold: float) -> Judgement:
        """Judge one image; below `threshold` there are no findings."""
        try:
            check_image(image)
        except ValueError as error:
            raise ModelError(f"{error}; convert it before judging.") from None
        placed = self.place(image)
        answer = self.session.run(placed.pixels)
        findings: tuple[Finding, ...] = ()
        if isfinite(answer.score) and answer.score >= threshold:
            findings = findings_of(answer, threshold, placed, Naming.of(self.manifest))
        gates = gates_of(placed)
        return Judgement(answer.score, findings, answer.anomaly_map, placed.doubt, gates)

    def place(self, image: Image) -> Placed:
        """Lay `image` into the model's input."""
        return place(image, self.manifest)


def load_judge(
    path: Path,
    *,
    threads: int = 2,
    trusted_keys: Sequence[Path] = (),
    runtime: Runtime = Runtime.ONNXRUNTIME,
) -> ModelJudge:
    """Read the model at `path`, prove it on this box in `runtime` and return its judge.

    When public keys are named, one of them must have signed it. Raises ModelError when the file is
    damaged, edited, hostile or not signed as it must be, or when its answers to its own references
    differ here from those recorded when it was taught.
    """
    file = read_model(path)
    check_signer(file, path, trusted_keys)
    return judge_of(file, path, threads=threads, runtime=runtime)


def judge_of(
    file: ModelFile, path: Path, *, threads: int = 2, runtime: Runtime = Runtime.ONNXRUNTIME
) -> ModelJudge:
    """Prove a model that was read from `path` and return its judge. Raises ModelError."""
    try:
        session = proven_session(file, threads, runtime)
    except RuntimeMissingError:
        raise
    except ModelError as error:
        raise ModelError(f"{path}: refused, {error}; teach it again or update the box.") from None
    manifest = file.manifest
    ref = ModelRef(
        name=manifest.name,
        version=manifest.version,
        sha256=file.sha256,
        runtime=session.runtime,
    )
    return ModelJudge(manifest, ref, session, file.references)
