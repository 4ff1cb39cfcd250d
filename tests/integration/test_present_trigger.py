"""A whole station that sees its parts itself: one record of each that passes, in its best frame."""

import json
from contextlib import closing
from pathlib import Path
from queue import Queue
from threading import Thread
from uuid import uuid4

import cv2
import pytest
from belts import Belt, Part, middle_px
from films import write_film
from processes import edgeinspect, refusal

from edgeinspect.core.delivery import StationMode, StationState
from edgeinspect.core.frame import Image
from edgeinspect.core.inspection import Inspection
from edgeinspect.core.verdict import Verdict
from edgeinspect.messaging.link import Link
from edgeinspect.messaging.message import Message
from edgeinspect.messaging.topics import Channel, Topic
from edgeinspect.settings.tree import MqttSettings, Settings
from edgeinspect.station.run import StopRequest, run_station

WAIT_S = 60.0
STEP_PX, STILL = 9.0, 60
BELT = Belt([Part(0), Part(-180, 40), Part(-260, 100)])
PRESENT = "present:?learn_s=0.5"


def moved_px(number: int) -> float:
    return STEP_PX * max(0, number - STILL)


@pytest.fixture(scope="module")
def pictures() -> list[Image]:
    """A film that begins and ends with an empty belt."""
    return [BELT.seen(moved_px(number), seed=number) for number in range(STILL + 85)]


def test_a_station_has_a_record_of_each_part_that_passes(
    tmp_path: Path, pictures: list[Image], washer_model: Path, broker: MqttSettings
) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number, picture in enumerate(pictures):
        cv2.imwrite(str(folder / f"{number:03}.png"), picture)
    settings = Settings.model_validate(
        {
            "data": tmp_path / "data",
            "mqtt": broker.model_dump(),
            "station": {
                "name": f"station-{uuid4().hex[:8]}",
                "camera": f"simulated:{folder}?rate=40",
                "trigger": PRESENT,
                "model": washer_model,
            },
        }
    )
    heard: Queue[Message] = Queue()
    topics = {each: str(Topic(settings.address, each)) for each in Channel}
    wanted = (topics[Channel.INSPECTION], topics[Channel.STATE])
    link = Link(settings.mqtt, "line", subscriptions=wanted, on_message=heard.put)
    link.open()
    stop, records, states = StopRequest(), list[Inspection](), list[StationState]()
    thread = Thread(target=run_station, args=(settings, stop))
    with closing(link):
        thread.start()
        try:
            while len(records) < 2 * len(BELT.parts):
                message = heard.get(timeout=WAIT_S)
                link.acknowledge(message)
                if message.topic == topics[Channel.INSPECTION]:
                    records.append(Inspection.model_validate_json(message.payload))
                else:
                    states.append(StationState.model_validate_json(message.payload))
        finally:
            stop.ask()
            thread.join(WAIT_S)
    assert not thread.is_alive()
    assert [record.sequence for record in records] == [1, 2, 3, 4, 5, 6]
    for number, record in enumerate(records):
        part = BELT.parts[number % len(BELT.parts)]
        shown = int(Path(record.part_id).stem)
        assert abs(middle_px(part, moved_px(shown)) - BELT.width / 2) <= STEP_PX / 2 + 6
        assert record.verdict is not Verdict.PASS  # it is no washer
        assert record.timings_ms.trigger
    faults = [str(state.reason) for state in states if state.mode is StationMode.FAULT]
    assert any("the empty scene is not learned yet" in each for each in faults)
    assert states[-1].mode is StationMode.RUNNING


def test_somebody_can_see_that_it_works_on_a_film(tmp_path: Path, pictures: list[Image]) -> None:
    film, empty = tmp_path / "belt.avi", tmp_path / "empty.png"
    write_film(film, pictures)
    cv2.imwrite(str(empty), pictures[0])
    for trigger in (PRESENT, f"present:?empty={empty}"):
        tried = ("camera", "test", f"video:{film}?rate=50", "--trigger", trigger)
        trial = json.loads(edgeinspect(*tried, "--seconds", 6, "--json"))
        assert (trial["parts"], trial["troubles"]) == (len(BELT.parts), [])
    said = edgeinspect("camera", "test", f"video:{film}?rate=0", "--trigger", "present:")
    assert "0 parts seen" in said
    assert "the empty scene is not learned yet" in said
    assert "does not look at pictures" in refusal(
        "camera", "test", f"video:{film}", "--trigger", "mqtt:"
    )
