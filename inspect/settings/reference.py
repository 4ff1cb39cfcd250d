"""Describes settings for people, from their own titles, types, ranges and defaults."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

JsonSchema = dict[str, Any]

_KINDS = {
    "boolean": "true or false",
    "integer": "whole number",
    "number": "number",
    "string": "text",
    "array": "list",
    "object": "tables",
}
_FORMATS = {"path": "file or folder", "password": "secret text"}
_BOUNDS = {
    "minimum": "from {}",
    "exclusiveMinimum": "above {}",
    "maximum": "to {}",
    "exclusiveMaximum": "below {}",
    "maxLength": "up to {} characters",
    "maxItems": "up to {} entries",
    "pattern": "matching `{}`",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One key: what it means, what may be written, and what holds when it is left out."""

    key: str
    meaning: str
    allowed: str
    default: str


@dataclass(frozen=True, slots=True)
class Section:
    """One table of a TOML file; the top level has the empty name."""

    name: str
    settings: tuple[Setting, ...]


def sections_of(model: type[BaseModel]) -> tuple[Section, ...]:
    """Return every section of `model`, the top level first, each before its sub-sections."""
    schema = model.model_json_schema()
    return tuple(_sections(schema, schema.get("$defs", {}), ""))


def markdown(sections: tuple[Section, ...]) -> str:
    """Return the sections as Markdown, a heading and a table for each that has keys."""
    return "\n\n".join(_section_markdown(section) for section in sections if section.settings)


def _sections(schema: JsonSchema, named: JsonSchema, name: str) -> Iterator[Section]:
    entries = {key: _resolve(entry, named) for key, entry in schema["properties"].items()}
    tables = {key: tuple(_tables(entry, named)) for key, entry in entries.items()}
    leaves = {key: entry for key, entry in entries.items() if not tables[key]}
    yield Section(name, tuple(_setting(key, entry, named, schema) for key, entry in leaves.items()))
    for key, kinds in tables.items():
        inner = f"{name}.{key}" if name else key
        for kind, table in kinds:
            yield from _sections(table, named, f"[{inner}] {kind}" if kind else inner)


def _tables(entry: JsonSchema, named: JsonSchema) -> Iterator[tuple[str, JsonSchema]]:
    """Give the tables an entry may be, in a list of tables each with its kind; a value is none."""
    if "properties" in entry:
        yield "", entry
    for choice in entry.get("anyOf", ()):
        yield from _tables(_resolve(choice, named), named)
    choices = entry.get("items", {}).get("discriminator", {}).get("mapping", {})
    for kind, reference in choices.items():
        yield kind, _resolve({"$ref": reference}, named)


def _resolve(entry: JsonSchema, named: JsonSchema) -> JsonSchema:
    """Return `entry` with what its reference names; only the entry's own words describe it."""
    if "$ref" not in entry:
        return entry
    target = dict(named[entry["$ref"].rsplit("/", 1)[-1]])
    target.pop("description", None)
    return target | entry


def _setting(key: str, entry: JsonSchema, named: JsonSchema, table: JsonSchema) -> Setting:
    meaning = entry.get("description") or entry["title"]
    default = "must be there" if key in table.get("required", ()) else _default(entry)
    return Setting(key, meaning, _allowed(entry, named), default)


def _allowed(entry: JsonSchema, named: JsonSchema) -> str:
    choices = [choice for choice in entry.get("anyOf", [entry]) if choice.get("type") != "null"]
    choice = _resolve(choices[0], named)
    if "const" in choice:
        return f"`{choice['const']}`"
    if "enum" in choice:
        return "one of " + ", ".join(f"`{value}`" for value in choice["enum"])
    kind = _FORMATS.get(choice.get("format", ""), _KINDS[choice["type"]])
    if choice.get("minItems") == choice.get("maxItems") is not None:
        return f"{kind} of {choice['maxItems']}"
    bounds = [words.format(choice[key]) for key, words in _BOUNDS.items() if key in choice]
    return ", ".join((kind, " ".join(bounds))) if bounds else kind


def _heading(name: str) -> str:
    """Return a table's heading; of a list of tables with the kind that this one describes."""
    table, _, kind = name.removeprefix("[").partition("] ")
    kind, _, inner = kind.partition(".")
    if inner:
        return f"`[{table}.{inner}]` of `{kind}`"
    return f'`[[{table}]]`, `kind = "{kind}"`' if kind else f"`[{name}]`"


def _default(entry: JsonSchema) -> str:
    if "default" not in entry:
        return "the platform's"
    value = entry["default"]
    if value is None or value in ("", []):
        return "none"
    return f"`{str(value).lower()}`" if isinstance(value, bool) else f"`{value}`"


def _section_markdown(section: Section) -> str:
    heading = f"## {_heading(section.name)}" if section.name else "## Top level"
    rows = [
        f"| `{each.key}` | {each.meaning} | {each.allowed} | {each.default} |"
        for each in section.settings
    ]
    head = ("| key | meaning | allowed | default |", "|---|---|---|---|")
    return "\n".join((heading, "", *head, *rows))
