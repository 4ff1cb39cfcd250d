"""What a process that holds a GigE camera is told to do, and what it says; no library is needed."""

import json
from dataclasses import asdict, dataclass

SLOTS = 6
"""So many pictures may lie in the shared memory; one of 12 megapixels takes 12 MB."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a camera; 0, None or no text leaves it as it is."""

    width: int = 0
    height: int = 0
    rate: float = 0.0
    exposure_us: float = 0.0
    gain_db: float | None = None
    format: str = ""
    trigger: str = "free"
    line: str = "Line1"
    edge: str = "rising"


@dataclass(frozen=True, slots=True)
class Job:
    """Hold the camera `wanted`, which sentences call `name`; none wanted: say which are there."""

    library: str
    producers: tuple[str, ...]
    wanted: str
    name: str
    asked: Asked

    def to_json(self) -> str:
        """Return it as text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Job":
        """Return the job that is written in a text."""
        told = json.loads(text)
        asked = Asked(**told.pop("asked"))
        return cls(**told | {"producers": tuple(told["producers"]), "asked": asked})


@dataclass(frozen=True, slots=True)
class Held:
    """A camera that is held: its shared memory has SLOTS of `slot_bytes` each."""

    slot_bytes: int
    ip: str
    exposure_us: float | None
    gain_db: float | None


@dataclass(frozen=True, slots=True)
class Taken:
    """A picture in the shared memory, or why it is none; `id` as its camera counts.

    `format` is its code in the Pixel Format Naming Convention, `captured_s` on the monotonic clock.
    """

    slot: int
    id: int
    captured_s: float
    trouble: str = ""
    format: int = 0
    width: int = 0
    height: int = 0
    padding: int = 0
    size: int = 0
