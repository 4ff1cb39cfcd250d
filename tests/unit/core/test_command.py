"""Commands and replies: round trip, bounds, and what is refused in a sentence."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from edgeinspect.core.command import (
    COMMAND,
    KINDS,
    MAX_COMMAND_BYTES,
    Changeover,
    Command,
    read_command,
)
from edgeinspect.core.delivery import StationMode
from edgeinspect.core.errors import MessagingError
from edgeinspect.core.identity import new_id
from edgeinspect.core.reply import REPLY, Done, Picture, Refused, Reply, Standing

moments = st.datetimes(
    datetime(1971, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC), allow_imaginary=False
)
labels = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=128)
names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", fullmatch=True)
versions = st.none() | st.integers(1, 2**31)
commands = st.sampled_from(sorted(KINDS.keys() - {"changeover"})).flatmap(
    lambda do: st.builds(KINDS[do], id=st.uuids(), by=labels, expires_at=moments)
) | st.builds(
    Changeover, id=st.uuids(), by=labels, expires_at=moments, recipe=names, version=versions
)
pictures = st.builds(
    Picture,
    captured_at=moments,
    width=st.integers(1, 9999),
    height=st.integers(1, 9999),
    jpeg_base64=st.sampled_from(["", "QUJD", "/9j/4A=="]),
)
standings = st.builds(
    Standing,
    mode=st.sampled_from(StationMode),
    reason=st.none() | st.text(max_size=300),
    since=moments,
    frames=st.integers(0, 2**53 - 1),
)
replies = st.builds(
    Done,
    id=st.uuids(),
    station=standings,
    text=st.none() | st.text(max_size=500),
    picture=st.none() | pictures,
) | st.builds(Refused, id=st.none() | st.uuids(), text=st.text(max_size=500))


@given(commands)
def test_a_command_is_read_back(command: Command) -> None:
    payload = command.model_dump_json().encode()
    assert len(payload) <= MAX_COMMAND_BYTES
    assert read_command(payload) == command


@given(replies)
def test_a_reply_is_read_back(reply: Reply) -> None:
    assert REPLY.validate_json(reply.model_dump_json()) == reply


@given(st.binary(max_size=400))
def test_bytes_of_anyone_are_refused_in_a_sentence(payload: bytes) -> None:
    with pytest.raises(MessagingError) as refused:
        read_command(payload)
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


def written(**changes: object) -> bytes:
    command = {
        "schema": "edgeinspect.command/1",
        "id": str(new_id()),
        "by": "Li Na",
        "expires_at": "2026-03-01T12:00:00Z",
        "do": "pause",
    }
    return json.dumps(command | changes).encode()


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (written(do="dance"), "`do` is one of pause, resume, snapshot, status, changeover."),
        (b"{}", "no known command"),
        (b"[]", "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
        (b"[" * 4000, "cannot be read"),
        (written(id="7"), "(id: "),
        (written(by=" "), "(by: "),
        (written(by="x" * 200), "(by: "),
        (written(expires_at=17), "(expires_at: "),
        (written(harder=True), "(harder: "),
        (written(do="changeover", recipe="a/b"), "(recipe: "),
        (written(schema="edgeinspect.command/2"), "(schema: "),
        (b" " * 5000, f"has 5000 bytes; send {MAX_COMMAND_BYTES} at most."),
    ],
)
def test_what_is_no_command_is_named(payload: bytes, why: str) -> None:
    with pytest.raises(MessagingError) as refused:
        read_command(payload)
    assert why in str(refused.value)


def test_a_command_holds_until_its_time() -> None:
    command = read_command(written())
    command.check_in_time(command.expires_at - timedelta(seconds=1))
    with pytest.raises(MessagingError, match="was to be done before 12:00:00 UTC"):
        command.check_in_time(command.expires_at)


def test_a_picture_that_is_no_base64_or_too_large_is_refused() -> None:
    picture = {"captured_at": "2026-03-01T12:00:00Z", "width": 1, "height": 1}
    for jpeg in ("*", "A" * 2_000_000):
        with pytest.raises(ValidationError):
            TypeAdapter(Picture).validate_python(picture | {"jpeg_base64": jpeg})


def test_every_command_has_its_name_in_the_schema() -> None:
    assert COMMAND.json_schema()["discriminator"]["mapping"].keys() == KINDS.keys()
