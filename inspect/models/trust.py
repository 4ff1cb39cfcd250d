"""Whose models are taken."""

from collections.abc import Sequence
from pathlib import Path

from ..core.errors import SignatureError
from .file import ModelFile
from .keys import read_public_key


def check_signer(file: ModelFile, path: Path, trusted_keys: Sequence[Path]) -> None:
    """Raise SignatureError unless one of the public keys (PEM files) signed the model at `path`.

    Without keys every model is taken.
    """
    if not trusted_keys:
        return
    trusted = {read_public_key(each) for each in trusted_keys}
    if file.signature is None:
        raise SignatureError(
            f"{path}: nobody signed it, and only signed models are taken here; "
            "sign it with `edgeinspect model sign`."
        )
    if file.signature.public_key not in trusted:
        raise SignatureError(
            f"{path}: signed by {file.signature.signed_by} with a key that is not trusted here "
            f"({file.signature.public_key[:12]}); have it signed by one that is."
        )
