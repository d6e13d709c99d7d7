"""What somebody was shown and can say yes to, by its code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.ids import PersonKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    id: int
    kind: str
    code: str
    person: PersonKey
    payload: Mapping[str, Any]
    expires_at: datetime
    attempts: int
    used_at: datetime | None
    used_by_step: str
    is_code_needed: bool
