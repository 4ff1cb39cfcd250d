"""Who vouches for a model, and what is said when nobody does, or somebody else."""

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import onnx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from required import missing

from edgeinspect.core.errors import ModelError, SignatureError
from edgeinspect.models.envelope import SIGNATURE, open_envelope, seal, write_envelope
from edgeinspect.models.file import read_model, sign_model
from edgeinspect.models.judge import load_judge
from edgeinspect.models.keys import make_key, read_private_key, read_public_key
from edgeinspect.models.signature import Signature, sign, signature_of


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("key") / "line.key"
    make_key(path, None)
    return path


@pytest.fixture(scope="module")
def signed(ring_model: Path, key: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("signed") / "ring.onnx"
    sign_model(ring_model, read_private_key(key), "王莉", path)
    return path


def _public(key: Path) -> Path:
    return key.with_name(f"{key.name}.pub")


def test_signing_changes_no_identity(ring_model: Path, signed: Path) -> None:
    before, after = read_model(ring_model), read_model(signed)
    assert replace(after, signature=None) == before
    assert after.signature is not None
    assert after.signature.signed_by == "王莉"


def test_a_signed_model_is_onnx_as_before(signed: Path) -> None:
    onnx.checker.check_model(onnx.load(signed))


def test_a_trusted_signature_is_taken(signed: Path, key: Path, tmp_path: Path) -> None:
    make_key(tmp_path / "other", None)
    trusted = (_public(tmp_path / "other"), _public(key))
    assert load_judge(signed, trusted_keys=trusted).ref.sha256 == read_model(signed).sha256


def test_without_trusted_keys_an_unsigned_model_is_taken(ring_model: Path) -> None:
    assert load_judge(ring_model).ref.name == "ring"


def test_an_unsigned_model_is_refused_where_signatures_are_asked(
    ring_model: Path, key: Path
) -> None:
    with pytest.raises(SignatureError, match=r"ring\.onnx: nobody signed it, and only signed"):
        load_judge(ring_model, trusted_keys=(_public(key),))


def test_a_stranger_is_refused(signed: Path, tmp_path: Path) -> None:
    make_key(tmp_path / "mine", None)
    with pytest.raises(SignatureError, match="signed by 王莉 with a key that is not trusted here"):
        load_judge(signed, trusted_keys=(_public(tmp_path / "mine"),))


def test_a_signature_from_another_model_is_refused(signed: Path, tmp_path: Path) -> None:
    envelope, _ = open_envelope(signed)
    manifest = envelope.manifest.replace('"name":"ring"', '"name":"wing"')
    other = seal(envelope.graph, manifest, envelope.references, envelope.signature)
    path = tmp_path / "wing.onnx"
    write_envelope(path, other)
    with pytest.raises(SignatureError, match=r"wing\.onnx: its signature was made for another mod"):
        read_model(path)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("signed_by", "somebody else"),
        ("signed_at", "2020-01-01T00:00:00Z"),
        ("public_key", "00" * 32),
        ("public_key", "ff" * 32),
        ("signature", "00" * 64),
        ("algorithm", "none"),
        ("note", "trust me"),
    ],
)
def test_no_field_of_a_signature_can_be_changed(signed: Path, field: str, value: str) -> None:
    envelope, _ = open_envelope(signed)
    changed = json.dumps(json.loads(str(envelope.signature)) | {field: value}, ensure_ascii=False)
    with pytest.raises(SignatureError):
        signature_of(changed.replace('": "', '":"').replace('", "', '","'), envelope.sha256)


def test_a_signature_has_one_form(signed: Path) -> None:
    envelope, _ = open_envelope(signed)
    text = str(envelope.signature)
    assert signature_of(text, envelope.sha256) is not None
    for other in (f"{text} ", text.replace("Z", "+00:00"), text.replace(":", ": ", 1)):
        with pytest.raises(SignatureError, match="in another form than ours"):
            signature_of(other, envelope.sha256)


def test_a_model_is_signed_anew(signed: Path, tmp_path: Path) -> None:
    make_key(tmp_path / "new", None)
    path = tmp_path / "ring.onnx"
    path.write_bytes(signed.read_bytes())
    sign_model(path, read_private_key(tmp_path / "new"), "QA", path)
    signature = read_model(path).signature
    assert signature is not None
    assert (signature.signed_by, signature.public_key) == (
        "QA",
        read_public_key(_public(tmp_path / "new")),
    )
    assert sum(entry.key == SIGNATURE for entry in onnx.load(path).metadata_props) == 1


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_byte_of_a_signed_file_can_be_changed(
    signed: Path, key: Path, tmp_path: Path, data: st.DataObject
) -> None:
    content = bytearray(signed.read_bytes())
    tail = len(content) - content.rindex(b"edgeinspect.manifest")
    near = st.integers(0, 4000) | st.integers(len(content) - tail - 4000, len(content) - 1)
    place = data.draw(st.integers(0, len(content) - 1) | near)
    content[place] ^= data.draw(st.integers(1, 255))
    path = tmp_path / "flipped.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"flipped\.onnx: "):
        load_judge(path, trusted_keys=(_public(key),))


@settings(deadline=None)
@given(signer=st.text(min_size=1, max_size=128).filter(str.isprintable))
def test_any_name_can_sign(key: Path, signer: str) -> None:
    signature = sign("0" * 64, read_private_key(key), signer)
    assert signature_of(signature.model_dump_json(), "0" * 64) == signature


@pytest.mark.parametrize("signer", ["", "two\nlines", "x" * 129, "\x1b[31mred", "\u202eback"])
def test_a_name_that_is_no_line_cannot_sign(key: Path, signer: str) -> None:
    with pytest.raises(SignatureError, match="no name to sign with"):
        sign("0" * 64, read_private_key(key), signer)


def test_a_signature_can_be_checked_by_openssl(signed: Path, key: Path, tmp_path: Path) -> None:
    file = read_model(signed)
    assert isinstance(file.signature, Signature)
    (tmp_path / "statement").write_bytes(file.signature.statement(file.sha256))
    (tmp_path / "signature").write_bytes(bytes.fromhex(file.signature.signature))
    if shutil.which("openssl") is None:
        missing("install openssl")
    checked = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", _public(key), "-rawin", "-in",
         tmp_path / "statement", "-sigfile", tmp_path / "signature"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert checked.stdout.strip() == "Signature Verified Successfully"
