"""The certificate by which an OPC UA server knows this box: made here, trusted there by hand."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ...core.errors import SettingsError
from ...core.opcua import APPLICATION_URI
from ...core.whole_file import mend_of

KEY_BITS = 2048
"""Basic256Sha256 takes RSA keys of 2048 to 4096 bits."""
VALID_FOR = timedelta(days=20 * 365)
"""A cell runs for decades, and nobody renews what nobody remembers."""


def make_certificate(certificate: Path, key: Path, host: str) -> str:
    """Write a certificate of this box, which vouches for itself, and its key, PEM; return the
    SHA-1 thumbprint by which servers list it.

    Raises SettingsError when one of the files is there or cannot be written.
    """
    for path in (certificate, key):
        if path.exists():
            raise SettingsError(f"{path}: is there already; remove it first.")
    private = rsa.generate_private_key(65_537, KEY_BITS)
    made = _signed(private, host)
    secret = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    _write(key, secret, 0o600)
    _write(certificate, made.public_bytes(serialization.Encoding.PEM), 0o644)
    return made.fingerprint(hashes.SHA1()).hex().upper()  # noqa: S303 - a name, no proof


def _signed(private: rsa.RSAPrivateKey, host: str) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"edgeinspect gate on {host}"[:64])])
    names = [x509.UniformResourceIdentifier(APPLICATION_URI), x509.DNSName(host)]
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # clocks of a cell differ
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_uses(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False
        )
    )
    return builder.sign(private, hashes.SHA256())


def _uses() -> x509.KeyUsage:
    """Return the uses that OPC UA asks for in a certificate of an application (OPC 10000-6)."""
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=True,
        data_encipherment=True,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write(path: Path, content: bytes, mode: int) -> None:
    """Write a new file, to be read by nobody before its mode is set."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
    except FileExistsError:
        raise SettingsError(f"{path}: is there already; remove it first.") from None
    except OSError as error:
        raise SettingsError(
            f"{path}: cannot be written ({error.strerror}); {mend_of(error)}."
        ) from None
