from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cards.done import done_card
from cards.words import count
from commands.arguments import Base
from commands.message import EXAMPLE_ID
from commands.messages_asked import message_id
from commands.permissions import ANYONE
from commands.spec import Context, Reply, command
from domain.errors import Refusal
from domain.ids import MessageId
from spaces.posting import MOST_FILES, take_back


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesArg(Base):
    hint: str = "ids of messages"
    takes_rest: bool = True

    def parse(self, words: Sequence[str], context: Context) -> tuple[MessageId, ...]:
        said = dict.fromkeys(" ".join(words).replace(",", " ").split())
        if len(said) > MOST_FILES:
            raise Refusal(f"At most {MOST_FILES} at once.", "Do it in several goes.")
        return tuple(message_id(part) for part in said)


@command(
    "take back", args=[MessagesArg(name="messages")], allow=ANYONE, group="Messages",
    help="Delete a message that I sent for you, within a day.",
    example=f"take back {EXAMPLE_ID}", aliases=["unsend"],
)  # fmt: skip
def take_it_back(context: Context, messages: tuple[MessageId, ...]) -> Reply:
    gone = take_back(context.house, context.caller, messages, step=context.step)
    return Reply(card=done_card(f"Deleted {count(gone, 'message')}."))
