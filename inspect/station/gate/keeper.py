"""The station's side of the gate: starts the guard, tells it of parts and verdicts, and beats."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextlib import suppress
from dataclasses import asdict, replace
from threading import Event, RLock, Thread
from time import monotonic
from typing import Any

from ...core.health import GateHealth
from ...core.recipe import GateTiming
from ...core.verdict import Verdict
from .guard import Watch
from .tally import Tally
from .underway import Underway
from .unseen import Unseen

COMMIT_WAIT_S = 0.005
"""How long a good part waits for its verdict to be on the disk before it may pass all the same."""
GUARD = "edgeinspect.station.gate.guard"
BEAT_S = 0.25
"""The longest pause between beats, so that a station that is paused soon has its gate closed."""
RESTART_FIRST_S, RESTART_LONGEST_S = 0.25, 5.0
STEADY_S = 10.0
"""A guard that lived so long is started again at once."""
FAREWELL_S = 4.0
"""So long a guard may take to close the gate; it waits 1 s for an answer, and 2 s to connect."""

_log = logging.getLogger(__name__)


class Keeper:
    """Keeps a guard at the gate; the loop never waits for it, whatever the guard does.

    `is_held` says whether the gate is to be shut for now; `tell` hears what is wrong with the
    gate, in a sentence, or None, as often as it is asked for.
    """

    def __init__(
        self,
        watch: Watch,
        timing: GateTiming,
        is_held: Callable[[], bool],
        tell: Callable[[str | None], object],
    ) -> None:
        self._watch = watch
        self._timing = timing
        self._is_held = is_held
        self._tell = tell
        self._tally = Tally()
        self._lock = RLock()
        self._parts = 0
        self._guard: subprocess.Popen[bytes] | None = None
        self._busy_since_s: float | None = None
        self._underway = Underway()
        self._unseen = Unseen()
        self._closing = Event()
        self._threads = tuple(
            Thread(target=work, name=name, daemon=True)
            for name, work in (("gate-guard", self._keep_guard), ("gate-beats", self._beat))
        )

    def open(self) -> None:
        """Begin: the gate opens when the guard hears the first beat."""
        for thread in self._threads:
            thread.start()

    def rest(self, timing: GateTiming) -> None:
        """Let the gate stand as `timing` says while no part is at it, and go by it from now on."""
        with self._lock:
            self._timing = timing
            self._watch = replace(self._watch, rests_open=timing.rests == "open")
            self._say(do="rest", open=self._watch.rests_open)

    def foresee(self, captured_s: float, part: int | None) -> int:
        """Announce a part, or correct its time; without a verdict in time it is rejected."""
        return self._announce(captured_s, part, self._timing)

    def expect(self, captured_s: float, part: int | None, timing: GateTiming) -> int:
        """Note that a part is judged from now on, and announce it where nobody did."""
        self._busy_since_s = monotonic()
        return self._announce(captured_s, None, timing) if part is None else part

    def act(self, part: int, verdict: Verdict, timing: GateTiming, written: Future[bytes]) -> None:
        """Pass on a verdict. One that lets its part through is on the disk before, if that takes
        no longer than a moment; a part that is stopped needs nothing to be stopped by.
        """
        good = verdict not in timing.rejects
        if good:
            wait((written,), COMMIT_WAIT_S)
        self._say(do="rule", part=part, good=good)
        self._busy_since_s = None

    def health(self) -> GateHealth:
        """Return what went wrong so far, and how fast the gate moves."""
        return self._tally.health()

    def close(self) -> None:
        """Close the gate and end the guard; may be called twice."""
        self._closing.set()
        with self._lock:
            guard = self._guard
            if guard is not None and guard.stdin is not None and not guard.stdin.closed:
                guard.stdin.close()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(FAREWELL_S)
        if guard is not None and guard.poll() is None:
            guard.kill()
            guard.wait()
            _log.error("the guard of the gate did not end in %s s: look at the gate", FAREWELL_S)

    @property
    def _by_count(self) -> bool:
        return self._watch.encoder is not None

    def _announce(self, captured_s: float, part: int | None, timing: GateTiming) -> int:
        with self._lock:
            if part is None:
                part = self._parts = self._parts + 1
            delay, hold = self._underway.add(captured_s, timing, by_count=self._by_count)
            self._say(do="expect", part=part, captured_s=captured_s, delay=delay, hold=hold)
        return part

    def _announce_unseen(self, since_s: float, until_s: float) -> None:
        """Have what passed the camera meanwhile rejected: no verdict ever comes on it."""
        with self._lock:
            self._parts += 1
            delay, hold = self._underway.add(until_s, self._timing, by_count=self._by_count)
            span = {"since_s": since_s, "until_s": until_s, "delay": delay, "hold": hold}
            self._say(do="unseen", part=self._parts, **span)

    def _say(self, **said: object) -> None:
        """Write a line, whole or not at all; after one that is lost nothing passes for a while."""
        line = json.dumps(said).encode() + b"\n"
        with self._lock:
            guard = self._guard
            if guard is not None and guard.stdin is not None and not guard.stdin.closed:
                with suppress(BlockingIOError, BrokenPipeError):
                    os.write(guard.stdin.fileno(), line)
                    return
            self._underway.lose()

    def _beat(self) -> None:
        pace_s, last_s = min(BEAT_S, self._watch.watchdog_s / 4), monotonic()
        while not self._closing.wait(pace_s):
            now_s, busy_since_s = monotonic(), self._busy_since_s
            held, stood_still = self._is_held(), now_s - last_s > self._watch.watchdog_s
            if stood_still:
                self._tally.note_standstill(now_s - last_s, now_s)
            if span := self._unseen.look(now_s, seeing=not (held or stood_still)):
                self._announce_unseen(*span)
            last_s = now_s
            stuck = busy_since_s is not None and now_s - busy_since_s > self._watch.watchdog_s
            self._tally.note_stuck(stuck, self._watch.watchdog_s)
            if not stuck:
                with self._lock:
                    if counts := self._underway.take_lost_counts():
                        self._say(do="lose", span=counts)
                    self._say(do="beat", held=held or self._underway.holds(now_s))
            self._tell(self._tally.trouble(now_s))

    def _keep_guard(self) -> None:
        pause_s = 0.0
        while not self._closing.wait(pause_s):
            started_s = monotonic()
            try:
                code: int | str = self._be_with_a_guard()
            except OSError as error:
                code = str(error.strerror)
            if self._closing.is_set():
                return
            self._tally.note_guard_ended(code)
            steady = monotonic() - started_s > STEADY_S
            pause_s = RESTART_FIRST_S if steady else min(2 * pause_s or 0.25, RESTART_LONGEST_S)

    def _be_with_a_guard(self) -> int:
        """Start a guard and listen to it until it ends; return its exit status."""
        guard = subprocess.Popen(
            [sys.executable, "-m", GUARD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # a terminal's Ctrl-C is for the station
        )
        assert guard.stdin is not None
        assert guard.stdout is not None
        with guard.stdout:
            os.set_blocking(guard.stdin.fileno(), False)
            with self._lock:
                self._underway.lose()
                self._guard = guard
                self._say(**asdict(self._watch))
                if self._closing.is_set():
                    guard.stdin.close()
            for line in guard.stdout:
                said: dict[str, Any] = json.loads(line)
                self._tally.note(said, monotonic())
        code = guard.wait()
        with self._lock:
            self._guard = None
            with suppress(OSError):
                guard.stdin.close()
        return code
