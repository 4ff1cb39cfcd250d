"""What a model says of one frame, before any rule is applied."""

from dataclasses import dataclass

from .finding import Finding


@dataclass(frozen=True, slots=True)
class Judgement:
    """A model's score of a frame (higher is worse, in the model's own scale) and its findings.

    `findings` holds what stood above the threshold the judge was given, the strongest first.
    """

    score: float
    findings: tuple[Finding, ...] = ()
