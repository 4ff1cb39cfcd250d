"""What is said to an OPC UA server, signed and encrypted.

Light to import; asyncua is there when it is used.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...core.errors import WireError
from ...core.opcua import APPLICATION_URI
from ...core.regular_file import read_regular_file

if TYPE_CHECKING:
    from asyncua import Client
    from asyncua.crypto.uacrypto import CertProperties

    from ...core.opcua import OpcuaIdentity, OpcuaServer

MOST_BYTES = 1_000_000


async def secure(client: Client, server: OpcuaServer, identity: OpcuaIdentity) -> None:
    """Let all that `client` says be signed and encrypted by Basic256Sha256 (OPC 10000-7), with
    the certificate of the identity; do nothing where it has none.

    Raises WireError for a file that cannot be used.
    """
    from asyncua.crypto.security_policies import SecurityPolicyBasic256Sha256

    if not (identity.certificate and identity.key and identity.server_certificate):
        return
    paths = identity.certificate, identity.key, identity.server_certificate
    certificate, key, server_certificate = (_read(path) for path in paths)
    client.application_uri = APPLICATION_URI
    try:
        await client.set_security(
            SecurityPolicyBasic256Sha256, certificate, key, server_certificate=server_certificate
        )
    except (ValueError, TypeError):
        raise WireError(
            f"{server}: {paths[0]}, its key or {paths[2]} is none (PEM or DER); make the first two "
            "anew with edgeinspect gate certificate, and save the server's own again."
        ) from None


def _read(path: str) -> CertProperties:
    """Return what a file holds; its form is told by its content, whatever its name."""
    from asyncua.crypto.uacrypto import CertProperties

    try:
        content = read_regular_file(Path(path), MOST_BYTES)
    except OSError as error:
        raise WireError(
            f"{path}: cannot be read ({error.strerror}); mend station.actuator_certificate, "
            "actuator_key or actuator_server_certificate."
        ) from None
    return CertProperties(content, "pem" if content.lstrip().startswith(b"-----") else "der")
