"""What a gate did and what stands in its way, as its guard tells it."""

import logging
from collections import deque
from threading import Lock
from typing import Any

from ...core.health import GateHealth

CALM_S = 10.0
"""So long after a verdict that came too late, or a standstill, the gate is called well again."""
KEPT_MOVES = 1000

_log = logging.getLogger(__name__)


class Tally:
    """Counts, and one sentence of trouble that is taken back by itself; for several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._late = self._failed = 0
        self._moves_ms: deque[float] = deque(maxlen=KEPT_MOVES)
        self._stuck: str | None = None
        self._wire: str | None = None
        self._lost: str | None = None
        self._past: str | None = None
        self._calm_s = 0.0

    def note(self, said: dict[str, Any], now_s: float) -> None:
        """Take in what the guard said."""
        with self._lock:
            if said["said"] == "moved":
                self._wire = None
                self._moves_ms.append((said["done_s"] - said["due_s"]) * 1e3)
            elif said["said"] == "trouble":
                self._fail(said["text"])
            elif said["said"] == "lost":
                self._lose(said["text"])
            elif said["said"] == "late":
                self._late += 1
                self._remember(_too_late(said), now_s)

    def note_guard_ended(self, code: int | str) -> None:
        """Note that the guard is gone, with its exit status or why none could be started."""
        with self._lock:
            self._lost = None  # the next one says how it is
            self._fail(f"the guard of the gate ended ({code}) and is started again; see the log.")

    def note_stuck(self, stuck: bool, watchdog_s: float) -> None:
        """Note whether a part takes longer than the watchdog allows."""
        text = f"a part takes longer than {watchdog_s:g} s, the gate is closed; see watchdog_s."
        with self._lock:
            self._stuck = text if stuck else None

    def note_standstill(self, still_s: float, now_s: float) -> None:
        """Note that the station gave no sign of life for so long."""
        with self._lock:
            self._failed += 1
            self._remember(
                f"the station stood still for {still_s:.1f} s, at which its guard closes the gate "
                "unless the whole box stood; see what else the box does.",
                now_s,
            )

    def trouble(self, now_s: float) -> str | None:
        """Return what is wrong with the gate, in a sentence; None while nothing is."""
        with self._lock:
            past = self._past if now_s < self._calm_s else None
            return self._wire or self._lost or self._stuck or past

    def health(self) -> GateHealth:
        """Return the counts so far, and the 99th percentile of the newest moves."""
        with self._lock:
            moves = sorted(self._moves_ms)
            p99_ms = moves[(len(moves) * 99 - 1) // 100] if moves else None
            return GateHealth(late=self._late, failed=self._failed, move_p99_ms=p99_ms)

    def _remember(self, text: str, now_s: float) -> None:
        self._past, self._calm_s = text, now_s + CALM_S
        _log.warning("%s", text)

    def _fail(self, text: str | None) -> None:
        if text is not None:
            self._failed += 1
            _log.error("%s", text)
        self._wire = text

    def _lose(self, text: str | None) -> None:
        if text is not None:
            self._failed += self._lost is None
            _log.error("%s", text)
        self._lost = text


def _too_late(said: dict[str, Any]) -> str:
    if "late_counts" in said:
        late, key = f"{said['late_counts']:.0f} counts", "delay_counts"
    else:
        late, key = f"{said['late_s'] * 1e3:.0f} ms", "delay_ms"
    return (
        f"a verdict came {late} after its part was at the gate, "
        f"which rejected it; raise {key} of the recipe, or judge faster."
    )
