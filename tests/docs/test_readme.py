"""Whoever follows the README sees what it shows."""

import shlex
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import cli
from api import create_app
from scenarios import open_world
from tests.docs.reading import ROOT, Block, blocks, missing_line

README = blocks("README.md")
FEW = ("01", "04", "11", "17")  # orders enough for the commands that take a folder of them


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that looks like the checkout to somebody who follows the README."""
    home = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "rules", home / "rules")
    (home / "examples" / "orders").mkdir(parents=True)
    shutil.copytree(ROOT / "examples" / "law", home / "examples" / "law")
    for path in (ROOT / "examples" / "orders").glob("*.json"):
        if path.name.startswith(FEW):
            shutil.copy(path, home / "examples" / "orders")
    return home


def run(script: str, folder: Path) -> tuple[str, int]:
    """What the commands print, and how the last one ended."""
    if "<<" in script:
        return shell(script, folder)
    printed, status = "", 0
    for line in script.splitlines():
        first, *piped = line.split(" | ", 1)
        if first.startswith("passavant "):
            output, status = passavant(shlex.split(first)[1:])
            if piped:
                output, status = shell(piped[0], folder, output)
        else:
            output, status = shell(line, folder)
        printed += output
    return printed, status


def shell(script: str, folder: Path, given: str = "") -> tuple[str, int]:
    done = subprocess.run(
        ["sh", "-c", script],
        cwd=folder,
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.stdout, done.returncode


def passavant(words: list[str]) -> tuple[str, int]:
    """The command in this process: a shell would read the world anew for each."""
    if "--rules" in words:
        open_world.cache_clear()
    said, status = StringIO(), 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(said):
        patch.setattr(sys, "argv", ["passavant", *words])
        try:
            cli.main()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 0
    return said.getvalue(), status


def test_every_command_of_the_readme_prints_what_is_shown(checkout: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(checkout)
    monkeypatch.setenv("COLUMNS", "80")
    marked = [block for block in README if block.mark.startswith("run")]
    assert len(marked) >= 12
    for block in marked:
        output, status = run(block.text, checkout)
        assert (status != 0) == (block.mark == "run: fails"), f"{block.place}\n{block.text}\n{output}"
        lost = missing_line(block.shown, output, block.figures_move)
        assert lost is None, f"{block.place}: not printed: {lost}\n{output}"


def test_every_request_of_the_readme_is_answered_as_shown(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PASSAVANT_OFFER_KEY", "a key for this test only")
    requests = [block for block in README if block.mark == "curl"]
    assert requests
    with TestClient(create_app()) as client:
        for block in requests:
            answers = [ask(client, line) for line in block.text.splitlines() if line]
            lost = missing_line(block.shown, "\n".join(answers), block.figures_move)
            assert lost is None, f"{block.place}: not answered: {lost}"


def ask(client: TestClient, line: str) -> str:
    """What curl would print."""
    words = shlex.split(line)
    assert words[:2] == ["curl", "-s"]
    url = next(word for word in words if word.startswith("localhost:8000"))
    path = url.removeprefix("localhost:8000")
    if "--data-binary" not in words:
        return client.get(path).text
    body = words[words.index("--data-binary") + 1]
    content = (ROOT / body[1:]).read_text(encoding="utf-8") if body.startswith("@") else body
    return client.post(path, content=content).text


def test_the_readme_has_no_shell_block_that_nobody_runs():
    unmarked = [block.place for block in README if block.language == "sh" and not block.mark]
    # The two commands of make, and the line that puts the command on the path.
    assert len(unmarked) == 2, unmarked


@pytest.mark.parametrize(
    ("shown", "printed", "figures_move", "found"),
    [
        ("a 1 b", "x a 1 b y", False, True),
        ("a 1 b", "a 2 b", False, False),
        ("a 1 b", "a 22.5 b", True, True),
        ("a ... c", "a b c", False, True),
        ("│ a │ b", "┃ a ┃ b ┃", False, True),
        ("b\na", "a\nb", False, False),
    ],
)
def test_what_is_shown_is_looked_for_line_by_line(shown: str, printed: str, figures_move: bool, found: bool):
    assert (missing_line(shown, printed, figures_move) is None) is found


def test_a_block_knows_the_text_beside_it():
    block: Block = next(block for block in README if block.mark == "run: fails")
    assert "unknown fact" in block.shown
