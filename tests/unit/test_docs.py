"""The documentation cannot rot: what it names exists, and what exists is in it."""

import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from edgeinspect.cli.demo.summary import Summary
from edgeinspect.cli.reference import JSON_ANSWERS, commands
from edgeinspect.core.reason import ReasonCode
from edgeinspect.core.recipe import Recipe
from edgeinspect.core.verdict import Verdict
from edgeinspect.records.export.columns import Rows, columns_of
from edgeinspect.settings.reference import sections_of
from edgeinspect.settings.tree import Settings

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = ("*.md", "docs/**/*.md", "deploy/**/*.md", "deploy/systemd/*.service")
PAGES = sorted(path for pattern in WRITTEN for path in ROOT.glob(pattern))
TRANSLATED = sorted(ROOT.glob("docs/guides/*.zh-CN.md"))
COMMANDS = {command.words: command for command in commands()}
GROUPS = {words.split()[0] for words in COMMANDS if " " in words}
GENERAL = {"--help", "--debug", "--version"}
INVOCATION = re.compile(
    r"(?<![\w./-])(?:/opt/edgeinspect/bin/)?edgeinspect (?!edgeinspect)"
    r"(?P<rest>(?:--)?[a-z][^`\n|)]*)"
)
"""A call of the command, and not a user or a group of that name."""


def _code(page: Path) -> Iterator[str]:
    """Give every line of code and every inline code of a page; a unit is code throughout."""
    text = page.read_text(encoding="utf-8")
    if page.suffix != ".md":
        yield from text.splitlines()
        return
    yield from (line for line in text.splitlines() if line.startswith("    "))
    yield from re.findall(r"`([^`\n]+)`", text)


def _invocations(page: Path) -> Iterator[list[str]]:
    """Give the words after `edgeinspect` wherever the page calls the command."""
    for code in _code(page):
        for found in INVOCATION.finditer(code):
            yield shlex.split(found["rest"], comments=True)


def _command_of(words: list[str]) -> str | None:
    return next((" ".join(words[:n]) for n in (2, 1) if " ".join(words[:n]) in COMMANDS), None)


def test_generated_pages_are_current() -> None:
    check = [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"]
    done = subprocess.run(check, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_and_option_named_exists(page: Path) -> None:
    for words in _invocations(page):
        options = {word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)} - GENERAL
        command = _command_of([word for word in words if not word.startswith("-")])
        if command is None:
            assert (
                words[0] in {"camera", "config", "dataset", "gate", "model", "records"} | GENERAL
            ), words
            continue
        known = {name for option in COMMANDS[command].options for name in option.names}
        assert options <= known, words


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    targets = [link.split("#")[0] for link in links if not link.startswith(("http", "#"))]
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_target_named_exists(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = {each[1] for code in _code(page) if (each := re.match(r"\s*make ([a-z-]+)", code))}
    assert {target for target in targets if f"\n{target}:" not in makefile} == set()


def test_every_setting_says_what_it_means() -> None:
    wordless = [
        setting.key
        for model in (Settings, Recipe)
        for section in sections_of(model)
        for setting in section.settings
        if setting.meaning.lower() == setting.key.replace("_", " ")
    ]
    assert not wordless


def _of_any_station(table: str) -> str:
    """Return the table whose keys one of `[stations]` has."""
    return re.sub(r"^stations\.[^.]+", "station", table)


def test_every_toml_example_uses_keys_that_exist() -> None:
    known = {
        (section.name, setting.key)
        for model in (Settings, Recipe)
        for section in sections_of(model)
        for setting in section.settings
    }
    known.add(("", "calibration"))  # in a file the name of another file will do
    examples = [
        (page, example)
        for page in PAGES
        if page.suffix == ".md"
        for example in _toml_examples(page.read_text(encoding="utf-8"))
    ]
    assert examples
    for page, example in examples:
        named = {(_of_any_station(table), key) for table, key in _keys(tomllib.loads(example))}
        unknown = named - known
        assert not unknown, f"{page.name}: {unknown}"


def _toml_examples(text: str) -> Iterator[str]:
    """Give every indented block that assigns values."""
    for block in re.findall(r"(?:^ {4,}\S.*\n|^\n(?= {4,}\S))+", text, re.MULTILINE):
        lines = [line.strip() for line in block.strip().splitlines()]
        if all(re.match(r"(\[\[?[a-z.]+\]\]?|[a-z_]+ = .+|#.*)?$", line) for line in lines):
            yield "\n".join(lines)


def _keys(tree: dict[str, object], section: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        inner = f"{section}.{key}" if section else key
        if isinstance(value, dict):
            yield from _keys(value, inner)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for each in value:
                yield from _keys(each, f"[{inner}] {each['kind']}")
        else:
            yield section, key


def test_every_command_that_prints_json_says_what_it_prints() -> None:
    printing = {
        words
        for words, command in COMMANDS.items()
        if any({"--json", "--summary"} & set(option.names) for option in command.options)
    }
    assert printing == JSON_ANSWERS.keys()


def test_verdicts_reasons_and_counts_are_explained() -> None:
    page = (ROOT / "docs" / "reference" / "records.md").read_text(encoding="utf-8")
    counts = [field.name for field in fields(Summary)]
    unexplained = [name for name in (*Verdict, *ReasonCode, *counts) if f"`{name}`" not in page]
    assert not unexplained


def test_every_column_of_an_export_is_explained() -> None:
    page = (ROOT / "docs" / "reference" / "records.md").read_text(encoding="utf-8")
    columns = {column.name for rows in Rows for column in columns_of(rows)}
    assert {name for name in columns if f"`{name}`" not in page} == set()


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    pages = sorted(folder.glob("[0-9]*.md"))
    assert [page.name for page in pages if f"({page.name})" not in index] == []
    for page in pages:
        title = page.read_text(encoding="utf-8").splitlines()[0]
        assert title.startswith(f"# {page.name[:4]} "), page.name


def test_the_map_shows_every_folder() -> None:
    folders = {
        f"inspect/{path.name}"
        for path in (ROOT / "inspect").iterdir()
        if (path / "__init__.py").is_file()
    }
    for name in ("README.md", "README.zh-CN.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert set(re.findall(r"^\| `(inspect/\w+)` \|", text, re.MULTILINE)) == folders


@pytest.mark.parametrize("page", TRANSLATED, ids=lambda page: page.name)
def test_both_languages_name_the_same_commands(page: Path) -> None:
    english = page.with_name(page.name.replace(".zh-CN", ""))
    assert list(_invocations(page)) == list(_invocations(english))


def test_both_readmes_name_the_same_commands() -> None:
    chinese, english = ROOT / "README.zh-CN.md", ROOT / "README.md"
    assert list(_invocations(chinese)) == list(_invocations(english))
