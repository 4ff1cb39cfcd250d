"""Settings from file and environment, and what is said of a wrong one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edgeinspect.core.errors import SettingsError
from edgeinspect.settings.load import find_settings, load_settings
from edgeinspect.settings.recipe_file import load_recipe


def _file(folder: Path, text: str) -> Path:
    path = folder / "edgeinspect.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_environment_overlays_the_file(tmp_path: Path) -> None:
    path = _file(tmp_path, '[mqtt]\nport = 1\nhost = "a"\n')
    settings = load_settings(path, {"EDGEINSPECT__MQTT__PORT": "2", "OTHER": "3"})
    assert (settings.mqtt.host, settings.mqtt.port) == ("a", 2)


def test_without_an_address_the_database_is_a_file_in_the_data_folder(tmp_path: Path) -> None:
    folder = tmp_path / "what? #1 100%"
    assert load_settings(None, {}, data=folder).database == folder / "records.sqlite3"
    named = {"EDGEINSPECT__SERVER__DATABASE": "postgresql://host/name"}
    assert load_settings(None, named, data=folder).database == "postgresql://host/name"


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("s3://bucket/evidence", "s3://bucket/evidence"),
        ("file:///mnt/images", Path("/mnt/images")),
        ("file://mnt/images", "file://mnt/images"),
    ],
)
def test_images_are_kept_in_the_data_folder_or_where_the_url_says(
    tmp_path: Path, url: str, place: str | Path
) -> None:
    assert load_settings(None, {}, data=tmp_path).evidence == tmp_path / "evidence"
    assert load_settings(None, {"EDGEINSPECT__SERVER__EVIDENCE_URL": url}).evidence == place


def test_the_command_line_overlays_all(tmp_path: Path) -> None:
    path = _file(tmp_path, 'data = "/elsewhere"\n')
    settings = load_settings(path, {"EDGEINSPECT__DATA": "/other"}, data=tmp_path)
    assert settings.data == tmp_path
    assert settings.outbox_path.parent == tmp_path


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[station]\ncolour = 1\n", "unknown key station.colour"),
        ("speed = 1\n", "unknown key speed"),
        ("[mqtt]\nport = 70000\n", "mqtt.port"),
        ("[server]\nhost = '0.0.0.0'\n", "until sign-in exists"),
        ("[server]\nevidence_url = '/mnt/images'\n", "server.evidence_url"),
        ("[site]\nname = 'a/b'\n", "site.name"),
        ("not toml", "not valid TOML"),
        ("data = ''\n", "data: it is empty: name a file or folder"),
        ("[station]\nmodel = ''\n", "station.model: it is empty"),
        ("[station]\nrecipe = ' '\n", "station.recipe: it is empty"),
        ("[mqtt]\nca_file = ''\n", "mqtt.ca_file: it is empty"),
        ("[broker]\nmosquitto_config = ''\n", "broker.mosquitto_config: it is empty"),
    ],
)
def test_a_wrong_setting_is_named_with_its_mend(tmp_path: Path, text: str, says: str) -> None:
    path = _file(tmp_path, text)
    with pytest.raises(SettingsError, match=says) as caught:
        load_settings(path, {})
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


TWO = '[stations.top]\ncamera = "usb:0"\n[stations.side]\ncamera = "usb:1"\nactuator = "gpio:17"\n'


def test_several_stations_share_the_box_and_keep_their_files_apart(tmp_path: Path) -> None:
    secret = {"EDGEINSPECT__STATIONS__TOP__CAMERA": "usb:2"}
    settings = load_settings(_file(tmp_path, TWO), secret, data=tmp_path)
    top, side = settings.of_each_station
    assert (str(top.address), top.station.camera) == ("site/line-1/top", "usb:2")
    assert side == settings.of_station("side")
    assert len({each.ledger_path for each in (top, side)}) == 2
    with pytest.raises(SettingsError, match="several stations; name one of top, side"):
        settings.of_station(None)
    with pytest.raises(SettingsError, match="back: no station of this box"):
        settings.of_station("back")


def test_a_box_with_one_station_is_what_it_was(tmp_path: Path) -> None:
    settings = load_settings(_file(tmp_path, '[station]\nname = "s9"\n'), {})
    assert settings.of_each_station == (settings,)
    assert settings.of_station(None) is settings.of_station("s9") is settings


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ('[stations.back]\ncamera = "usb:0?width=640"\n', "top and back both want usb:0"),
        ('[stations.back]\nactuator = "gpio:17?active=low"\n', "side and back both want gpio:17"),
        ('[stations.back]\ntrigger = "gpio:17"\n', "side and back both want gpio:17"),
        ('[stations.back]\ncamera = "usb:/dev/video0"\n', "top and back both want usb:0"),
        ('[stations.back]\nactuator = "gpio:017"\n', "side and back both want gpio:17"),
        (
            '[stations.a]\nactuator = "modbus://10.0.0.7:502/coil/012"\n'
            '[stations.b]\nactuator = "modbus://10.0.0.7/coil/12?heartbeat=4"\n',
            "a and b both want modbus:10.0.0.7 502 1 coil/12",
        ),
        (
            '[stations.a]\nactuator = "opcua://plc:4840/ns=2;s=Gate"\n'
            '[stations.b]\nactuator = "opcua://plc/ns=2;s=Gate"\n',
            "a and b both want opcua:plc 4840 ns=2;s=Gate",
        ),
        ('[stations.back]\ncode_camera = "usb:1"\n', "side and back both want usb:1"),
        ('[stations.back]\nname = "top"\n', "leave name out of it"),
        ("[station]\n", "make [station] one more [stations.NAME]"),
        ('[stations.all]\ncamera = "views:top"\n', "name 2 to 16 stations"),
        ('[stations.all]\ncamera = "views:top,top"\n', "name 2 to 16 stations"),
        ('[stations.all]\ncamera = "views:top,all"\n', "camera names all itself"),
        ('[stations.all]\ncamera = "views:top,side?within=1"\n', "unknown option within"),
        ('[stations.all]\ncamera = "views:top,side"\nmodel = "m"\n', "judges no pictures"),
        (
            '[stations.all]\ncamera = "views:top,side"\ncode_camera = "usb:7"\n',
            "judges no pictures: code_camera",
        ),
        ('[stations.all]\ncamera = "views:top,a/b"\n', "'a/b' is no name of a station"),
        (
            '[stations.off]\nenabled = false\n[stations.all]\ncamera = "views:top,off"\n',
            "all joins off, which is not enabled",
        ),
        (
            '[stations.try]\npurpose = "commissioning"\n[stations.all]\ncamera = "views:top,try"\n',
            "its view try for commissioning; set one purpose for both",
        ),
    ],
)
def test_stations_in_each_others_way_are_refused(tmp_path: Path, more: str, says: str) -> None:
    path = _file(tmp_path, TWO + more)
    with pytest.raises(SettingsError) as refused:
        load_settings(path, {})
    assert says in str(refused.value)


def test_what_several_may_use_is_not_refused(tmp_path: Path) -> None:
    shared = 'camera = "folder:/images"\nactuator = "mqtt:"\ntrigger = "mqtt:"\n'
    text = f"[stations.a]\n{shared}[stations.b]\n{shared}"
    assert len(load_settings(_file(tmp_path, text), {}).of_each_station) == 2


def test_the_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no such settings file"):
        find_settings(tmp_path / "gone.toml")


def test_the_working_folders_file_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _file(tmp_path, "")
    monkeypatch.chdir(tmp_path)
    assert find_settings() == path


NOBODY = 65534


@contextmanager
def _another_user(folder: Path) -> Iterator[None]:
    """Run as a user who may not look into `folder`."""
    folder.chmod(0)
    root = os.geteuid() == 0
    if root:
        os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        if root:
            os.setresuid(0, 0, 0)
        folder.chmod(0o700)


def test_a_closed_working_folder_holds_no_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _file(tmp_path, "")
    monkeypatch.chdir(tmp_path)
    with _another_user(tmp_path):
        assert find_settings() is None


def test_a_named_file_in_a_closed_folder_is_an_error(tmp_path: Path) -> None:
    path = _file(tmp_path, "")
    with _another_user(tmp_path), pytest.raises(SettingsError, match="may not look there"):
        find_settings(path)


def test_a_password_is_not_shown(tmp_path: Path) -> None:
    settings = load_settings(_file(tmp_path, "[mqtt]\npassword = 'hush'\n"), {})
    assert "hush" not in repr(settings)
    assert "hush" not in settings.model_dump_json()


def test_a_recipe_is_read_and_a_wrong_one_named(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text("threshold = 2.5\nversion = 3\n", encoding="utf-8")
    assert load_recipe(path).threshold == 2.5
    path.write_text("treshold = 2.5\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="treshold"):
        load_recipe(path)
    with pytest.raises(SettingsError, match=r"gone\.toml"):
        load_recipe(tmp_path / "gone.toml")
