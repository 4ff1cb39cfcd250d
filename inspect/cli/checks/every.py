"""Every check of a box and its stations."""

from dataclasses import replace

from ...settings.tree import Settings
from .box import BOX_CHECKS
from .check import Check
from .station import checks_of


def all_checks(settings: Settings) -> tuple[Check, ...]:
    """Look at everything the settings name."""
    found = [check(settings) for check in BOX_CHECKS]
    for each in settings.of_each_station:
        if each.station.enabled:
            prefix = f"{each.station.name}: " if settings.stations else ""
            found += (
                _under(prefix, check(each)) for check in checks_of(each.station, settings.stations)
            )
    return tuple(found)


def _under(prefix: str, check: Check) -> Check:
    return replace(check, name=prefix + check.name)
