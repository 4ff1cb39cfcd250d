"""A day's work of a triggered station: every trigger accounted for, and memory flat.

    python -m benchmarks.camera.day --triggers 864000 --judge null
    python -m benchmarks.camera.day --triggers 50000 --judge real [--rate 10]

A real broker, server (SQLite) and station in processes of their own. The camera is simulated, with
jitter, lost frames, and now and then it is gone for a moment; triggers come as fast as they are
inspected, or at `--rate` a second. It ends with status 1 when a trigger is neither inspected nor
recorded as missed, or twice.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import cv2
import numpy as np

from benchmarks.ingest.processes import ROOT, free_port, running
from benchmarks.models.peers.machine import described

from .accounts import Accounts, Sample, accounts, recorded, slope_mb

SAMPLE = ROOT / "datasets" / "sample"
CAMERA_RATES = {"null": 500.0, "real": 100.0}
SAMPLES = 20
LOOK_S = 0.25
STILL_S = 60.0
"""Without any record for so long nothing more is awaited."""


@dataclass(frozen=True, slots=True)
class Day:
    """What came out: the clock's own count, the records', and the samples of each process."""

    told: dict[str, Any]
    found: Accounts
    samples: dict[str, list[Sample]]


def main() -> None:
    given = _asked()
    print(f"{described(1)}, load average {os.getloadavg()[0]:.1f}", flush=True)
    with tempfile.TemporaryDirectory(prefix="edgeinspect-day-") as name:
        day = _work(Path(name), given.triggers, given.rate, given.judge)
    print(_report(day))
    sys.exit(0 if _all_accounted_for(day) else 1)


def _work(folder: Path, parts: int, rate: float, judge: str) -> Day:
    records, mqtt_port, http_port = folder / "records.sqlite3", free_port(), free_port()
    _settings(folder, mqtt_port, http_port, _camera(folder, judge, rate))
    with ExitStack() as stack:
        stack.enter_context(running("broker", folder, mqtt_port))
        server = stack.enter_context(running("server", folder, http_port))
        station = stack.enter_context(_station(folder, parts, rate, judge))
        pids = {"station": station.pid, "server": server}
        samples = _until_recorded(station, records, parts, pids)
        assert station.stdout is not None
        told: dict[str, Any] = json.loads(station.stdout.readline() or "{}")
    return Day(told, accounts(records), samples)


def _until_recorded(
    station: "subprocess.Popen[str]", records: Path, parts: int, pids: dict[str, int]
) -> dict[str, list[Sample]]:
    samples: dict[str, list[Sample]] = {name: [] for name in pids}
    start_s = moved_s = monotonic()
    done, pause = 0, Event()
    while done < parts and monotonic() - moved_s < STILL_S and station.poll() is None:
        pause.wait(LOOK_S)
        before, done = done, recorded(records)
        if done > before:
            moved_s = monotonic()
        if before == 0 and done > 0:
            start_s = monotonic()
        if done * SAMPLES // parts > before * SAMPLES // parts:
            for name, pid in pids.items():
                samples[name].append(Sample.of(pid, done, monotonic() - start_s))
            print(_line("station", samples["station"][-1]), flush=True)
    return samples


@contextmanager
def _station(
    folder: Path, parts: int, rate: float, judge: str
) -> Iterator["subprocess.Popen[str]"]:
    options = ("--config", folder / "edgeinspect.toml", "--data", folder, "--triggers", parts)
    command = [sys.executable, "-m", "benchmarks.camera.line", *map(str, options)]
    process = subprocess.Popen(
        [*command, "--rate", str(rate), "--judge", judge],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def _settings(folder: Path, mqtt_port: int, http_port: int, camera: str) -> None:
    teach = [sys.executable, "-m", "edgeinspect.cli.main", "teach", SAMPLE]
    command = [*map(str, teach), "-o", str(folder / "washer.onnx")]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    (folder / "recipe.toml").write_text(
        "read_serial = false\n[evidence]\nevery_nth_pass = 1000\n", encoding="utf-8"
    )
    (folder / "edgeinspect.toml").write_text(
        f'log_level = "error"\n[mqtt]\nport = {mqtt_port}\n[server]\nport = {http_port}\n'
        f'[station]\ncamera = "{camera}"\ntrigger = "mqtt:"\n'
        f'model = "{folder / "washer.onnx"}"\nrecipe = "{folder / "recipe.toml"}"\n',
        encoding="utf-8",
    )


def _camera(folder: Path, judge: str, rate: float) -> str:
    pictures = folder / "pictures"
    pictures.mkdir()
    if judge == "null":
        noise = np.random.default_rng(0)
        for number in range(8):
            picture = noise.integers(0, 255, (48, 64, 3), np.uint8)
            cv2.imwrite(str(pictures / f"{number}.png"), picture)
    else:
        for path in sorted((SAMPLE / "test").rglob("*.*")):
            shutil.copy(path, pictures / f"{path.parent.name}-{path.name}")
    shown = min(1000.0, 1.5 * rate) if rate else CAMERA_RATES[judge]
    faults = f"jitter=0.5&drop=0.01&lose_every={int(shown * 60)}&away_s=0.2"
    return f"simulated:{pictures}?rate={shown:g}&{faults}"


def _all_accounted_for(day: Day) -> bool:
    found = day.found
    taken = day.told.get("sent", -1) - day.told.get("refused", 0)
    return found.records == found.serials == taken and found.holes == 0


def _report(day: Day) -> str:
    found, told = day.found, day.told
    lines = [
        f"triggers sent {told.get('sent')} = inspected {found.inspected} + missed "
        f"{sum(found.missed.values())} + refused {told.get('refused')}",
        *(f"  missed {count}: {why}" for why, count in sorted(found.missed.items())),
        f"holes {found.holes}, duplicates {found.records - found.serials}",
    ]
    for name, samples in day.samples.items():
        lines += [_line(name, sample) for sample in (*samples[:1], *samples[-1:])]
        lines.append(f"{name}: memory grows by {slope_mb(samples):.2f} MB for 100,000 parts")
        lines += [_pace(name, *pair) for pair in zip(samples[:1], samples[-1:], strict=True)]
    return "\n".join(lines)


def _pace(name: str, first: Sample, last: Sample) -> str:
    parts = max(1, last.parts - first.parts)
    per_second = parts / max(1e-9, last.seconds - first.seconds)
    cpu_us = (last.cpu_s - first.cpu_s) / parts * 1e6
    return f"{name}: {per_second:.0f} parts a second, {cpu_us:.0f} us of a processor each"


def _line(name: str, sample: Sample) -> str:
    return (
        f"{name} at {sample.parts} parts, {sample.seconds:.0f} s: {sample.memory_mb:.1f} MB, "
        f"{sample.threads} threads, {sample.descriptors} descriptors"
    )


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--triggers", type=int, default=864_000)
    parser.add_argument("--judge", choices=["null", "real"], default="null")
    parser.add_argument(
        "--rate", type=float, default=0.0, help="triggers a second; 0 is all it can"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
