"""An act that will not end, or that somebody cancels, holds up nobody."""

import asyncio
from contextlib import suppress
from time import monotonic

import pytest

from edgeinspect.station.wires.act_loop import ActLoop


async def _stubborn() -> None:
    for _ in range(3):
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(3600)


async def _cancelled() -> None:
    raise asyncio.CancelledError


async def _answer() -> int:
    await asyncio.sleep(0)
    return 42


def test_an_act_that_will_not_be_cancelled_is_left_at_its_limit() -> None:
    loop, began_s = ActLoop(), monotonic()
    with pytest.raises(TimeoutError):
        loop.run(_stubborn(), 0.05)
    assert loop.run(_answer(), 5.0) == 42
    loop.end(0.5)
    assert monotonic() - began_s < 20


def test_what_a_library_cancels_is_a_broken_connection() -> None:
    loop = ActLoop()
    with pytest.raises(ConnectionError):
        loop.run(_cancelled(), 5.0)
    loop.end(0.5)
