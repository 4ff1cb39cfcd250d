"""A part is told of by POST to a port that only this box reaches."""

import asyncio
import socket
from threading import Thread
from typing import Any

from ...core.errors import MessagingError, ServiceError
from ...core.trigger import MAX_PART_BYTES
from .wire import Ear

CONNECTIONS = 32
HOSTS = ("127.0.0.1", "localhost")


class HttpWire:
    """Answers `POST /part` on 127.0.0.1: 202 for a part that was taken, else 4xx and a sentence.

    It wants `Content-Type: application/json` and a loopback `Host`: a page in this box's browser
    cannot send the first unasked, nor one with a forged name the second.
    """

    def __init__(self, ear: Ear, port: int) -> None:
        import uvicorn

        self._ear = ear
        self._port = port
        self._socket: socket.socket | None = None
        settings = uvicorn.Config(
            self._answer,
            interface="asgi3",
            proxy_headers=False,
            lifespan="off",
            log_config=None,
            access_log=False,
            limit_concurrency=CONNECTIONS,
            timeout_graceful_shutdown=1,
            ws="none",
        )
        self._server = uvicorn.Server(settings)
        self._thread = Thread(target=self._run, name="trigger-http", daemon=True)

    @property
    def trouble(self) -> str | None:
        """Why nobody can be heard."""
        return None if self._thread.is_alive() else "the HTTP trigger does not listen."

    def open(self) -> None:
        """Begin to listen; raises ServiceError when the port is taken."""
        try:
            self._socket = socket.create_server(("127.0.0.1", self._port))
        except OSError as error:
            raise ServiceError(
                f"trigger http:{self._port}: the port cannot be used ({error.strerror}); "
                "name another in station.trigger."
            ) from None
        self._thread.start()

    def close(self) -> None:
        """Listen no more."""
        self._server.should_exit = True
        if self._socket is None:
            return
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        assert self._socket is not None
        asyncio.run(self._server.serve(sockets=[self._socket]))

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        status, said = await self._heard(scope, receive)
        headers = [(b"content-type", b"text/plain; charset=utf-8")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": said.encode()})

    async def _heard(self, scope: Any, receive: Any) -> tuple[int, str]:
        headers = dict(scope["headers"])
        if scope["path"] != "/part" or scope["method"] != "POST":
            return 404, "tell of a part by POST to /part."
        if headers.get(b"host", b"").decode("latin-1").rpartition(":")[0] not in HOSTS:
            return 421, f"ask for 127.0.0.1:{self._port}."
        if headers.get(b"content-type", b"").split(b";")[0].strip() != b"application/json":
            return 415, "send Content-Type: application/json."
        payload, more = b"", True
        while more and len(payload) <= MAX_PART_BYTES:
            part = await receive()
            payload += part.get("body", b"")
            more = part.get("more_body", False)
        try:
            self._ear.hear_notice(payload)
        except MessagingError as error:
            return 400, str(error)
        return 202, ""
