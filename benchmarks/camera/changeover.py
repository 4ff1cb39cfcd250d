"""How long a changeover takes while parts pass, the first time and again.

PYTHONPATH=tests python -m benchmarks.camera.changeover
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

import onnx
from brokers import running_broker
from processes import edgeinspect, running, settings_file

from benchmarks.records.free_port import free_port
from edgeinspect.core.clock import utc_now
from edgeinspect.core.command import Changeover
from edgeinspect.core.errors import MessagingError
from edgeinspect.core.identity import new_id
from edgeinspect.core.inspection import StationAddress
from edgeinspect.messaging.asker import ask
from edgeinspect.models.file import read_model, write_model
from edgeinspect.settings.tree import MqttSettings

SAMPLE = Path("datasets/sample")
WAIT_S = 60.0
PRODUCTS = ("washers", "nuts", "bolts")
ROUNDS = 10


@contextmanager
def line(folder: Path, runtime: str) -> Iterator[MqttSettings]:
    """Run a station that sees ten parts a second and knows three products."""
    models, recipes = folder / "models", folder / "recipes"
    models.mkdir()
    recipes.mkdir()
    edgeinspect("teach", SAMPLE, "-o", models / "washers.onnx")
    taught = read_model(models / "washers.onnx")
    for name in PRODUCTS:
        manifest = taught.manifest.model_copy(update={"name": name})
        graph = onnx.load_from_string(taught.graph)
        written = write_model(models / f"{name}.onnx", graph, manifest, taught.references)
        text = f'name = "{name}"\nmodel = "{written.sha256}"\n'
        (recipes / f"{name}.toml").write_text(text, encoding="utf-8")
    (folder / "broker").mkdir()
    with running_broker("mosquitto", folder / "broker", free_port()) as mqtt:
        config = settings_file(
            folder,
            f'[mqtt]\nport = {mqtt.port}\n[station]\nruntime = "{runtime}"\n'
            f'camera = "folder:{SAMPLE.absolute() / "test"}?rate=10&loop=true"\n'
            f'model = "{models / "washers.onnx"}"\nrecipe = "{recipes / "washers.toml"}"\n'
            f'recipes = "{recipes}"\n',
        )
        with running("station", "--config", str(config), "--data", str(folder)):
            yield mqtt


def change_to(mqtt: MqttSettings, recipe: str) -> float:
    """Change over; return the seconds from asking to being told that it is in force."""
    expires_at = utc_now() + timedelta(seconds=WAIT_S)
    asked = Changeover(id=new_id(), by="benchmark", expires_at=expires_at, recipe=recipe)
    began_s = perf_counter()
    ask(mqtt, StationAddress(), asked, WAIT_S)
    return perf_counter() - began_s


def wait_until_ready(mqtt: MqttSettings) -> None:
    """Change to what is in force already, until the station can."""
    until_s = perf_counter() + WAIT_S
    while perf_counter() < until_s:
        try:
            change_to(mqtt, PRODUCTS[0])
        except MessagingError:
            continue
        return
    raise TimeoutError("the station does not come up")


def main() -> None:
    print("| runtime | first time, median s | most | again, median s | most |")
    print("|---|---|---|---|---|")
    for runtime in ("onnxruntime", "auto"):
        first, again = [], []
        for _ in range(3):
            with tempfile.TemporaryDirectory() as folder, line(Path(folder), runtime) as mqtt:
                wait_until_ready(mqtt)
                first += [change_to(mqtt, name) for name in PRODUCTS[1:]]
                again += [change_to(mqtt, PRODUCTS[n % len(PRODUCTS)]) for n in range(ROUNDS)]
        figures = (median(first), max(first), median(again), max(again))
        print(f"| {runtime} |", " | ".join(f"{each:.2f}" for each in figures), "|")


if __name__ == "__main__":
    main()
