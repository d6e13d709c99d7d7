from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cards.done import done_card
from cards.kit import Card
from cards.preview import preview_card
from cards.words import count, harmless
from commands.arguments import Text
from commands.confirming import MANY, ask, confirmed
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from domain.errors import Refusal
from spaces.sync.groups import Compared, accept_group, compare_group

KIND = "groups accept"
MOST_ROWS = 8


@command(
    "groups accept", args=[Text(name="group", label="Group", hint="its name", longest=400)],
    allow=COMPLIANCE, group="Directory", aliases=["accept group"],
    help="Take a group that shrank or is gone as the directory has it now; you see it first.",
    example=["groups accept finance", 'groups accept "Finance EMEA"'],
)  # fmt: skip
def groups_accept(context: Context, group: str) -> Reply:
    found = compare_group(context.house, group)
    asked = ask(context, KIND, {"group": group, "code": found.code}, retypes=len(found.lost) > MANY)
    return Reply(card=_preview(found, asked.code, asked.which, retypes=asked.retypes))


@confirmed(KIND)
def accepted(context: Context, payload: Mapping[str, Any]) -> Reply:
    if not context.is_compliance:
        raise Refusal("That is for compliance.")
    taken = accept_group(
        context.house, context.actor, str(payload["group"]), code=str(payload["code"])
    )
    name = _name(taken)
    if not taken.now:
        return Reply(card=done_card(
            f"“{harmless(name)}” is forgotten.",
            ("Known by that name", "nothing; what names it does nothing"),
        ))  # fmt: skip
    return Reply(card=done_card(
        f"“{harmless(name)}” is known again.", ("Members", f"{taken.members:,}"),
        ("Lost", f"{len(taken.lost):,}"), ("New", f"{len(taken.new):,}"),
    ))  # fmt: skip


def _preview(found: Compared, code: str, which: int, *, retypes: bool) -> Card:
    had = sum(one.members or 0 for one in found.was)
    rows = [(email, "is in it no more") for email in sorted(found.lost)[:MOST_ROWS]]
    rows += [(email, "is new in it") for email in sorted(found.new)[: MOST_ROWS - len(rows)]]
    warnings = []
    if not found.now:
        warnings.append("The directory does not have it any more. It will be forgotten.")
    if len(found.now) > 1:
        warnings.append(f"{len(found.now)} groups have that name; all of them are meant.")
    return preview_card(
        f"Take “{harmless(_name(found))}” as it is now?",
        ("When last read well", count(had, "member")),
        ("In the directory now", count(found.members, "member") if found.now else "not there"),
        ("Lost", f"{len(found.lost):,}"), ("New", f"{len(found.new):,}"),
        rows=rows, columns=("Member", "What becomes of them"), warnings=warnings,
        more=len(found.lost) + len(found.new) - len(rows),
        notes=["Policies that name it go by these members from then on."] if found.now else [],
        code=code, which=which, retypes=retypes, do="Take it as it is",
    )  # fmt: skip


def _name(found: Compared) -> str:
    known = [*(one.name for one in found.now), *(one.name for one in found.was)]
    return known[0] if known else found.name
