"""`flask install-networks`: from the wheel to graphs, whole or not at all."""

import ast
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner

from app.networks import catalogue, installation, weights

NAMES = ("msd-musicnn", "msd-vgg", "mtt-musicnn", "mtt-vgg")


@pytest.fixture
def models(environment: dict[str, str]) -> Path:
    return Path(environment["TAGSCAPE_MODELS_DIR"])


def test_every_network_is_made_from_the_wheel(runner: FlaskCliRunner, models: Path, wheel: Path) -> None:
    result = runner.invoke(args=["install-networks", "--wheel", str(wheel)])
    assert result.exit_code == 0, result.output
    assert "4 networks installed, 0 skipped, 0 failed" in result.output
    assert sorted(path.name for path in models.iterdir()) == [f"{name}.onnx" for name in NAMES]
    assert weights.available(models) == NAMES


def test_what_is_there_is_left_alone(runner: FlaskCliRunner, models: Path, wheel: Path) -> None:
    runner.invoke(args=["install-networks", "msd-vgg", "--wheel", str(wheel)])
    made = (models / "msd-vgg.onnx").stat().st_mtime_ns
    result = runner.invoke(args=["install-networks", "msd-vgg", "mtt-vgg", "--wheel", str(wheel)])
    assert "1 networks installed, 1 skipped, 0 failed" in result.output
    assert (models / "msd-vgg.onnx").stat().st_mtime_ns == made


def test_a_damaged_graph_is_named_and_made_anew_by_force(
    runner: FlaskCliRunner, models: Path, wheel: Path, networks_dir: Path
) -> None:
    path = models / "msd-vgg.onnx"
    content = bytearray((networks_dir / path.name).read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    result = runner.invoke(args=["install-networks", "msd-vgg", "--wheel", str(wheel)])
    assert result.exit_code == 6
    assert "models/msd-vgg.onnx is damaged. Run: flask install-networks --force msd-vgg" in result.output
    result = runner.invoke(args=["install-networks", "--force", "msd-vgg", "--wheel", str(wheel)])
    assert result.exit_code == 0
    assert path.read_bytes() == (networks_dir / path.name).read_bytes()


def test_an_unknown_network_is_answered_kindly(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["install-networks", "msd-vg"])
    assert result.exit_code == 2
    assert result.output == "Error: Unknown network 'msd-vg'. Did you mean msd-vgg?\n"


def test_a_network_that_is_in_no_package_says_where_it_is(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["install-networks", "audioset-vggish"])
    assert result.exit_code == 2
    assert "Download audioset-vggish-3.pb from https://essentia.upf.edu/models.html" in result.output


def test_another_wheel_is_refused(runner: FlaskCliRunner, models: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.whl"
    other.write_bytes(b"PK")
    result = runner.invoke(args=["install-networks", "--wheel", str(other)])
    assert result.exit_code == 2
    assert "other.whl is not musicnn-0.1.0-py3-none-any.whl" in result.output
    assert not list(models.iterdir())


def test_a_wheel_that_is_not_there_is_named(runner: FlaskCliRunner, tmp_path: Path) -> None:
    result = runner.invoke(args=["install-networks", "--wheel", str(tmp_path / "none.whl")])
    assert result.exit_code == 2
    assert "none.whl cannot be read" in result.output


def test_without_pypi_the_next_step_is_told(runner: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    result = runner.invoke(args=["install-networks", "msd-vgg"])
    assert result.exit_code == 5
    assert result.output.startswith("Error: musicnn==0.1.0 could not be fetched: ")
    assert "run: flask install-networks --wheel musicnn-0.1.0-py3-none-any.whl" in result.output


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_is_named(runner: FlaskCliRunner, models: Path, wheel: Path) -> None:
    models.chmod(0o500)
    result = runner.invoke(args=["install-networks", "msd-vgg", "--wheel", str(wheel)])
    models.chmod(0o700)
    assert result.exit_code == 5
    assert "models/msd-vgg.onnx cannot be written: Permission denied" in result.output


def test_a_full_disk_is_told_and_leaves_no_graph(
    runner: FlaskCliRunner, models: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    result = runner.invoke(args=["install-networks", "msd-vgg", "--wheel", str(wheel)])
    assert result.exit_code == 5
    assert "models/msd-vgg.onnx cannot be written: No space left on device. Make room" in result.output
    assert not (models / "msd-vgg.onnx").exists()


def test_a_killed_installation_leaves_whole_graphs_only(models: Path, wheel: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from app.core.progress import Silent; from app.networks import installation\n"
        "while True: installation.install(Path(sys.argv[1]), ['msd-vgg'], Path(sys.argv[2]), True, Silent()); print(flush=True)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(models), str(wheel)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for _ in range(3):
            process.stdout.readline()
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert weights.find(models, "msd-vgg").sha256 == catalogue.by_name("msd-vgg").onnx_sha256


def test_the_vocabularies_are_those_of_the_wheel(wheel: Path) -> None:
    source = ast.parse(zipfile.ZipFile(wheel).read("musicnn/configuration.py"))
    labels = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in source.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for name in installation.installable():
        assert [tag.name for tag in catalogue.by_name(name).tags] == labels[f"{name[:3].upper()}_LABELS"]


def test_the_vocabularies_are_those_of_the_annotations(shared: Path) -> None:
    for vocabulary, path in (("msd", "musicnn/output_labels_msd.txt"), ("mtt", "magnatagatune/output_labels_mtt.txt")):
        text = (shared / "annotations" / path).read_text(encoding="utf-8")
        listed = text[text.index("[") : text.index("]")]
        assert [tag.name for tag in catalogue.by_name(f"{vocabulary}-vgg").tags] == [
            part.strip(" '[") for part in listed.split(",")
        ]


def test_a_network_found_twice_is_read_as_installed(models: Path, networks_dir: Path) -> None:
    shutil.copy(networks_dir / "msd-vgg.onnx", models)
    for name in ("msd-vgg.pb", "msd-vgg-1.pb"):
        (models / name).write_bytes(b"\x0a\x01a")
    assert weights.find(models, "msd-vgg").path.name == "msd-vgg.onnx"
