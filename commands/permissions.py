"""Who may, in one word for each command; the verdict is read live and carries its reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commands.spec import Context, Permission
from domain.people import Role
from domain.spaces import Space
from domain.verdicts import Verdict, no, yes
from spaces.looking import manages

ANYONE = Permission(role=Role.MEMBER, check=lambda context, values: yes("anyone of ours may"))


def _manages(context: Context, values: Mapping[str, Any]) -> Verdict:
    if context.is_compliance:
        return yes("compliance may")
    return manages(context.house, values["space"].key, context.caller)


def may_manage(context: Context, space: Space) -> bool:
    """Whether the buttons of those who manage a space belong on the caller's card. They are
    checked again when pressed."""
    return bool(_manages(context, {"space": space}))


MODERATOR = Permission(
    role=Role.MODERATOR, check=_manages, instead="Ask one of them, or compliance."
)
"""A moderator of the argument ``space``; its creator where there is none; compliance."""


def _is_compliance(context: Context, values: Mapping[str, Any]) -> Verdict:
    return yes("compliance may") if context.is_compliance else no("that is for compliance.")


COMPLIANCE = Permission(
    role=Role.COMPLIANCE, check=_is_compliance, instead="`help` shows what you can do yourself."
)
"""Compliance alone. Its arguments must not tell others what there is: look up in the handler."""
