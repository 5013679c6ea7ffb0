"""The lock files: complete, hashed, alike, and free of any host name."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

TEST_EXTRAS = ("verify", "test", "lint", "bench")
# Each lock with the extras and the dependency groups that it holds.
LOCKS = {
    "requirements.lock": ((), ("build",)),
    "requirements-test.lock": (TEST_EXTRAS, ("build", "sdist")),
    "requirements-slow.lock": ((*TEST_EXTRAS, "slow"), ("build", "sdist")),
}

HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def read_lock(name: str) -> dict[str, list[tuple[Requirement, list[str]]]]:
    """The lock's requirements with their hashes, by name; one name may have several, by marker."""
    joined = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    found: dict[str, list[tuple[Requirement, list[str]]]] = {}
    for line in joined.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        text, *hashes = re.split(r"\s+(?=--hash=)", line.strip())
        requirement = Requirement(text)
        found.setdefault(canonicalize_name(requirement.name), []).append((requirement, hashes))
    return found


def wanted(name: str) -> list[Requirement]:
    """What pyproject.toml says the lock must hold."""
    extras, groups = LOCKS[name]
    texts = list(PROJECT["project"]["dependencies"])
    for extra in extras:
        texts += PROJECT["project"]["optional-dependencies"][extra]
    for group in groups:
        texts += PROJECT["dependency-groups"][group]
    return [Requirement(text) for text in texts]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_host(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8").lower()
    # 'http' may stand in a package's own name (httpx2), never in an address.
    assert not re.search(r"https?:|://|index-url|find-links|trusted-host|git\+", text)


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_is_one_version_with_hashes(name: str) -> None:
    for entries in read_lock(name).values():
        for requirement, hashes in entries:
            assert requirement.url is None, requirement
            assert [part.operator for part in requirement.specifier] == ["=="], requirement
            assert hashes, f"{requirement} has no hash in {name}"
            assert all(HASH.fullmatch(item) for item in hashes), requirement


@pytest.mark.parametrize("name", LOCKS)
def test_every_dependency_is_locked_within_its_bounds(name: str) -> None:
    lock = read_lock(name)
    for requirement in wanted(name):
        entries = lock.get(canonicalize_name(requirement.name))
        assert entries, f"{requirement} is not in {name}: run make lock"
        for pinned, _ in entries:
            version = Version(str(pinned.specifier).removeprefix("=="))
            assert version in requirement.specifier, f"{pinned} in {name} is not {requirement}: run make lock"


def test_the_build_backend_is_locked() -> None:
    lock = read_lock("requirements.lock")
    for text in PROJECT["build-system"]["requires"]:
        assert canonicalize_name(Requirement(text).name) in lock, text


def test_a_larger_lock_holds_the_smaller_one_unchanged() -> None:
    core, test, slow = (read_lock(name) for name in LOCKS)
    for smaller, larger in ((core, test), (test, slow)):
        for package, entries in smaller.items():
            versions = {str(requirement.specifier) for requirement, _ in entries}
            assert {str(requirement.specifier) for requirement, _ in larger[package]} == versions, package
