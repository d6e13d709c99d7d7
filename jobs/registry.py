"""Every job of the folder, found by walking it; there is no list to edit."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping

import jobs
from jobs.spec import Job, declared

GROUND = frozenset({"spec", "registry", "voice"})


def load() -> Mapping[str, Job]:
    """Imports each job's file and gives all jobs by name."""
    for module in pkgutil.iter_modules(jobs.__path__):
        if module.name not in GROUND:
            importlib.import_module(f"jobs.{module.name}")
    return declared()
