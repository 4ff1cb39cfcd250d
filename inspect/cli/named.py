"""Commands by name, each imported when it is asked for: nobody waits for what others need."""

from collections import UserDict
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command


@dataclass(frozen=True, slots=True)
class Group:
    """Commands under one word: what they are for, and where each is."""

    said: str
    places: Mapping[str, "str | Group"]


class Named(UserDict[str, Any]):
    """Commands by name, kept as `module:function` of the package `commands`, or as a Group."""

    def __getitem__(self, name: str) -> Any:
        """Import a command; raises KeyError for a name that is none."""
        kept = self.data[name]
        return _group(name, kept) if isinstance(kept, Group) else _command(name, kept)


def _group(name: str, group: Group) -> TyperGroup:
    made = TyperGroup(name=name, help=group.said, no_args_is_help=True)
    made.commands = Named(group.places)
    return made


def _command(name: str, place: str) -> Any:
    module, _, function = place.partition(":")
    alone = typer.Typer(add_completion=False)
    alone.command(name)(getattr(import_module(f"{__package__}.commands.{module}"), function))
    return get_command(alone)
