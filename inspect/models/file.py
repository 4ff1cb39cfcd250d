"""The one-file model: graph, manifest and references in one ONNX file, under one identity."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import onnx
from google.protobuf.message import DecodeError
from pydantic import ValidationError

from ..core.errors import ModelError
from ..core.identity import Sha256
from ..core.manifest import ModelManifest
from ..core.regular_file import read_regular_file
from .graph_check import check_graph
from .reference import Reference, References
from .wire import check_wire

MAX_BYTES = 40_000_000
"""Of a model file; ours have some 22 MB."""
MAX_TEXT_BYTES = 6_000_000
"""Of a manifest or of the references; the largest references we write have 5 MB."""
MANIFEST, REFERENCES, IDENTITY = "edgeinspect.manifest", "edgeinspect.references", "edgeinspect.id"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model as read: `graph` is ONNX without metadata, `sha256` the model's identity."""

    graph: bytes
    manifest: ModelManifest
    references: tuple[Reference, ...]
    sha256: Sha256


def write_model(
    path: Path,
    graph: onnx.ModelProto,
    manifest: ModelManifest,
    references: tuple[Reference, ...],
) -> ModelFile:
    """Write a model whole, or not at all; return what was written. Raises ModelError."""
    texts = {
        MANIFEST: manifest.model_dump_json(),
        REFERENCES: References.dump_json(references).decode(),
    }
    model = onnx.ModelProto()
    model.CopyFrom(graph)
    content = _graph_bytes(model)
    texts[IDENTITY] = _identity(content, texts)
    onnx.helper.set_model_props(model, texts)
    _replace(path, model.SerializeToString(deterministic=True))
    return ModelFile(content, manifest, references, texts[IDENTITY])


def read_model(path: Path) -> ModelFile:
    """Read and check a model file; nothing of it is run. Raises ModelError."""
    model = _parse(path)
    texts = {entry.key: entry.value for entry in model.metadata_props}
    if set(texts) != {MANIFEST, REFERENCES, IDENTITY}:
        raise ModelError(f"{path}: not a model of this product; make one with `edgeinspect teach`.")
    if max(len(text) for text in texts.values()) > MAX_TEXT_BYTES:
        raise ModelError(f"{path}: not a model of this product; its manifest is too large.")
    graph = _graph_bytes(model)
    if _identity(graph, texts) != texts[IDENTITY]:
        raise ModelError(f"{path}: edited since it was made; use the original file.")
    try:
        manifest = ModelManifest.model_validate_json(texts[MANIFEST])
        references = References.validate_json(texts[REFERENCES])
        check_graph(model, manifest)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise ModelError(
            f"{path}: its manifest does not fit this version ({place}); teach it again."
        ) from None
    except ModelError as error:
        raise ModelError(f"{path}: refused, for it {error}; use a file you made.") from None
    return ModelFile(graph, manifest, references, texts[IDENTITY])


def _parse(path: Path) -> onnx.ModelProto:
    try:
        content = read_regular_file(path, MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            limit_mb = MAX_BYTES // 1_000_000
            raise ModelError(f"{path}: larger than {limit_mb} MB; no model here needs that.")
        _check_wire(content, path)
        return onnx.load_model_from_string(content)
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror}); check the file.") from None
    except DecodeError:
        raise ModelError(f"{path}: cut short or no ONNX file; copy it again.") from None


def _check_wire(content: bytes, path: Path) -> None:
    try:
        check_wire(content, onnx.ModelProto.DESCRIPTOR)
    except ModelError as error:
        raise ModelError(f"{path}: refused, for it {error}; use a file you made.") from None


def _graph_bytes(model: onnx.ModelProto) -> bytes:
    """Return the model without its metadata, in protobuf's one deterministic order."""
    del model.metadata_props[:]
    content: bytes = model.SerializeToString(deterministic=True)
    return content


def _identity(graph: bytes, texts: dict[str, str]) -> Sha256:
    """Return the SHA-256 over graph, manifest and references, each preceded by its length."""
    digest = hashlib.sha256()
    for part in (graph, texts[MANIFEST].encode(), texts[REFERENCES].encode()):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def _replace(path: Path, content: bytes) -> None:
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    except OSError as error:
        raise ModelError(f"{path}: cannot be written ({error.strerror}); check folder.") from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            # A model is no secret: the service's user reads what a person taught.
            os.fchmod(file.fileno(), 0o644)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError as error:
        raise ModelError(f"{path}: cannot be written ({error.strerror}); free space.") from None
    finally:
        Path(name).unlink(missing_ok=True)
