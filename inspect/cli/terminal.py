"""What the commands write to, and how a long task shows its progress."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ..core.whole_file import replace_file

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

OnProgress = Callable[[int, int], None]
"""Called with how much is done and how much there is."""


def plain(text: str) -> str:
    """Return `text` without control signs: file and model names may be anyone's."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def print_json(document: Any) -> None:
    """Write a document a program may read, alone on standard output."""
    out.file.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def write_json(path: Path, document: Any) -> None:
    """Write a document to a file, whole or not at all."""
    replace_file(path, (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode())


def tell(said: str) -> None:
    """Say a sentence on standard error, as it is."""
    err.print(said, markup=False)


@contextmanager
def progress(title: str) -> Iterator[OnProgress]:
    """Show a bar with the time left on standard error while the block runs."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True) as bars:
        task = bars.add_task(title, total=None)

        def update(done: int, total: int) -> None:
            bars.update(task, completed=done, total=total)

        yield update
