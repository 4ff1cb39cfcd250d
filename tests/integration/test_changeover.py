"""A real station goes from one product to another while parts pass, and back, and starts again."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from queue import Queue
from uuid import UUID, uuid4

import onnx
import pytest
from processes import refusal, running, settings_file

from edgeinspect.cli.kept_files import kept_files
from edgeinspect.core.clock import utc_now
from edgeinspect.core.command import Changeover, Status
from edgeinspect.core.delivery import StationMode, StationState
from edgeinspect.core.identity import Sha256, new_id
from edgeinspect.core.inspection import Inspection, StationAddress
from edgeinspect.core.reply import Done
from edgeinspect.messaging.asker import ask
from edgeinspect.messaging.link import Link
from edgeinspect.messaging.message import Message
from edgeinspect.messaging.topics import Channel, Topic
from edgeinspect.models.file import read_model, write_model
from edgeinspect.settings.load import load_settings
from edgeinspect.settings.recipe_file import load_recipe
from edgeinspect.settings.tree import MqttSettings
from edgeinspect.station.in_force import RecipeInForce

WAIT_S = 40.0


@dataclass(frozen=True, slots=True)
class Line:
    """A station that can be started again, and what it says."""

    mqtt: MqttSettings
    address: StationAddress
    config: Path
    parts: Queue[Inspection]
    states: Queue[StationState]
    heard: set[UUID] = field(default_factory=set)

    @contextmanager
    def running(self) -> Iterator[None]:
        begun = utc_now()
        with running("station", "--config", str(self.config), "--data", str(self.config.parent)):
            while (state := self.states.get(timeout=WAIT_S)).mode is not StationMode.RUNNING or (
                state.since < begun  # what an earlier run said
            ):
                pass
            yield

    def change_to(self, recipe: str) -> Done:
        expires_at = utc_now() + timedelta(seconds=WAIT_S)
        asked = Changeover(id=new_id(), by="test", expires_at=expires_at, recipe=recipe)
        return ask(self.mqtt, self.address, asked, WAIT_S)

    def status(self) -> Done:
        expires_at = utc_now() + timedelta(seconds=WAIT_S)
        asked = Status(id=new_id(), by="test", expires_at=expires_at)
        return ask(self.mqtt, self.address, asked, WAIT_S)

    def until(self, recipe: str) -> list[Inspection]:
        """Return the parts that come next, up to the first one of `recipe`.

        Nobody records them here, so the station sends them again; what comes twice is left out.
        """
        parts: list[Inspection] = []
        while not parts or parts[-1].recipe is None or parts[-1].recipe.name != recipe:
            part = self.parts.get(timeout=WAIT_S)
            if part.id not in self.heard:
                self.heard.add(part.id)
                parts.append(part)
        return parts


@pytest.fixture(scope="module")
def models(washer_model: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Sha256]:
    """A folder with the model of washers and another one, and the identity of the other."""
    folder = tmp_path_factory.mktemp("models")
    washers = read_model(washer_model)
    (folder / "washers.onnx").write_bytes(washer_model.read_bytes())
    (folder / "damaged.onnx").write_bytes(washer_model.read_bytes()[:1000])
    manifest = washers.manifest.model_copy(update={"name": "bolts"})
    graph = onnx.load_from_string(washers.graph)
    bolts = write_model(folder / "bolts.onnx", graph, manifest, washers.references)
    return folder, bolts.sha256


@pytest.fixture
def line(
    tmp_path: Path, broker: MqttSettings, sample: Path, models: tuple[Path, Sha256]
) -> Iterator[Line]:
    folder, bolts = models
    recipes = tmp_path / "recipes"
    recipes.mkdir()
    for name, more in (
        ("washers", ""),
        ("bolts", f'model = "{bolts}"\nthreshold = 1000.0\n'),
        ("screws", f'model = "{"0" * 64}"\n'),
    ):
        (recipes / f"{name}.toml").write_text(f'name = "{name}"\n{more}', encoding="utf-8")
    address = StationAddress(station=f"s-{uuid4().hex[:8]}")
    config = settings_file(
        tmp_path,
        f'[mqtt]\nport = {broker.port}\n[station]\nname = "{address.station}"\n'
        f'camera = "folder:{sample / "test"}?rate=20&loop=true"\n'
        f'model = "{folder / "washers.onnx"}"\n'
        f'recipe = "{recipes / "washers.toml"}"\nrecipes = "{recipes}"\n',
    )
    parts, states = Queue[Inspection](), Queue[StationState]()
    topics = {str(Topic(address, each)): each for each in (Channel.INSPECTION, Channel.STATE)}

    def hear(message: Message) -> None:
        link.acknowledge(message)
        if topics[message.topic] is Channel.STATE:
            states.put(StationState.model_validate_json(message.payload))
        else:
            parts.put(Inspection.model_validate_json(message.payload))

    link = Link(broker, f"test-{uuid4()}", subscriptions=tuple(topics), on_message=hear)
    link.open()
    try:
        yield Line(broker, address, config, parts, states)
    finally:
        link.close()


def test_a_station_is_changed_over_while_parts_pass(line: Line) -> None:
    with line.running():
        line.until("washers")
        done = line.change_to("bolts")
        assert done.station.recipe is not None
        assert done.station.recipe.name == "bolts"
        parts = line.until("bolts")
        last = parts[-1]
        assert last.model is not None
        assert (last.model.name, last.threshold) == ("bolts", 1000.0)
        assert {part.model.name for part in parts[:-1] if part.model} <= {"washer"}
        line.change_to("washers")
        parts += line.until("washers")
        assert line.status().station.recipe == parts[-1].recipe
    sequences = [part.sequence for part in parts]
    assert sequences == list(range(sequences[0], sequences[0] + len(parts)))  # one boot, no hole


def test_what_is_in_force_outlives_the_station(line: Line) -> None:
    with line.running():
        line.change_to("bolts")
    with line.running():
        assert line.status().station.recipe == line.until("bolts")[-1].recipe
    text = line.config.read_text("utf-8").replace("washers.toml", "screws.toml")
    line.config.write_text(text, "utf-8")
    assert "was made for model 000000000000" in refusal(
        "station", "--config", line.config, "--data", line.config.parent
    )


def test_a_recipe_that_names_no_model_is_for_the_stations_own(line: Line) -> None:
    with line.running():
        own = line.until("washers")[-1].model
        line.change_to("bolts")
        assert line.until("bolts")[-1].model != own
        line.change_to("washers")
        assert line.until("washers")[-1].model == own


@pytest.mark.parametrize(
    ("recipe", "why"),
    [("nuts", "holds no recipe nuts"), ("screws", "holds no model 000000000000")],
)
def test_what_is_not_in_order_changes_nothing(line: Line, recipe: str, why: str) -> None:
    with line.running():
        before = line.status().station.recipe
        assert why in refusal(
            *("ask", "changeover", "--recipe", recipe, "--config", line.config),
            *("--timeout", "40"),
        )
        assert line.status().station.recipe == before


def _doctor(line: Line) -> dict[str, dict[str, str]]:
    command = [sys.executable, "-m", "edgeinspect.cli.main", "doctor", "--json"]
    where = ("--config", str(line.config), "--data", str(line.config.parent))
    done = subprocess.run([*command, *where], capture_output=True, text=True)
    return {check["name"]: check for check in json.loads(done.stdout)}


def test_doctor_says_beforehand_what_a_changeover_would_lack(line: Line) -> None:
    found = _doctor(line)["changeover"]
    assert found["health"] == "bad"
    assert found["found"].startswith("recipe screws: /")
    assert "holds no model 000000000000" in found["found"]
    recipes = line.config.parent / "recipes"
    (recipes / "screws.toml").write_text("name = [", encoding="utf-8")
    found = _doctor(line)["changeover"]
    assert found["health"] == "ok"
    assert found["found"] == "to bolts version 1, washers version 1; no recipe: screws.toml"


def test_doctor_knows_which_recipe_is_in_force(line: Line) -> None:
    settings = load_settings(line.config, {}, data=line.config.parent)
    recipes = line.config.parent / "recipes"
    bolts = load_recipe(recipes / "bolts.toml")
    own = load_recipe(settings.station.recipe)
    in_force = RecipeInForce(settings.recipe_in_force_path, own, recipes)
    in_force.keep(bolts)
    assert _doctor(line)["recipe"]["found"] == "bolts version 1 is in force, by a changeover"
    (recipes / "bolts.toml").unlink()
    found = _doctor(line)["recipe"]
    assert found["health"] == "bad"
    assert "holds no recipe bolts version 1" in found["found"]


def test_a_backup_holds_what_the_station_may_be_changed_over_to(line: Line) -> None:
    (line.config.parent / "recipes" / "screws.toml").unlink()
    kept, left_out = kept_files(load_settings(line.config, {}), line.config)
    assert {"recipe-bolts.toml", "recipe-washers.toml"} <= kept.keys()
    assert left_out == []
