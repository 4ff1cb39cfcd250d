"""What is said to an OPC UA server, signed and encrypted.

Light to import; asyncua and cryptography are there when it is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.errors import WireError
from ...core.opcua import APPLICATION_URI
from ...core.regular_file import read_regular_file

if TYPE_CHECKING:
    from asyncua import Client
    from asyncua.crypto.uacrypto import CertProperties
    from cryptography.x509 import Certificate

    from ...core.opcua import OpcuaIdentity

MOST_BYTES = 1_000_000
_ANEW = "make certificate and key anew with edgeinspect gate certificate"


async def secure(client: Client, identity: OpcuaIdentity) -> None:
    """Let all that `client` says be signed and encrypted by Basic256Sha256 (OPC 10000-7), with
    the certificate of the identity; do nothing where it has none.

    Raises WireError for a file that cannot be used, and for a key of another certificate.
    """
    from asyncua.crypto.security_policies import SecurityPolicyBasic256Sha256

    if not (identity.certificate and identity.key and identity.server_certificate):
        return
    own, key = _read(identity.certificate), _read(identity.key)
    server = _read(identity.server_certificate)
    _check_pair(own, key)
    _certificate(server, "save the server's own again")
    client.application_uri = APPLICATION_URI
    await client.set_security(
        SecurityPolicyBasic256Sha256, own.given, key.given, server_certificate=server.given
    )


@dataclass(frozen=True, slots=True)
class _File:
    """What a file holds; its form is told by its content, whatever its name."""

    path: str
    content: bytes

    @property
    def is_pem(self) -> bool:
        return self.content.lstrip().startswith(b"-----")

    @property
    def given(self) -> CertProperties:
        """It in the form that asyncua takes."""
        from asyncua.crypto.uacrypto import CertProperties

        return CertProperties(self.content, "pem" if self.is_pem else "der")


def _read(path: str) -> _File:
    try:
        return _File(path, read_regular_file(Path(path), MOST_BYTES))
    except OSError as error:
        raise WireError(
            f"{path}: cannot be read ({error.strerror}); mend station.actuator_certificate, "
            "actuator_key or actuator_server_certificate."
        ) from None


def _check_pair(own: _File, key: _File) -> None:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization

    public = _certificate(own, _ANEW).public_key()
    load = serialization.load_pem_private_key if key.is_pem else serialization.load_der_private_key
    try:
        private = load(key.content, password=None)
    except TypeError:
        raise WireError(
            f"{key.path}: is locked by a password, which a station cannot give; save it without."
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise WireError(f"{key.path}: is no private key (PEM or DER); {_ANEW}.") from None
    if private.public_key() != public:
        raise WireError(f"{key.path}: is not the key of {own.path}; {_ANEW}.")


def _certificate(file: _File, mend: str) -> Certificate:
    from cryptography import x509

    load = x509.load_pem_x509_certificate if file.is_pem else x509.load_der_x509_certificate
    try:
        return load(file.content)
    except ValueError:
        raise WireError(f"{file.path}: is no certificate (PEM or DER); {mend}.") from None
