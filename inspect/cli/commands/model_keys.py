"""`edgeinspect model keygen` and `sign`: vouch for a model."""

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer

from ...core.errors import SignatureError
from ..options import Json, new_model
from ..terminal import out, print_json

PassphraseFile = Annotated[
    Path | None, typer.Option(help="File that holds the key's passphrase; else it is asked for")
]


def keygen(
    key: Annotated[Path, typer.Argument(help="Private key to write; the public one is KEY.pub")],
    locked: Annotated[
        bool, typer.Option("--locked", help="Lock the private key with a passphrase")
    ] = False,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Make a key to sign models with, and the public key that stations trust."""
    from ...models.keys import PUBLIC_SUFFIX, make_key

    passphrase = _new_passphrase(key, passphrase_file) if locked else None
    public = make_key(key, passphrase)
    out.print(f"{key}: keep it to yourself; it signs as {public}", markup=False)
    out.print(f"{key}{PUBLIC_SUFFIX}: give it to the stations (trusted_keys)", markup=False)


def sign(
    model: Annotated[Path, typer.Argument(help="Model file (.onnx)")],
    key: Annotated[Path, typer.Option("--key", help="Private key that `model keygen` made")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File to write; else MODEL itself", callback=new_model),
    ] = None,
    signed_by: Annotated[str | None, typer.Option(help="Who signs; else the user's name")] = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Sign a model: whoever trusts the key knows that it is the one you meant."""
    from ...models.file import sign_model
    from ...models.keys import is_locked, read_private_key

    passphrase = _passphrase(key, passphrase_file) if is_locked(key) else None
    private = read_private_key(key, passphrase)
    signature = sign_model(model, private, signed_by or getpass.getuser(), output or model)
    if as_json:
        print_json(signature.model_dump(mode="json"))
    else:
        told = f"signed by {signature.signed_by} with key {signature.public_key}"
        out.print(f"{output or model}: {told}", markup=False)


def _passphrase(key: Path, file: Path | None) -> bytes:
    if file is not None:
        return _in_file(file)
    return _asked(key, f"passphrase of {key}: ")


def _new_passphrase(key: Path, file: Path | None) -> bytes:
    if file is not None:
        return _in_file(file)
    passphrase = _asked(key, f"new passphrase for {key}: ")
    if passphrase != _asked(key, "the same again: "):
        raise SignatureError(f"{key}: not made, the two passphrases differ; try again.")
    return passphrase


def _in_file(file: Path) -> bytes:
    try:
        passphrase = file.read_bytes()[:1024].split(b"\n", 1)[0].strip()
    except OSError as error:
        raise SignatureError(f"{file}: cannot be read ({error.strerror}); check it.") from None
    if not passphrase:
        raise SignatureError(f"{file}: its first line is empty; write the passphrase there.")
    return passphrase


def _asked(key: Path, question: str) -> bytes:
    if not sys.stdin.isatty():
        raise SignatureError(f"{key}: locked, and nobody is here to ask; give --passphrase-file.")
    passphrase = getpass.getpass(question).encode()
    if not passphrase:
        raise SignatureError(f"{key}: an empty passphrase locks nothing; give one.")
    return passphrase
