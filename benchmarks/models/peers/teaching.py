"""Everyone is taught once, alone, from the same images."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

from .entries import Entry
from .environments import python_of
from .talk import Worker, WorkerError

RECORD = "taught.json"


@dataclass(frozen=True, slots=True)
class Taught:
    """How long it took from the start of the process to what can be opened; or why it failed."""

    seconds: float | None = None
    failed: str | None = None


def taught(entry: Entry, folder: Path, images: Sequence[Path]) -> Taught:
    """Teach the entry in its folder under `folder`, unless that was done before."""
    place = folder / entry.folder
    record = place / RECORD
    if not record.is_file():
        print(f"teaching: {entry.name}, {entry.backbone}", file=sys.stderr)
        try:
            done = _teach(entry, place, images)
        except WorkerError as error:
            return Taught(failed=str(error))
        except subprocess.CalledProcessError as error:
            return Taught(failed=f"its environment could not be installed ({error.returncode})")
        record.write_text(json.dumps(asdict(done)))
    return Taught(**json.loads(record.read_text()))


def _teach(entry: Entry, place: Path, images: Sequence[Path]) -> Taught:
    python = python_of(entry.environment)
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    start = perf_counter()
    with Worker(python, place, ["teach", entry.module, entry.folder, str(place)]) as worker:
        worker.ask([str(image) for image in images])
        seconds = perf_counter() - start
        worker.answer()
    return Taught(seconds)
