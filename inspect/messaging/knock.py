"""Tries whether a broker lets this box in."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event

from ..settings.tree import MqttSettings
from .link import Link

_LOOK_EVERY_S = 0.05


@dataclass(frozen=True, slots=True)
class BrokerTrouble:
    """Why a broker did not let this box in, in a sentence; `absent` when nothing answers there."""

    sentence: str
    absent: bool


def answers(settings: MqttSettings, patience_s: float) -> bool:
    """Try to connect until that succeeds or `patience_s` have passed, and say which it was."""
    with _visitor(settings) as (_, connected):
        return connected.wait(patience_s)


def broker_trouble(settings: MqttSettings, patience_s: float) -> BrokerTrouble | None:
    """Connect once, and return why that failed; None when it did not."""
    with _visitor(settings) as (visitor, connected):
        left_s = patience_s
        while left_s > 0 and not connected.wait(_LOOK_EVERY_S) and visitor.trouble is None:
            left_s -= _LOOK_EVERY_S
        if connected.is_set():
            return None
        if visitor.trouble is not None:
            return BrokerTrouble(visitor.trouble, visitor.nobody_there)
    where = f"broker {settings.host}:{settings.port}"
    return BrokerTrouble(f"{where}: does not answer; see its log.", absent=True)


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
