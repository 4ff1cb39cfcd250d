"""The verdict on a part, and why it was inspected."""

from enum import StrEnum


class Verdict(StrEnum):
    """What the station says of a part; unknown is always `REVIEW`."""

    PASS = "pass"
    FAIL = "fail"
    REVIEW = "review"


class Purpose(StrEnum):
    """Why a part was inspected; only `PRODUCTION` counts in the rates of a shift."""

    PRODUCTION = "production"
    COMMISSIONING = "commissioning"
    CHALLENGE = "challenge"
    GOLDEN = "golden"
    REPLAY = "replay"
