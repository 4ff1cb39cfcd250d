"""Certificates made for a test: a CA of its own, and what it signs."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)
VALID = (-DAY, DAY)
EXPIRED = (-2 * DAY, -DAY)
Span = tuple[timedelta, timedelta]


@dataclass(frozen=True, slots=True)
class Authority:
    """A CA; `certificate` is what others check by."""

    name: x509.Name
    key: EllipticCurvePrivateKey
    certificate: x509.Certificate

    def issue(self, stem: Path, name: str, span: Span = VALID, host: str = "127.0.0.1") -> None:
        """Write `stem`.crt and `stem`.key for `name`, which stands at the address `host`."""
        key = generate_private_key(SECP256R1())
        builder = _builder(_name(name), self.name, key, span)
        hosts = x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))])
        certificate = builder.add_extension(hosts, critical=False).sign(self.key, hashes.SHA256())
        _write(stem.with_suffix(".crt"), certificate)
        stem.with_suffix(".key").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )

    def write(self, path: Path) -> Path:
        """Write the CA's own certificate."""
        _write(path, self.certificate)
        return path


def make_authority(name: str = "the factory's CA") -> Authority:
    """Make a CA."""
    key = generate_private_key(SECP256R1())
    builder = _builder(_name(name), _name(name), key, (-10 * DAY, 10 * DAY))
    limits = x509.BasicConstraints(ca=True, path_length=0)
    certificate = builder.add_extension(limits, critical=True).sign(key, hashes.SHA256())
    return Authority(_name(name), key, certificate)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: EllipticCurvePrivateKey, span: Span
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + span[0])
        .not_valid_after(now + span[1])
    )


def _write(path: Path, certificate: x509.Certificate) -> None:
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
