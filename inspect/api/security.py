"""What every answer carries, and which requests are answered at all."""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .headers import SECURITY_HEADERS
from .problems import problem

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})


class SecurityHeaders:
    """Lets a browser load nothing from elsewhere, and nobody frame or sniff what is served."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SECURITY_HEADERS)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class OwnHostsOnly:
    """Refuses requests for another host's name.

    A foreign page could else point its own name at this address (DNS rebinding) and read it all.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str] = LOOPBACK_NAMES) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and not self._is_own(Headers(scope=scope).get("host", "")):
            refusal = problem(400, "this server is not known by that name; ask for 127.0.0.1.")
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_own(self, host: str) -> bool:
        name, colon, port = host.rpartition(":")
        without_port = name if colon and port.isdecimal() else host
        return without_port.lower() in self._hosts


class OwnPagesOnly:
    """Refuses changes that a foreign page asks for: a browser names the page in `Origin`.

    A program that is no browser names none, and is answered.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str] = LOOPBACK_NAMES) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["method"] not in _READING:
            origin = Headers(scope=scope).get("origin")
            if origin is not None and not self._is_own(origin):
                refusal = problem(403, "another site's page may change nothing here.")
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _is_own(self, origin: str) -> bool:
        try:
            name = urlsplit(origin).hostname
        except ValueError:
            return False
        return name is not None and (name in self._hosts or f"[{name}]" in self._hosts)
