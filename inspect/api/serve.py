"""The server process: ingest, records, API and pages."""

import signal
import socket
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from threading import current_thread, main_thread

import uvicorn
from fastapi import FastAPI

from ..core.errors import ServiceError
from ..messaging.broker_log import BrokerLog
from ..records.database import open_database
from ..records.evidence_store import EvidenceStore
from ..records.keeper import Keeper
from ..records.receiver import Receiver
from ..settings.tree import Settings
from .app import create_app
from .listener import listen
from .live import Live
from .services import Services

GRACE_S = 1
"""So long a request may still run when the server is asked to stop."""


class _AskedToStop(BaseException):
    """Unwinds the process wherever it is; no error, and nothing but `serve` may catch it."""


class WebServer(uvicorn.Server):
    """Serves while `wanted`, and ends the live streams first: they would hold the shutdown up."""

    def __init__(self, config: uvicorn.Config, live: Live, wanted: Callable[[], bool]) -> None:
        super().__init__(config)
        self._live = live
        self._wanted = wanted

    async def on_tick(self, counter: int) -> bool:
        """Say whether to stop; asked ten times a second."""
        return await super().on_tick(counter) or not self._wanted()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then all else."""
        self._live.close()
        await super().shutdown(sockets)


def serve(settings: Settings) -> None:
    """Run the server until it is asked to stop (SIGTERM or SIGINT).

    Raises ServiceError when its port is taken or a fault stopped the recording, RecordsError when
    it cannot keep anything.
    """
    with suppress(_AskedToStop), ExitStack() as stack:
        _heed_signals()
        listener = stack.enter_context(listen(settings.server.host, settings.server.port))
        database = stack.enter_context(closing(open_database(settings.database)))
        live = Live()
        evidence = EvidenceStore(settings.evidence)
        evidence.clear_incoming()
        limit_bytes = settings.server.quarantine_max_mb * 1_000_000
        receiver = Receiver(settings.mqtt, database, evidence, live.publish, limit_bytes)
        receiver.start()
        stack.callback(receiver.stop)
        keeper = Keeper(
            database, evidence, settings.retention, settings.site.name, receiver.publish
        )
        keeper.start()
        stack.callback(keeper.stop)
        broker_log = BrokerLog(settings.mqtt)
        if settings.broker.kind == "mosquitto" or not settings.broker.enabled:
            broker_log.open()
            stack.callback(broker_log.close)
        app = create_app(
            Services(
                database,
                evidence,
                live,
                lambda: receiver.broker_trouble,
                lambda: receiver.trouble,
                receiver.health,
                limit_bytes,
                broker_log.lines,
                lambda: keeper.state,
            )
        )
        WebServer(_config(app), live, lambda: receiver.alive).run(sockets=[listener])
        if not receiver.alive:
            raise ServiceError("a fault ended the recording; the log says which: start it again.")


def _config(app: FastAPI) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )


def _heed_signals() -> None:
    # uvicorn handles these while it serves, and at the end raises what it got once more.
    if current_thread() is main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop)


def _stop(_number: int, _frame: object) -> None:
    raise _AskedToStop
