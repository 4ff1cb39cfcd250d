"""A model checked from end to end, as a station would before it judges."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import Field

from ..core.frozen import FrozenModel
from ..core.identity import Sha256
from .file import read_model
from .judge import judge_of
from .signature import Signature
from .tolerance import tolerance_of
from .trust import check_signer


class Verified(FrozenModel):
    """What was found of a model that may be used."""

    sha256: Sha256 = Field(description="The model's identity; the file is as it was made")
    signature: Signature | None = Field(description="It fits; null when nobody signed")
    trusted: bool = Field(description="Whether one of the keys that were named signed it")
    references: int = Field(description="Answered here as they were recorded")
    tolerance: float = Field(
        description="What their scores may be off by, as a share of the threshold"
    )
    runtime: str = Field(description="What answered them")


def verify(path: Path, trusted_keys: Sequence[Path], *, threads: int) -> Verified:
    """Check structure, identity, signature and, on this box, every reference. Raises ModelError."""
    file = read_model(path)
    check_signer(file, path, trusted_keys)
    judge = judge_of(file, path, threads=threads)
    return Verified(
        sha256=file.sha256,
        signature=file.signature,
        trusted=bool(trusted_keys),
        references=len(file.references),
        tolerance=tolerance_of(judge.ref.runtime, file.manifest).score,
        runtime=judge.ref.runtime,
    )
