"""How a server that speaks OPC UA and a node in it are named. Light to import."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .host import parse_host

PORT = 4840
_PLACE = re.compile(r"//(?P<where>[^/]+)(?:/(?P<path>.*?))??/(?P<node>(?:ns=\d+;)?[a-z]=.*)", re.S)
_NODE = re.compile(
    r"(ns=\d{1,5};)?(i=\d{1,10}|g=[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|s=[^\x00-\x1f]+)"
)


@dataclass(frozen=True, slots=True)
class OpcuaServer:
    """Where an OPC UA server is reached; most have no `path`."""

    host: str
    port: int = PORT
    path: str = ""

    def __str__(self) -> str:
        return f"OPC UA {self.host}:{self.port}"

    @property
    def url(self) -> str:
        """Its endpoint, as OPC UA writes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"opc.tcp://{host}:{self.port}/{self.path}"


@dataclass(frozen=True, slots=True)
class OpcuaIdentity:
    """Who this box is to a server; without a certificate it speaks unencrypted.

    `certificate`, `key` and `server_certificate` are paths of files, PEM or DER: all or none.
    """

    username: str | None = None
    password: str | None = None
    certificate: str | None = None
    key: str | None = None
    server_certificate: str | None = None


NOBODY = OpcuaIdentity()
APPLICATION_URI = "urn:edgeinspect:gate"
"""What a server knows this program by; its certificate must say the same."""


def parse_server(place: str) -> tuple[OpcuaServer, str]:
    """Return server and node named by `//10.0.0.7:4840/ns=2;s=Gate`; the port may be left out.

    Raises ValueError with what is wrong, for whoever reads the whole address.
    """
    found = _PLACE.fullmatch(place)
    if found is None:
        raise ValueError("no server and node are named; write opcua://10.0.0.7/ns=2;s=Gate")
    if "@" in found["where"]:
        raise ValueError("a password does not belong here; set station.actuator_password")
    host, port = parse_host(found["where"], PORT)
    return OpcuaServer(host, port, found["path"] or ""), parse_node(found["node"])


def parse_node(text: str) -> str:
    """Return the id of a node, as `ns=2;s=Gate` or `ns=2;i=1001`; raises ValueError."""
    if not _NODE.fullmatch(text):
        raise ValueError(f"{text or 'nothing'} is no node; write ns=2;s=Gate or ns=2;i=1001")
    return text
