"""Those of one task and runtime, all open at once, judging in turns."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Self

from .entries import Entry
from .environments import python_of
from .talk import Worker, WorkerError
from .turns import turns

BLOCK = 10
"""Images that one judges before the next has its turn."""

Judged = list[dict[str, Any]]
"""For each image `ms`, `score` and `boxes`."""


@dataclass(slots=True)
class Serving:
    """Open workers by key, and why the others are not among them."""

    workers: dict[str, Worker] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def of(
        cls, entries: Sequence[Entry], runtime: str, folder: Path, threads: int
    ) -> Iterator[Self]:
        """Open every entry in `runtime`; all end with the context."""
        serving = cls()
        with ExitStack() as stack:
            for entry in entries:
                place = folder / entry.folder
                what = ["serve", entry.module, entry.key, str(place), runtime, str(threads)]
                print(f"opening: {entry.name}, {entry.backbone}, {runtime}", file=sys.stderr)
                worker = Worker(python_of(entry.environment), place, what)
                serving.workers[entry.key] = stack.enter_context(worker)
                serving._hear(entry.key, worker.answer)
            yield serving

    def judged(
        self, keys: Sequence[str], images: Sequence[Path], rounds: int = 1
    ) -> dict[str, Judged]:
        """Return what each of `keys` says of the images; who dies on the way is left out."""
        said: dict[str, Judged] = {key: [] for key in keys}
        for key, block in turns(keys, [str(image) for image in images], BLOCK, rounds):
            if key in self.workers:
                said[key] += self._hear(key, partial(self.workers[key].ask, block)) or []
        return {key: said[key] for key in keys if key in self.workers}

    def memory_mb(self, key: str) -> float:
        """Return the most memory that a worker ever had. Raises WorkerError."""
        return float(self.workers[key].ask(None))

    def _hear(self, key: str, speak: Callable[[], Any]) -> Any:
        try:
            return speak()
        except WorkerError as error:
            self.failed[key] = str(error)
            del self.workers[key]
            return None
