"""Tries whether a broker lets this box in."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from ..settings.tree import MqttSettings
from .link import Link

_LOOK_EVERY_S = 0.05


def answers(settings: MqttSettings, patience_s: float) -> bool:
    """Try to connect until that succeeds or `patience_s` have passed, and say which it was."""
    with _visitor(settings) as (_, connected):
        return connected.wait(patience_s)


def broker_trouble(settings: MqttSettings, patience_s: float) -> str | None:
    """Connect once, and return why that failed, in a sentence; None when it did not."""
    with _visitor(settings) as (visitor, connected):
        left_s = patience_s
        while left_s > 0 and not connected.wait(_LOOK_EVERY_S) and visitor.trouble is None:
            left_s -= _LOOK_EVERY_S
        trouble = None if connected.is_set() else visitor.trouble
    if trouble is None and not connected.is_set():
        return f"broker {settings.host}:{settings.port}: does not answer; see its log."
    return trouble


@contextmanager
def _visitor(settings: MqttSettings) -> Iterator[tuple[Link, Event]]:
    """Give a connection that is being made, and what tells that it stands."""
    connected = Event()
    visitor = Link(settings, f"knock:{os.getpid()}", on_connected=connected.set, quiet=True)
    visitor.open()
    try:
        yield visitor, connected
    finally:
        visitor.close()
