"""Loads model files, each in a process of its own, and says what was answered and what it took.

    python tests/weighed.py FILE...

prints a JSON list, an object for each file.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

MOST_ADDRESSES = 8_000_000_000
"""A file that would fill the memory of the machine fails here."""


@dataclass(frozen=True)
class Weighed:
    """What loading a file came to; processor time and memory, the interpreter's own included."""

    said: str
    cpu_s: float
    memory_mb: float


def weigh(paths: Sequence[Path], timeout_s: float = 120.0) -> list[Weighed]:
    """Load every file and return what it took, in their order."""
    done = subprocess.run(
        [sys.executable, __file__, *map(str, paths)],
        check=True,
        capture_output=True,
        text=True,
        timeout=timeout_s,
    )
    return [Weighed(**each) for each in json.loads(done.stdout)]


def _weigh(path: Path) -> Weighed:
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_ADDRESSES, MOST_ADDRESSES))
        os.write(write_end, _load(path).encode()[:2000])
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        said = pipe.read().decode()
    _, status, usage = os.wait4(child, 0)
    said = said if status == 0 else f"died of {status}"
    return Weighed(said, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e3)


def _load(path: Path) -> str:
    from edgeinspect.core.errors import ModelError
    from edgeinspect.models.judge import load_judge

    try:
        load_judge(path, threads=1)
    except ModelError as error:
        return str(error)
    except BaseException as error:  # noqa: BLE001 - it is the answer
        return f"traceback: {error!r}"
    return "taken"


if __name__ == "__main__":
    import edgeinspect.models.judge  # noqa: F401 - once, before the first fork

    print(json.dumps([asdict(_weigh(Path(each))) for each in sys.argv[1:]]))  # noqa: T201
