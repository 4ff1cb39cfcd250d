"""The topics of the contract, version 1: `edgeinspect/v1/{site}/{line}/{station}/{channel}`."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from pydantic import ValidationError

from ..core.errors import MessagingError
from ..core.inspection import StationAddress, address_of

ROOT = "edgeinspect/v1"


class Channel(StrEnum):
    """What follows the station's address in a topic."""

    INSPECTION = "inspection"
    VERDICT = "verdict"
    EVIDENCE = "evidence"
    STATE = "state"
    HEALTH = "health"
    RECORDED = "recorded"
    PART = "part"
    COMMAND = "command"
    REPLY = "reply"
    GATE = "gate"


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of the contract; `detail` is the last level of `evidence/{sha256}`."""

    address: StationAddress
    channel: Channel
    detail: str | None = None

    def __str__(self) -> str:
        path = f"{ROOT}/{self.address}/{self.channel}"
        return path if self.detail is None else f"{path}/{self.detail}"


@lru_cache(maxsize=1024)
def parse_topic(text: str) -> Topic:
    """Return the Topic written in `text`.

    Raises MessagingError for a topic outside the contract.
    """
    prefix = f"{ROOT}/"
    levels = text.removeprefix(prefix).split("/")
    has_detail = len(levels) == 5
    if not text.startswith(prefix) or len(levels) not in (4, 5):
        raise MessagingError(f"{text[:200]!r}: not a topic of {ROOT}; publish under {ROOT}/.")
    try:
        address = address_of(*levels[:3])
        channel = Channel(levels[3])
    except (ValidationError, ValueError):
        raise MessagingError(
            f"{text[:200]!r}: not a topic of {ROOT}; check the station's name and the channel."
        ) from None
    if has_detail != (channel is Channel.EVIDENCE):
        raise MessagingError(f"{text[:200]!r}: {channel} has the wrong number of topic levels.")
    return Topic(address, channel, levels[4] if has_detail else None)


def levels_of_station(text: str) -> str:
    """Return the levels that name the station in a topic, or of another topic's the first ones."""
    return "/".join(text.split("/", 5)[:5])


def all_stations(channel: Channel) -> str:
    """Return the topic filter that matches `channel` of every station."""
    detail = "/+" if channel is Channel.EVIDENCE else ""
    return f"{ROOT}/+/+/+/{channel}{detail}"


def audit_head(site: str) -> str:
    """Return the topic on which the server of a site says where its audit log ends."""
    return f"{ROOT}/{site}/audit/head"
