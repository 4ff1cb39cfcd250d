"""How a thing on the wire is named in one line, taken apart: `kind:place?option=value`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote

from pydantic import TypeAdapter, ValidationError

from .errors import EdgeInspectError

Form = TypeVar("Form")


@dataclass(frozen=True, slots=True)
class Address:
    """What a URL says: the kind of thing, where it is, and how it is to be used.

    `error` is raised, with a sentence, for what cannot be used.
    """

    url: str
    kind: str
    place: str
    options: Mapping[str, str]
    error: type[EdgeInspectError]

    def read_as(self, form: type[Form], place: str | None, **defaults: Any) -> Form:
        """Return the `form`, a dataclass, that is written here.

        The place goes into its field `place`, or nowhere; `defaults` hold where the URL is silent.
        Raises `error` for a missing place, an unknown option or a value out of range.
        """
        known = [field.name for field in fields(form) if field.name != place]  # type: ignore[arg-type]
        options = defaults | dict(self.options)
        if unknown := sorted(options.keys() - set(known)):
            raise self.error(
                f"{self.shown}: unknown option {unknown[0]}; the options are {', '.join(known)}."
            )
        if (place is not None) != bool(self.place):
            wanted = f"{self.kind}:" + (f"<{place}>" if place else "")
            raise self.error(f"{self.shown}: not of that form; write {wanted}?{known[0]}=....")
        if place is not None:
            options[place] = unquote(self.place)
        try:
            return TypeAdapter(form).validate_python(options)
        except ValidationError as error:
            first = error.errors()[0]
            key = "".join(f"{part}: " for part in first["loc"])
            said = first["msg"].removeprefix("Value error, ")
            raise self.error(f"{self.shown}: {key}{said}; mend that value.") from None

    @property
    def shown(self) -> str:
        """The URL as a sentence may name it: quoted, and without a password."""
        return repr(shown(self.url))


_CAMERAS_OF_ONE = ("usb", "gige")
"""Others can be looked through by several: files, and streams as far as the camera serves them."""


def named(kind: str, place: str) -> str:
    """Return one name for one thing, however a number in it is written."""
    return f"{kind}:{int(place) if place.isdecimal() else place}"


def camera_device(url: str) -> str | None:
    """Return the device of a camera's URL that one alone can open; None where several can."""
    kind, _, rest = url.partition(":")
    if kind not in _CAMERAS_OF_ONE:
        return None
    return named(kind, rest.partition("?")[0].removeprefix("/dev/video"))


def shown(url: str) -> str:
    """Return a URL as it may be shown: without a user's password, whatever signs are in that."""
    return re.sub(r"//.*@", "//***@", url)


def parse_address(url: str, error: type[EdgeInspectError]) -> Address:
    """Take a URL apart; a `?`, `#` or `%` in the place is written %3F, %23, %25."""
    kind, _, rest = url.partition(":")
    place, _, query = rest.partition("?")
    return Address(url, kind, place, dict(parse_qsl(query, keep_blank_values=True)), error)
