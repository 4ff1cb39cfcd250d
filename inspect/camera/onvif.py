"""Which network cameras of this box's own networks answer to ONVIF's discovery.

A WS-Discovery probe (the version of April 2005; ONVIF Core Specification, chapter 7) goes out over
every network card. The answers come from anywhere and are read as such.
"""

import re
import select
import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from time import monotonic
from urllib.parse import unquote, urlsplit
from uuid import uuid4
from xml.etree import ElementTree

GROUP, PORT = "239.255.255.250", 3702
MOST_BYTES = 65_535
MOST_CAMERAS = 256
SEND_AGAIN_S = 0.5
"""UDP may lose a probe; it is sent twice."""
_DISCOVERY = "{http://schemas.xmlsoap.org/ws/2005/04/discovery}"
_SCOPE = re.compile(r"^onvif://www\.onvif\.org/(name|hardware)/([^/]+)$")
_PROBE = """<?xml version="1.0" encoding="UTF-8"?>
<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"
 xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing"
 xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"
 xmlns:n="http://www.onvif.org/ver10/network/wsdl"><e:Header><w:MessageID>urn:uuid:{id}</w:MessageID>
<w:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To>
<w:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header>
<e:Body><d:Probe><d:Types>n:NetworkVideoTransmitter</d:Types></d:Probe></e:Body></e:Envelope>"""


@dataclass(frozen=True, slots=True)
class NetworkCamera:
    """A camera by what it says of itself; the path of its stream is in its manual."""

    ip: str
    name: str | None
    hardware: str | None
    service: str


def network_cameras(wait_s: float = 2.0) -> tuple[NetworkCamera, ...]:
    """Return the cameras that answer within `wait_s`, in the order of their addresses."""
    probe = _PROBE.format(id=uuid4()).encode()
    found: dict[str, NetworkCamera] = {}
    with ExitStack() as stack:
        asking = [stack.enter_context(each) for each in _sockets()]
        until_s, again_s = monotonic() + wait_s, float("-inf")
        while asking and (now_s := monotonic()) < until_s and len(found) < MOST_CAMERAS:
            if now_s >= again_s:
                again_s = now_s + SEND_AGAIN_S if again_s < 0 else until_s
                _send(asking, probe)
            for ready in select.select(asking, [], [], min(again_s, until_s) - now_s)[0]:
                with suppress(OSError):  # an answer that says nobody is at that port
                    payload, (ip, _) = ready.recvfrom(MOST_BYTES)
                    found |= {each.ip: each for each in cameras_in(payload, ip)}
    return tuple(sorted(found.values(), key=lambda camera: socket.inet_aton(camera.ip)))


def cameras_in(payload: bytes, sender: str) -> Iterator[NetworkCamera]:
    """Go through the cameras that an answer from `sender` names; of what is no answer, none."""
    try:
        text = payload.decode()
        if "<!" in text:  # an answer has no document type, and ours expands no entities
            return
        root = ElementTree.fromstring(text)  # noqa: S314 - without a document type
    except (UnicodeDecodeError, ValueError, ElementTree.ParseError):
        return
    for match in root.iter(f"{_DISCOVERY}ProbeMatch"):
        services = (match.findtext(f"{_DISCOVERY}XAddrs") or "").split()
        ours = [each for each in services if _host(each) == sender]
        said = dict(_said(match.findtext(f"{_DISCOVERY}Scopes") or ""))
        # Behind several network cards a camera names addresses that this box may not reach.
        if services:
            service = (ours or services)[0][:200]
            yield NetworkCamera(sender, said.get("name"), said.get("hardware"), service)


def _said(scopes: str) -> Iterator[tuple[str, str]]:
    for scope in scopes.split():
        if found := _SCOPE.match(scope):
            yield found[1], unquote(found[2])[:100]


def _host(service: str) -> str | None:
    try:
        return urlsplit(service).hostname
    except ValueError:
        return None


def _sockets() -> Iterator[socket.socket]:
    """Open a socket for each network card that can be asked over."""
    for number, _ in socket.if_nameindex():
        asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        try:
            card = struct.pack("4s4si", b"\0" * 4, b"\0" * 4, number)
            asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, card)
        except OSError:
            asking.close()
            continue
        yield asking


def _send(asking: list[socket.socket], probe: bytes) -> None:
    for each in asking:
        with suppress(OSError):  # a card that is down, or leads nowhere
            each.sendto(probe, (GROUP, PORT))
