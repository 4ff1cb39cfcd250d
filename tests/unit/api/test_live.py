"""The broadcast to open pages, without a network between."""

import asyncio

from edgeinspect.api.live import BACKLOG, Live
from edgeinspect.records.events import EvidenceStored


def test_a_slow_listener_loses_the_oldest_and_is_told() -> None:
    async def follow() -> list[bytes]:
        live = Live()
        stream = live.listen()
        heard = [await anext(stream)]
        for number in range(BACKLOG + 3):
            live.publish(EvidenceStored(f"{number}"))
        await asyncio.sleep(0)  # the loop delivers what was published from outside of it
        heard.append(await anext(stream))
        await stream.aclose()
        return heard

    _, events = asyncio.run(follow())
    first, *kept = events.split(b"\n\n")[:-1]
    assert first == b'event: dropped\ndata: {"events":3}'
    assert len(kept) == BACKLOG
    assert kept[0].endswith(b'{"sha256":"3"}')


def test_a_silent_stream_shows_that_it_lives() -> None:
    async def follow() -> list[bytes]:
        stream = Live().listen(heartbeat_s=0.001)
        heard = [await anext(stream), await anext(stream)]
        await stream.aclose()
        return heard

    assert asyncio.run(follow()) == [b": connected\n\n", b": nothing new\n\n"]


def test_nobody_listening_costs_nothing_and_breaks_nothing() -> None:
    async def leave(live: Live) -> None:
        stream = live.listen()
        await anext(stream)
        await stream.aclose()

    live = Live()
    live.publish(EvidenceStored("a"))
    asyncio.run(leave(live))
    live.publish(EvidenceStored("b"))
    assert not live._listeners
