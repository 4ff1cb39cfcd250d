"""One boot of a station: what it writes down, what it announces, and how it ends."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from queue import Queue
from threading import Thread
from uuid import uuid4

import pytest

from edgeinspect.core.delivery import StationMode, StationState
from edgeinspect.core.errors import EdgeInspectError, ModelError, SettingsError
from edgeinspect.core.inspection import Inspection
from edgeinspect.core.reason import ReasonCode
from edgeinspect.core.verdict import Verdict
from edgeinspect.messaging.link import Link
from edgeinspect.messaging.message import Message
from edgeinspect.messaging.topics import Channel, Topic
from edgeinspect.settings.tree import MqttSettings, Settings
from edgeinspect.station.ledger import HandedOut, Ledger
from edgeinspect.station.outbox import Outbox
from edgeinspect.station.parcel import Lane
from edgeinspect.station.run import StopRequest, run_station

WAIT_S = 15.0


@pytest.fixture
def settings(tmp_path: Path, sample: Path, washer_model: Path, broker: MqttSettings) -> Settings:
    """A station of its own name that plays the sample's good test images once."""
    return Settings.model_validate(
        {
            "data": tmp_path,
            "mqtt": broker.model_dump(),
            "station": {
                "name": f"station-{uuid4().hex[:8]}",
                "camera": f"folder:{sample / 'test' / 'good'}?rate=0",
                "model": washer_model,
            },
        }
    )


@pytest.fixture
def states(settings: Settings) -> Iterator[Queue[StationState]]:
    """What the station announces."""
    heard: Queue[StationState] = Queue()

    def hear(message: Message) -> None:
        link.acknowledge(message)
        heard.put(StationState.model_validate_json(message.payload))

    topic = str(Topic(settings.address, Channel.STATE))
    link = Link(settings.mqtt, f"listener-{uuid4()}", subscriptions=(topic,), on_message=hear)
    link.open()
    yield heard
    link.close()


def run_until(settings: Settings, done: Callable[[], object]) -> None:
    """Run a station in a thread, stop it when `done` returns, and raise what it raised."""
    stop, errors = StopRequest(), []

    def run() -> None:
        try:
            run_station(settings, stop)
        except EdgeInspectError as error:
            errors.append(error)

    thread = Thread(target=run)
    thread.start()
    try:
        done()
    finally:
        stop.ask()
        thread.join(WAIT_S)
    assert not thread.is_alive()
    if errors:
        raise errors[0]


def heard(states: Queue[StationState], mode: StationMode) -> StationState:
    while (state := states.get(timeout=WAIT_S)).mode is not mode:
        pass
    return state


def written(settings: Settings) -> list[Inspection]:
    outbox = Outbox(settings.outbox_path)
    try:
        rows = outbox.fetch(Lane.ROWS, 0, 1000)
        return [Inspection.model_validate_json(row.payload) for row in rows]
    finally:
        outbox.close()


