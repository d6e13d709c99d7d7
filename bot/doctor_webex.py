"""The doctor's questions to Webex: who our tokens are, and what they may."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from bot.doctor import Check, Line, clock_line, fault, ok, warn
from bot.settings import PREFIX, Settings
from domain.ids import PersonId, RoomId, WrongId
from retention.alert_readers import readers
from spaces.spec import House
from spaces.watching.hooks import are_right
from webex.errors import Denied, Invalid, Missing, NotAuthorised, WebexFault
from webex.gateway import Gateway, Lane
from webex.values import PersonType

RENEW = "Make a new one in the developer portal and set it."


def _bot(house: House, settings: Settings) -> Iterator[Line]:
    to_do = f"{RENEW} ({PREFIX}BOT_TOKEN)"
    try:
        me = house.webex.bot(Lane.CHAT).me()
    except NotAuthorised:
        yield fault("bot token", "Webex does not know it", to_do)
        return
    except WebexFault as no:
        yield fault(
            "bot token", f"Webex can't be asked: {no.said}",
            f"Look at the network, and at {PREFIX}WEBEX_URL ({settings.webex_url}).",
        )  # fmt: skip
        return
    if me.type is not PersonType.BOT:
        yield fault("bot token", f"it is {me.email}'s, who is no bot", to_do)
        return
    yield ok("bot token", me.email)


def _clock(house: House, settings: Settings) -> Iterator[Line]:
    gateway = house.webex.bot(Lane.CHAT)
    try:
        gateway.people_by_ids([gateway.me().id])  # asked anew: `me` is remembered
    except WebexFault as no:
        yield fault("clock of Webex", f"Webex can't be asked: {no.said}", "See the lines above.")
        return
    theirs = gateway.server_time()
    if theirs is None:
        yield warn("clock of Webex", "Webex does not say what time it is", "Look again later.")
        return
    yield clock_line("clock of Webex", house.clock.now() - theirs)


def _compliance(house: House, settings: Settings) -> Iterator[Line]:
    if not house.webex.has_compliance:
        yield warn(
            "compliance token", "none: only spaces that the bot is in are looked after",
            f"Connect an integration of a compliance officer ({PREFIX}CO_…).",
        )  # fmt: skip
        return
    gateway = house.webex.compliance(Lane.CHAT)
    try:
        me = gateway.me()
    except NotAuthorised:
        yield fault(
            "compliance token", "Webex does not know it, and it can't be renewed",
            f"Authorise the integration again and set {PREFIX}CO_REFRESH_TOKEN.",
        )  # fmt: skip
        return
    if me.type is not PersonType.PERSON:
        yield fault("compliance token", f"it is {me.email}'s, a bot", RENEW)
        return
    kind = "renewed by itself" if settings.is_refreshing else "ends within two weeks"
    yield ok("compliance token", f"{me.email}, {kind}")
    yield from _powers(house, gateway, me.id)
    yield from _organisation(gateway, settings)


def _powers(house: House, gateway: Gateway, me: PersonId) -> Iterator[Line]:
    now = house.clock.now() - timedelta(minutes=1)
    other = _somebody_else(house, gateway, me)
    asks: tuple[tuple[str, str, Callable[[], object]], ...] = (
        ("list people", "spark-admin:people_read", lambda: gateway.people()),
        (
            "read events", "spark-compliance:events_read",
            lambda: gateway.events(start=now - timedelta(minutes=5), end=now),
        ),
        (
            "read others' memberships", "spark-compliance:memberships_read",
            lambda: gateway.memberships(person=other, max=1),
        ),
        ("read classifications", "of an administrator", lambda: gateway.classifications()),
    )  # fmt: skip
    for what, scope, ask in asks:
        try:
            ask()
        except (Denied, Missing, Invalid, NotAuthorised):  # an ordinary person's asking is a 400
            yield fault(
                f"may {what}", "no",
                f"Give the integration the scope {scope}, and authorise it again.",
            )  # fmt: skip
        except WebexFault as no:
            yield warn(f"may {what}", f"Webex did not say: {no.said}", "Ask again later.")
        else:
            yield ok(f"may {what}", "yes")


def _somebody_else(house: House, gateway: Gateway, me: PersonId) -> PersonId:
    """Whose memberships only a compliance officer may read; if need be the bot's."""
    try:
        people = gateway.people().items
    except WebexFault:
        people = ()
    others = (one.id for one in people if one.id != me)
    return next(others, None) or house.webex.bot(Lane.CHAT).me().id


