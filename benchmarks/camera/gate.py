"""From capture to the verdict at the gate, beside the judge's own time in the same run.

    python -m benchmarks.camera.gate [--parts 1000] [--rate 10] [--threads 2] [--no-serial]

The product's station with the sample's model and pictures, a real broker, and a gate at a real
Modbus server. The way ends when the guard of the gate is told of the verdict. The bar: its 99th
percentile is at most 1.5 times the judge's own, at 10 parts a second on two processors.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from benchmarks.ingest.processes import ROOT, free_port, running, wait_for_port
from benchmarks.models.peers.machine import described
from edgeinspect.cli.options import settings_of
from edgeinspect.core.frame import Image
from edgeinspect.core.judgement import Judgement
from edgeinspect.core.recipe import GateTiming
from edgeinspect.core.verdict import Verdict
from edgeinspect.models.judge import load_judge
from edgeinspect.station import changeover
from edgeinspect.station.gate import gate
from edgeinspect.station.gate.keeper import Keeper
from edgeinspect.station.run import StopRequest, run_station

SAMPLE = ROOT / "datasets" / "sample"
WARM_UP = 20
BAR = 1.5
PLC = "import sys, threading; from plc import plc\nwith plc(int(sys.argv[1])): sys.stdin.read()"


class TimedJudge:
    """The real judge, with a note of what each part took; `spent_ms` is one list for all."""

    spent_ms: list[float] = []  # noqa: RUF012 - there is one station in this process

    def __init__(self, judge: Any) -> None:
        self._judge = judge

    def __getattr__(self, name: str) -> Any:
        return getattr(self._judge, name)

    def judge(self, image: Image, threshold: float) -> Judgement:
        start_s = monotonic()
        judgement: Judgement = self._judge.judge(image, threshold)
        self.spent_ms.append((monotonic() - start_s) * 1e3)
        return judgement


class TimedKeeper(Keeper):
    """The product's, with a note of the time from a part's capture until its verdict is passed."""

    way_ms: list[float] = []  # noqa: RUF012 - there is one station in this process
    _captured_s = 0.0

    def expect(self, captured_s: float, part: int | None, timing: GateTiming) -> int:
        self._captured_s = captured_s
        return super().expect(captured_s, part, timing)

    def act(self, part: int, verdict: Verdict, timing: GateTiming, written: Future[bytes]) -> None:
        super().act(part, verdict, timing, written)
        self.way_ms.append((monotonic() - self._captured_s) * 1e3)


def main() -> None:
    given = _asked()
    print(f"{described(given.threads)}, load average {os.getloadavg()[0]:.1f}", flush=True)

    def load(path: Path, **options: Any) -> TimedJudge:
        return TimedJudge(load_judge(path, **options))

    changeover.load_judge = load  # type: ignore[assignment, attr-defined]
    gate.Keeper = TimedKeeper  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory(prefix="edgeinspect-gate-") as name:
        folder, port, coils = Path(name), free_port(), free_port()
        _settings(folder, port, coils, given)
        with running("broker", folder, port), _plc(coils):
            # Nothing records the parts here: the stop ends the wait for that.
            stop = StopRequest()
            TimedKeeper.close = _asking(stop)  # type: ignore[method-assign]
            run_station(settings_of(folder / "edgeinspect.toml", folder), stop, given.parts)
    judge, way = TimedJudge.spent_ms[WARM_UP:], TimedKeeper.way_ms[WARM_UP:]
    print(
        _line("the judge alone", judge), _line("capture to the verdict at the gate", way), sep="\n"
    )
    ratio = np.percentile(way, 99) / np.percentile(judge, 99)
    print(f"p99 of the way is {ratio:.2f} times the judge's; the bar is {BAR}")


def _asking(stop: StopRequest) -> Any:
    close = Keeper.close

    def closing(keeper: TimedKeeper) -> None:
        stop.asked.set()
        close(keeper)

    return closing


def _line(what: str, of_ms: Sequence[float]) -> str:
    p50, p99 = np.percentile(of_ms, [50, 99])
    return f"{what}, {len(of_ms)} parts: p50 {p50:.1f}, p99 {p99:.1f}, worst {max(of_ms):.1f} ms"


def _settings(folder: Path, mqtt_port: int, coils: int, given: argparse.Namespace) -> None:
    teach = [sys.executable, "-m", "edgeinspect.cli.main", "teach", SAMPLE, "-o"]
    command = [*map(str, teach), str(folder / "washer.onnx")]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    reads = "false" if given.no_serial else "true"
    recipe = f"read_serial = {reads}\n[gate]\ndelay_ms = 2000\nhold_ms = 50\n"
    (folder / "recipe.toml").write_text(recipe, encoding="utf-8")
    (folder / "edgeinspect.toml").write_text(
        f'log_level = "error"\n[mqtt]\nport = {mqtt_port}\n[station]\nthreads = {given.threads}\n'
        f'camera = "simulated:{SAMPLE / "test" / "good"}?rate={given.rate:g}&grab=every"\n'
        f'actuator = "modbus://127.0.0.1:{coils}/coil/12"\n'
        f'model = "{folder / "washer.onnx"}"\nrecipe = "{folder / "recipe.toml"}"\n',
        encoding="utf-8",
    )


@contextmanager
def _plc(port: int) -> Iterator[None]:
    """Run the tests' Modbus server as a process."""
    paths = os.pathsep.join([str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-c", PLC, str(port)]
    server = subprocess.Popen(
        command, stdin=subprocess.PIPE, env=os.environ | {"PYTHONPATH": paths}
    )
    try:
        wait_for_port(port)
        yield
    finally:
        assert server.stdin is not None
        server.stdin.close()
        server.wait(20)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--parts", type=int, default=1000)
    parser.add_argument("--rate", type=float, default=10.0, help="parts a second")
    parser.add_argument("--threads", type=int, default=2, help="of the judge")
    parser.add_argument("--no-serial", action="store_true", help="do not look for the part's code")
    return parser.parse_args()


if __name__ == "__main__":
    main()
