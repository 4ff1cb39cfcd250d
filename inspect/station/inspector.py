"""From a frame to the record of its inspection."""

from dataclasses import dataclass
from math import isfinite
from time import monotonic, perf_counter
from uuid import UUID

from ..camera.serial import read_serial
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
from .ledger import HandedOut

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

    def inspect(self, frame: Frame, boot: UUID, sequence: int) -> Inspection:
        """Return the record of `frame`; what cannot be judged goes to review and says why."""
        captured_ms = max(0.0, (monotonic() - frame.captured_s) * 1e3)
        assessment = self._assess(frame)
        read, told = self._serial(frame), _told(frame)
        serial = read or told.serial
        gauging = gauged(frame.image, assessment, self.recipe)
        judgement, decision = assessment.judgement, gauging.decision
        verdict, reasons = self._require_serial(decision.verdict, decision.reasons, serial)
        if read is not None and told.serial not in (None, read):
            verdict, reasons = _differ(verdict, reasons, read, told.serial)
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
                measure=gauging.measure_ms,
                decide=assessment.decide_ms,
            ),
        )

    def interrupted(self, handed_out: HandedOut, sequence: int) -> Inspection:
        """Return the record of a part the station was stopped at: nobody knows, so review."""
        text = "the station was stopped before this part was written down"
        decision = undecided(ReasonCode.STATION_INTERRUPTED, text)
        return Inspection(
            id=new_id(),
            **self.address.model_dump(),
            boot=handed_out.boot,
            sequence=sequence,
            captured_at=handed_out.captured_at,
            part_id=f"{handed_out.boot}-{sequence}",
            purpose=self.purpose,
            context=self.context,
            recipe=self.recipe.ref,
            verdict=decision.verdict,
            reasons=decision.reasons,
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

    def _serial(self, frame: Frame) -> str | None:
        if frame.image is None or not self.recipe.read_serial:
            return None
        return read_serial(frame.image)

    def _require_serial(
        self, verdict: Verdict, reasons: tuple[Reason, ...], serial: str | None
    ) -> tuple[Verdict, tuple[Reason, ...]]:
        if serial is not None or not self.recipe.unread_serial:
            return verdict, reasons
        unread = Reason(code=ReasonCode.SERIAL_UNREAD, text="the serial cannot be read")
        softened = Verdict.REVIEW if verdict is Verdict.PASS else verdict
        return softened, (*reasons, unread)


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


def _differ(
    verdict: Verdict, reasons: tuple[Reason, ...], read: str, told: str | None
) -> tuple[Verdict, tuple[Reason, ...]]:
    text = f"the part's own code says {read}, its trigger {told}"
    differs = Reason(code=ReasonCode.SERIAL_DIFFERS, text=text[:300])
    return Verdict.REVIEW if verdict is Verdict.PASS else verdict, (*reasons, differs)
