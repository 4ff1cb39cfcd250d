"""Writes the generated pages: settings, commands and JSON Schemas.

python docs/generate.py            write them
python docs/generate.py --check    write nothing; exit 1 when one of them is stale
"""

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter

from edgeinspect.cli import reference as commands
from edgeinspect.core.audit import AuditHead
from edgeinspect.core.command import Command
from edgeinspect.core.delivery import Recorded, StationState
from edgeinspect.core.health import StationHealth
from edgeinspect.core.inspection import Inspection
from edgeinspect.core.manifest import ModelManifest
from edgeinspect.core.recipe import Recipe
from edgeinspect.core.reply import Reply
from edgeinspect.core.trigger import PartNotice
from edgeinspect.models.signature import Signature
from edgeinspect.settings import reference as settings
from edgeinspect.settings.tree import Settings

DOCS = Path(__file__).resolve().parent
NOTE = "<!-- Written by docs/generate.py; `make docs` writes it anew. -->"

SCHEMAS: dict[str, Any] = {
    "inspection": Inspection,
    "station-state": StationState,
    "station-health": StationHealth,
    "recorded": Recorded,
    "part": PartNotice,
    "command": Command,
    "reply": Reply,
    "audit-head": AuditHead,
    "recipe": Recipe,
    "model-manifest": ModelManifest,
    "model-signature": Signature,
}

SETTINGS_INTRODUCTION = """\
# Settings

A box has one settings file, `edgeinspect.toml`. It is looked for as `--config`, then in the
working folder, then in `/etc/edgeinspect`. Every key may be left out. An unknown key is an error.

An environment variable overlays a key: `EDGEINSPECT__MQTT__PORT=1884` is `port` in `[mqtt]`.
`--data` overlays both.

`edgeinspect config check` says whether a file can be used, `edgeinspect config show` prints every
setting in force.
"""

RECIPE_INTRODUCTION = """\
# Recipe

A recipe says what to inspect and how. It is a TOML file of its own, named by `recipe` in
`[station]` or by `--recipe`. Without one these defaults hold. A recipe that changed is another
recipe: every inspection carries its name, version and digest.
"""

COMMANDS_INTRODUCTION = """\
# Commands

`edgeinspect --help` lists them, `edgeinspect COMMAND --help` explains one. `edgeinspect --version`
says which version this is. Keys of JSON answers are stable within a version of the contract; new
ones may be added.

An error is one sentence on standard error, and the exit status is 1; a command that was mistyped
is answered with how it is written, and 2. `edgeinspect --debug COMMAND`
shows where it arose.
"""


def pages() -> dict[Path, str]:
    """Return every generated file with its content."""
    reference, schema = DOCS / "reference", DOCS / "schema"
    return {
        reference / "settings.md": _page(SETTINGS_INTRODUCTION, _fields(Settings)),
        reference / "recipe.md": _page(RECIPE_INTRODUCTION, _fields(Recipe)),
        reference / "commands.md": _page(COMMANDS_INTRODUCTION, commands.markdown()),
        **{schema / f"{name}.json": _schema(model) for name, model in SCHEMAS.items()},
    }


def _fields(model: type[BaseModel]) -> str:
    return settings.markdown(settings.sections_of(model))


def _page(introduction: str, body: str) -> str:
    return f"{NOTE}\n\n{introduction}\n{body}\n"


def _schema(kind: Any) -> str:
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema = dialect | TypeAdapter(kind).json_schema()
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def stale(wanted: dict[Path, str]) -> list[str]:
    """Return the names of files that are missing, differ, or are no longer generated."""
    kept = {path: path.read_text(encoding="utf-8") for path in wanted if path.is_file()}
    orphans = set((DOCS / "schema").glob("*.json")) - wanted.keys()
    amiss = {path for path, text in wanted.items() if kept.get(path) != text} | orphans
    return sorted(str(path.relative_to(DOCS)) for path in amiss)


def main() -> None:
    """Write the pages, or check them."""
    wanted = pages()
    if sys.argv[1:] == ["--check"]:
        if amiss := stale(wanted):
            sys.exit(f"stale: {', '.join(amiss)}; run `make docs`.")
        return
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
