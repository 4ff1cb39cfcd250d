"""`edgeinspect model`: look at model files, compare them, and see whether they hold."""

from pathlib import Path
from typing import Annotated

import typer

from ..model_lines import diff_lines, outline_lines, verified_lines
from ..options import Json, Threads, TrustedKeys
from ..terminal import out, print_json

ModelFile = Annotated[Path, typer.Argument(help="Model file (.onnx)")]


def show(model: ModelFile, as_json: Json = False) -> None:
    """Say what a model is, what it was taught from, and who signed it; nothing of it is run."""
    from ...models.describe import outline_of
    from ...models.file import read_model

    outline = outline_of(read_model(model), model)
    if as_json:
        print_json(outline.model_dump(mode="json"))
    else:
        out.print(*outline_lines(outline), sep="\n")


def verify(
    model: ModelFile, trusted_key: TrustedKeys = None, threads: Threads = 2, as_json: Json = False
) -> None:
    """Check a model from end to end: file, identity, signature, and its proof on this box."""
    from ...models.verify import verify as verify_model

    verified = verify_model(model, trusted_key or (), threads=threads)
    if as_json:
        print_json(verified.model_dump(mode="json"))
    else:
        out.print(*verified_lines(verified), sep="\n")


def diff(
    first: ModelFile,
    second: Annotated[Path, typer.Argument(help="Model file to compare it with")],
    as_json: Json = False,
) -> None:
    """Say what tells two models apart; the exit status is 0 when they are the same, else 1."""
    from ...models.diff import diff as diff_models
    from ...models.file import read_model

    found = diff_models(read_model(first), read_model(second))
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        out.print(*diff_lines(found), sep="\n")
    if not found.same:
        raise typer.Exit(1)
