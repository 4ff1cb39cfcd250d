"""`edgeinspect camera focus`, `target` and `calibrate`: from a lens to millimetres."""

from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...core.errors import MeasuringError, SettingsError
from ...core.whole_file import mend_of, replace_file
from ..options import Config, Data, Json
from ..terminal import err, out, plain, print_json
from .camera import Url, named_camera

if TYPE_CHECKING:
    from ...core.calibration import Calibration
    from ...measuring.calibrate import Shot


class Paper(StrEnum):
    """The papers a target is printed on."""

    A4 = "a4"
    A3 = "a3"
    LETTER = "letter"


BoardName = Annotated[
    str, typer.Option("--board", help="charuco:10x7 or checkerboard:10x7, squares across and down")
]
SquareMm = Annotated[
    float, typer.Option("--square-mm", min=0.1, max=500, help="Side of a square, as measured")
]


def focus(
    url: Url = None,
    seconds: Annotated[float, typer.Option(min=1, max=3600, help="So long")] = 60.0,
    config: Config = None,
    data: Data = None,
) -> None:
    """Show how sharp a camera's picture is, and the best so far, while you turn the lens."""
    from ...camera.open import open_camera
    from ...camera.trial import Sight, tried

    best = 0.0

    def show(sight: Sight) -> None:
        nonlocal best
        best = max(best, sight.focus)
        shown.update(f"focus {sight.focus}, best so far {best}")

    source = open_camera(named_camera(url, config, data))
    with closing(source), err.status("waiting for a picture") as shown:
        trial = tried(source, seconds, show)
    if trial.sight is None:
        said = trial.troubles[0] if trial.troubles else f"no picture within {seconds:g} s"
        out.print(plain(said), markup=False)
        raise typer.Exit(1)
    out.print(f"focus {trial.sight.focus} at the end, {best} at best", markup=False)


def target(
    output: Annotated[Path, typer.Option("--output", "-o", help="PDF file to write")],
    board: BoardName = "charuco:10x7",
    square_mm: SquareMm = 20.0,
    paper: Annotated[Paper, typer.Option(help="Paper it is printed on")] = Paper.A4,
) -> None:
    """Write a calibration target to print: a page with a board at its true size."""
    from ...measuring.board import Board
    from ...measuring.target import page

    if output.suffix.lower() != ".pdf":
        raise MeasuringError(f"{output}: a target's name ends in .pdf; name such a file.")
    made = Board.parse(board, square_mm)
    try:
        replace_file(output, page(made, paper.value))
    except OSError as error:
        raise MeasuringError(
            f"{output}: cannot be written ({error.strerror}); {mend_of(error)}."
        ) from None
    out.print(plain(f"{output}: {made}; print it at 100 % and measure it"), markup=False)


def calibrate(
    flat: Annotated[
        str | None,
        typer.Argument(help="Picture of the board lying where parts lie; or a camera, as usb:0"),
    ] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Calibration file to write (.toml)")
    ] = Path("calibration.toml"),
    views: Annotated[
        Path | None, typer.Option(help="Folder of the board tilted this way and that, for the lens")
    ] = None,
    board: BoardName = "charuco:10x7",
    square_mm: SquareMm = 20.0,
    length_mm: Annotated[
        float | None, typer.Option(min=0.001, max=100_000, help="One known distance, no board")
    ] = None,
    start: Annotated[str | None, typer.Option("--from", help="Where it begins: RIGHT,DOWN")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Where it ends: RIGHT,DOWN")] = None,
    edges: Annotated[
        bool, typer.Option("--edges", help="It is that of the two edges on the way")
    ] = False,
    sure_mm: Annotated[
        float, typer.Option(min=0, help="Standard uncertainty of the square or length, mm")
    ] = 0.0,
    as_json: Json = False,
) -> None:
    """Find what a pixel is in millimetres, by a board or one known distance, for recipes."""
    from ...settings.recipe_file import check_new, write_calibration

    if output.suffix.lower() != ".toml":
        raise SettingsError(f"{output}: a calibration's name ends in .toml; name such a file.")
    check_new(output)
    if length_mm is not None:
        made = _by_distance(flat, (start, end), length_mm, sure_mm, edges)
    elif flat is None:
        raise SettingsError("no picture is named; give one of the board, or a camera as usb:0.")
    else:
        made = _by_board(flat, views, board, square_mm, sure_mm)
    write_calibration(output, made)
    if as_json:
        print_json(made.model_dump(mode="json"))
        return
    for line in _lines(made):
        out.print(plain(line), markup=False)
    out.print(plain(f'{output}: written; in a recipe: calibration = "{output}"'), markup=False)


def _by_board(
    flat: str, views: Path | None, board: str, square_mm: float, sure_mm: float
) -> "Calibration":
    from ...datasets.images import list_images, read_image
    from ...measuring.board import Board
    from ...measuring.calibrate import Shot, by_board

    wanted = Board.parse(board, square_mm)
    shot = _shot(flat)
    files = () if views is None else list_images(views)
    tilted = [Shot(each.name, read_image(each)) for each in files if each != Path(flat)]
    with err.status("looking for the board"):
        found = by_board(shot, tilted, wanted, sure_mm / square_mm)
    for said in found.left_out:
        err.print(plain(f"left out: {said}"), markup=False)
    return found.calibration


def _by_distance(
    flat: str | None,
    ends: tuple[str | None, str | None],
    length_mm: float,
    sure_mm: float,
    edges: bool,
) -> "Calibration":
    from ...measuring.calibrate import by_distance

    if edges and flat is None:
        raise SettingsError("no picture is named; give the one in which the edges are.")
    image = _shot(flat).image if edges and flat is not None else None
    return by_distance((_place(ends[0]), _place(ends[1])), length_mm, sure_mm, image)


def _shot(named: str) -> "Shot":
    from ...camera.open import open_camera
    from ...camera.trial import first_picture
    from ...core.address import shown
    from ...datasets.images import read_image
    from ...measuring.calibrate import Shot

    path = Path(named)
    if ":" not in named or path.exists():
        return Shot(path.name, read_image(path))
    with closing(open_camera(named)) as source:
        return Shot(shown(named), first_picture(source, shown(named)))


def _place(text: str | None) -> tuple[float, float]:
    try:
        right, down = (float(each) for each in (text or "").split(","))
    except ValueError:
        raise SettingsError(
            f"{text}: no place; write --from 120,340 and --to 820,340, in pixels."
        ) from None
    return right, down


def _lines(made: "Calibration") -> list[str]:
    lines = [f"a pixel is {made.mm_per_px:.5g} mm in the middle of the view"]
    if made.rms_px is not None:
        lines.append(f"corners are {made.rms_px:.2f} px off (rms), in {made.views} pictures")
    share, place_mm = 2 * made.uncertainty, 2 * made.place_mm
    lines.append(f"uncertainty (k = 2): {share:.3%} of a length, and {place_mm:.2g} mm of a place")
    if made.plane is not None and made.lens is None:
        lines.append("the lens was taken to bend nothing; --views with five more pictures tells")
    return lines
