"""GigE cameras by both libraries: what is asked, what is refused, what is lost, and who says so."""

import json
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from queue import Empty, Queue

import numpy as np
import psutil
import pytest
from gige_cameras import PRODUCER, aravis_camera
from processes import edgeinspect, refusal

from edgeinspect.camera.condition import FINE, Condition
from edgeinspect.camera.gige.answers import PORT, answers
from edgeinspect.camera.open import open_camera
from edgeinspect.core.delivery import StationMode
from edgeinspect.core.frame import Frame
from edgeinspect.datasets.images import read_image

PATIENCE_S = 20.0
VIKY = f"gige:1?producer={PRODUCER}"


@pytest.fixture
def gige() -> Iterator[str]:
    with aravis_camera() as url:
        yield url


def heard_of(url: str, fits: Callable[[Condition], bool]) -> Condition:
    """Open a camera, and wait until it is said to be so."""
    heard: Queue[Condition] = Queue()
    with closing(open_camera(url)) as source:
        source.watch(heard.put)
        while not fits(condition := heard.get(timeout=PATIENCE_S)):
            pass
    return condition


def first_words(url: str) -> str:
    """Return the first that is said of a camera that cannot be had."""
    wrong = heard_of(url, lambda condition: "not connected yet" not in str(condition.reason))
    assert wrong.mode is StationMode.FAULT
    return str(wrong.reason)


