"""Brings the output of the gate to where it belongs, and says what it did."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

from ...core.errors import WireError

if TYPE_CHECKING:
    from collections.abc import Callable

    from .lines import Line
    from .outputs import Output

REFRESH_S = 0.5
"""So often the level is written anew and the heartbeat counts: a PLC that was off has forgotten."""
RETRY_FIRST_S, RETRY_LONGEST_S = 0.25, 5.0


class Mover:
    """Moves the output as the line wants, while it hears beats and nobody holds the gate shut."""

    def __init__(
        self,
        output: Output,
        line: Line,
        watchdog_s: float,
        tell: Callable[[dict[str, Any]], None],
    ) -> None:
        self._output = output
        self._line = line
        self._watchdog_s = watchdog_s
        self._tell = tell
        self._heard_s = float("-inf")
        self._breathing = False
        self._held = True
        self._ready = False
        self._level: bool | None = None
        self._planned: bool | None = None
        self._planned_s = float("-inf")
        self._next_try_s = self._refresh_s = float("-inf")
        self._pause_s = RETRY_FIRST_S
        self._trouble: str | None = None
        self._lost: str | None = None

    def hear(self, said: dict[str, Any], now_s: float) -> None:
        """Take in one line of the station."""
        if said["do"] == "beat":
            self._heard_s, self._held = now_s, bool(said["held"])
        elif said["do"] == "expect":
            self._line.expect(said["part"], said["captured_s"], said["delay"], said["hold"])
        elif said["do"] == "unseen":
            span_s = said["since_s"], said["until_s"]
            self._line.unseen(said["part"], span_s, said["delay"], said["hold"])
        elif said["do"] == "rest":
            self._line.rest(bool(said["open"]))
        elif said["do"] == "lose":
            self._line.lose(said["span"])
        elif said["do"] == "rule":
            late = self._line.rule(said["part"], good=said["good"], now_s=now_s)
            if late is not None:
                self._tell({"said": "late", "part": said["part"]} | late)

    @property
    def wake(self) -> int | None:
        """A descriptor to wait at, beside the input, where there is one."""
        return self._line.wake

    def mind(self, now_s: float) -> float:
        """Bring the output to where it belongs; return when to look again."""
        self._listen_for_breath(now_s)
        planned = self._line.is_open(now_s)
        self._note_lost(self._line.trouble)
        wanted = planned and self._breathing and not self._held
        if now_s >= self._next_try_s and (wanted is not self._level or now_s >= self._refresh_s):
            self._bring_to(wanted, now_s, self._due_s(planned, now_s))
        if planned is not self._planned:
            self._planned, self._planned_s = planned, now_s
        moments = [max(self._next_try_s, self._refresh_s)]
        if self._breathing:
            moments.append(self._heard_s + self._watchdog_s)
        change_s = self._line.next_look_s(now_s)
        if change_s is not None:
            moments.append(change_s)
        return min(moments)

    def end(self) -> None:
        """Close the gate, and let go of the output."""
        try:
            if not self._ready:
                self._output.open()
            self._output.write(False)
        except WireError as error:
            self._tell({"said": "trouble", "text": str(error)})
        self._output.close()
        self._line.close()

    def _listen_for_breath(self, now_s: float) -> None:
        breathing = now_s - self._heard_s < self._watchdog_s
        if breathing is not self._breathing:
            self._breathing = breathing
            self._tell({"said": "breath", "heard": breathing})

    def _due_s(self, planned: bool, now_s: float) -> float:
        """Return when a part asked for the move that is due; now, where something else does."""
        if planned is self._planned:
            return now_s
        return self._line.since_s(now_s, self._planned_s)

    def _bring_to(self, wanted: bool, now_s: float, due_s: float) -> None:
        try:
            if not self._ready:
                self._output.open()
                self._ready = True
            moved = wanted is not self._level
            self._output.write(wanted)
            if now_s >= self._refresh_s:
                self._output.beat()
                self._refresh_s = now_s + REFRESH_S
        except WireError as error:
            self._ready, self._level = False, None
            self._next_try_s = monotonic() + self._pause_s
            self._pause_s = min(2 * self._pause_s, RETRY_LONGEST_S)
            self._note(str(error))
            return
        self._level, self._pause_s = wanted, RETRY_FIRST_S
        self._note(None)
        if moved:
            self._tell({"said": "moved", "open": wanted, "due_s": due_s, "done_s": monotonic()})

    def _note(self, trouble: str | None) -> None:
        if trouble != self._trouble:
            self._trouble = trouble
            self._tell({"said": "trouble", "text": trouble})

    def _note_lost(self, lost: str | None) -> None:
        if lost != self._lost:
            self._lost = lost
            self._tell({"said": "lost", "text": lost})
