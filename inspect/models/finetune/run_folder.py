"""The folder beside a model where its training goes on, so that it survives being killed."""

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from ...core.errors import ModelError
from ...core.identity import Sha256
from ...core.whole_file import mend_of
from .plan import CODE, DATA, HOME, LAST, TRAIN, Plan

RUN = "run.json"
_MAY_DIFFER = frozenset({"data", "compare", "device", "threads"})
"""Where the run goes on may be another box."""
_OPTIONS = {"side_px": "--size", "epochs": "--epochs", "batch": "--batch", "seed": "--seed"} | {
    "start": "--weights or --network"
}
"""By which options a person says it; what else is in a plan follows from these and the images."""


def run_folder(output: Path) -> Path:
    """Return the folder of the run that makes `output`."""
    return output.with_name(f"{output.name}.run")


def open_run(folder: Path, plan: Plan, data: Sha256, *, resume: bool) -> bool:
    """Make the folder ready for a run; return whether one goes on that was begun before.

    Raises ModelError when an unfinished run would be lost that has learned something, or when it
    is not the one asked for.
    """
    if not folder.exists():
        if resume:
            raise ModelError(f"{folder}: no run to go on with; leave --resume out.")
        folder.mkdir()
        return False
    begun = _begun(folder)
    if resume and begun is not None:
        _check_same(folder, begun, plan, data)
        return True
    if begun is not None and not begun["finished"] and (folder / LAST).exists():
        raise ModelError(
            f"{folder}: holds a run that was interrupted; go on with --resume, or remove it."
        )
    shutil.rmtree(folder)
    folder.mkdir()
    return False


def mark_run(folder: Path, data: Sha256, *, finished: bool) -> None:
    """Note what a run is of, and whether its model is written; what only going on needs goes."""
    (folder / RUN).write_text(json.dumps({"data": data, "finished": finished}), encoding="utf-8")
    if finished:
        (folder / LAST).unlink(missing_ok=True)
        for name in (CODE, DATA, HOME, TRAIN):
            shutil.rmtree(folder / name, ignore_errors=True)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the run's folder for this process alone. Raises ModelError when another one has it."""
    lock = folder.with_name(f".{folder.name}.lock")
    with writing(folder):
        file = lock.open("w")
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ModelError(f"{folder}: another process trains there; wait for it.") from None
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn a failure to write into a sentence."""
    try:
        yield
    except OSError as error:
        raise ModelError(
            f"{folder}: cannot be written ({error.strerror}); {mend_of(error)}."
        ) from None


def _begun(folder: Path) -> dict[str, object] | None:
    """Return what is noted of the run in a folder; None when none was begun."""
    try:
        said = json.loads((folder / RUN).read_text(encoding="utf-8"))
    except FileNotFoundError:
        if any(folder.iterdir()):
            raise ModelError(f"{folder}: is no run's folder; move it away.") from None
        return None
    except ValueError:
        raise ModelError(f"{folder}: is no run's folder; move it away.") from None
    if not isinstance(said, dict) or not {"data", "finished"} <= said.keys():
        raise ModelError(f"{folder}: is no run's folder; move it away.")
    return said


def _check_same(folder: Path, begun: dict[str, object], plan: Plan, data: Sha256) -> None:
    if begun["finished"]:
        raise ModelError(f"{folder}: this run is finished; leave --resume out to run again.")
    if begun["data"] != data:
        raise ModelError(
            f"{folder}: the images, labels or region are not those it was begun with; "
            "restore them, or remove the folder to start anew."
        )
    before, now = asdict(Plan.read(folder)), asdict(plan)
    other = [key for key in now if key not in _MAY_DIFFER and now[key] != before[key]]
    if other:
        asked = _OPTIONS.keys() & set(other)
        said = ", ".join(_option(key, before[key]) for key in other if key in _OPTIONS or not asked)
        raise ModelError(f"{folder}: was begun with {said}; give the same options, or remove it.")


def _option(key: str, value: object) -> str:
    return f"{_OPTIONS.get(key, key)} {value}"
