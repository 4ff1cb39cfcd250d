"""Mosquitto as `deploy/` ships it, on ports and in a folder of a test."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from processes import running, settings_file, wait_for_port
from required import missing

SHIPPED = Path(__file__).resolve().parents[1] / "deploy" / "mosquitto"
PLACES = ("/etc/edgeinspect/mosquitto", "/var/lib/edgeinspect/mosquitto", "/mosquitto/data")


@contextmanager
def shipped_mosquitto(
    folder: Path,
    passwords: Mapping[str, str],
    ports: Mapping[str, int],
    uncommented: str | None = None,
) -> Iterator[None]:
    """Run the shipped configuration as the broker's unit would, with the keys of `ports` in conf.d.

    The access list's lines for the user `uncommented` are in force.
    Only places are rewritten: folders go to `folder`, each file's listener to its port on loopback.
    """
    if shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin") is None:
        missing("install mosquitto: apt-get install mosquitto")
    config = _lay_out(folder, ports)
    if uncommented is not None:
        _uncomment(folder / "acl", uncommented)
    for user, password in passwords.items():
        _add_password(folder / "passwords", user, password)
    text = f'[broker]\nkind = "mosquitto"\nmosquitto_config = "{config}"\n'
    settings = settings_file(folder, text)
    with running("broker", "--config", str(settings), "--data", str(folder)):
        for port in ports.values():
            wait_for_port(port)
        yield


def _lay_out(folder: Path, ports: Mapping[str, int]) -> Path:
    (folder / "conf.d").mkdir()
    for name in ("mosquitto.conf", "acl"):
        (folder / name).write_text(_moved(name, folder), encoding="utf-8")
    for name, port in ports.items():
        listener = re.compile(r"^listener .*$", re.MULTILINE)
        text = listener.sub(f"listener {port} 127.0.0.1", _moved(name, folder))
        (folder / "conf.d" / name).write_text(text, encoding="utf-8")
    config = folder / "mosquitto.conf"
    if os.geteuid() == 0:  # it would change to a user who may not read a test's folder
        config.write_text(f"user root\n{config.read_text(encoding='utf-8')}", encoding="utf-8")
    return config


def _moved(name: str, folder: Path) -> str:
    text = (SHIPPED / name).read_text(encoding="utf-8")
    for place in PLACES:
        text = text.replace(place, str(folder))
    return text


def _uncomment(file: Path, user: str) -> None:
    before, mark, after = file.read_text(encoding="utf-8").partition(f"#user {user}\n")
    lines, rest, others = after.partition("\n\n")
    freed = re.sub("^#", "", lines, flags=re.MULTILINE)
    file.write_text(f"{before}{mark[1:]}{freed}{rest}{others}", encoding="utf-8")


def _add_password(file: Path, user: str, password: str) -> None:
    create = [] if file.exists() else ["-c"]
    subprocess.run(["mosquitto_passwd", *create, "-b", str(file), user, password], check=True)
