"""Why a verdict is what it is: a code a screen can translate, and a sentence."""

from enum import StrEnum

from pydantic import Field

from .frozen import FrozenModel


class ReasonCode(StrEnum):
    """Every cause the station knows; screens translate them."""

    ABOVE_THRESHOLD = "above_threshold"
    NEAR_THRESHOLD = "near_threshold"
    SCORE_UNKNOWN = "score_unknown"
    FRAME_UNREADABLE = "frame_unreadable"
    FRAME_MISSED = "frame_missed"
    FRAME_UNLIKE_TAUGHT = "frame_unlike_taught"
    PART_UNPLACED = "part_unplaced"
    FOCUS_OFF = "focus_off"
    LIGHT_OFF = "light_off"
    CONTRAST_OFF = "contrast_off"
    JUDGE_FAILED = "judge_failed"
    GAUGE_OUT_OF_LIMITS = "gauge_out_of_limits"
    GAUGE_NEAR_LIMIT = "gauge_near_limit"
    GAUGE_UNMEASURED = "gauge_unmeasured"
    SERIAL_UNREAD = "serial_unread"
    SERIAL_DIFFERS = "serial_differs"
    SERIAL_REPEATED = "serial_repeated"
    VIEW_MISSING = "view_missing"
    STATION_INTERRUPTED = "station_interrupted"


class Reason(FrozenModel):
    """One cause of a verdict."""

    code: ReasonCode
    text: str = Field(max_length=300, description="The cause in an English sentence")
