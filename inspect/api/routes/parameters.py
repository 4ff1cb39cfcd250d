"""Query parameters that several routes share."""

from typing import Annotated

from fastapi import Depends, Query

from ...core.clock import Moment
from ...core.identity import Name
from ...records.queries.scope import Scope

Since = Annotated[Moment | None, Query(description="Captured at this time or later")]
Until = Annotated[Moment | None, Query(description="Captured before this time")]


def _scope(
    site: Annotated[Name | None, Query(description="Only this site")] = None,
    line: Annotated[Name | None, Query(description="Only this line")] = None,
    station: Annotated[Name | None, Query(description="Only this station")] = None,
) -> Scope:
    return Scope(site, line, station)


FromScope = Annotated[Scope, Depends(_scope)]
