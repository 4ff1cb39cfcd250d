"""Topics of the contract: round trip, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.core.errors import MessagingError
from edgeinspect.core.inspection import StationAddress
from edgeinspect.messaging.topics import (
    Channel,
    Topic,
    all_stations,
    levels_of_station,
    parse_topic,
)

names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", fullmatch=True)
addresses = st.builds(StationAddress, site=names, line=names, station=names)


@given(addresses, st.sampled_from([each for each in Channel if each is not Channel.EVIDENCE]))
def test_a_topic_is_read_back(address: StationAddress, channel: Channel) -> None:
    topic = Topic(address, channel)
    assert parse_topic(str(topic)) == topic


@given(addresses, st.from_regex(r"[0-9a-f]{64}", fullmatch=True))
def test_an_evidence_topic_is_read_back(address: StationAddress, sha256: str) -> None:
    topic = Topic(address, Channel.EVIDENCE, sha256)
    assert parse_topic(str(topic)) == topic


@given(st.text(max_size=200))
def test_any_other_text_is_refused_in_a_sentence(text: str) -> None:
    try:
        assert str(parse_topic(text)) == text
    except MessagingError as error:
        assert str(error).endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        "edgeinspect/v1/a/b/c",
        "edgeinspect/v1/a/b/c/inspection/x",
        "edgeinspect/v1/a/b/c/evidence",
        "edgeinspect/v2/a/b/c/state",
        "edgeinspect/v1/a/../c/state",
        "edgeinspect/v1/a/b/c/unheard",
    ],
)
def test_topics_outside_the_contract_are_refused(text: str) -> None:
    with pytest.raises(MessagingError):
        parse_topic(text)


def test_the_filter_of_all_stations() -> None:
    assert all_stations(Channel.STATE) == "edgeinspect/v1/+/+/+/state"
    assert all_stations(Channel.EVIDENCE) == "edgeinspect/v1/+/+/+/evidence/+"


@given(addresses, addresses, st.sampled_from(Channel), st.sampled_from(Channel))
def test_all_that_a_station_sends_has_its_levels_alone(
    one: StationAddress, other: StationAddress, channel: Channel, another: Channel
) -> None:
    levels = levels_of_station(f"{Topic(one, channel)}/detail")
    assert (levels == levels_of_station(str(Topic(other, another)))) == (one == other)
