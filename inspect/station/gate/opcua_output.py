"""A gate that is moved through OPC UA. Light to import."""

from __future__ import annotations

from ...core.modbus import HIGHEST
from ...core.opcua import OpcuaIdentity, OpcuaServer
from ..wires.opcua import OpcuaWire


class OpcuaOutput:
    """A variable: true or 1 lets parts through. Or a `method` of the object `node`, so called.

    `heartbeat` is a variable for whole numbers that counts up at every beat, and over from 65535,
    or the highest number it can hold, to 0.
    """

    def __init__(
        self,
        host: str,
        port: int,
        path: str,
        node: str,
        method: str | None = None,
        heartbeat: str | None = None,
        identity: dict[str, str | None] | None = None,
    ) -> None:
        self._server = OpcuaServer(host, port, path)
        self._wire = OpcuaWire(self._server, OpcuaIdentity(**(identity or {})))
        self._node = node
        self._method = method
        self._heartbeat = heartbeat
        self._beats = 0

    def open(self) -> None:
        """Begin a session."""
        self._wire.open()

    def write(self, is_open: bool) -> None:
        """Write the variable, or call the method."""
        if self._method is None:
            self._wire.write(self._node, int(is_open))
        else:
            self._wire.call(self._node, self._method, is_open)

    def beat(self) -> None:
        """Count the heartbeat up, where there is one."""
        if self._heartbeat is not None:
            self._beats = (self._beats + 1) & HIGHEST
            self._wire.write(self._heartbeat, self._beats)

    def close(self) -> None:
        """End the session; the server keeps what was written last."""
        self._wire.close()

    def look(self) -> str:
        """Ask for the type of the variable, or whether object and method are there."""
        try:
            self._wire.open()
            if self._method is not None:
                names = [self._wire.name_of(node) for node in (self._node, self._method)]
                return f"{self._server}: {names[0]} and its {names[1]} are there"
            kind = self._wire.kind_of(self._node)
            return f"{self._server}: {self._node} is there, and holds a {kind}"
        finally:
            self._wire.close()
