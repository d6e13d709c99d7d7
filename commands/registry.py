"""Every command of the folder, found by walking it; there is no list to edit."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping

import commands
from commands.spec import Command, declared

GROUND = frozenset(
    {
        "spec", "registry", "answering", "arguments", "moments", "people", "permissions",
        "policy_words", "seeing",
    }
)  # fmt: skip


def load() -> Mapping[str, Command]:
    """Imports each command's file and gives all commands by each of their words."""
    for module in pkgutil.iter_modules(commands.__path__):
        if module.name not in GROUND:
            importlib.import_module(f"commands.{module.name}")
    return declared()
