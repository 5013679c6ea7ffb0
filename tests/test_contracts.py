"""Who may import api.py and cli.py, two modules that import-linter (packages only) can't see.

The rules among the packages are in pyproject.toml, under [tool.importlinter].
"""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES: list[str] = PROJECT["tool"]["importlinter"]["root_packages"]


def imported(file: Path) -> Iterator[str]:
    """The first name of each absolute import in the file, those inside functions too."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"), str(file))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("package", PACKAGES)
def test_no_package_imports_api_or_cli(package: str) -> None:
    files = sorted((ROOT / package).rglob("*.py"))
    assert files, f"{package} has no Python file"
    wrong = [str(file.relative_to(ROOT)) for file in files if {"api", "cli"} & set(imported(file))]
    assert not wrong


def test_api_does_not_import_cli() -> None:
    assert "cli" not in set(imported(ROOT / "api.py"))


@pytest.mark.parametrize("module", ["api", "cli", *PACKAGES])
def test_nothing_shipped_imports_tests_or_benchmarks(module: str) -> None:
    path = ROOT / module
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]
    wrong = [str(file.relative_to(ROOT)) for file in files if {"tests", "benchmarks"} & set(imported(file))]
    assert not wrong


@pytest.mark.parametrize("folder", ["rules", "examples"])
def test_data_folders_hold_no_python(folder: str) -> None:
    assert not list((ROOT / folder).rglob("*.py"))


def test_every_package_is_under_contract_and_in_the_wheel() -> None:
    here = {
        folder.name
        for folder in ROOT.iterdir()
        if (folder / "__init__.py").is_file() and folder.name not in {"tests", "benchmarks"}
    }
    shipped = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    assert here == set(PACKAGES)
    assert here <= set(shipped)
