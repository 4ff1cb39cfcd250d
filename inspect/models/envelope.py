"""A model file taken apart: its graph, the texts that ride with it, and its identity."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import onnx
from google.protobuf.message import DecodeError

from ..core.errors import ModelError
from ..core.identity import Sha256
from ..core.regular_file import read_regular_file
from ..core.whole_file import mend_of, replacing, settle, try_place
from .wire import check_text, check_wire

MAX_BYTES = 120_000_000
"""Of a model file; the largest we teach has some 80 MB."""
MANIFEST, REFERENCES, IDENTITY = "edgeinspect.manifest", "edgeinspect.references", "edgeinspect.id"
SIGNATURE = "edgeinspect.signature"
_NEEDED = {MANIFEST, REFERENCES, IDENTITY}


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a model file holds: `graph` is ONNX without metadata, the texts are JSON, not yet read.

    `signature` is None for a model that nobody signed; the identity does not depend on it.
    """

    graph: bytes
    manifest: str
    references: str
    sha256: Sha256
    signature: str | None = None

    def content(self) -> bytes:
        """Return the bytes of the file: protobuf messages are joined by laying them end to end."""
        texts = {MANIFEST: self.manifest, REFERENCES: self.references, IDENTITY: self.sha256}
        if self.signature is not None:
            texts[SIGNATURE] = self.signature
        metadata = onnx.ModelProto()
        onnx.helper.set_model_props(metadata, texts)
        return self.graph + bytes(metadata.SerializeToString(deterministic=True))


def seal(graph: bytes, manifest: str, references: str, signature: str | None = None) -> Envelope:
    """Put the parts of a model together, under their identity."""
    digest = hashlib.sha256()
    for part in (graph, manifest.encode(), references.encode()):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return Envelope(graph, manifest, references, digest.hexdigest(), signature)


def graph_bytes(model: onnx.ModelProto) -> bytes:
    """Return the model in protobuf's one deterministic order; it holds no metadata afterwards."""
    del model.metadata_props[:]
    return bytes(model.SerializeToString(deterministic=True))


def write_envelope(path: Path, envelope: Envelope) -> None:
    """Write a model file whole, or not at all. Raises ModelError."""
    with placing(path, envelope):
        pass


@contextmanager
def placing(path: Path, envelope: Envelope) -> Iterator[None]:
    """Write a model file, which is at `path` when the block ends well; else nothing is.

    What belongs to the model is written in the block. Raises ModelError.
    """
    if path.is_dir():
        raise _is_folder(path)
    try:
        # A model is no secret: the service's user reads what a person taught.
        with replacing(path, 0o644) as file:
            file.write(envelope.content())
            settle(file)
            yield
    except OSError as error:
        raise _unwritten(path, error) from None


def check_place(path: Path) -> None:
    """Try, before the work, whether a model can be written to `path`. Raises ModelError."""
    if path.is_dir():
        raise _is_folder(path)
    if not path.parent.is_dir():
        raise ModelError(f"{path}: its folder does not exist; make it first.")
    try:
        try_place(path)
    except OSError as error:
        raise _unwritten(path, error) from None


def open_envelope(path: Path) -> tuple[Envelope, onnx.ModelProto]:
    """Take the model file at `path` apart; return its graph as a message too, without metadata.

    Nothing of it is run. Raises ModelError when it is no model of this product, holds more than
    any model needs, or is not what its identity says.
    """
    model, texts = _unpacked(path)
    if texts.keys() - {SIGNATURE} != _NEEDED or len(texts) != len(model.metadata_props):
        raise ModelError(f"{path}: not a model of this product; make one with `edgeinspect teach`.")
    graph, signature = graph_bytes(model), texts.get(SIGNATURE)
    envelope = seal(graph, texts[MANIFEST], texts[REFERENCES], signature)
    if envelope.sha256 != texts[IDENTITY]:
        raise ModelError(f"{path}: edited since it was made; use the original file.")
    return envelope, model


def _is_folder(path: Path) -> ModelError:
    return ModelError(f"{path}: is a folder; name a file, such as {path / 'part.onnx'}.")


def _unwritten(path: Path, error: OSError) -> ModelError:
    return ModelError(f"{path}: cannot be written ({error.strerror}); {mend_of(error)}.")


def _unpacked(path: Path) -> tuple[onnx.ModelProto, dict[str, str]]:
    """Return a file as a message, and its texts by name."""
    content = _read(path)
    try:
        check_wire(content, onnx.ModelProto.DESCRIPTOR)
        model = onnx.load_model_from_string(content)
        texts = {entry.key: entry.value for entry in model.metadata_props}
        for text in texts.values():
            check_text(text)
    except DecodeError:
        raise ModelError(f"{path}: cut short or no ONNX file; copy it again.") from None
    except ModelError as error:
        raise ModelError(f"{path}: refused, for it {error}; use a file you made.") from None
    return model, texts


def _read(path: Path) -> bytes:
    try:
        content = read_regular_file(path, MAX_BYTES + 1)
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror}); check the file.") from None
    if len(content) > MAX_BYTES:
        limit_mb = MAX_BYTES // 1_000_000
        raise ModelError(f"{path}: larger than {limit_mb} MB; no model here needs that.")
    return content
