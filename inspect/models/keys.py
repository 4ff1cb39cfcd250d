"""Key files: the private key that signs models, and the public one that a station trusts."""

import errno
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ..core.errors import SignatureError
from ..core.regular_file import read_regular_file
from ..core.whole_file import create_file, mend_of
from .signature import PrivateKey, PublicKey

PUBLIC_SUFFIX = ".pub"
_PUBLIC_PEM = b"-----BEGIN PUBLIC KEY-----"
MOST_BYTES = 10_000
_UNUSABLE = (ValueError, TypeError, UnsupportedAlgorithm)


def make_key(path: Path, passphrase: bytes | None) -> PublicKey:
    """Make a key pair: `path`, PKCS 8 in PEM that its owner alone may read, and `path`.pub.

    Raises SignatureError when one of them is there already or cannot be written.
    """
    if path.exists():
        raise SignatureError(f"{path}: is there already; name another.")
    key = Ed25519PrivateKey.generate()
    public = key.public_key()
    locked = serialization.BestAvailableEncryption(passphrase) if passphrase else None
    private_pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        locked or serialization.NoEncryption(),
    )
    public_pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    public_path = path.with_name(path.name + PUBLIC_SUFFIX)
    _create(public_path, public_pem, 0o644)
    try:
        _create(path, private_pem, 0o600)
    except BaseException:
        public_path.unlink()
        raise
    return public.public_bytes_raw().hex()


def is_locked(path: Path) -> bool:
    """Say whether a private key file asks for a passphrase. Raises SignatureError."""
    return b"-----BEGIN ENCRYPTED PRIVATE KEY-----" in _read(path)


def read_private_key(path: Path, passphrase: bytes | None = None) -> PrivateKey:
    """Return the key to sign with. Raises SignatureError."""
    pem = _read(path)
    if _PUBLIC_PEM in pem:
        raise SignatureError(
            f"{path}: a public key, which can only check signatures; sign with {_private_of(path)}."
        )
    if path.stat().st_mode & 0o077:
        raise SignatureError(f"{path}: others may read this key; run `chmod 600` on it.")
    try:
        key = serialization.load_pem_private_key(pem, passphrase)
    except _UNUSABLE:
        raise SignatureError(
            f"{path}: no private key in PEM, or locked with another passphrase; check both."
        ) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise SignatureError(f"{path}: no Ed25519 key; make one with `edgeinspect model keygen`.")
    return key


def read_public_key(path: Path) -> PublicKey:
    """Return the key that signatures are checked with. Raises SignatureError."""
    pem = _read(path)
    if b"PRIVATE KEY" in pem:
        raise SignatureError(f"{path}: a private key; name its public one, {path}{PUBLIC_SUFFIX}.")
    try:
        key = serialization.load_pem_public_key(pem)
    except _UNUSABLE:
        raise SignatureError(f"{path}: no public key in PEM; copy it again.") from None
    if not isinstance(key, Ed25519PublicKey):
        raise SignatureError(f"{path}: no Ed25519 key; name one that `model keygen` made.")
    return key.public_bytes_raw().hex()


def _private_of(public: Path) -> str:
    if public.suffix == PUBLIC_SUFFIX:
        return f"its private key, {public.with_suffix('')}"
    return "the private key it belongs to"


def _read(path: Path) -> bytes:
    try:
        return read_regular_file(path, MOST_BYTES)
    except OSError as error:
        raise SignatureError(
            f"{path}: cannot be read ({error.strerror}); check the file."
        ) from None


def _create(path: Path, content: bytes, mode: int) -> None:
    try:
        create_file(path, content, mode)
    except OSError as error:
        mend = "name another" if error.errno == errno.EEXIST else mend_of(error)
        raise SignatureError(f"{path}: cannot be written ({error.strerror}); {mend}.") from None
