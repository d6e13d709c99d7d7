from __future__ import annotations

from datetime import datetime

from cards.messages import PER_CARD, messages_card
from cards.words import moment
from commands.arguments import Number, PersonArg, is_elsewhere
from commands.messages_asked import MessageIdArg, MomentArg
from commands.permissions import ANYONE
from commands.seeing import PresentSpaceArg
from commands.spec import Context, Reply, command
from domain.ids import MessageId
from domain.people import Person
from domain.spaces import Space
from spaces.messaging import list_messages, note_reading

MOST = 1000


@command(
    "messages",
    args=[
        PresentSpaceArg(name="space"),
        PersonArg(name="mentioned", label="Mentioned person", required=False,
                  marker=("mentioning", "that mention", "mentioned"),
                  hint="“me”, or an e-mail address"),
        MessageIdArg(name="before_message", label="Before message", required=False,
                     marker=("before message",)),
        MomentArg(name="before", label="Before", required=False, marker=("before",)),
        Number(name="max", label="At most", required=False, marker=("max", "at most"), least=1,
               most=MOST, hint="how many, 50 unless you say otherwise"),
    ],
    allow=ANYONE, group="Messages", only_reads=True,
    help="List what was said in a space that you are in, newest first.",
    example=[
        'messages in "Q3 plans"',
        'messages in "Q3 plans" mentioning me before 2026-11-24T10:30 max 20',
    ],
    aliases=["messages in", "messages of", "get messages", "list messages"],
    details=[
        ("mentioning me", "what mentions you, or everybody; or mentioning ben@example.com"),
        ("before 2026-11-24T10:30", "ISO 8601, in your own time zone unless one is given"),
        ("before message …", "older than a message, by its id"),
    ],
)  # fmt: skip
def messages(
    context: Context, space: Space, mentioned: Person | None, before_message: MessageId | None,
    before: datetime | None, max: int | None,
) -> Reply:  # fmt: skip
    most, zone = max or 50, context.caller.time_zone
    page = list_messages(
        context.house, space, most=min(most, PER_CARD), sees_all=context.is_compliance,
        mentioned=mentioned.id if mentioned else None, before=before,
        before_message=before_message,
    )  # fmt: skip
    if context.is_compliance and page.messages:
        note_reading(context.house, context.caller, space.id, read=len(page.messages))
    left = most - len(page.messages)
    asked = {"space": str(space.id), "before_message": page.before}
    if mentioned is not None:
        asked["mentioned"] = str(mentioned.id)
    if max is not None and left > 0:
        asked["max"] = str(left)
    told = [
        f"that mention {mentioned.name}" if mentioned else "",
        f"said before {moment(before, zone)}" if before else "",
        "said before that message" if before_message else "",
    ]
    return Reply(
        card=messages_card(
            space, page, asked=asked if page.before else {}, zone=zone,
            sentence=", ".join(part for part in told if part),
        ),
        is_about_others=is_elsewhere(context, space),
    )  # fmt: skip
