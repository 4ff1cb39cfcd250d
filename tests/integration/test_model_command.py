"""`edgeinspect model`, as a person runs it."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from processes import edgeinspect, refusal, settings_file

COMMAND = [sys.executable, "-m", "edgeinspect.cli.main", "model"]


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "qa.key"
    edgeinspect("model", "keygen", path)
    return path


@pytest.fixture(scope="module")
def signed(washer_model: Path, key: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("signed") / "signed.onnx"
    edgeinspect("model", "sign", washer_model, "--key", key, "-o", path, "--signed-by", "王莉")
    return path


def test_a_model_is_shown_in_words(signed: Path) -> None:
    shown = edgeinspect("model", "show", signed)
    for word in ("washer, version 1, anomaly", "by 王莉", "of good parts like these", "Apache-2.0"):
        assert word in shown


def test_a_model_is_shown_as_json(washer_model: Path, signed: Path) -> None:
    before = json.loads(edgeinspect("model", "show", washer_model, "--json"))
    after = json.loads(edgeinspect("model", "show", signed, "--json"))
    assert before["signature"] is None
    assert after["signature"]["signed_by"] == "王莉"
    assert (after["sha256"], after["manifest"]) == (before["sha256"], before["manifest"])


def test_control_signs_in_a_model_do_not_reach_the_terminal(
    washer_model: Path, tmp_path: Path
) -> None:
    from edgeinspect.models.envelope import open_envelope, seal, write_envelope

    envelope, _ = open_envelope(washer_model)
    manifest = json.loads(envelope.manifest) | {"created_by": "\x1b[2J[red]\u202egood"}
    path = tmp_path / "evil.onnx"
    write_envelope(path, seal(envelope.graph, json.dumps(manifest), envelope.references))
    shown = edgeinspect("model", "show", path)
    assert "\x1b" not in shown
    assert "\ufffd[2J[red]\ufffdgood" in shown


def test_a_model_is_verified(signed: Path, key: Path) -> None:
    verified = json.loads(
        edgeinspect("model", "verify", signed, "--trusted-key", f"{key}.pub", "--json")
    )
    assert (verified["trusted"], verified["references"], verified["tolerance"]) == (True, 2, 0.01)
    assert "as recorded" in edgeinspect("model", "verify", signed)


def test_a_model_nobody_signed_is_not_verified_against_a_key(washer_model: Path, key: Path) -> None:
    sentence = refusal("model", "verify", washer_model, "--trusted-key", f"{key}.pub")
    assert sentence.startswith(f"edgeinspect: {washer_model}: nobody signed it")


def test_the_same_model_signed_is_the_same(washer_model: Path, signed: Path) -> None:
    told = json.loads(edgeinspect("model", "diff", washer_model, signed, "--json"))
    assert told["same"] is True
    assert {change["what"] for change in told["changes"]} == {
        "signature: public_key", "signature: signed_by", "signature: signed_at"
    }  # fmt: skip


def test_what_differs_is_told(washer_model: Path, tmp_path: Path) -> None:
    import numpy as np
    import onnx
    from onnx import numpy_helper

    from edgeinspect.models.file import read_model, write_model

    file = read_model(washer_model)
    graph = onnx.load_model_from_string(file.graph)
    tensor = next(each for each in graph.graph.initializer if each.data_type == 10)
    changed = numpy_helper.to_array(tensor) + np.float16(0.5)
    tensor.raw_data = changed.tobytes()
    manifest = file.manifest.model_copy(update={"training_images": 7})
    write_model(tmp_path / "other.onnx", graph, manifest, file.references[:1])
    with pytest.raises(subprocess.CalledProcessError) as caught:
        edgeinspect("model", "diff", washer_model, tmp_path / "other.onnx", "--json")
    assert caught.value.returncode == 1
    changes = {each["what"]: each for each in json.loads(caught.value.stdout)["changes"]}
    assert changes["manifest: training_images"]["second"] == 7
    assert changes["references: 2, score"]["second"] is None
    (weights,) = (what for what in changes if what.startswith("weights: "))
    assert weights == f"weights: {tensor.name}, by at most 0.5"


def test_a_station_that_asks_for_signatures_takes_no_other_model(
    washer_model: Path, signed: Path, key: Path, image_folder: Path, tmp_path: Path
) -> None:
    def doctor(model: Path) -> dict[str, str]:
        config = settings_file(
            tmp_path,
            f'[station]\nmodel = "{model}"\ncamera = "folder:{image_folder}"\n'
            f'trusted_keys = ["{key}.pub"]\n',
        )
        command = [*COMMAND[:-1], "doctor", "--json"]
        command += ["--config", str(config), "--data", str(tmp_path / "d")]
        told = subprocess.run(command, capture_output=True, text=True, timeout=60).stdout
        return next(each for each in json.loads(told) if each["name"] == "model")

    found = doctor(signed)["found"]
    assert found.startswith("washer, signed by a trusted key, proved on this box in ")
    refused = doctor(washer_model)
    assert (refused["health"], "nobody signed it" in refused["found"]) == ("bad", True)
    config = tmp_path / "edgeinspect.toml"
    sentence = refusal("station", "--config", config, "--data", tmp_path / "d")
    assert sentence.startswith(f"edgeinspect: {washer_model}: nobody signed it")
    assert "trusted_keys" in edgeinspect("config", "show", "--config", config)


def test_a_trusted_key_that_is_none_is_found_by_config_check(tmp_path: Path) -> None:
    config = settings_file(tmp_path, '[station]\ntrusted_keys = ["/gone.pub"]\n')
    assert "/gone.pub: cannot be read" in refusal("config", "check", "--config", config)


@pytest.mark.parametrize("output", ["/gone/signed.onnx", "/proc/signed.onnx", "/", "/dev/null/x"])
def test_where_nothing_can_be_written_nothing_is(
    output: str, washer_model: Path, key: Path
) -> None:
    sentence = refusal("model", "sign", washer_model, "--key", key, "-o", output)
    assert sentence.startswith(f"edgeinspect: {output}: ")


def test_a_full_disk_leaves_no_part_of_a_model(
    washer_model: Path, key: Path, tmp_path: Path
) -> None:
    model = tmp_path / "part.onnx"
    model.write_bytes(washer_model.read_bytes())
    limited = ["sh", "-c", 'ulimit -f 2000; exec "$@"', "sh"]
    command = [*limited, *COMMAND, "sign", str(model), "--key", str(key)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.stderr == (
        f"edgeinspect: {model}: cannot be written (File too large); check folder and free space.\n"
    )
    assert done.returncode == 1
    assert list(tmp_path.iterdir()) == [model]
    assert model.read_bytes() == washer_model.read_bytes()


def test_a_locked_key_asks_and_can_be_left(washer_model: Path, tmp_path: Path) -> None:
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("night shift\n", encoding="utf-8")
    key, signed = tmp_path / "k", tmp_path / "signed.onnx"
    edgeinspect("model", "keygen", key, "--locked", "--passphrase-file", passphrase)
    sign = ("model", "sign", washer_model, "--key", key, "-o", signed)
    assert "nobody is here to ask; give --passphrase-file" in refusal(*sign)
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(COMMAND[0], [*COMMAND[:-1], *map(str, sign)])
    shown = _shown(terminal, until=b"passphrase of ")
    os.kill(pid, signal.SIGINT)
    shown += _shown(terminal)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 130
    assert b"Traceback" not in shown
    assert not signed.exists()
    assert "signed by" in edgeinspect(*sign, "--passphrase-file", passphrase)
    assert signed.exists()


def _shown(terminal: int, until: bytes = b"") -> bytes:
    """Return what a terminal shows, until it shows `until`, or to the end."""
    shown = b""
    while not until or until not in shown:
        try:
            shown += os.read(terminal, 1000)
        except OSError:  # how a terminal ends
            break
    return shown
