"""The station of the day's work: its triggers come by the clock, its judge may answer at once.

    python -m benchmarks.camera.line --config FILE --data FOLDER --triggers N --rate R --judge null

All else is the product's: camera thread, pairing, loop, ledger, outbox, delivery. Says in a line of
JSON when the last trigger was told, and ends when it is asked to.
"""

import argparse
import json
import logging
import signal
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any

from edgeinspect.camera.triggered import TriggeredBasket
from edgeinspect.cli.options import settings_of
from edgeinspect.core.errors import MessagingError
from edgeinspect.core.frame import Frame, Image
from edgeinspect.core.inspection import ModelRef
from edgeinspect.core.judgement import Judgement
from edgeinspect.core.manifest import ModelManifest
from edgeinspect.core.part import PartContext
from edgeinspect.models.judge import ModelJudge, load_judge
from edgeinspect.station import changeover
from edgeinspect.station.run import StopRequest, run_station
from edgeinspect.station.triggers import open as triggers
from edgeinspect.station.triggers.wire import Ear

AHEAD, LOOK_S = 6, 0.0005


class NullJudge:
    """Finds every part good, at once."""

    def __init__(self, real: ModelJudge) -> None:
        manifest = real.manifest
        small = {"min_width_px": 16, "min_height_px": 16}
        frames = manifest.taught_frames.model_copy(update=small)
        update = {"taught_gates": None, "taught_frames": frames}
        self.manifest: ModelManifest = manifest.model_copy(update=update)
        self.ref: ModelRef = real.ref
        self._answer = Judgement(real.manifest.threshold.value - 1.0)

    def judge(self, image: Image, threshold: float) -> Judgement:  # noqa: ARG002
        return replace(self._answer)


class CountedBasket(TriggeredBasket):
    """The product's, which also says how many triggers were handed out; there is one of it."""

    handed_out = 0
    newest: "CountedBasket"

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        CountedBasket.newest = self

    def take(self) -> Frame | None:
        frame = super().take()
        self.handed_out += 1
        return frame


class Clock:
    """A wire that tells of a part so often a second, each with a serial of its own.

    With the rate 0 it tells of the next one as soon as fewer than `AHEAD` wait.
    """

    trouble = None

    def __init__(self, ear: Ear, triggers: int, rate: float) -> None:
        self._ear, self._triggers, self._rate = ear, triggers, rate
        self._closing = Event()
        self._thread = Thread(target=self._run, name="trigger", daemon=True)

    def open(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        self._thread.join()

    def _run(self) -> None:
        refused, start_s = 0, monotonic()
        for number in range(1, self._triggers + 1):
            if self._closed_before(start_s, number):
                return
            try:
                self._ear.hear(monotonic(), PartContext(serial=f"T{number:07d}"))
            except MessagingError:
                refused += 1
        took_s = monotonic() - start_s
        said = {"sent": self._triggers, "refused": refused, "seconds": took_s}
        print(json.dumps(said), flush=True)

    def _closed_before(self, start_s: float, number: int) -> bool:
        """Wait until it is time for this part; say whether the wire was closed before."""
        if self._rate:
            return self._closing.wait(max(0.0, start_s + number / self._rate - monotonic()))
        basket = CountedBasket.newest
        while basket.heard - basket.handed_out >= AHEAD:
            if self._closing.wait(LOOK_S):
                return True
        return self._closing.is_set()


def main() -> None:
    given = _asked()
    logging.basicConfig(level=logging.ERROR)
    if given.judge == "null":

        def load(path: Path, **options: Any) -> NullJudge:
            return NullJudge(load_judge(path, **options))

        changeover.load_judge = load  # type: ignore[assignment, attr-defined]

    def clock(ear: Ear, *_others: object) -> Clock:
        return Clock(ear, given.triggers, given.rate)

    triggers.TriggeredBasket = CountedBasket  # type: ignore[attr-defined]
    triggers.MqttWire = clock  # type: ignore[assignment, attr-defined]
    stop = StopRequest()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stop.ask())
    run_station(settings_of(given.config, given.data), stop)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--triggers", type=int)
    parser.add_argument("--rate", type=float)
    parser.add_argument("--judge", choices=["null", "real"])
    return parser.parse_args()


if __name__ == "__main__":
    main()
