"""How the trainer speaks to the product: a line of JSON for each event. Standard library only."""

import ctypes
import json
import os
import signal
import sys
from typing import Any, TextIO

PR_SET_PDEATHSIG = 1
"""Of prctl(2): the signal this process gets when the one that started it ends."""


def tie_to(parent: int) -> None:
    """End with the process `parent`, whatever ends that; Ctrl-C is for it alone."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit("the program that started this is gone")


def take_output(log: str) -> TextIO:
    """Return what was standard output; all that is printed from now on goes to the file `log`."""
    events = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.close(file)
    return events


def say(events: TextIO, event: str, **fields: Any) -> None:
    """Send one event."""
    events.write(json.dumps({"event": event, **fields}) + "\n")
