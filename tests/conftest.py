"""What tests share: a copy of the project to change, the packs of the project as it is, texts to compare with."""

import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path

import pytest
from filelock import FileLock

from generator.library import Library, load
from generator.render import RENDERERS
from tests.command import REPOSITORY, Pack, Ran, made
from tests.content import make_small


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write tests/golden/ anew instead of comparing")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--update-golden") and os.environ.get("CI"):
        raise pytest.UsageError("--update-golden is for a person who reads the difference, not for CI")


LARGE = {"packs", "another_century", "with_slogan", "couriers", "sweep", "film", "printed"}
"""Fixtures that make whole packs, every piece for whoever signs, or films."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if LARGE & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)


def copied(project: Path, to: Path) -> Path:
    """content/ and templates/ to change, fonts/ by reference: 40 MB that no test changes."""
    for folder in ("content", "templates"):
        shutil.copytree(project / folder, to / folder)
    try:
        (to / "fonts").symlink_to(REPOSITORY / "fonts", target_is_directory=True)
    except OSError:  # Windows without the right to make links
        shutil.copytree(REPOSITORY / "fonts", to / "fonts")
    return to


def fewer_screens(project: Path) -> Path:
    """Two screens and no films: six of them take seconds, and have tests of their own."""
    catalogue = project / "templates" / "catalogue.yaml"
    text = re.sub(r"screens: \[.*?\]", "screens: [strip-192x16, wall-640x384]", catalogue.read_text(encoding="utf-8"))
    catalogue.write_text(text.replace(", mp4", ""), encoding="utf-8", newline="\n")
    return project


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as it is when the session begins, but for most screens. Nobody changes it."""
    return fewer_screens(copied(REPOSITORY, tmp_path_factory.mktemp("original")))


@pytest.fixture(scope="session")
def library(original: Path) -> Library:
    """What the project says, loaded once."""
    found, problems = load(original, RENDERERS)
    assert found, problems
    return found


@pytest.fixture
def project(original: Path, tmp_path: Path) -> Path:
    """A project of the test's own."""
    return copied(original, tmp_path / "project")


@pytest.fixture(scope="session")
def small_original(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with little to say: what does not depend on how much there is, is proved faster. Nobody changes it."""
    project = copied(original, tmp_path_factory.mktemp("small"))
    make_small(project)
    return project


@pytest.fixture
def small(small_original: Path, tmp_path: Path) -> Path:
    """A small project of the test's own."""
    return copied(small_original, tmp_path / "small")


Packs = Callable[[str], Pack]


@pytest.fixture(scope="session")
def packs(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Packs:
    """The pack of an audience, made by the command once for all processes of a session. Nobody changes it."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "packs"

    @cache
    def pack(audience: str) -> Pack:
        report = shared / f"{audience}.json"
        shared.mkdir(exist_ok=True)
        with FileLock(shared / f"{audience}.lock"):
            if not report.exists():
                ran = made(original, audience, "--output", shared).ran
                report.write_text(json.dumps(asdict(ran)), encoding="utf-8")
        return Pack(shared / audience, Ran(**json.loads(report.read_text(encoding="utf-8"))))

    return pack


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """``golden(name, text)``: the text is what tests/golden/<name> says; ``--update-golden`` makes it so."""
    update = bool(request.config.getoption("--update-golden"))

    def same(name: str, text: str) -> None:
        path = REPOSITORY / "tests" / "golden" / name
        if update:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        assert path.exists(), f"no {path.name}: run pytest --update-golden and read the difference"
        assert text == path.read_text(encoding="utf-8"), f"{name} changed; if it should: pytest --update-golden"

    return same
