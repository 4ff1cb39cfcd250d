"""A gate is moved through OPC UA, at a real server, and what stands in its way is told."""

import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest
from asyncua.ua.uaerrors import BadArgumentsMissing, BadOutOfRange
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from opcua_plc import CELL, GATE, MOVE, PASSWORD, USER, OpcuaPlc, Pair, opcua_plc

from edgeinspect.core.errors import WireError
from edgeinspect.core.opcua import OpcuaIdentity, OpcuaServer
from edgeinspect.station.gate.certificate import make_certificate
from edgeinspect.station.gate.outputs import OutputPlace
from edgeinspect.station.wires.opcua import CONNECT_S, OpcuaWire
from edgeinspect.station.wires.opcua_refusal import why_refused

BEAT, NUMBER = "ns=2;s=Beat", "ns=2;s=Number"
LOOPBACK = "127.0.0.1"


@pytest.fixture(scope="module")
def device(free_port: Callable[[], int]) -> Iterator[OpcuaPlc]:
    with opcua_plc(free_port()) as running:
        yield running


@pytest.fixture
def wire(device: OpcuaPlc) -> Iterator[OpcuaWire]:
    with closing(OpcuaWire(OpcuaServer(LOOPBACK, device.port))) as wire:
        wire.open()
        yield wire


def test_a_number_is_written_in_the_type_it_has_there(device: OpcuaPlc, wire: OpcuaWire) -> None:
    for node in (NUMBER, BEAT):
        wire.write(node, 1)
        assert device.value(node) == 1
    wire.write(BEAT, 65_535)
    wire.write(NUMBER, 32_768)
    assert (device.value(BEAT), device.value(NUMBER)) == (65_535, 0)


@pytest.mark.parametrize(
    ("node", "said"),
    [
        ("ns=2;s=Gone", "has no such node; check its name and namespace"),
        ("ns=2;s=Text", "holds String; name a variable that holds a Boolean or a whole number"),
        ("ns=2;s=Fixed", "this user may not write ns=2;s=Fixed; let it, in the server"),
        (CELL, "is no variable; name one, or a method"),
    ],
)
def test_a_node_that_cannot_be_written_is_told_and_the_session_stays(
    wire: OpcuaWire, device: OpcuaPlc, node: str, said: str
) -> None:
    with pytest.raises(WireError, match=said) as told:
        wire.write(node, 1)
    assert str(told.value).startswith(f"OPC UA 127.0.0.1:{device.port}: ")
    assert "\n" not in str(told.value)
    wire.write(GATE, 1)


@pytest.mark.parametrize(("node", "method"), [(CELL, "ns=2;s=Gone"), ("ns=2;s=Gone", MOVE)])
def test_a_method_that_is_not_there_is_told(wire: OpcuaWire, node: str, method: str) -> None:
    with pytest.raises(WireError, match="has no such node"):
        wire.call(node, method, True)


def test_what_else_a_server_says_is_passed_on() -> None:
    server = OpcuaServer("plc")
    missing = BadArgumentsMissing()  # type: ignore[no-untyped-call]
    assert "the method must take one Boolean" in why_refused(server, "x", missing)
    other = BadOutOfRange()  # type: ignore[no-untyped-call]
    assert "BadOutOfRange" in why_refused(server, "x", other)


def test_a_heartbeat_counts(device: OpcuaPlc) -> None:
    options = {"host": LOOPBACK, "port": device.port, "path": "", "node": GATE, "heartbeat": BEAT}
    with closing(OutputPlace("opcua", options).output()) as output:
        output.open()
        output.beat()
        output.beat()
        assert device.value(BEAT) == 2


def test_a_server_that_is_away_is_told_and_used_again(free_port: Callable[[], int]) -> None:
    with (
        opcua_plc(free_port()) as device,
        closing(OpcuaWire(OpcuaServer(LOOPBACK, device.port))) as wire,
    ):
        for _ in range(3):
            wire.open()
            wire.write(GATE, 1)
            device.switch_off()
            with pytest.raises(WireError, match=f"no answer when asked to write {GATE}; check it"):
                wire.write(GATE, 0)
            with pytest.raises(WireError, match="nobody answers; check its power"):
                wire.open()
            with pytest.raises(WireError, match="is not connected; open it first"):
                wire.write(GATE, 0)
            device.switch_on()
        wire.open()
        wire.write(GATE, 1)
        assert device.value()


def test_who_takes_a_connection_and_says_nothing_is_not_waited_for() -> None:
    with socket.create_server((LOOPBACK, 0)) as silent:
        wire = OpcuaWire(OpcuaServer(LOOPBACK, silent.getsockname()[1]))
        began_s = monotonic()
        with pytest.raises(WireError, match="does not answer; check its power"):
            wire.open()
    assert monotonic() - began_s < 2 * CONNECT_S


