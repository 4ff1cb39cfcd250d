"""A made plant of ten stations: as many parts as wanted over a year, the same ones every time.

Of a hundred parts 96 pass, 3 fail and 1 is for review; every fiftieth was seen before at its
station. Failed parts have one to two findings of six classes. Recipes change every four months,
every station is started anew each month.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID

from edgeinspect.core.finding import Finding
from edgeinspect.core.inspection import Inspection, ModelRef, StationAddress
from edgeinspect.core.part import PartContext
from edgeinspect.core.reason import Reason, ReasonCode
from edgeinspect.core.recipe import RecipeRef
from edgeinspect.core.verdict import Verdict

STATIONS = tuple(
    StationAddress(site="site", line=f"line-{line}", station=f"station-{line}{place}")
    for line in (1, 2)
    for place in range(5)
)
BOOTS = 12
CLASSES = ("scratch", "dent", "stain", "chip", "burr", "划痕")
_WEIGHTS = (40, 25, 15, 10, 7, 3)
YEAR = timedelta(days=365)
END = datetime(2026, 11, 1, tzinfo=UTC)
START = END - YEAR
AGAIN = 50
_SEED = 20_261_101
_ID, _BOOT, _AT, _SERIAL = "0" * 32, "1" * 32, datetime(2000, 1, 1, 0, 0, 0, 1, tzinfo=UTC), "@s"
_SEQUENCE, _SCORE = 4_000_000_001, 0.4012345


@dataclass(frozen=True, slots=True)
class Part:
    """One inspection; `station` and `boot` are places in STATIONS and among its boots."""

    id: UUID
    station: int
    boot: int
    sequence: int
    captured_at: datetime
    serial: str
    verdict: Verdict
    score: float
    classes: tuple[str, ...]
    recipe: RecipeRef
    is_first: bool
    document: str


def parts(total: int) -> Iterator[Part]:
    """Give `total` parts in order of time; `total` must be a multiple of 120."""
    chance = random.Random(_SEED)
    step_us = YEAR // timedelta(microseconds=1) // total
    per_boot = total // len(STATIONS) // BOOTS
    for number in range(total):
        station, place = number % len(STATIONS), number // len(STATIONS)
        captured_at = START + timedelta(microseconds=number * step_us + 1)
        verdict, classes = _judged(chance)
        is_first = number < 10 * AGAIN * len(STATIONS) or place % AGAIN != 0
        seen = number if is_first else number - chance.randrange(1, 10) * len(STATIONS)
        score = round(0.001 + 0.998 * chance.random(), 7)
        serial = serial_of(seen)
        row_id = _id(captured_at, chance.getrandbits(74))
        boot, sequence = place // per_boot, place % per_boot + 1
        recipe = recipe_of(number * 3 // total)
        document = _document(
            _template(station, verdict, classes, recipe),
            (row_id, boot_id(station, boot), sequence, captured_at, serial, score),
        )
        yield Part(
            row_id,
            station,
            boot,
            sequence,
            captured_at,
            serial,
            verdict,
            score,
            classes,
            recipe,
            is_first,
            document,
        )


def serial_of(number: int) -> str:
    """Return the serial of part `number`, 0, 1, 2 ... in order of time."""
    return f"SN{number:010d}"


@cache
def boot_id(station: int, boot: int) -> UUID:
    """Return the id of one of a station's boots."""
    return UUID(int=(station + 1) << 64 | (boot + 1))


@cache
def recipe_of(third: int) -> RecipeRef:
    """Return the recipe of a third of the year."""
    return RecipeRef(name="washer", version=third + 1, sha256=f"{third + 1:064x}")


def _judged(chance: random.Random) -> tuple[Verdict, tuple[str, ...]]:
    drawn = chance.random()
    if drawn < 0.96:
        return Verdict.PASS, ()
    if drawn < 0.97:
        return Verdict.REVIEW, ()
    return Verdict.FAIL, tuple(sorted(set(chance.choices(CLASSES, _WEIGHTS, k=2))))


def _id(moment: datetime, noise: int) -> UUID:
    ms = int(moment.timestamp() * 1000)
    return UUID(int=ms << 80 | 7 << 76 | (noise >> 62) << 64 | 2 << 62 | noise & (1 << 62) - 1)


@cache
def _template(
    station: int, verdict: Verdict, classes: tuple[str, ...], recipe: RecipeRef
) -> tuple[str, ...]:
    """Return the JSON of such an inspection, cut where the parts differ."""
    reasons = {
        Verdict.PASS: (),
        Verdict.REVIEW: (Reason(code=ReasonCode.NEAR_THRESHOLD, text="the score is close"),),
        Verdict.FAIL: (Reason(code=ReasonCode.ABOVE_THRESHOLD, text="the score is too high"),),
    }[verdict]
    box = {"box_px": (10.0, 20.0, 30.5, 41.0), "score": 0.75, "area_px": 210.0, "length_px": 22.5}
    whole = Inspection(
        id=UUID(_ID),
        **STATIONS[station].model_dump(),
        boot=UUID(_BOOT),
        sequence=_SEQUENCE,
        captured_at=_AT,
        part_id=_SERIAL,
        context=PartContext(serial=_SERIAL, lot="L-77", machine="press-3", shift="B"),
        recipe=recipe,
        verdict=verdict,
        reasons=reasons,
        score=_SCORE,
        threshold=0.5,
        threshold_suggested=0.5,
        findings=tuple(Finding.model_validate(box | {"class": name}) for name in classes),
        model=ModelRef(name="washer", version=1, sha256="a" * 64, runtime="onnxruntime cpu"),
    ).model_dump_json()
    marks = (UUID(_ID), UUID(_BOOT), _SEQUENCE, "2000-01-01T00:00:00.000001Z", _SERIAL, _SCORE)
    for n, mark in enumerate(marks):
        whole = whole.replace(str(mark), f"\x00{n}\x00")
    return tuple(whole.split("\x00"))


def _document(
    template: tuple[str, ...], values: tuple[UUID, UUID, int, datetime, str, float]
) -> str:
    row_id, boot, sequence, moment, serial, score = values
    told = moment.isoformat().replace("+00:00", "Z")
    texts = (str(row_id), str(boot), str(sequence), told, serial, repr(score))
    pieces = list(template)
    for n in range(1, len(pieces), 2):
        pieces[n] = texts[int(pieces[n])]
    return "".join(pieces)
