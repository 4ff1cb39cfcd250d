"""Watches a running demo and shows how it goes."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from rich.live import Live
from rich.text import Text

from ...core.errors import RecordsError
from ...core.inspection import Inspection
from ..client import ServerClient
from ..supervisor import Keeper
from ..terminal import err
from .stage import is_free

GLANCE_S = 1.0
PAGE = 500


async def watch_until(finished: asyncio.Event | None, client: ServerClient) -> None:
    """Show the counts every second, until `finished` is set; for ever when it is None."""
    with Live(Text("waiting for the first part"), console=err, transient=True) as live:
        while finished is None or not finished.is_set():
            live.update(await asyncio.to_thread(_glance, client))
            await _pause(finished)


async def port_taken(keepers: Mapping[str, Keeper], ports: Mapping[str, int]) -> str:
    """Wait until a service has died because its port is another's, and return the service."""
    deaths = [asyncio.ensure_future(_died(keepers[each], ports[each])) for each in ports]
    try:
        await asyncio.wait(deaths, return_when=asyncio.FIRST_COMPLETED)
        return next(each for each, death in zip(ports, deaths, strict=True) if death.done())
    finally:
        for death in deaths:
            death.cancel()


async def _died(keeper: Keeper, port: int) -> None:
    while True:
        await keeper.died.wait()
        if not is_free(port):
            return
        keeper.died.clear()  # it died of something else, and is started again


def all_inspections(client: ServerClient, boots: set[UUID]) -> tuple[Inspection, ...]:
    """Return every recorded inspection of these boots, the newest first."""
    return tuple(each for each in _pages(client) if each.boot in boots)


def count_holes(client: ServerClient, station: str) -> int:
    """Return how many inspections the server knows to be missing at `site/line/station`."""
    stations = client.get("/stations")["items"]
    return sum(
        each["holes"]
        for each in stations
        if f"{each['site']}/{each['line']}/{each['station']}" == station
    )


def _pages(client: ServerClient) -> Iterator[Inspection]:
    query: dict[str, str | int] = {"limit": PAGE}
    while True:
        page = client.get("/inspections", **query)
        yield from map(Inspection.model_validate, page["items"])
        if page["next_cursor"] is None:
            return
        query["cursor"] = page["next_cursor"]


def _glance(client: ServerClient) -> Text:
    try:
        total: dict[str, Any] = client.get("/rates", bucket="day")["total"]
    except RecordsError:
        return Text("waiting for the server")
    return Text.assemble(
        f"inspected {total['inspected']}   ",
        (f"OK {total['passed']}", "green"),
        "   ",
        (f"NG {total['failed']}", "red"),
        "   ",
        (f"review {total['review']}", "yellow"),
    )


async def _pause(finished: asyncio.Event | None) -> None:
    if finished is None:
        await asyncio.sleep(GLANCE_S)
        return
    try:
        await asyncio.wait_for(finished.wait(), GLANCE_S)
    except TimeoutError:
        return
