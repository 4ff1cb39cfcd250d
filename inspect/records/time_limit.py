"""Waits only so long for what may never answer."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import BoundedSemaphore, Thread
from time import monotonic
from typing import TypeVar

Answer = TypeVar("Answer")

MOST_AT_ONCE = 8


class TimeLimit:
    """Runs each piece of work on a thread of its own, at most 8 at once.

    Work that hangs is left behind: its thread stays until the work ends, or the process does. While
    8 hang nothing more is begun.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._free = BoundedSemaphore(MOST_AT_ONCE)

    def run(self, work: Callable[[], Answer], limit_s: float) -> Answer:
        """Return what `work` returns, or raise what it raises.

        Raises TimeoutError when that takes more than `limit_s`, or nothing could be begun by then.
        """
        until_s = monotonic() + limit_s
        if not self._free.acquire(timeout=limit_s):
            raise _too_slow(limit_s)
        answer: Future[Answer] = Future()
        thread = Thread(target=self._run, args=(work, answer), name=self._name, daemon=True)
        thread.start()
        thread.join(max(0.0, until_s - monotonic()))
        if thread.is_alive():
            raise _too_slow(limit_s)
        return answer.result()

    def _run(self, work: Callable[[], Answer], answer: Future[Answer]) -> None:
        try:
            answer.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            answer.set_exception(error)
        finally:
            self._free.release()


def _too_slow(limit_s: float) -> TimeoutError:
    return TimeoutError(f"no answer in {limit_s:g} s")
