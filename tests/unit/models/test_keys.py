"""Key files: made whole, kept to their owner, and refused in one sentence."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from required import missing

from edgeinspect.core.errors import SignatureError
from edgeinspect.models.keys import is_locked, make_key, read_private_key, read_public_key


def test_a_key_pair_belongs_together(tmp_path: Path) -> None:
    public = make_key(tmp_path / "k", None)
    assert read_private_key(tmp_path / "k").public_key().public_bytes_raw().hex() == public
    assert read_public_key(tmp_path / "k.pub") == public


def test_only_its_owner_may_read_a_private_key(tmp_path: Path) -> None:
    make_key(tmp_path / "k", None)
    assert (tmp_path / "k").stat().st_mode & 0o777 == 0o600
    (tmp_path / "k").chmod(0o640)
    with pytest.raises(SignatureError, match=r"k: others may read this key; run `chmod 600`"):
        read_private_key(tmp_path / "k")


def test_a_locked_key_opens_with_its_passphrase_alone(tmp_path: Path) -> None:
    make_key(tmp_path / "k", "夜班".encode())
    assert is_locked(tmp_path / "k")
    read_private_key(tmp_path / "k", "夜班".encode())
    for wrong in (None, b"", b"day shift"):
        with pytest.raises(SignatureError, match="locked with another passphrase"):
            read_private_key(tmp_path / "k", wrong)


def test_no_key_is_written_over_another(tmp_path: Path) -> None:
    make_key(tmp_path / "k", None)
    kept = (tmp_path / "k").read_bytes()
    with pytest.raises(SignatureError, match=r"k: is there already; name another\.$"):
        make_key(tmp_path / "k", None)
    public = (tmp_path / "k").rename(tmp_path / "l.pub")
    with pytest.raises(SignatureError, match=r"l\.pub: cannot be written \(File exists\)"):
        make_key(tmp_path / "l", None)
    public.rename(tmp_path / "k")
    (tmp_path / "k.pub").unlink()
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("k", kept)]


def test_a_key_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SignatureError, match="cannot be written"):
        make_key(tmp_path / "gone" / "k", None)


def test_keys_of_openssl_are_taken(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        missing("install openssl")
    key, public = tmp_path / "k", tmp_path / "k.pub"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True)
    key.chmod(0o600)
    subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-out", public], check=True)
    own = read_private_key(key).public_key().public_bytes_raw().hex()
    assert read_public_key(public) == own


def test_another_kind_of_key_is_refused(tmp_path: Path) -> None:
    key = rsa.generate_private_key(65537, 2048)
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "k").write_bytes(private)
    (tmp_path / "k").chmod(0o600)
    (tmp_path / "k.pub").write_bytes(public)
    with pytest.raises(SignatureError, match="no Ed25519 key"):
        read_private_key(tmp_path / "k")
    with pytest.raises(SignatureError, match="no Ed25519 key"):
        read_public_key(tmp_path / "k.pub")


def test_a_private_key_is_not_handed_to_a_station(tmp_path: Path) -> None:
    make_key(tmp_path / "k", None)
    with pytest.raises(SignatureError, match=r"k: a private key; name its public one, .*k\.pub"):
        read_public_key(tmp_path / "k")


def test_a_public_key_signs_nothing_and_its_private_one_is_named(tmp_path: Path) -> None:
    make_key(tmp_path / "k", None)
    public = (tmp_path / "k.pub").rename(tmp_path / "qa.key.pub")
    with pytest.raises(SignatureError) as refused:
        read_private_key(public)
    assert str(refused.value) == (
        f"{public}: a public key, which can only check signatures; sign with its private key, "
        f"{tmp_path / 'qa.key'}."
    )
    with pytest.raises(SignatureError, match=r"sign with the private key it belongs to\."):
        read_private_key(public.rename(tmp_path / "public.pem"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    content=st.binary(max_size=300) | st.just(b"-----BEGIN PUBLIC KEY-----\n"), cut=st.integers(0)
)
def test_garbage_is_no_key(tmp_path: Path, content: bytes, cut: int) -> None:
    path = tmp_path / "k"
    path.write_bytes(content[: cut % 300])
    path.chmod(0o600)
    for read in (read_private_key, read_public_key):
        with pytest.raises(SignatureError, match=r"k: "):
            read(path)


def test_a_key_that_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "gone", Path("/dev/zero")):
        for read in (read_private_key, read_public_key, is_locked):
            with pytest.raises(SignatureError, match="cannot be read"):
                read(path)
