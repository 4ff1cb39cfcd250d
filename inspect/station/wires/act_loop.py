"""An event loop that runs only while something is done, so that nothing of it outlives the wire."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Coroutine


class ActLoop:
    """Runs one act after the other for a thread that knows no events, each with a limit of time."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(lambda _loop, _what: None)  # what counts is raised

    def run(self, act: Coroutine[Any, Any, Any], limit_s: float) -> Any:
        """Return what `act` does.

        Raises TimeoutError at the limit, even when `act` will not be cancelled, and
        ConnectionError when something else cancelled it.
        """
        task = self._loop.create_task(act)
        self._loop.run_until_complete(asyncio.wait({task}, timeout=limit_s))
        if not task.done():
            task.cancel()
            raise TimeoutError
        if task.cancelled():
            raise ConnectionError("cancelled")
        return task.result()

    def end(self, limit_s: float) -> None:
        """Cancel what is left running, wait for it so long at most, and close."""
        if tasks := asyncio.all_tasks(self._loop):
            for task in tasks:
                task.cancel()
            self._loop.run_until_complete(asyncio.wait(tasks, timeout=limit_s))
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()
