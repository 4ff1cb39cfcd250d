"""A server that speaks OPC UA: one session, used by one thread, every act with a limit of time.

Light to import, for the guard of the gate starts with it; asyncua is imported when it is opened.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ...core.errors import WireError
from ...core.opcua import NOBODY
from .act_loop import ActLoop
from .opcua_refusal import why_no_session, why_refused
from .opcua_security import secure

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from asyncua import Client, Node, ua

    from ...core.opcua import OpcuaIdentity, OpcuaServer

ANSWER_S = 1.0
"""So long a server may take to answer; a cell's own PLC takes a few milliseconds."""
CONNECT_S = 2.0
"""So long for all the steps to a session, together."""
LEAVE_S = 0.4
_NEVER_S = 1e6
_WHOLE = ("SByte", "Byte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64")
KINDS = ("Boolean", *_WHOLE)
"""Types of a variable that can be written."""
_HIGHEST = {"SByte": 127, "Byte": 255, "Int16": 32_767}


class OpcuaWire:
    """A session at a server; after a WireError it is opened again before it is used."""

    def __init__(self, server: OpcuaServer, identity: OpcuaIdentity = NOBODY) -> None:
        self._server = server
        self._identity = identity
        self._loop: ActLoop | None = None
        self._client: Client | None = None
        self._types: dict[str, ua.VariantType] = {}

    def open(self) -> None:
        """Connect. Raises WireError when nobody lets this box in, or asyncua is not installed."""
        self.close()
        self._client = self._make_client()
        self._loop = ActLoop()
        try:
            self._do(self._begin(self._client), CONNECT_S)
        except WireError:
            self._drop()
            raise
        except Exception as error:  # noqa: BLE001 - a server can answer anything
            self._drop()
            raise WireError(why_no_session(self._server, self._identity, error)) from None

    def write(self, node: str, value: int) -> None:
        """Set a variable: a Boolean, or a whole number, which begins anew above its highest."""
        self._try(self._write(node, value), f"write {node}")

    def call(self, node: str, method: str, value: bool) -> None:
        """Call a method of an object with one Boolean. Raises WireError."""
        self._try(self._call(node, method, value), f"call {method} of {node}")

    def kind_of(self, node: str) -> str:
        """Return what a variable holds, one of KINDS; raises WireError for another."""
        return str(self._try(self._kind(node), f"look at {node}").name)

    def name_of(self, node: str) -> str:
        """Return what the server calls a node. Raises WireError."""
        named = self._try(self._node(node).read_browse_name(), f"look at {node}")
        return str(named.Name)

    def close(self) -> None:
        """Hang up; may be called twice."""
        if self._loop is not None and self._client is not None:
            with suppress(Exception):
                self._loop.run(self._client.disconnect(), LEAVE_S)
        self._drop()

    async def _begin(self, client: Client) -> None:
        await secure(client, self._identity)
        await client.connect()

    def _drop(self) -> None:
        """Close the socket without a word: whoever gave no answer would not hear a farewell."""
        client, loop = self._client, self._loop
        self._client = self._loop = None
        self._types.clear()
        protocol = client.uaclient.protocol if client is not None else None
        if protocol is not None and protocol.transport is not None:
            protocol.transport.abort()
        if loop is not None:
            loop.end(LEAVE_S)

    async def _write(self, node: str, value: int) -> None:
        from asyncua import ua

        kind = await self._kind(node)
        given = bool(value) if kind.name == "Boolean" else value & _HIGHEST.get(kind.name, 65_535)
        # Without times: many a PLC takes a value only if the time stays its own.
        level = ua.DataValue(ua.Variant(given, kind))
        await self._node(node).write_attribute(ua.AttributeIds.Value, level)

    async def _kind(self, node: str) -> ua.VariantType:
        kind = self._types.get(node)
        if kind is None:
            kind = self._types[node] = await self._node(node).read_data_type_as_variant_type()
        if kind.name not in KINDS:
            raise WireError(
                f"{self._server}: {node} holds {kind.name}; name a variable that holds a Boolean "
                "or a whole number."
            )
        return kind

    async def _call(self, node: str, method: str, value: bool) -> None:
        from asyncua import ua

        given = ua.Variant(value, ua.VariantType.Boolean)
        await self._node(node).call_method(self._node(method).nodeid, given)

    def _node(self, node: str) -> Node:
        if self._client is None:
            raise WireError(f"{self._server}: is not connected; open it first.")
        return self._client.get_node(node)

    def _try(self, act: Coroutine[Any, Any, Any], what: str) -> Any:
        try:
            return self._do(act, ANSWER_S)
        except WireError:
            raise
        except Exception as error:  # noqa: BLE001 - a server can answer anything
            if isinstance(error, OSError | TimeoutError):
                self._drop()
            raise WireError(why_refused(self._server, what, error)) from None

    def _do(self, act: Coroutine[Any, Any, Any], limit_s: float) -> Any:
        if self._loop is None:
            act.close()
            raise WireError(f"{self._server}: is not connected; open it first.")
        return self._loop.run(act, limit_s)

    def _make_client(self) -> Client:
        try:
            from asyncua import Client
        except ImportError:
            raise WireError(
                f"{self._server}: is reached with asyncua, which is missing; install the extra "
                "`opcua`, as in edgeinspect[opcua]."
            ) from None
        logging.getLogger("asyncua").setLevel(logging.CRITICAL + 1)  # what counts is raised
        # It is asked twice a second as it is, and needs no watch of the library's own.
        client = Client(self._server.url, timeout=CONNECT_S, watchdog_intervall=_NEVER_S)
        if self._identity.username is not None:
            client.set_user(self._identity.username)
            client.set_password(self._identity.password or "")
        return client
