from __future__ import annotations

from cards.genuine import MOST, Sent, genuine_card, not_genuine_card, sent_cards_card
from commands.arguments import Text
from commands.permissions import ANYONE
from commands.spec import Context, Reply, command
from domain.errors import Refusal
from spaces.genuine import SIGNS, our_name, sent_cards


@command(
    "genuine",
    args=[Text(name="code", label="Code", required=False, hint="the five signs on the card",
               longest=100)],
    allow=ANYONE, group="Help", only_reads=True, aliases=["is this genuine", "is it genuine"],
    help="Tell whether a card is really from me: by its code, or which ones I sent you.",
    example=["genuine", "genuine 4F7K2"],
    details=[
        ("a code that I don't know", "that card is not mine: press nothing, tell compliance"),
        ("never", "do I ask for a password, or lead to a page where you sign in"),
    ],
)  # fmt: skip
def genuine(context: Context, code: str | None) -> Reply:
    """Only the caller's own cards are looked at: somebody else's code says no more than none."""
    house, caller = context.house, context.caller
    reader = house.reader(caller)
    sent = [Sent(code=c.code, at=c.at, title=c.title) for c in sent_cards(house, caller.key)]
    if not code:
        return Reply(
            card=sent_cards_card(
                sent[:MOST], name=our_name(house), older=max(0, len(sent) - MOST), reader=reader
            )
        )  # fmt: skip
    asked = "".join(code.split()).upper()
    if len(asked) > 20 or not asked.isalnum():
        raise Refusal("That is no code of a card.", f"It has five signs, of {SIGNS}.")
    found = next((one for one in sent if one.code == asked), None)
    if found is None:
        return Reply(card=not_genuine_card(asked, reader=reader))
    return Reply(card=genuine_card(found, reader=reader))
