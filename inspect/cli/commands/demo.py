"""`edgeinspect demo`: a whole factory on this machine."""

import tempfile
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from ...camera.folder import playlist
from ...camera.open import parse_folder_url
from ...core.counted import counted
from ...core.errors import ServiceError
from ...models.judge import load_judge
from ...station.history import read_history
from ..demo.run import Demo
from ..demo.sample import find_sample, sample_model
from ..demo.stage import choose_port, set_stage
from ..demo.summary import Summary
from ..tables import pairs_table
from ..terminal import err, out, write_json


def demo(
    model: Annotated[
        Path | None, typer.Option("--model", "-m", help="Model; else one taught from the sample")
    ] = None,
    parts: Annotated[
        int | None, typer.Option(min=1, help="Stop the station after so many parts")
    ] = None,
    rate: Annotated[
        float, typer.Option(min=0, max=1000, help="Parts per second; 0 is without pause")
    ] = 5,
    camera: Annotated[
        str | None, typer.Option(help="What to play, such as folder:/path?order=sorted")
    ] = None,
    ends: Annotated[bool, typer.Option("--exit", help="End when all parts are recorded")] = False,
    summary: Annotated[Path | None, typer.Option(help="Write the counts there, as JSON")] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port of the page; else 8420 or a free one")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="Keep the records there; else they go at the end")
    ] = None,
) -> None:
    """Teach if needed, start broker, station and server, and show the line at work."""
    if ends and parts is None:
        raise ServiceError("--exit has no end to wait for; add --parts N.")
    page = choose_port(port)
    if summary is not None and not summary.parent.is_dir():
        raise ServiceError(f"{summary}: its folder does not exist; make it first.")
    url = camera or f"folder:{quote(str(find_sample() / 'test'))}"
    play = parse_folder_url(url, rate=rate, loop=True, order="shuffled")
    play = replace(play, folder=play.folder.resolve())
    images = playlist(play)
    if model is None:
        model, taught_s = sample_model()
    else:
        load_judge(model)  # better refused here, once, than by a station that is started again
        taught_s = None
    with ExitStack() as stack:
        folder = data or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stage = set_stage(folder.resolve(), play, model.resolve(), page)
        line = Demo(stage, play, images, parts, ends, taught_s, page_asked=port)
        result = line.run()
        if result is None:
            err.print(_farewell(line, kept=data is not None), markup=False)
    if result is not None:
        _tell(result)
        if summary is not None:
            write_json(summary, asdict(result))


def _farewell(demo: Demo, *, kept: bool) -> str:
    inspected = sum(counts.inspected for counts in read_history(demo.stage.settings).values())
    end = f"kept in {demo.stage.settings.data}" if kept else "gone; keep them with --data"
    return f"stopped after {counted(inspected, 'part')}; the records are {end}."


def _tell(result: Summary) -> None:
    out.print(pairs_table("the demo", asdict(result)))
