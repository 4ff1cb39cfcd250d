"""A recipe says what to inspect and how; immutable, versioned, addressed by its digest."""

from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from .calibration import Calibration
from .frozen import FrozenModel
from .gates import GateRules
from .gauge import MOST_GAUGES, Gauge, needs_calibration
from .identity import Name, Sha256, model_digest
from .serial import SerialRules
from .verdict import Verdict

HOLD_MS = 500.0
MOST_COUNTS = 1_000_000_000
MOST_PARTS_BEFORE = 15
"""With the image of the part itself, as many as an inspection may name."""
Outcome = Annotated[Verdict, Field(description="review or fail; a part that was not seen well")]


class EvidencePolicy(FrozenModel):
    """Which images are kept."""

    fails: bool = Field(True, description="Keep the image of every failed part")
    reviews: bool = Field(True, description="Keep the image of every part sent to review")
    every_nth_pass: int = Field(
        1, ge=0, le=1_000_000, description="Keep the image of every Nth passed part; 0 keeps none"
    )
    parts_before: int = Field(
        0,
        ge=0,
        le=MOST_PARTS_BEFORE,
        description="With a failed or reviewed part whose image is kept, also keep those of passed "
        "ones among so many parts just before it",
    )
    jpeg_quality: int = Field(90, ge=50, le=100, description="JPEG quality of the kept images")

    def keeps(self, verdict: Verdict, sequence: int) -> bool:
        """Say whether the image of inspection number `sequence` (1, 2, ...) is kept."""
        if verdict is Verdict.FAIL:
            return self.fails
        if verdict is Verdict.REVIEW:
            return self.reviews
        return self.every_nth_pass > 0 and sequence % self.every_nth_pass == 0

    def may_keep(self, verdict: Verdict, sequence: int) -> bool:
        """Say whether that image is kept, or will be if one of the next parts is not good."""
        passed_by = verdict is Verdict.PASS and self.parts_before > 0
        return passed_by or self.keeps(verdict, sequence)


class GateTiming(FrozenModel):
    """When a part is at the gate, and which parts are stopped there."""

    delay_ms: float | None = Field(
        None,
        ge=0,
        le=600_000,
        description="Time from the picture of a part to its being at the gate, in ms; it or "
        "`delay_counts` must be named where the station moves a gate",
    )
    hold_ms: float = Field(
        HOLD_MS, gt=0, le=60_000, description="Time a part is at the gate, in ms"
    )
    delay_counts: int | None = Field(
        None,
        ge=0,
        le=MOST_COUNTS,
        description="The same way in counts of `station.encoder`, in place of `delay_ms`",
    )
    hold_counts: int | None = Field(
        None,
        ge=1,
        le=MOST_COUNTS,
        description="Counts for which a part is at the gate; named with `delay_counts`",
    )
    rejects: tuple[Literal[Verdict.FAIL, Verdict.REVIEW], ...] = Field(
        (Verdict.FAIL, Verdict.REVIEW),
        min_length=1,
        description="Verdicts that close the gate; a part without one always does",
    )
    rests: Literal["open", "closed"] = Field(
        "open", description="How the gate stands while no part is at it"
    )

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        if (self.delay_counts is None) != (self.hold_counts is None):
            raise ValueError("delay_counts and hold_counts belong together: name both, or neither")
        # What a program wrote down holds hold_ms at its default beside the counts.
        if self.by_count and (self.delay_ms is not None or self.hold_ms != HOLD_MS):
            raise ValueError(
                "delay_ms with hold_ms and delay_counts with hold_counts say the same; "
                "leave one pair out"
            )
        return self

    @property
    def by_count(self) -> bool:
        """Whether parts are followed by an encoder's count, and not by time."""
        return self.delay_counts is not None

    @property
    def is_timed(self) -> bool:
        """Whether it says when a part is at the gate."""
        return self.by_count or self.delay_ms is not None


class RecipeRef(FrozenModel):
    """Which recipe judged a part."""

    name: Name = Field(description="Name of the recipe")
    version: int = Field(ge=1, description="Version, counted up at every change")
    sha256: Sha256 = Field(description="Digest of the recipe's canonical JSON")


class Recipe(FrozenModel):
    """What to inspect, and how."""

    name: Name = Field("default", description="Name of the recipe, usually of the product")
    version: int = Field(1, ge=1, description="Version, counted up at every change")
    model: Sha256 | None = Field(
        None, description="Digest of the model this recipe was made for; null accepts any"
    )
    threshold: float | None = Field(
        None, description="Score from which a part fails; null takes the model's suggestion"
    )
    review_margin: float = Field(
        0.0, ge=0, le=1, description="Share of the threshold below it that goes to review"
    )
    serial: SerialRules = Field(
        default_factory=SerialRules, description="Where a part's serial is read"
    )
    image_gates: GateRules = Field(
        default_factory=GateRules, description="What a frame that was not seen well means"
    )
    evidence: EvidencePolicy = Field(
        default_factory=EvidencePolicy, description="Which images are kept"
    )
    calibration: Calibration | None = Field(
        None, description="From pixels to millimetres; in the file, also the name of one with it"
    )
    gauges: tuple[Gauge, ...] = Field(
        (), max_length=MOST_GAUGES, description="What is measured, and its limits"
    )

    @model_validator(mode="before")
    @classmethod
    def _size_of_a_pixel(cls, given: Any) -> Any:
        """Read what recipes said before there were calibrations."""
        if not isinstance(given, dict) or "mm_per_px" not in given:
            return given
        if "calibration" in given:
            raise ValueError("mm_per_px and calibration say the same; leave mm_per_px out")
        rest = {key: value for key, value in given.items() if key != "mm_per_px"}
        return rest | {"calibration": {"mm_per_px": given["mm_per_px"]}}

    @model_validator(mode="before")
    @classmethod
    def _serial_of_old(cls, given: Any) -> Any:
        """Read what recipes said when DataMatrix was the one code."""
        old = {"read_serial", "unread_serial"}
        if not isinstance(given, dict) or not (named := old & given.keys()):
            return given
        if "serial" in given:
            raise ValueError(f"{min(named)} and [serial] say the same; leave {min(named)} out")
        if wrong := next((key for key in sorted(named) if not isinstance(given[key], bool)), None):
            raise ValueError(f"{wrong} is true or false; better say it in [serial]")
        rules = {
            "codes": ["datamatrix"] if given.get("read_serial", True) else [],
            "unread": "review" if given.get("unread_serial", False) else "made",
        }
        return {key: value for key, value in given.items() if key not in old} | {"serial": rules}

    @model_validator(mode="after")
    def _gauges_can_be_told_apart(self) -> Self:
        names = [gauge.name for gauge in self.gauges]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ValueError(f"two gauges are called {twice}; give each a name of its own")
        bare = next((gauge.name for gauge in self.gauges if needs_calibration(gauge)), None)
        if bare is not None and self.calibration is None:
            raise ValueError(
                f"gauge {bare} is in mm, and the recipe has no calibration; "
                'name one, or give the gauge unit = "px"'
            )
        return self

    gate: GateTiming = Field(
        default_factory=GateTiming, description="When a part is at the gate, and what stops it"
    )

    @cached_property
    def ref(self) -> RecipeRef:
        """The name, version and digest that an inspection carries."""
        return RecipeRef(name=self.name, version=self.version, sha256=model_digest(self))
