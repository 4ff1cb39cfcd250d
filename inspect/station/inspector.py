"""From a frame to the record of its inspection."""

from dataclasses import dataclass, field
from math import isfinite
from time import monotonic, perf_counter
from uuid import UUID

from ..camera.code_camera import CodeCamera
from ..camera.serial import Reading, read_serial
from ..core.errors import ModelError
from ..core.frame import Frame
from ..core.identity import new_id
from ..core.inspection import Inspection, StationAddress, Timings
from ..core.judgement import UNMEASURED
from ..core.part import PartContext
from ..core.reason import Reason, ReasonCode
from ..core.recipe import Recipe
from ..core.verdict import Purpose, Verdict
from ..decision.decide import undecided
from ..models.assess import Assessment, assess
from ..models.judge import Judge
from .gauging import gauged
from .interrupted import interrupted
from .ledger import HandedOut
from .seen_serials import Seen, SeenSerials

_NOWHERE = StationAddress()
_UNKNOWN = PartContext()


@dataclass(frozen=True, slots=True)
class Inspector:
    """Judges frames by one model and one recipe, at one place, during one boot."""

    judge: Judge
    recipe: Recipe
    address: StationAddress = _NOWHERE
    context: PartContext = _UNKNOWN
    purpose: Purpose = Purpose.PRODUCTION
    seen: SeenSerials = field(default_factory=SeenSerials)
    code_camera: CodeCamera | None = None

    def inspect(self, frame: Frame, boot: UUID, sequence: int) -> Inspection:
        """Return the record of `frame`; what cannot be judged goes to review and says why."""
        captured_ms = max(0.0, (monotonic() - frame.captured_s) * 1e3)
        assessment = self._assess(frame)
        start = perf_counter()
        reading, told = self._read(frame), _told(frame)
        read_ms, read = (perf_counter() - start) * 1e3, reading.serial
        serial = read or told.serial
        gauging = gauged(frame.image, assessment, self.recipe)
        judgement, decision = assessment.judgement, gauging.decision
        verdict, reasons = decision.verdict, decision.reasons
        if serial is None and self.recipe.serial.unread == "review":
            text = f"the serial is unknown: {reading.trouble}"
            verdict, reasons = _with_doubt(verdict, reasons, ReasonCode.SERIAL_UNREAD, text)
        if read is not None and told.serial not in (None, read):
            text = f"the part's own code says {read}, its trigger {told.serial}"
            verdict, reasons = _with_doubt(verdict, reasons, ReasonCode.SERIAL_DIFFERS, text)
        before = serial and self.seen.note(Seen(self.purpose, serial, frame.captured_at))
        if before and self.recipe.serial.repeated == "review":
            text = f"{serial} was inspected here before, last at {before:%Y-%m-%d %H:%M:%S} UTC"
            verdict, reasons = _with_doubt(verdict, reasons, ReasonCode.SERIAL_REPEATED, text)
        return Inspection(
            id=new_id(),
            **self.address.model_dump(),
            boot=boot,
            sequence=sequence,
            captured_at=frame.captured_at,
            part_id=serial or frame.origin[-128:],
            purpose=self.purpose,
            context=_joined(self.context, told, serial),
            recipe=self.recipe.ref,
            verdict=verdict,
            reasons=reasons,
            score=judgement.score if judgement and isfinite(judgement.score) else None,
            threshold=decision.threshold,
            threshold_suggested=self.judge.manifest.threshold.value if judgement else None,
            findings=judgement.findings if judgement else (),
            gates=judgement.gates if judgement else UNMEASURED,
            measurements=gauging.measurements,
            model=self.judge.ref if judgement else None,
            timings_ms=Timings(
                trigger=_waited_ms(frame),
                capture=captured_ms,
                judge=assessment.judge_ms,
                read=read_ms,
                measure=gauging.measure_ms,
                decide=assessment.decide_ms,
            ),
        )

    def interrupted(self, handed_out: HandedOut, sequence: int) -> Inspection:
        """Return the record of a part the station was stopped at: nobody knows, so review."""
        return interrupted(
            self.address, handed_out, sequence, self.purpose, self.context, self.recipe.ref
        )

    def _assess(self, frame: Frame) -> Assessment:
        if frame.image is None:
            code = ReasonCode.FRAME_MISSED if frame.missed else ReasonCode.FRAME_UNREADABLE
            text = frame.unreadable or "no image"
            return Assessment(None, undecided(code, text), 0.0, 0.0)
        start = perf_counter()
        try:
            return assess(frame.image, self.judge, self.recipe)
        except ModelError as error:
            spent_ms = (perf_counter() - start) * 1e3
            decision = undecided(ReasonCode.JUDGE_FAILED, str(error))
            return Assessment(None, decision, spent_ms, 0.0)

    def _read(self, frame: Frame) -> Reading:
        """Read the serial in the frame, or in the code camera's picture of the same moment."""
        rules = self.recipe.serial
        if self.code_camera is None or not rules.codes:
            seen: Frame | str = frame
        elif frame.missed:  # nobody knows when the part was there
            seen = "no image"
        else:
            seen = self.code_camera.nearest(frame.captured_s)
        if isinstance(seen, str):
            return Reading(None, seen)
        if seen.image is None:
            return Reading(None, "no image" if seen is frame else f"code camera: {seen.unreadable}")
        return read_serial(seen.image, rules)


def _told(frame: Frame) -> PartContext:
    return frame.trigger.context if frame.trigger is not None else _UNKNOWN


def _waited_ms(frame: Frame) -> float | None:
    if frame.trigger is None or frame.missed:
        return None
    return abs(frame.captured_s - frame.trigger.at_s) * 1e3


def _joined(known: PartContext, told: PartContext, serial: str | None) -> PartContext:
    """Return what is known of every part here, with what was told of this one above it."""
    news = {name: getattr(told, name) for name in told.model_fields_set if getattr(told, name)}
    return known.model_copy(update=news | {"serial": serial})


def _with_doubt(
    verdict: Verdict, reasons: tuple[Reason, ...], code: ReasonCode, text: str
) -> tuple[Verdict, tuple[Reason, ...]]:
    """Add a reason for which a part must not pass."""
    doubt = Reason(code=code, text=text[:300])
    return Verdict.REVIEW if verdict is Verdict.PASS else verdict, (*reasons, doubt)
