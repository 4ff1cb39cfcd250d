"""Writes into the audit log with which model and by which recipe every station judges."""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from ...core.delivery import StationState
from ...core.inspection import ModelRef, StationAddress
from ...core.recipe import RecipeRef
from .chain import append
from .entry import Kind
from .tables import AuditRow


def note_in_use(
    connection: Connection, told: Iterable[tuple[StationAddress, StationState]]
) -> None:
    """Add an entry for each model and recipe that a station did not judge with before.

    Its threshold is part of the recipe, or of the model where the recipe has none. To be called
    last in a transaction.
    """
    for address, state in told:
        for kind, now in _of(state):
            before = _last(connection, kind, address)
            if before.get("sha256") != now.sha256:
                detail = {"name": now.name, "version": now.version, "sha256": now.sha256}
                replaced = {"before": before.get("sha256")} if before else {}
                append(connection, kind, address, detail | replaced, who=str(address))


def _of(state: StationState) -> Iterator[tuple[Kind, ModelRef | RecipeRef]]:
    if state.model is not None:
        yield Kind.MODEL, state.model
    if state.recipe is not None:
        yield Kind.RECIPE, state.recipe


def _last(connection: Connection, kind: Kind, address: StationAddress) -> dict[str, Any]:
    """Return the detail of the newest entry of a station, empty where there is none."""
    detail = connection.scalar(_newest(), {"kind": kind.value, "address": str(address)})
    return {} if detail is None else dict(json.loads(detail))


@cache
def _newest() -> Select[str]:
    of_station = AuditRow.about == bindparam("address"), AuditRow.what == bindparam("kind")
    return select(AuditRow.detail).where(*of_station).order_by(AuditRow.number.desc()).limit(1)
