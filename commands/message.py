from __future__ import annotations

from uuid import UUID

from cards.message import message_card
from commands.messages_asked import MessageArg
from commands.permissions import ANYONE
from commands.spec import Context, Reply, command
from domain.ids import MessageId, RoomId
from spaces.messaging import find_message, note_reading

EXAMPLE_ID = "Y2lzY29zcGFyazovL3VzL01FU1NBR0UvMDAwMDAwMDAtMDAwMC00MDAwLTgwMDAtMDAwMDAwMDAwMDAw"


@command(
    "message", args=[MessageArg(name="message")], allow=ANYONE, group="Messages", only_reads=True,
    help="Show a message of a space that you are in, with all that Webex says of it.",
    example=[
        f"message {EXAMPLE_ID}",
        "message webexteams://im?space=0&message=00000000-0000-4000-8000-000000000000",
    ],
    aliases=["get message", "message details", "get message details"],
)  # fmt: skip
def show_message(context: Context, message: MessageId | UUID) -> Reply:
    found = find_message(context.house, context.caller, message, sees_all=context.is_compliance)
    if context.is_compliance:
        note_reading(context.house, context.caller, RoomId(found.room_id), read=1)
    return Reply(card=message_card(found, zone=context.caller.time_zone))
