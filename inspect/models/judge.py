"""What judges a frame."""

from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Protocol

from ..core.errors import ModelError
from ..core.finding import Finding
from ..core.frame import Image, check_image
from ..core.inspection import ModelRef
from ..core.judgement import Judgement
from ..core.manifest import ModelManifest
from .file import read_model
from .findings import Naming, findings_of
from .placement import Placed, place
from .proof import prove
from .reference import Reference
from .runtime import Session, open_session


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
class AnomalyJudge:
    """A judge of any family, run through one graph."""

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
        return Judgement(answer.score, findings, answer.anomaly_map)

    def place(self, image: Image) -> Placed:
        """Lay `image` into the model's input."""
        return place(image, self.manifest)


def load_judge(path: Path, *, threads: int = 2) -> AnomalyJudge:
    """Read the model at `path`, prove it on this box and return its judge.

    Raises ModelError when the file is damaged, edited, hostile, or when its answers to its own
    references differ here from those recorded when it was taught.
    """
    file = read_model(path)
    try:
        session = open_session(file.graph, threads)
        prove(file, session)
    except ModelError as error:
        raise ModelError(f"{path}: refused, {error}; teach it again or update the box.") from None
    manifest = file.manifest
    ref = ModelRef(
        name=manifest.name,
        version=manifest.version,
        sha256=file.sha256,
        runtime=session.runtime,
    )
    return AnomalyJudge(manifest, ref, session, file.references)
