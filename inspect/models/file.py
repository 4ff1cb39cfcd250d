"""The one-file model: graph, manifest and references in one ONNX file, under one identity."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import onnx
from pydantic import ValidationError

from ..core.errors import ModelError, SignatureError
from ..core.identity import Sha256
from ..core.manifest import ModelManifest
from .envelope import Envelope, graph_bytes, open_envelope, placing, seal, write_envelope
from .graph_check import check_graph
from .reference import Reference, References
from .signature import PrivateKey, Signature, sign, signature_of


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model as read: `graph` is ONNX without metadata, `sha256` the model's identity.

    `signature` is None when nobody signed it; one that is there fits.
    """

    graph: bytes
    manifest: ModelManifest
    references: tuple[Reference, ...]
    sha256: Sha256
    signature: Signature | None = None


def write_model(
    path: Path,
    graph: onnx.ModelProto,
    manifest: ModelManifest,
    references: tuple[Reference, ...],
) -> ModelFile:
    """Write a model whole, or not at all; return what was written. Raises ModelError."""
    with placing_model(path, graph, manifest, references) as file:
        return file


@contextmanager
def placing_model(
    path: Path,
    graph: onnx.ModelProto,
    manifest: ModelManifest,
    references: tuple[Reference, ...],
) -> Iterator[ModelFile]:
    """Give the model that is at `path` when the block ends well; else nothing is.

    What belongs to it is written in the block. Raises ModelError.
    """
    model = onnx.ModelProto()
    model.CopyFrom(graph)
    texts = manifest.model_dump_json(), References.dump_json(references).decode()
    envelope = seal(graph_bytes(model), *texts)
    with placing(path, envelope):
        yield ModelFile(envelope.graph, manifest, references, envelope.sha256)


def read_model(path: Path) -> ModelFile:
    """Read and check a model file; nothing of it is run. Raises ModelError."""
    return _understood(*open_envelope(path), path)


def sign_model(path: Path, key: PrivateKey, signed_by: str, output: Path) -> Signature:
    """Sign the model at `path` and write it to `output`; it keeps its identity.

    A signature that it had is replaced. Raises ModelError.
    """
    envelope, model = open_envelope(path)
    _understood(replace(envelope, signature=None), model, path)
    signature = sign(envelope.sha256, key, signed_by)
    write_envelope(output, replace(envelope, signature=signature.model_dump_json()))
    return signature


def _understood(envelope: Envelope, model: onnx.ModelProto, path: Path) -> ModelFile:
    try:
        signature = signature_of(envelope.signature, envelope.sha256)
        manifest = ModelManifest.model_validate_json(envelope.manifest)
        references = References.validate_json(envelope.references)
        check_graph(model, manifest)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"]) or "it is no JSON"
        raise ModelError(
            f"{path}: its manifest does not fit this version ({place}); teach it again."
        ) from None
    except SignatureError as error:
        raise SignatureError(f"{path}: {error}; get it anew from who signed it.") from None
    except ModelError as error:
        raise ModelError(f"{path}: refused, for it {error}; use a file you made.") from None
    return ModelFile(envelope.graph, manifest, references, envelope.sha256, signature)