def _organisation(gateway: Gateway, settings: Settings) -> Iterator[Line]:
    try:
        ours = gateway.organisation()
    except WebexFault as no:
        yield fault("organisation", f"it can't be read: {no.said}", "See the lines above.")
        return
    if settings.org_id and settings.org_id != ours.id:
        yield fault(
            "organisation", f"the compliance identity is of {ours.name or ours.id}, and the "
            "settings name another", f"Look at {PREFIX}ORG_ID.",
        )  # fmt: skip
        return
    yield ok("organisation", ours.name or str(ours.id))


def _witness(house: House, settings: Settings) -> Iterator[Line]:
    if not house.webex.has_compliance:
        return
    if not settings.co2_access_token.get_secret_value():
        yield warn(
            "second identity", "none: that something is gone is seen by the first alone",
            f"Set {PREFIX}CO2_ACCESS_TOKEN to a second compliance officer's.",
        )  # fmt: skip
        return
    try:
        second = house.webex.witness(Lane.CHAT).me()
    except NotAuthorised:
        yield fault("second identity", "Webex does not know its token", f"{RENEW} ({PREFIX}CO2_…)")
        return
    first = _quietly(lambda: house.webex.compliance(Lane.CHAT).me().id)
    if first == second.id:
        yield warn("second identity", "it is the first one again", "Use another officer's account.")
        return
    yield ok("second identity", second.email)


def _officers(house: House, settings: Settings) -> Iterator[Line]:
    if not settings.compliance and not settings.compliance_group:
        yield fault(
            "compliance", "nobody: no policy can be written and no alert is read",
            f"Set {PREFIX}COMPLIANCE to at least two e-mail addresses.",
        )  # fmt: skip
        return
    unknown = [
        email
        for email in sorted(settings.compliance)
        if not house.webex.bot(Lane.CHAT).people_by_email(email)
    ]
    if unknown:
        yield fault(
            "compliance", f"not in Webex: {', '.join(unknown)}", f"Look at {PREFIX}COMPLIANCE."
        )
    elif len(settings.compliance) == 1 and not settings.compliance_group:
        yield warn(
            "compliance", "one person: nobody can approve what they write",
            f"Name a second one in {PREFIX}COMPLIANCE.",
        )  # fmt: skip
    else:
        yield ok("compliance", ", ".join(sorted(settings.compliance)) or settings.compliance_group)


def _alert_room(house: House, settings: Settings) -> Iterator[Line]:
    if not settings.alert_room:
        yield ok("alert space", "none: alerts go 1:1 to compliance")
        return
    to_do = f"Add the bot to it, or look at {PREFIX}ALERT_ROOM."
    try:
        room = house.webex.bot(Lane.CHAT).room(RoomId(settings.alert_room))
    except (WrongId, Missing, Denied):
        yield fault("alert space", "the bot is not in it", to_do)
        return
    where = readers(house)
    if where.why:
        yield warn(
            "alert space", f"{where.why}: alerts go 1:1 to compliance",
            "Let only the bot and compliance be in it.",
        )  # fmt: skip
        return
    yield ok("alert space", room.title or "a space without a name")


def _webhooks(house: House, settings: Settings) -> Iterator[Line]:
    """Only where the operator wants them; who watches is else told by Mercury and /events."""
    if not settings.webhook_address:
        yield ok("webhooks", "none: watches hear by Mercury and Webex's record")
        return
    if are_right(house, address=settings.webhook_address):
        yield ok("webhooks", f"to {settings.webhook_address}")
    else:
        yield fault(
            "webhooks", "Webex has none to our address, or has turned it off",
            "Run `spacekeeper web`; it puts them right, and its /health says more.",
        )  # fmt: skip


def _quietly(ask: Callable[[], PersonId]) -> PersonId | None:
    try:
        return ask()
    except WebexFault:
        return None


WEBEX: tuple[tuple[str, Check], ...] = (
    ("bot token", _bot),
    ("clock of Webex", _clock),
    ("compliance token", _compliance),
    ("second identity", _witness),
    ("compliance", _officers),
    ("alert space", _alert_room),
    ("webhooks", _webhooks),
)
