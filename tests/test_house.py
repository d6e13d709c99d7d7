"""The house's own rules: imports only go down, each library has one door, files stay small."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT: dict[str, frozenset[str]] = {
    "domain": frozenset(),
    "storage": frozenset({"domain"}),
    "webex": frozenset({"domain"}),
    "directory": frozenset({"domain"}),
    "cards": frozenset({"domain"}),
    "query": frozenset({"storage", "domain"}),
    "spaces": frozenset({"query", "storage", "webex", "directory", "domain"}),
    "retention": frozenset({"spaces", "query", "storage", "webex", "domain"}),
    "commands": frozenset({"retention", "spaces", "query", "cards", "domain"}),
    "jobs": frozenset({"retention", "spaces", "cards", "domain"}),
    "bot": frozenset(
        {"commands", "jobs", "retention", "spaces", "query", "storage", "webex", "directory",
         "cards", "domain"}
    ),
    "sandbox": frozenset(),
}  # fmt: skip
MAKES_A_WEBEX_HERE = frozenset({"bot/demo.py", "bot/cli.py"})
"""Who may start the sandbox; to everything else it is a Webex like any other."""
DOORS: dict[str, tuple[str, ...]] = {
    "webex_bot": ("bot/frontdoor.py",),
    "apscheduler": ("bot/scheduler.py",),
    "dbos": ("bot/tasks.py",),
    "webexteamssdk": ("webex/sdk.py", "webex/transport.py"),
    "adaptivecardbuilder": ("cards/kit.py",),
    "ldap3": ("directory/ldap.py",),
}
SQL = ("storage/", "query/", "retention/decision.py")
LONGEST = 450


FOLDERS = sorted(MAY_IMPORT)


def sources(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """The modules that a file imports, wherever in it; nothing here is relative."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield node.module or ""


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("folder", FOLDERS)
def test_an_import_only_goes_down(folder: str) -> None:
    above = set(MAY_IMPORT) - MAY_IMPORT[folder] - {folder}
    wrong = {
        (name_of(path), module)
        for path in sources(folder)
        for module in imported(path)
        if module.partition(".")[0] in above
        and not (module.startswith("sandbox") and name_of(path) in MAKES_A_WEBEX_HERE)
    }
    assert wrong == set()


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_library_has_one_door(folder: str) -> None:
    wrong = {
        (name_of(path), module)
        for path in sources(folder)
        for module in imported(path)
        if name_of(path) not in DOORS.get(module.partition(".")[0], (name_of(path),))
        or (module.startswith("sqlalchemy") and not name_of(path).startswith(SQL))
    }
    assert wrong == set()


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_ground_of_a_folder_imports_none_of_its_siblings(folder: str) -> None:
    grounds = [path for path in sources(folder) if path.stem == "spec"]
    wrong = {
        (name_of(ground), module)
        for ground in grounds
        for module in imported(ground)
        if module.rpartition(".")[0] == ".".join(ground.relative_to(ROOT).parts[:-1])
    }
    assert wrong == set()


def test_a_file_holds_one_idea() -> None:
    lengths = {name_of(p): len(p.read_text().splitlines()) for f in FOLDERS for p in sources(f)}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


def test_every_folder_is_packaged() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert set(packages) == set(MAY_IMPORT)
    assert set(project["tool"]["mypy"]["packages"]) == set(MAY_IMPORT)
