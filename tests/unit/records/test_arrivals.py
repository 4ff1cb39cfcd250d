"""What arrives from the broker, read defensively."""

import json
from collections.abc import Callable
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edgeinspect.core.clock import utc_now
from edgeinspect.core.delivery import StationMode, StationState
from edgeinspect.core.inspection import Inspection, StationAddress
from edgeinspect.messaging.message import Message
from edgeinspect.records.arrivals import (
    MAX_DOCUMENT_BYTES,
    read_document,
    read_evidence_key,
    takes_back,
)
from edgeinspect.records.batch import Announcement, EvidenceKey, Refused, Seat

MakeInspection = Callable[..., Inspection]
HERE = StationAddress()
TOPIC = f"edgeinspect/v1/{HERE}/inspection"
DIGEST = "a" * 64


def test_an_inspection_is_read(make_inspection: MakeInspection) -> None:
    sent = make_inspection()
    assert read_document(Message(TOPIC, sent.model_dump_json().encode())) == sent


def test_a_state_is_read() -> None:
    state = StationState(mode=StationMode.RUNNING, since=utc_now())
    message = Message(f"edgeinspect/v1/{HERE}/state", state.model_dump_json().encode())
    assert read_document(message) == Announcement(HERE, state)


@pytest.mark.parametrize("number", [-1, 2**53, 2**63 - 1, 10**30])
def test_a_state_that_no_boot_can_reach_is_refused(number: int) -> None:
    tails = [{"boot": str(uuid4()), "last_sequence": number}]
    state = {"mode": "running", "since": utc_now().isoformat(), "open_boots": tails}
    refused = read_document(Message(f"edgeinspect/v1/{HERE}/state", json.dumps(state).encode()))
    assert isinstance(refused, Refused)
    assert "open_boots.0.last_sequence: Input should be" in refused.reason


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b'{"score": "\xff"}', "it is no UTF-8, from byte 12 on; look at what sends it"),
        (b"\xff", "it is no UTF-8, from byte 1 on; look at what sends it"),
        (b"not a part", "it is no JSON (expected ident at line 1 column 2)"),
    ],
)
def test_what_is_no_document_is_called_so(payload: bytes, reason: str) -> None:
    refused = read_document(Message(TOPIC, payload))
    assert isinstance(refused, Refused) and refused.reason.startswith(reason)


def test_evidence_is_named() -> None:
    message = Message(f"edgeinspect/v1/{HERE}/evidence/{DIGEST}", b"...")
    assert read_evidence_key(message) == EvidenceKey(HERE, DIGEST)


@pytest.mark.parametrize("detail", ["A" * 64, "a" * 63, "..", "a b"])
def test_evidence_without_a_digest_is_refused(detail: str) -> None:
    message = Message(f"edgeinspect/v1/{HERE}/evidence/{detail}", b"...")
    assert isinstance(read_evidence_key(message), Refused)


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("schema", "edgeinspect.inspection/0", "schema: it names no edgeinspect.inspection"),
        ("schema", "edgeinspect.inspection/3", "newer version (edgeinspect.inspection/3); update"),
        ("station", "station-2", "it says it is of site/line-1/station-2, and came from site/"),
        ("captured_at", "0001-01-01T00:00:00+14:00", "lies outside the years 1970 to 2200"),
        ("captured_at", "9999-12-31T23:59:59-14:00", "lies outside the years 1970 to 2200"),
        ("captured_at", 0.5, "captured_at: it is no ISO 8601 time"),
        ("captured_at", "2026-03-01T12:00:00", "captured_at: Input should have timezone info"),
        ("verdict", "pass", "a part without a score and a model cannot pass"),
        ("colour", "red", "colour: Extra inputs are not permitted"),
        ("part_id", "", "part_id: String should have at least 1 character"),
    ],
)
def test_a_wrong_field_is_named_and_the_sequence_accounted_for(
    make_inspection: MakeInspection, key: str, value: object, reason: str
) -> None:
    sent = make_inspection(7)
    payload = json.dumps(sent.model_dump(mode="json") | {key: value}).encode()
    refused = read_document(Message(TOPIC, payload))
    assert isinstance(refused, Refused)
    assert reason in refused.reason
    assert refused.seat == Seat(HERE, sent.boot, 7)
    assert refused.payload == payload


def test_the_next_version_is_read_as_far_as_it_is_known(make_inspection: MakeInspection) -> None:
    sent = make_inspection(7, recipe=None)
    newer = {"schema": "edgeinspect.inspection/2", "colour": "red"}
    document = sent.model_dump(mode="json") | newer
    document["gates"]["tilt_deg"] = 3.5
    assert read_document(Message(TOPIC, json.dumps(document).encode())) == sent
    document["verdict"] = "perhaps"
    refused = read_document(Message(TOPIC, json.dumps(document).encode()))
    assert isinstance(refused, Refused) and refused.reason.startswith("verdict: Input should be")
    assert refused.seat == Seat(HERE, sent.boot, 7)


def test_what_a_newer_station_says_of_itself_is_read() -> None:
    state = StationState(mode=StationMode.RUNNING, since=utc_now())
    document = state.model_dump(mode="json") | {"temperature_c": 61}
    message = Message(f"edgeinspect/v1/{HERE}/state", json.dumps(document).encode())
    assert read_document(message) == Announcement(HERE, state)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_json_cannot_keep_are_refused(
    make_inspection: MakeInspection, number: str
) -> None:
    payload = make_inspection().model_dump_json().replace('"score":null', f'"score":{number}')
    refused = read_document(Message(TOPIC, payload.encode()))
    assert isinstance(refused, Refused)
    assert refused.reason == "score: Input should be a finite number"


@pytest.mark.parametrize("sequence", ["0", "-1", "9007199254740992", "1.5", "null", '"x"'])
def test_an_impossible_sequence_is_nobodys(sequence: str) -> None:
    payload = f'{{"boot": "{uuid4()}", "sequence": {sequence}}}'.encode()
    refused = read_document(Message(TOPIC, payload))
    assert isinstance(refused, Refused) and refused.seat is None


def test_a_huge_document_is_not_even_parsed(make_inspection: MakeInspection) -> None:
    payload = make_inspection().model_dump_json().encode() + b" " * MAX_DOCUMENT_BYTES
    refused = read_document(Message(TOPIC, payload))
    assert isinstance(refused, Refused) and "bytes are more than 1048576" in refused.reason


@given(topic=st.text(max_size=60) | st.just(TOPIC), payload=st.binary(max_size=60))
def test_noise_is_refused_and_kept(topic: str, payload: bytes) -> None:
    for read in (read_document, read_evidence_key):
        refused = read(Message(topic, payload))
        assert isinstance(refused, Refused)
        assert (refused.topic, refused.payload) == (topic, payload)
        assert refused.reason


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damage_never_breaks_the_reader(
    make_inspection: MakeInspection, data: st.DataObject
) -> None:
    payload = bytearray(make_inspection(3).model_dump_json().encode())
    for _ in range(data.draw(st.integers(1, 4))):
        payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(payload)))
    read = read_document(Message(TOPIC, bytes(payload[:cut])))
    assert isinstance(read, Inspection | Refused)


def test_only_an_empty_state_takes_something_back() -> None:
    assert takes_back(Message("edgeinspect/v1/site/line-1/station-1/state", b""))
    assert not takes_back(Message("edgeinspect/v1/site/line-1/station-1/state", b"{"))
    assert not takes_back(Message("edgeinspect/v1/site/line-1/station-1/inspection", b""))
