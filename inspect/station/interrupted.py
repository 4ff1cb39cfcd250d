"""The record of a part that a station was stopped at."""

from ..core.identity import new_id
from ..core.inspection import Inspection, StationAddress
from ..core.part import PartContext
from ..core.reason import ReasonCode
from ..core.recipe import RecipeRef
from ..core.verdict import Purpose
from ..decision.decide import undecided
from .ledger import HandedOut


def interrupted(
    address: StationAddress,
    handed_out: HandedOut,
    sequence: int,
    purpose: Purpose,
    context: PartContext,
    recipe: RecipeRef,
) -> Inspection:
    """Return the record of a part of which only the ledger knows: nobody judged it, so review."""
    text = "the station was stopped before this part was written down"
    serial = handed_out.serial if sequence == handed_out.sequence else None
    decision = undecided(ReasonCode.STATION_INTERRUPTED, text)
    return Inspection(
        id=new_id(),
        **address.model_dump(),
        boot=handed_out.boot,
        sequence=sequence,
        captured_at=handed_out.captured_at,
        part_id=serial or f"{handed_out.boot}-{sequence}",
        purpose=purpose,
        context=context if serial is None else context.model_copy(update={"serial": serial}),
        recipe=recipe,
        verdict=decision.verdict,
        reasons=decision.reasons,
    )
