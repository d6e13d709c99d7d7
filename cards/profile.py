"""A person with every field that Webex gives, for people to read: the name first, ids last."""

from __future__ import annotations

from cards.kit import Button, Card, card, facts, plain, press
from cards.words import DASH, instant
from domain.profiles import Profile


def profile_card(profile: Profile, *, zone: str = "UTC", is_self: bool = False) -> Card:
    """Args: is_self: it is the reader's own."""
    return card(
        profile.name,
        *([plain("This is what Webex tells of you.")] if is_self else []),
        facts(*profile_facts(profile, zone)),
        actions=[_write(profile)] if profile.emails and not is_self else [],
    )


def profile_facts(profile: Profile, zone: str) -> tuple[tuple[str, str], ...]:
    """Label and value of each field that the connector names; what is not told is a dash."""
    phones = ", ".join(f"{kind or 'phone'} {value}" for kind, value in profile.phone_numbers)
    return (
        ("Display name", profile.display_name or DASH),
        ("E-mail", ", ".join(profile.emails) or DASH),
        ("Status", profile.status or DASH),
        ("Last activity", instant(profile.last_activity, zone)),
        ("Phone", phones or DASH),
        ("Nickname", profile.nick_name or DASH),
        ("First name", profile.first_name or DASH),
        ("Last name", profile.last_name or DASH),
        ("Type", profile.type or DASH),
        ("Created", instant(profile.created, zone)),
        ("Avatar", profile.avatar or DASH),
        ("Organisation id", profile.org_id or DASH),
        ("Id", profile.id),
    )


def _write(profile: Profile) -> Button:
    email = profile.emails[0]
    return press("Write …", "send", typed=f"send {email} <text>", to=email)
