"""The parts that a simulated station inspected: documents of about 1 KB with one finding each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from edgeinspect.core.delivery import BootTail, StationMode, StationState
from edgeinspect.core.identity import new_id
from edgeinspect.core.inspection import Inspection, StationAddress
from edgeinspect.core.recipe import Recipe
from edgeinspect.core.verdict import Verdict

EVERY_NTH_FAILS = 20
MODEL = {"name": "washer", "version": 1, "sha256": "a" * 64, "runtime": "onnxruntime"}
FINDING = {
    "class": "scratch",
    "score": 0.8125,
    "box_px": (101.0, 52.0, 160.0, 71.0),
    "area_px": 640.0,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One station, one run of it, and when its parts pass: `first_s` since 1970, then steadily."""

    address: StationAddress
    boot: UUID
    parts: int
    first_s: float
    step_s: float

    def due_s(self, sequence: int) -> float:
        """Return when a part passes, in seconds since 1970."""
        return self.first_s + (sequence - 1) * self.step_s


def lines(stations: int, parts: int, start_s: float, rate: float) -> list[Line]:
    """Return `stations` that inspect `parts` in all, `rate` a second together, in turn."""
    step_s = stations / rate
    return [
        Line(
            StationAddress(site="bench", line="line-1", station=f"station-{number}"),
            uuid4(),
            parts // stations,
            start_s + number / rate,
            step_s,
        )
        for number in range(stations)
    ]


def inspections(line: Line) -> Iterator[Inspection]:
    """Yield the line's inspections in order."""
    first = _first(line)
    for sequence in range(1, line.parts + 1):
        serial = f"{line.address.station}-{line.boot.hex[:8]}-{sequence:07d}"
        failed = sequence % EVERY_NTH_FAILS == 0
        yield first.model_copy(
            update={
                "id": new_id(),
                "sequence": sequence,
                "captured_at": datetime.fromtimestamp(line.due_s(sequence), UTC),
                "part_id": serial,
                "context": first.context.model_copy(update={"serial": serial}),
                "verdict": Verdict.FAIL if failed else Verdict.PASS,
            }
        )


def announcement(line: Line) -> bytes:
    """Return the state that the station announces when it starts."""
    tail = BootTail(boot=line.boot, last_sequence=0)
    since = datetime.fromtimestamp(line.first_s, UTC) - timedelta(seconds=1)
    state = StationState(mode=StationMode.RUNNING, since=since, open_boots=(tail,))
    return state.model_dump_json().encode()


def _first(line: Line) -> Inspection:
    return Inspection.model_validate(
        {
            **line.address.model_dump(),
            "id": new_id(),
            "boot": line.boot,
            "sequence": 1,
            "captured_at": datetime.fromtimestamp(line.first_s, UTC),
            "part_id": "part",
            "context": {"lot": "L-2611", "machine": "press-3", "shift": "early"},
            "recipe": Recipe().ref,
            "verdict": Verdict.PASS,
            "score": 0.8125,
            "threshold": 1.0,
            "threshold_suggested": 1.0,
            "findings": [FINDING],
            "gates": {"focus": 312.5, "brightness": 118.25},
            "model": MODEL,
            "timings_ms": {"capture": 4.25, "judge": 8.5, "decide": 0.25, "act": 0.5},
        }
    )
