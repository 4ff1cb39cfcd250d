"""`edgeinspect backup` and `restore`, on the data folder of a box."""

import signal
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from processes import edgeinspect, refusal, settings_file

from edgeinspect.core.inspection import Inspection
from edgeinspect.records.batch import Batch
from edgeinspect.records.database import open_database
from edgeinspect.records.ingest import Ingest

SETTINGS = """\
data = "{data}"
[station]
model = "{folder}/part.onnx"
recipe = "{folder}/零件.toml"
trusted_keys = ["{folder}/qa.key.pub", "{folder}/wrong.key", "{folder}/gone.pub"]
[mqtt]
username = "box"
password = "of-the-broker"
"""
PRIVATE = "-----BEGIN PRIVATE KEY-----\nMIICdgIBADAN\n-----END PRIVATE KEY-----\n"


@pytest.fixture
def config(tmp_path: Path, make_inspection: Callable[..., Inspection]) -> Path:
    """The settings file of a box with a record."""
    data = tmp_path / "data"
    files = {"part.onnx": "model", "零件.toml": "# recipe", "qa.key.pub": "key"}
    for name, content in (files | {"wrong.key": PRIVATE}).items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    text = SETTINGS.format(folder=tmp_path, data=data)
    database = open_database(data / "records.sqlite3")
    Ingest(database).record(Batch((make_inspection(1),)))
    database.close()
    return settings_file(tmp_path, text)


def test_a_box_is_moved(config: Path, tmp_path: Path) -> None:
    archive, new = tmp_path / "backup.tar", tmp_path / "new"
    said = edgeinspect("backup", archive, "--config", config)
    assert "1 inspection, 0 images and 4 other files" in said
    said = edgeinspect("restore", archive, "--data", new)
    assert "1 inspection and 0 images restored" in said
    assert {path.name for path in (new / "restored").iterdir()} == {
        "edgeinspect.toml",
        "model-part.onnx",
        "recipe-__.toml",
        "trusted_key-qa.key.pub",
    }
    assert (new / "restored" / "model-part.onnx").read_bytes() == b"model"
    assert "the records are whole" in edgeinspect("records", "verify", "--data", new)
    assert "restored: is there already" in refusal("restore", archive, "--data", new)


def test_images_are_restored_to_a_folder_alone(config: Path, tmp_path: Path) -> None:
    archive, away = tmp_path / "backup.tar", tmp_path / "away.toml"
    edgeinspect("backup", archive, "--config", config)
    away.write_text('[server]\nevidence_url = "memory://images"\n', encoding="utf-8")
    box = ("--config", away, "--data", tmp_path / "new")
    assert "copy the folder evidence there" in refusal("restore", archive, *box)
    assert not (tmp_path / "new").exists()


def test_no_secret_is_in_it(config: Path, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar"
    done = subprocess.run(
        [sys.executable, "-m", "edgeinspect.cli.main", "backup", archive, "--config", config],
        check=True,
        capture_output=True,
        text=True,
    )
    assert "wrong.key: is a private key, so it is left out" in done.stderr
    assert "gone.pub: cannot be read (No such file or directory), so it is left out" in done.stderr
    whole = archive.read_bytes()
    assert b'username = "box"' in whole
    for secret in (b"of-the-broker", b"MIICdgIBADAN"):
        assert secret not in whole
    with tarfile.open(archive) as tar:
        assert tar.getnames()[0] == "header.json"


def test_without_records_there_is_no_backup(tmp_path: Path) -> None:
    said = refusal("backup", tmp_path / "backup.tar", "--data", tmp_path / "none")
    assert "is not there; no server has recorded there yet" in said
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_left_alone(config: Path, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar"
    archive.write_text("precious")
    assert "is there already; name a new file" in refusal("backup", archive, "--config", config)
    assert archive.read_text() == "precious"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_backup_leaves_nothing(
    config: Path, tmp_path: Path, number: signal.Signals
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    command = [sys.executable, "-c", _SLOW, str(out / "backup.tar"), str(config)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline() == b"writing\n"
        process.send_signal(number)
        said = process.stderr.read().decode()
    assert process.returncode == 130
    assert said.strip() == "stopped."
    assert list(out.iterdir()) == []


_SLOW = """
import sys, time
from edgeinspect.cli import main
from edgeinspect.records.backup.archive import ArchiveWriter
add = ArchiveWriter.add
def slow(self, name, content):
    add(self, name, content)
    print("writing", flush=True)
    time.sleep(60)
ArchiveWriter.add = slow
sys.argv = ["edgeinspect", "backup", sys.argv[1], "--config", sys.argv[2]]
main.main()
"""


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("postgresql://edge:p@ss@host/db", "postgresql://edge@host/db"),
        ("postgresql+psycopg://edge@host/db?password=x&a=b", "edge@host/db?password=&a=b"),
    ],
)
def test_the_password_in_a_url_is_not_kept(tmp_path: Path, url: str, kept: str) -> None:
    from edgeinspect.cli.kept_files import kept_files
    from edgeinspect.settings.load import load_settings

    source = settings_file(tmp_path, f'[server]\ndatabase = "{url}"\n')
    files, left_out = kept_files(load_settings(source, {}), source)
    assert kept in files["edgeinspect.toml"].decode()
    assert left_out == []
