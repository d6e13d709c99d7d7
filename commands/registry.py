"""Every command of the folder, found by walking it; there is no list to edit."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping

import commands
from commands.spec import Command, declared


def load() -> Mapping[str, Command]:
    """Imports each file of the folder and gives all commands by each of their words."""
    for module in pkgutil.iter_modules(commands.__path__):
        importlib.import_module(f"commands.{module.name}")
    return declared()