@pytest.mark.parametrize(
    ("user", "password", "said"),
    [
        (None, None, "wants a user; set station.actuator_username"),
        (USER, "guess", "user box or the password is wrong"),
    ],
)
def test_a_server_that_asks_who_is_told_by_the_settings(
    asking: OpcuaPlc, user: str | None, password: str | None, said: str
) -> None:
    with pytest.raises(WireError, match=said) as told:
        OpcuaWire(OpcuaServer(LOOPBACK, asking.port), OpcuaIdentity(user, password)).open()
    assert "guess" not in str(told.value)


def test_who_knows_the_password_moves_the_gate(asking: OpcuaPlc) -> None:
    identity = OpcuaIdentity(USER, PASSWORD)
    with closing(OpcuaWire(OpcuaServer(LOOPBACK, asking.port), identity)) as wire:
        wire.open()
        wire.write(GATE, 1)
        assert asking.value()


@pytest.fixture(scope="module")
def asking(free_port: Callable[[], int]) -> Iterator[OpcuaPlc]:
    with opcua_plc(free_port(), asks_who=True) as running:
        yield running


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates and keys of a box, of its server and of a stranger."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("box", "server", "stranger"):
        make_certificate(folder / f"{name}.pem", folder / f"{name}.key", "localhost")
    return folder


@pytest.fixture(scope="module")
def encrypting(free_port: Callable[[], int], keys: Path) -> Iterator[OpcuaPlc]:
    pair = Pair(keys / "server.pem", keys / "server.key", trusts=keys / "box.pem")
    with opcua_plc(free_port(), asks_who=True, encrypts=pair) as running:
        yield running


def _known(keys: Path) -> OpcuaIdentity:
    box, key, server = (str(keys / name) for name in ("box.pem", "box.key", "server.pem"))
    return OpcuaIdentity(USER, PASSWORD, box, key, server)


def test_a_gate_is_moved_over_an_encrypted_session(encrypting: OpcuaPlc, keys: Path) -> None:
    with closing(OpcuaWire(OpcuaServer(LOOPBACK, encrypting.port), _known(keys))) as wire:
        wire.open()
        for level in (1, 0, 1):
            wire.write(GATE, level)
            assert encrypting.value() is bool(level)


def test_a_server_that_encrypts_lets_nobody_in_without(encrypting: OpcuaPlc) -> None:
    wire = OpcuaWire(OpcuaServer(LOOPBACK, encrypting.port), OpcuaIdentity(USER, PASSWORD))
    with pytest.raises(WireError, match="in without encryption; set station"):
        wire.open()


def test_a_server_that_does_not_encrypt_is_not_spoken_to(asking: OpcuaPlc, keys: Path) -> None:
    with pytest.raises(WireError, match="let it offer Basic256Sha256 and trust"):
        OpcuaWire(OpcuaServer(LOOPBACK, asking.port), _known(keys)).open()


def test_a_certificate_that_is_not_trusted_is_told(encrypting: OpcuaPlc, keys: Path) -> None:
    stranger = str(keys / "stranger.pem"), str(keys / "stranger.key")
    strange = replace(_known(keys), certificate=stranger[0], key=stranger[1])
    other = replace(_known(keys), server_certificate=stranger[0])
    for identity in (strange, other):
        with pytest.raises(WireError, match="let it offer Basic256Sha256 and trust"):
            OpcuaWire(OpcuaServer(LOOPBACK, encrypting.port), identity).open()


def _locked(keys: Path, folder: Path) -> Path:
    """Return a copy of a key that a password locks."""
    private = load_pem_private_key((keys / "stranger.key").read_bytes(), password=None)
    locking = BestAvailableEncryption(b"hush")
    path = folder / "locked.key"
    path.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locking))
    return path


def test_a_file_that_is_no_certificate_is_told(keys: Path, tmp_path: Path) -> None:
    (tmp_path / "text.pem").write_text("hello")
    server, text = OpcuaServer(LOOPBACK, 9), str(tmp_path / "text.pem")
    for changed, says in (
        ({"server_certificate": text}, r"text\.pem: is no certificate .* save the server's own"),
        ({"certificate": text}, r"text\.pem: is no certificate .* make certificate and key anew"),
        ({"key": text}, r"text\.pem: is no private key"),
        ({"key": str(keys / "stranger.key")}, r"stranger\.key: is not the key of "),
        ({"key": str(_locked(keys, tmp_path))}, r"locked\.key: is locked by a password"),
    ):
        with pytest.raises(WireError, match=says):
            OpcuaWire(server, replace(_known(keys), **changed)).open()
    with pytest.raises(WireError, match=r"gone\.key: cannot be read \(No such file"):
        OpcuaWire(server, replace(_known(keys), key=str(tmp_path / "gone.key"))).open()
