"""Who vouches for a model: an Ed25519 signature that rides in its file.

What is signed is a text of lines, so that it can be checked by other means (docs/models/file.md).
"""

from datetime import UTC, datetime
from typing import Annotated, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints, ValidationError

from ..core.errors import SignatureError
from ..core.frozen import FrozenModel
from ..core.identity import Sha256

PrivateKey = Ed25519PrivateKey
PublicKey = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""An Ed25519 public key, 32 bytes in hex."""


def _one_line(name: str) -> str:
    if not name.isprintable():
        raise ValueError("a name is one line of printable signs")
    return name


Signer = Annotated[str, Field(min_length=1, max_length=128), AfterValidator(_one_line)]


class Signature(FrozenModel):
    """Who signed a model, when, and the proof of it."""

    algorithm: Literal["ed25519"] = "ed25519"
    public_key: PublicKey = Field(description="The signer's public key, in hex")
    signed_by: Signer = Field(description="Who signed, as they say")
    signed_at: AwareDatetime
    signature: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{128}$")] = Field(
        description="Over these fields and the model's identity, in hex"
    )

    def statement(self, sha256: Sha256) -> bytes:
        """Return what is signed: a line for each field, and the model's identity."""
        fields = self.model_dump(mode="json", exclude={"signature"}) | {"sha256": sha256}
        lines = ("edgeinspect-model-signature", *(f"{key}: {fields[key]}" for key in fields))
        return ("\n".join(lines) + "\n").encode()


def sign(sha256: Sha256, key: PrivateKey, signed_by: str) -> Signature:
    """Sign a model's identity, now. Raises SignatureError for a name that cannot be written."""
    try:
        unsigned = Signature(
            public_key=key.public_key().public_bytes_raw().hex(),
            signed_by=signed_by,
            signed_at=datetime.now(UTC).replace(microsecond=0),
            signature="0" * 128,
        )
    except ValidationError:
        raise SignatureError(
            f"{signed_by[:128]!r}: no name to sign with; give one line of up to 128 signs."
        ) from None
    signature = key.sign(unsigned.statement(sha256)).hex()
    return unsigned.model_copy(update={"signature": signature})


def signature_of(text: str | None, sha256: Sha256) -> Signature | None:
    """Return the signature that `text` (JSON) holds; None for None.

    Raises SignatureError when it is not written as we write it, or does not fit the model.
    """
    if text is None:
        return None
    try:
        signature = Signature.model_validate_json(text)
    except ValidationError:
        raise SignatureError("its signature cannot be read") from None
    if signature.model_dump_json() != text:
        # One form only: no byte of a signed file may be changed and go unnoticed.
        raise SignatureError("its signature is in another form than ours")
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature.public_key))
    try:
        key.verify(bytes.fromhex(signature.signature), signature.statement(sha256))
    except InvalidSignature:
        raise SignatureError("its signature was made for another model") from None
    return signature
