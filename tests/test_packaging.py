"""The wheel: it holds what it must and works away from the checkout, without a network."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PYTHON = ("api.py", "cli.py")
PACKAGES = (
    "carriers",
    "commands",
    "customs",
    "domain",
    "engine",
    "fulfilment",
    "ledger",
    "scenarios",
    "wording",
)
DATA = ("rules", "examples")


def run(*command: str | Path, cwd: Path) -> str:
    """What the command prints; its whole output is shown if it fails."""
    # The checkout must not be found by way of this environment, nor a network be used.
    dropped = ("PYTHON", "PIP_", "PASSAVANT")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(dropped)}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=kept | {"PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(
        *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"),
        *("--wheel-dir", folder, ROOT),
        cwd=folder,
    )
    (file,) = folder.glob("passavant-*.whl")
    return file


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts' folder of a new environment that the wheel is installed in."""
    home = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / "python"
    run(
        *(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index"),
        wheel,
        cwd=home,
    )
    # The dependencies are borrowed from the environment that runs the tests. A .pth file inside
    # a folder named in a .pth file is not read, so an editable install there stays out of sight.
    paths = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=home)
    borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (Path(paths.strip()) / "borrowed.pth").write_text("\n".join(sorted(borrowed)) + "\n", encoding="utf-8")
    return scripts


def shipped_files(folder: str) -> set[str]:
    return {
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts and file.suffix != ".pyc"
    }


def test_the_wheel_holds_every_package_and_the_data(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    expected = set(PYTHON)
    for package in PACKAGES:
        expected |= shipped_files(package)
    for folder in DATA:
        expected |= {f"passavant_data/{name}" for name in shipped_files(folder)}
    assert held == expected


def test_the_wheel_carries_its_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (licence,) = [name for name in archive.namelist() if name.endswith("/licenses/LICENSE")]
        assert "Apache License" in archive.read(licence).decode()


def test_the_installed_modules_are_the_wheels_own(installed: Path, tmp_path: Path) -> None:
    code = "import api, cli, domain, engine\nfor m in (api, cli, domain, engine): print(m.__file__)"
    files = run(installed / "python", "-c", code, cwd=tmp_path).splitlines()
    assert len(files) == 4
    assert all(Path(file).is_relative_to(installed.parent) for file in files), files


def test_the_command_answers_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    printed = run(
        *(installed / "passavant", "territory", "--country", "ES", "--postcode", "35001", "--json"),
        cwd=tmp_path,
    )
    assert isinstance(json.loads(printed), dict)
    assert "ES-CN" in printed
    assert not list(tmp_path.iterdir()), "the command wrote into the folder it was called in"
