"""What is wrong with a settings or recipe file, in one sentence."""

from pathlib import Path

from pydantic import ValidationError


def explain(error: ValidationError, where: Path | str, keys_shown_by: str) -> str:
    """Return the first fault that `error` names: the file, the key, the cause and the mend."""
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"]) or "the whole"
    if first["type"] == "extra_forbidden":
        return f"{where}: unknown key {key}; {keys_shown_by} shows the keys there are."
    given = first.get("input")
    shown = f", not {given!r}" if isinstance(given, str | int | float | bool) else ""
    cause = first["msg"].removeprefix("Value error, ").split(", unable to parse")[0]
    return f"{where}: {key}: {cause[:1].lower()}{cause[1:]}{shown}; mend that value."
