"""Tries whether a broker lets this box in."""

import logging
import os
from threading import Event

from ..settings.tree import MqttSettings
from .link import Link

_LOOK_EVERY_S = 0.05


def broker_trouble(settings: MqttSettings, patience_s: float) -> str | None:
    """Connect once, and return why that failed, in a sentence; None when it did not."""
    logging.getLogger(__package__).setLevel(logging.ERROR)  # the answer is what is said
    connected = Event()
    visitor = Link(settings, f"knock:{os.getpid()}", on_connected=connected.set)
    visitor.open()
    left_s = patience_s
    while left_s > 0 and not connected.wait(_LOOK_EVERY_S) and visitor.trouble is None:
        left_s -= _LOOK_EVERY_S
    trouble = None if connected.is_set() else visitor.trouble
    visitor.close()
    if trouble is None and not connected.is_set():
        return f"broker {settings.host}:{settings.port}: does not answer; see its log."
    return trouble
