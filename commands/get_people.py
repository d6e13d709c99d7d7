from __future__ import annotations

from cards.profile import profile_card
from cards.profiles import profiles_card
from commands.arguments import Number
from commands.people_asked import AskedArg, Asking
from commands.permissions import ANYONE
from commands.spec import Context, Reply, command
from domain.errors import Refusal
from spaces.describing import describe_by_email, describe_by_ids, describe_by_name


@command(
    "get people",
    args=[
        AskedArg(name="who", label="Who"),
        Number(name="page", marker=("page",), required=False, is_asked=False, least=1, most=100),
    ],
    allow=ANYONE, group="People", only_reads=True,
    help="Show what Webex tells of people: names, addresses, presence and ids.",
    example=["get people ben@example.com", "people me", "people ben"],
    aliases=["people", "person", "who is", "get person", "people details"],
    details=[
        ("an e-mail address", "one person of the company, with presence"),
        ("a name", "people of the company whose name begins so"),
        ("up to 85 ids", "each of them, and which of the ids nobody has"),
    ],
)  # fmt: skip
def get_people(context: Context, who: Asking, page: int | None) -> Reply:
    zone = context.caller.time_zone
    if who.email:
        found = describe_by_email(context.house, who.email, sees_all=context.is_compliance)
        return Reply(card=profile_card(found, zone=zone))
    if who.name:
        named = describe_by_name(context.house, who.name)
        if len(named.found) == 1:
            return Reply(card=profile_card(named.found[0], zone=zone))
        return Reply(card=profiles_card(named, page=page or 1, said=who.said, zone=zone))
    asked = describe_by_ids(context.house, who.ids)
    if len(who.ids) == 1:
        if asked.not_found:
            raise Refusal("I find nobody with that id in Webex.", "Use their e-mail address.")
        return Reply(card=profile_card(asked.found[0], zone=zone))
    return Reply(card=profiles_card(asked, page=page or 1, said=who.said, zone=zone))
