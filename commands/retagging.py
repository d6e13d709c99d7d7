"""What renaming, merging and dropping a tag share: the preview, and what follows a yes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cards.done import done_card
from cards.kit import press
from cards.preview import preview_card
from cards.words import count, listed
from commands.arguments import Base, Words
from commands.confirming import MANY, ask, confirmed
from commands.spec import Context, Reply
from domain.errors import Refusal
from domain.ids import SpaceKey
from domain.tags import tag_name
from retention.retagging import Retag, Retagged, carry_out, look_at

NAMES = Words(name="tags", label="Tags", hint="finance, fin")
KIND = "retag"


@dataclass(frozen=True, slots=True, kw_only=True)
class TagArg(Base):
    """One tag, as it is kept."""

    hint: str = "finance"

    def parse(self, words: Sequence[str], context: Context) -> str:
        return tag_name(" ".join(words))


def preview(context: Context, asked: Retag) -> Reply:
    """What would become of it, with a way to say yes to exactly that."""
    looked = look_at(context.house, context.actor, asked)
    made = ask(
        context, KIND,
        {
            "kind": looked.retag.kind, "names": list(looked.retag.names),
            "target": looked.retag.target, "spaces": [int(key) for key in looked.spaces],
        },
        retypes=len(looked.spaces) > MANY,
    )  # fmt: skip
    target = looked.retag.target
    return Reply(
        card=preview_card(
            f"{_title(looked.retag)}?",
            ("Spaces that have it", count(len(looked.spaces), "space")),
            *(
                [(f"Have “{target}” already", count(looked.has_target, "space"))]
                if target
                else []
            ),
            columns=("Space", "Its tag"),
            rows=[
                (space.shown_title, f"{listed(lost)} → {target}" if target else listed(lost))
                for space, lost in looked.first
            ],
            more=len(looked.spaces) - len(looked.first), notes=looked.notes,
            warnings=()
            if looked.retag.kind != "drop"
            else ("What finds or keeps spaces by this tag finds them no more.",),
            code=made.code, which=made.which, retypes=made.retypes, do=_do(looked.retag),
        )
    )  # fmt: skip


@confirmed(KIND)
def follow(context: Context, payload: Mapping[str, Any]) -> Reply:
    if not context.is_compliance:
        raise Refusal("Not allowed: that is for compliance.")
    asked = Retag(kind=payload["kind"], names=tuple(payload["names"]), target=payload["target"])
    done = carry_out(
        context.house, context.actor, asked, step=context.step,
        seen=[SpaceKey(key) for key in payload["spaces"]],
    )  # fmt: skip
    return Reply(card=_done(done))


def _done(done: Retagged) -> Any:
    return done_card(
        f"{_title(done.retag)}: done.", ("Changed", count(done.spaces, "space")),
        note="The record has each of them.",
        undo=press(
            "Undo", "tag undo", once=True, typed=f"tag undo {done.retag.names[0]}",
            change=str(done.undo),
        ),
    )  # fmt: skip


def _title(asked: Retag) -> str:
    names = f"“{'”, “'.join(asked.names)}”"
    match asked.kind:
        case "rename":
            return f"Rename {names} to “{asked.target}”"
        case "merge":
            return f"Merge {names} into “{asked.target}”"
        case _:
            return f"Take {names} off every space"


def _do(asked: Retag) -> str:
    return {"rename": "Rename", "merge": "Merge", "drop": "Take off"}[asked.kind]
