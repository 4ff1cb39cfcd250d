"""Which processes a box runs, and what of its settings leaves it."""

from pathlib import Path

import pytest

from edgeinspect.cli.commands.services import check_station, children_of
from edgeinspect.cli.kept_files import kept_files
from edgeinspect.core.errors import SettingsError
from edgeinspect.settings.load import load_settings

TEXT = """
[server]
enabled = false
[stations.broker]
camera = "usb:0"
[stations.spare]
enabled = false
[stations.verdict]
camera = "views:broker,side"
actuator = "opcua://10.0.0.7:4840/ns=2;s=Gate"
actuator_username = "gate"
actuator_password = "hush"
"""


def test_each_station_that_is_enabled_has_a_process_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "edgeinspect.toml"
    path.write_text(TEXT, encoding="utf-8")
    settings = load_settings(path, {}, data=tmp_path)
    children = children_of(settings, path, None)
    assert [child.name for child in children] == ["broker", "station broker", "station verdict"]
    assert children[2].arguments == ("station", "verdict", "--config", str(path))
    checked = {each.station.name: each.station for each in settings.of_each_station}
    check_station(checked["verdict"])
    check_station(checked["spare"])
    with pytest.raises(SettingsError, match="the station broker has no model or no camera"):
        check_station(checked["broker"])
    kept, _ = kept_files(settings, path)
    assert b"gate" in kept["edgeinspect.toml"]
    assert b"hush" not in kept["edgeinspect.toml"]