def test_a_serial_is_known_again_after_a_restart(settings: Settings, tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.toml"
    recipe.write_text('[serial]\nrepeated = "review"\n', encoding="utf-8")
    station = settings.station.model_copy(update={"recipe": recipe})
    flagging = settings.model_copy(update={"station": station})
    outbox = Outbox(flagging.outbox_path)

    def inspected(parts: int) -> None:
        while sum(each.inspected for each in outbox.counts().values()) < parts:
            outbox.wait_until_empty(0.05)

    for parts in (20, 40):
        run_until(flagging, partial(inspected, parts))
    outbox.close()
    both = written(flagging)
    first, again = both[:20], both[20:]
    assert [part.part_id for part in first] == [part.part_id for part in again]
    codes = [[reason.code for reason in part.reasons] for part in (*first, *again)]
    repeated = [ReasonCode.SERIAL_REPEATED in each for each in codes]
    assert repeated == [False] * len(first) + [True] * len(again)
    assert all(part.verdict is not Verdict.PASS for part in again)


def test_every_part_is_written_down_and_the_state_says_so(
    settings: Settings, states: Queue[StationState]
) -> None:
    run_until(settings, lambda: heard(states, StationMode.STOPPED))
    inspections = written(settings)
    assert [each.sequence for each in inspections] == list(range(1, 21))
    assert len({each.boot for each in inspections}) == 1
    assert all(each.evidence and each.context.serial for each in inspections)
    assert all(each.part_id == each.context.serial for each in inspections)


def test_a_running_station_says_what_it_judges_with(
    settings: Settings, states: Queue[StationState]
) -> None:
    said: list[StationState] = []
    run_until(settings, lambda: said.append(heard(states, StationMode.RUNNING)))
    (state,) = said
    assert state.model is not None
    assert state.recipe is not None
    assert state.model.name == "washer"


def test_no_broker_stops_no_verdict(settings: Settings, free_port: Callable[[], int]) -> None:
    alone = settings.model_copy(update={"mqtt": MqttSettings(port=free_port())})
    outbox = Outbox(alone.outbox_path)

    def all_written() -> None:
        while sum(each.inspected for each in outbox.counts().values()) < 20:
            outbox.wait_until_empty(0.05)

    run_until(alone, all_written)
    outbox.close()
    assert len(written(alone)) == 20


def test_a_part_the_station_died_at_goes_to_review(
    settings: Settings, states: Queue[StationState]
) -> None:
    boot, captured_at = uuid4(), datetime(2026, 1, 2, tzinfo=UTC)
    outbox = Outbox(settings.outbox_path)
    outbox.begin_boot(boot)
    outbox.close()
    ledger = Ledger(settings.outbox_path.with_suffix(".ledger"))
    ledger.write(HandedOut(boot, 2, captured_at, "S7"))
    ledger.close()
    run_until(settings, lambda: heard(states, StationMode.STOPPED))
    first, second, *rest = written(settings)
    assert [(each.boot, each.sequence) for each in (first, second)] == [(boot, 1), (boot, 2)]
    for each in (first, second):
        assert each.verdict is Verdict.REVIEW
        assert each.captured_at == captured_at
        assert [reason.code for reason in each.reasons] == [ReasonCode.STATION_INTERRUPTED]
    assert (first.context.serial, second.context.serial, second.part_id) == (None, "S7", "S7")
    assert [each.sequence for each in rest] == list(range(1, 21))


def test_a_refused_model_is_announced_as_a_fault(
    settings: Settings, states: Queue[StationState], tmp_path: Path
) -> None:
    model = tmp_path / "bad.onnx"
    model.write_bytes(b"not a model")
    station = settings.station.model_copy(update={"model": model})
    spoilt = settings.model_copy(update={"station": station})
    said: list[StationState] = []
    with pytest.raises(ModelError, match=r"bad\.onnx"):
        run_until(spoilt, lambda: said.append(heard(states, StationMode.FAULT)))
    assert "bad.onnx" in str(said[0].reason)


def test_kept_evidence_is_bounded(settings: Settings, states: Queue[StationState]) -> None:
    station = settings.station.model_copy(update={"outbox_max_mb": 0.1})
    bounded = settings.model_copy(update={"station": station})
    run_until(bounded, lambda: heard(states, StationMode.STOPPED))
    kept = [bool(each.evidence) for each in written(bounded)]
    assert len(kept) == 20
    outbox = Outbox(bounded.outbox_path)
    assert outbox.depth(Lane.EVIDENCE) + outbox.health().dropped_evidence == sum(kept)
    assert 0 < outbox.health().bytes <= 100_000
    assert outbox.health().dropped_evidence > 0
    (tail,) = outbox.tails()
    assert tail.dropped is not None and tail.dropped.rows_through == 0
    outbox.close()


def test_a_recipe_made_for_another_model_is_refused(
    settings: Settings, states: Queue[StationState], tmp_path: Path
) -> None:
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(f'name = "washer"\nmodel = "{"0" * 64}"\n', encoding="utf-8")
    station = settings.station.model_copy(update={"recipe": recipe})
    other = settings.model_copy(update={"station": station})
    with pytest.raises(SettingsError, match="recipe washer was made for model 000000000000"):
        run_until(other, lambda: heard(states, StationMode.FAULT))


def test_what_passed_just_before_a_bad_part_is_written_down_with_it(
    settings: Settings, states: Queue[StationState], sample: Path, tmp_path: Path
) -> None:
    recipe, images = tmp_path / "recipe.toml", tmp_path / "images"
    recipe.write_text("[evidence]\nevery_nth_pass = 0\nparts_before = 2\n", encoding="utf-8")
    images.mkdir()
    good = sorted((sample / "test" / "good").iterdir())[:4]
    bad = min((sample / "test" / "missing_hole").iterdir())
    for number, image in enumerate((*good, bad)):
        shutil.copy(image, images / f"{number}{image.suffix}")
    changed = {"recipe": recipe, "camera": f"folder:{images}?rate=0"}
    station = settings.station.model_copy(update=changed)
    run_until(
        settings.model_copy(update={"station": station}),
        lambda: heard(states, StationMode.STOPPED),
    )
    *passed, failed = written(settings)
    assert [each.verdict for each in passed] == [Verdict.PASS] * 4
    assert not any(each.evidence for each in passed)
    assert failed.verdict is not Verdict.PASS
    assert [each.inspection for each in failed.evidence] == [None, passed[2].id, passed[3].id]
    outbox = Outbox(settings.outbox_path)
    topics = [each.topic for each in outbox.fetch(Lane.EVIDENCE, 0, 9)]
    outbox.close()
    assert topics == [
        str(Topic(settings.address, Channel.EVIDENCE, each.sha256)) for each in failed.evidence
    ]
