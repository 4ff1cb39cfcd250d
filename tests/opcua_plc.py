"""A PLC for tests that speaks OPC UA: a real server that can be switched off and on again."""

import asyncio
import logging
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

from asyncua import Client, Server, ua, uamethod
from asyncua.common.utils import ServiceError
from asyncua.crypto.permission_rules import User, UserRole
from asyncua.crypto.validator import CertificateValidator, CertificateValidatorOptions
from asyncua.server.user_managers import UserManager
from cryptography.x509 import Certificate, load_pem_x509_certificate

USER, PASSWORD = "box", "open sesame"
SPACE = 2
GATE = f"ns={SPACE};s=Gate"
CELL, MOVE = f"ns={SPACE};s=Cell", f"ns={SPACE};s=Move"

VARIABLES = {
    "Gate": ua.VariantType.Boolean,
    "Fixed": ua.VariantType.Boolean,
    "Number": ua.VariantType.Int16,
    "Beat": ua.VariantType.UInt16,
    "Text": ua.VariantType.String,
}


@dataclass(frozen=True)
class Pair:
    """The server's own certificate and key, and the certificate of whom it trusts."""

    certificate: Path
    key: Path
    trusts: Path


class OpcuaPlc:
    """Variables of several types, all off, and a method that moves `Gate`.

    With `asks_who` it lets in nobody but USER with PASSWORD; with `encrypts` nobody it does not
    trust, and says nothing that is not encrypted.
    """

    def __init__(self, port: int, *, asks_who: bool = False, encrypts: Pair | None = None) -> None:
        self.port = port
        self._asks_who = asks_who
        self._encrypts = encrypts
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="opcua-plc")
        self._thread.start()
        self._server: Server | None = None

    def switch_on(self) -> None:
        """Listen, with everything at its first value, as after a power cut."""
        self._wait(self._listen())

    def switch_off(self) -> None:
        """Hang up on everybody and listen no more."""
        self._wait(self._stop())

    def value(self, node: str = GATE) -> Any:
        """Return what a variable holds now."""
        assert self._server is not None
        return self._wait(self._server.get_node(node).read_value())

    def close(self) -> None:
        """End the server's thread."""
        self.switch_off()
        if self._server is not None:
            self._wait(self._end(self._server))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def _wait(self, act: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(act, self._loop).result(30)

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await self._made()
            await self._server.start()
            if self._encrypts is not None:
                return
            first = Client(f"opc.tcp://{USER}:{quote(PASSWORD)}@127.0.0.1:{self.port}/", 20)
            async with first:  # a process takes long over its first session
                pass
            return
        for name in VARIABLES:  # what makes a server slow to start need not be made anew
            await self._server.get_node(_id(name)).write_value(_first(name))
        assert self._server.bserver is not None
        await self._server.bserver.start()

    async def _made(self) -> Server:
        logging.getLogger("asyncua").setLevel(logging.CRITICAL + 1)
        server = Server(user_manager=_Door() if self._asks_who else None)
        await server.init()
        server.set_endpoint(f"opc.tcp://127.0.0.1:{self.port}/")
        server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
        if self._encrypts is not None:
            await _encrypt(server, self._encrypts)
        if self._asks_who:
            server.set_identity_tokens([ua.UserNameIdentityToken])
        await server.register_namespace("urn:test:plc")
        await self._furnish(server)
        return server

    async def _furnish(self, server: Server) -> None:
        objects = server.nodes.objects
        for name in VARIABLES:
            variable = await objects.add_variable(_id(name), f"{SPACE}:{name}", _first(name))
            if name != "Fixed":
                await variable.set_writable()
        cell = await objects.add_object(_id("Cell"), f"{SPACE}:Cell")
        await cell.add_method(
            _id("Move"), f"{SPACE}:Move", self._moved, [ua.VariantType.Boolean], []
        )

    @uamethod
    async def _moved(self, _parent: Any, is_open: bool) -> None:
        assert self._server is not None
        await self._server.get_node(GATE).write_value(bool(is_open))

    async def _end(self, server: Server) -> None:
        if server.iserver.time_task is not None:
            server.iserver.time_task.cancel()  # a second would pass until it looks
            server.iserver.time_task = None
        await server.iserver.stop()

    async def _stop(self) -> None:
        if self._server is not None and self._server.bserver is not None:
            await self._server.bserver.stop()
            await asyncio.sleep(0)


class _Door(UserManager):
    def get_user(
        self,
        iserver: Any,
        username: str | None = None,
        password: str | None = None,
        certificate: Any = None,
    ) -> User | None:
        del iserver, certificate
        known = (username, password) == (USER, PASSWORD)
        return User(role=UserRole.User, name=username) if known else None


def _first(name: str) -> ua.Variant:
    kind = VARIABLES[name]
    return ua.Variant("shut" if kind is ua.VariantType.String else 0, kind)


def _id(name: str) -> ua.NodeId:
    return ua.NodeId.from_string(f"ns={SPACE};s={name}")


async def _encrypt(server: Server, pair: Pair) -> None:
    server.set_security_policy([ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt])
    await server.load_certificate(pair.certificate, "pem")
    await server.load_private_key(pair.key, format="pem")
    trusted = load_pem_x509_certificate(pair.trusts.read_bytes())

    async def check(shown: Certificate, described: ua.ApplicationDescription) -> None:
        await CertificateValidator(CertificateValidatorOptions.EXT_VALIDATION).validate(
            shown, described
        )
        if shown != trusted:
            raise ServiceError(ua.StatusCodes.BadCertificateUntrusted)

    server.set_certificate_validator(check)


@contextmanager
def opcua_plc(
    port: int, *, asks_who: bool = False, encrypts: Pair | None = None
) -> Iterator[OpcuaPlc]:
    """Run a PLC on a loopback port."""
    device = OpcuaPlc(port, asks_who=asks_who, encrypts=encrypts)
    try:
        device.switch_on()
        yield device
    finally:
        device.close()
