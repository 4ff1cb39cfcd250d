"""What every camera must do."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Event, Thread

import pytest
from films import write_film
from gige_cameras import PRODUCER, aravis_camera

from edgeinspect.camera.condition import FINE, Condition
from edgeinspect.camera.open import open_camera, parse_folder_url
from edgeinspect.camera.source import Source
from edgeinspect.core.errors import CameraError, DatasetError, EdgeInspectError
from edgeinspect.datasets.images import list_images, read_image


@pytest.fixture(params=["folder", "video"])
def played(request: pytest.FixtureRequest, image_folder: Path) -> str:
    """The address of four pictures, by each kind of camera that plays what was recorded."""
    if request.param == "folder":
        return f"folder:{image_folder}"
    film = image_folder / "film.avi"
    write_film(film, [read_image(path) for path in list_images(image_folder)])
    return f"video:{film}"


@pytest.fixture
def open_source(played: str) -> Callable[..., Source]:
    def open_it(rate: float = 0, loop: bool = True) -> Source:
        return open_camera(f"{played}?rate={rate}&loop={loop}")

    return open_it


@pytest.fixture(params=["folder", "video", "simulated", "gentl", "aravis"])
def kind(request: pytest.FixtureRequest) -> str:
    """Every kind of camera there is; GigE ones by both libraries."""
    return str(request.param)


@pytest.fixture
def any_source(kind: str, image_folder: Path) -> Iterator[Source]:
    """A camera of this kind, ten pictures a second."""
    with ExitStack() as ends:
        url = f"{kind}:{image_folder}?rate=10"
        if kind == "video":
            film = image_folder / "film.avi"
            write_film(film, [read_image(path) for path in list_images(image_folder)])
            url = f"video:{film}?rate=10"
        if kind == "gentl":
            url = f"gige:1?producer={PRODUCER}&rate=10&width=100&height=100"
        if kind == "aravis":
            url = f"{ends.enter_context(aravis_camera())}&rate=10"
        yield ends.enter_context(closing(open_camera(url)))


def test_a_frame_has_a_picture_a_time_and_an_origin(any_source: Source, kind: str) -> None:
    first, second = any_source.read(), any_source.read()
    assert first is not None
    assert second is not None
    assert first.image is not None
    assert first.image.shape == ((100, 100, 3) if kind == "gentl" else (48, 64, 3))
    assert first.captured_at.utcoffset() is not None
    assert second.captured_s > first.captured_s
    assert first.origin


def test_a_camera_that_works_says_so(any_source: Source) -> None:
    heard: list[Condition] = []
    fine = Event()

    def hear(condition: Condition) -> None:
        heard.append(condition)
        if condition == FINE:
            fine.set()

    any_source.watch(hear)
    assert fine.wait(10), heard


def test_closing_ends_a_read_and_may_be_repeated(any_source: Source) -> None:
    reader = Thread(target=lambda: [None for _ in iter(any_source.read, None)])
    reader.start()
    any_source.close()
    reader.join(5)
    assert not reader.is_alive()
    assert any_source.read() is None


def test_a_source_that_ended_stays_ended(open_source: Callable[..., Source]) -> None:
    source = open_source(loop=False)
    frames = [source.read() for _ in range(6)]
    assert [frame is None for frame in frames] == [False] * 4 + [True] * 2
    source.close()


def test_closing_ends_a_read_that_waits_for_a_picture_to_be_due(
    open_source: Callable[..., Source],
) -> None:
    source = open_source(rate=0.001)
    source.read()
    got: list[object] = []
    reader = Thread(target=lambda: got.append(source.read()))
    reader.start()
    source.close()
    reader.join(5)
    assert got == [None]


def test_a_damaged_image_is_a_frame_that_says_so(image_folder: Path) -> None:
    (image_folder / "0.png").write_bytes(b"\x89PNG rubbish")
    source = open_camera(f"folder:{image_folder}?rate=0")
    frame = source.read()
    source.close()
    assert frame is not None
    assert frame.image is None
    assert "0.png" in str(frame.unreadable)


def test_shuffled_rounds_are_the_same_for_a_seed(image_folder: Path) -> None:
    def origins(seed: int) -> list[str]:
        source = open_camera(f"folder:{image_folder}?rate=0&order=shuffled&seed={seed}")
        frames = [source.read() for _ in range(4)]
        source.close()
        return [frame.origin for frame in frames if frame]

    assert origins(3) == origins(3)
    assert sorted(origins(3)) == ["0.png", "1.png", "2.png", "3.png"]
    assert len({tuple(origins(seed)) for seed in range(8)}) > 1


@pytest.mark.parametrize(
    ("url", "error", "says"),
    [
        ("", CameraError, "folder:"),
        ("abc:0", CameraError, "abc:0"),
        ("video:/nowhere/at/all.mp4", CameraError, "no such film"),
        ("video:{folder}/0.png?rate=0&speed=1", CameraError, "unknown option speed"),
        ("simulated:{folder}?rate=0", CameraError, "rate"),
        ("simulated:{folder}?grab=some", CameraError, "grab"),
        ("simulated:{folder}?grab=every&pace=2", CameraError, "pace goes with grab=newest"),
        ("rtsp://127.0.0.1/x#pace=-1", CameraError, "pace"),
        ("gige:", CameraError, "gige:<camera>"),
        ("gige:1?speed=1", CameraError, "unknown option speed"),
        ("gige:1?width=-1", CameraError, "width"),
        ("gige:1?trigger=line", CameraError, "trigger=line goes with grab=every"),
        ("gige:1?by=aravis&producer=x.cti", CameraError, "a producer goes with by=gentl"),
        ("rtsp:stream1", CameraError, "names no camera"),
        ("simulated:/nowhere/at/all", DatasetError, "no such folder"),
        ("folder:", CameraError, "folder:"),
        ("folder:{folder}?speed=3", CameraError, "unknown option speed"),
        ("folder:{folder}?rate=fast", CameraError, "rate"),
        ("folder:{folder}?rate=-1", CameraError, "rate"),
        ("folder:/nowhere/at/all", DatasetError, "no such folder"),
    ],
)
def test_a_wrong_url_is_named_with_its_mend(
    image_folder: Path, url: str, error: type[EdgeInspectError], says: str
) -> None:
    with pytest.raises(error, match=says):
        open_camera(url.format(folder=image_folder))


def test_a_url_is_read_back(image_folder: Path) -> None:
    camera = parse_folder_url(f"folder:{image_folder}?rate=2.5&loop=true&order=shuffled&seed=4")
    assert parse_folder_url(camera.url) == camera
    assert parse_folder_url(f"folder:{image_folder}", rate=9.0).rate == 9.0
