"""Keeps the processes of a box running: what dies is started again, and said so."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any

from ..core.clock import utc_now
from .terminal import err

FIRST_DELAY_S, LONGEST_DELAY_S = 0.25, 30.0
STEADY_AFTER_S = 30.0
"""A process that lived this long failed anew, not again."""
STOP_GRACE_S = 6.0


@dataclass(frozen=True, slots=True)
class Child:
    """A process to keep running: a subcommand of `edgeinspect` and its options."""

    name: str
    arguments: tuple[str, ...]


class Keeper:
    """Keeps one child running until it finishes; exit status 0 is finished, all else a death.

    Who waits for `died` clears it.
    """

    def __init__(self, child: Child) -> None:
        self.child = child
        self.finished = asyncio.Event()
        self.died = asyncio.Event()
        self.started_at: datetime | None = None
        self._process: Process | None = None

    async def keep(self) -> None:
        """Run the child, and run it again after every death, later each time."""
        deaths = 0
        while True:
            started_s = monotonic()
            code = await self._run_once()
            if code == 0:
                self.finished.set()
                return
            self.died.set()
            deaths = 1 if monotonic() - started_s > STEADY_AFTER_S else deaths + 1
            delay_s = min(LONGEST_DELAY_S, FIRST_DELAY_S * 2 ** (deaths - 1))
            err.print(f"{self.child.name} {_how(code)}; starting it again in {delay_s:g} s")
            await asyncio.sleep(delay_s)

    async def stop(self) -> None:
        """Ask the child to end, and end it when it does not."""
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), STOP_GRACE_S)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    async def _run_once(self) -> int:
        self.started_at = self.started_at or utc_now()
        # A session of its own: Ctrl-C reaches the supervisor, which ends the children in order.
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # a file of the working folder must not stand in for a module
            "-m",
            "edgeinspect.cli.child",
            str(os.getpid()),
            *self.child.arguments,
            start_new_session=True,
        )
        return await self._process.wait()


Watch = Callable[[dict[str, Keeper]], Awaitable[None]]


def supervise(children: Sequence[Child], watch: Watch | None = None) -> None:
    """Run `children` until `watch` returns, all have finished, or a signal asks to stop.

    They are started in the order given and stopped in the reverse one.
    """
    asyncio.run(_supervise({child.name: Keeper(child) for child in children}, watch))


async def _supervise(keepers: dict[str, Keeper], watch: Watch | None) -> None:
    stop_asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop_asked.set)
    keeping: list[asyncio.Future[Any]] = [
        asyncio.ensure_future(keeper.keep()) for keeper in keepers.values()
    ]
    watching = asyncio.ensure_future((watch or _watch_for_ever)(keepers))
    stopping = asyncio.ensure_future(stop_asked.wait())
    finishing = asyncio.ensure_future(_all_finished(keepers.values()))
    endings: list[asyncio.Future[Any]] = [watching, stopping, finishing]
    try:
        await asyncio.wait(endings, return_when=asyncio.FIRST_COMPLETED)
        if watching.done():
            watching.result()
    finally:
        for task in (*keeping, *endings):
            task.cancel()
        await asyncio.gather(*keeping, *endings, return_exceptions=True)
        for keeper in reversed(keepers.values()):
            await keeper.stop()


async def _all_finished(keepers: Iterable[Keeper]) -> None:
    for keeper in keepers:
        await keeper.finished.wait()


async def _watch_for_ever(_keepers: dict[str, Keeper]) -> None:
    await asyncio.Event().wait()


def _how(code: int) -> str:
    if code < 0:
        return f"was ended by signal {signal.Signals(-code).name}"
    return f"ended with status {code}"