def frames_of(url: str, count: int) -> list[Frame]:
    with closing(open_camera(url)) as source:
        return [frame for _ in range(count) if (frame := source.read()) is not None]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("gige:1?producer=/nowhere/maker.cti", "there is no GenTL producer /nowhere/maker.cti"),
        (f"gige:1?producer={__file__}", "cannot be loaded"),
        ("gige:1?by=gentl", "GENICAM_GENTL64_PATH leads to none; give"),
        (f"gige:7?producer={PRODUCER}", r"gige:7: is not found \(there: 0 \(Machine Vision"),
        (f"gige:Viky?producer={PRODUCER}", "serials 0, 1, 2 are called so; name one"),
        (f"{VIKY}&width=4000", "has no width of 4000, it offers 100 to 800; mend width"),
        (f"{VIKY}&format=RGB8", "has no format RGB8, it offers RGBa8, Mono8; mend format"),
        (f"{VIKY}&rate=900", "has no rate of 900, it offers 1 to 200"),
        (f"{VIKY}&exposure_us=500", "it has no ExposureTime; leave exposure_us out"),
        (f"{VIKY}&trigger=line&grab=every", "it has no TriggerSource; leave line out"),
    ],
)
def test_what_a_producer_or_its_camera_cannot_do_is_a_sentence(
    url: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GENICAM_GENTL64_PATH", raising=False)
    said = first_words(url)
    assert said.startswith("camera gige:")
    with pytest.raises(AssertionError, match=says):
        raise AssertionError(said)


def test_a_library_that_is_no_producer_is_not_run(tmp_path: Path) -> None:
    other = next(Path(np.__file__).parent.rglob("*.so"))
    (file := tmp_path / "maker.cti").write_bytes(other.read_bytes())
    said = first_words(f"gige:1?producer={file}")
    assert "is no GenTL producer" in said or "cannot be loaded" in said


def test_what_a_gige_camera_cannot_do_is_a_sentence(gige: str) -> None:
    name = gige.split("?")[0]
    assert "has no width of 4000, it offers 1 to 2048" in first_words(
        f"{name}?by=aravis&width=4000"
    )
    assert "it offers BayerBG8, BayerGB8" in first_words(f"{gige}&format=Mono10p")
    assert "has no line Line1, it offers Line0, Software" in first_words(
        f"{gige}&trigger=line&grab=every"
    )
    assert "is not found (there: GV42 (Aravis Fake))" in first_words("gige:9?by=aravis")


def test_a_camera_that_another_has_is_said_to_be_in_use(gige: str) -> None:
    with closing(open_camera(gige)) as source:
        assert source.read() is not None
        assert "another program has it" in first_words(gige)
        assert source.read() is not None


@pytest.mark.parametrize("form", ["Mono8", "Mono16", "RGB8", "BayerRG8"])
def test_formats_and_values_that_are_asked_for_are_those_of_the_frame(gige: str, form: str) -> None:
    asked = f"{gige}&format={form}&exposure_us=2500&rate=50&grab=every"
    frames = frames_of(asked, 15)
    whole = {place: frame for place, frame in enumerate(frames) if frame.image is not None}
    assert len(whole) >= 5  # where this process gets little of the machine, packets go lost
    sizes = {frame.image.shape for frame in frames if frame.image is not None}
    assert sizes == {(48, 64, 3)}
    assert {frame.exposure_us for frame in whole.values()} == {2500.0}
    assert len({(frame.number or 0) - place for place, frame in whole.items()}) == 1


def test_a_producers_pictures_have_their_colours() -> None:
    frames = frames_of(f"{VIKY}&format=RGBa8&rate=50", 3)
    image = frames[-1].image
    assert image is not None
    assert image.shape == (400, 400, 3)
    assert len(np.unique(image.reshape(-1, 3), axis=0)) > 1


def test_frames_are_counted_over_the_turn_of_their_numbers(gige: str) -> None:
    """Aravis' camera begins at 65400, so that this is seen."""
    numbers = [frame.number for frame in frames_of(f"{gige}&rate=100&grab=every", 200)]
    counted = [(place, number) for place, number in enumerate(numbers) if number is not None]
    assert len(counted) >= 195  # this reader may be slow
    (first, begins), (last, ends) = counted[0], counted[-1]
    assert begins < 65_535 < ends
    assert [number for _, number in counted] == sorted(number for _, number in counted)
    assert ends - begins == last - first


def test_a_frame_whose_packets_went_lost_is_missed_and_said() -> None:
    heard: list[Condition] = []
    with (
        aravis_camera("-r", "20") as url,
        closing(open_camera(f"{url}&width=256&height=256&rate=100&grab=every")) as source,
    ):
        source.watch(heard.append)
        frames = [frame for _ in range(200) if (frame := source.read()) is not None]
    whole = [frame for frame in frames if frame.image is not None]
    missed = [frame for frame in frames if frame.image is None]
    assert len(whole) > 10
    assert len(missed) > 10
    causes = {str(frame.unreadable) for frame in missed}
    assert "the frame was missed: the picture is not whole: packets of it went lost" in causes
    numbers = [(place, frame.number) for place, frame in enumerate(frames) if frame.number]
    (first, begun), (last, ended) = numbers[0], numbers[-1]
    assert ended - begun == last - first  # each frame has a record
    assert any(
        each.mode is StationMode.DEGRADED and "went lost" in str(each.reason) for each in heard
    )


def test_a_camera_none_of_whose_frames_is_whole_is_at_fault() -> None:
    with aravis_camera("-r", "900") as url:
        said = heard_of(url, lambda condition: "and those before" in str(condition.reason))
    assert said.mode is StationMode.FAULT
    assert "packets" in str(said.reason)


def test_a_camera_on_a_line_may_be_silent_and_its_loss_is_seen_all_the_same() -> None:
    heard: Queue[Condition] = Queue()
    with aravis_camera() as url:
        source = open_camera(f"{url}&trigger=line&line=Line0&grab=every")
        source.watch(heard.put)
        while heard.get(timeout=PATIENCE_S) != FINE:
            pass
        with pytest.raises(Empty):  # nothing is said while nothing comes
            heard.get(timeout=1.5)
    with closing(source):
        said = heard.get(timeout=PATIENCE_S)
    assert "does not answer at 127.0.0.1" in str(said.reason)


@pytest.mark.parametrize("kind", ["gentl", "aravis"])
def test_a_library_that_breaks_down_takes_nothing_with_it(kind: str, gige: str) -> None:
    url = VIKY if kind == "gentl" else gige
    heard: Queue[Condition] = Queue()
    with closing(open_camera(url)) as source:
        source.watch(heard.put)
        while heard.get(timeout=PATIENCE_S) != FINE:
            pass
        for child in psutil.Process().children():
            if "edgeinspect.camera.gige.process" in child.cmdline():
                child.send_signal(signal.SIGSEGV)
        said = ""
        while "broke down (signal 11)" not in said:
            said = str(heard.get(timeout=PATIENCE_S).reason)
        while heard.get(timeout=PATIENCE_S) != FINE:
            pass


def test_who_is_there_answers() -> None:
    assert not answers("127.0.0.1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", PORT))
        assert not answers("127.0.0.1")


def test_the_list_names_gige_cameras_by_what_can_be_written(
    gige: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert gige.startswith("gige:GV42?")
    alone = edgeinspect("camera", "list")
    assert "gige:GV42  127.0.0.1  Aravis Fake, by aravis" in alone
    monkeypatch.setenv("GENICAM_GENTL64_PATH", str(Path(PRODUCER).parent))
    found = json.loads(edgeinspect("camera", "list", "--json"))
    addresses = {each["address"] for each in found}
    assert {"gige:0", "gige:1", "gige:2", "gige:GV42?by=aravis"} <= addresses
    seen = tmp_path / "seen.png"
    edgeinspect("camera", "snapshot", "gige:2", "-o", seen)
    assert read_image(seen).shape == (400, 400, 3)
    trial = json.loads(
        edgeinspect("camera", "test", "gige:GV42?by=aravis", "--seconds", 4, "--json")
    )
    assert trial["pictures"] > 10
    assert trial["troubles"] == []
    assert "is not found" in refusal("camera", "snapshot", "gige:9", "-o", seen)
