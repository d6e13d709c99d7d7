"""The cards that owners get, for a reader in any language."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from cards.answer import answer_card
from cards.answered import answered_card, void_card
from cards.blocked import blocked_card
from cards.digest import MOST, digest_card
from cards.disowned import disowned_card, owned_card
from cards.genuine import Sent, genuine_card, not_genuine_card, sent_cards_card
from cards.gone import gone_card
from cards.handed import handed_card
from cards.keep import cleared_card, keep_card
from cards.kit import Card
from cards.outsiders import outsiders_card
from cards.preferences import language_card, time_zone_card
from cards.warning import warning_card
from domain.answers import Choice, Row, Stand
from domain.intents import Outcome
from domain.people import Reader
from domain.policies import Ending
from domain.views import Ended, Outsiders, Warned
from tests.cards.samples import NOW, OWNER, space, warned

SAMPLED = frozenset({"sk"})
"""Words of values, besides the title."""


def told(title: str, number: int = 1, ending: Ending = Ending.DELETE) -> Warned:
    return replace(
        warned(title, number, ending), policy=title, condition="inactive:>90d",
        period=timedelta(days=180), of=4, why="never shown in another language",
    )  # fmt: skip


def owner_cards(title: str, reader: Reader) -> dict[str, Card]:
    one = space(title)
    ended = Ended(
        space=one, outcome=Outcome.DONE, at=NOW, policy=title, certificate="SK-2026-000001",
        restorable_until=NOW + timedelta(days=30), asked_by=title, why=title,
    )  # fmt: skip
    return {
        **{
            f"warning-{ending}": warning_card([told(title, 1, ending)], owner=OWNER, reader=reader)
            for ending in Ending
        },
        "warning-last": warning_card(
            [replace(told(title), number=4)], owner=OWNER, reader=reader
        ),
        "warning-many": warning_card(
            [told(title, n, list(Ending)[n % len(Ending)]) for n in range(1, MOST + 1)],
            owner=OWNER, reader=reader,
        ),
        "digest": digest_card(
            [
                Row(warned=told(title, 1)),
                Row(warned=told(title, 2), stand=Stand.KEPT, until=NOW, by=title),
                Row(warned=told(title, 3), stand=Stand.KEPT, by=title),
                Row(warned=told(title, 4), stand=Stand.NOT_MINE),
                Row(warned=told(title, 5), stand=Stand.OVER),
                Row(warned=told(title, 6), refused=title),
            ],
            owner=OWNER, reader=reader, page=1, pages=3, more=2,
        ),
        "digest-further": digest_card(
            [
                Row(warned=told(title, 1), asked=Choice.DELETE),
                Row(warned=told(title, 2), asked=Choice.MORE),
            ],
            owner=OWNER, reader=reader,
        ),
        "digest-none": digest_card([], owner=OWNER, reader=reader),
        "digest-done": digest_card(
            [Row(warned=told(title), stand=Stand.KEPT, by=title)], owner=OWNER, reader=reader
        ),
        "answer": answer_card(told(title), owner=OWNER, reader=reader),
        "handed": handed_card(one, name=title, reader=reader),
        "genuine": genuine_card(Sent(code="4F7K2", at=NOW, title=title), reader=reader),
        "genuine-not": not_genuine_card("4F7K2", reader=reader),
        "genuine-list": sent_cards_card(
            [Sent(code="4F7K2", at=NOW, title=title)] * 12, name=title, older=2, reader=reader
        ),
        "genuine-none": sent_cards_card([], name=title, reader=reader),
        "void": void_card(one, by=title, at=NOW, reader=reader),
        "signed": digest_card(
            [Row(warned=told(title, n)) for n in (1, 2)], owner=OWNER,
            reader=replace(reader, code="4F7K2"),
        ),
        "disowned": disowned_card(one, left=[title], reader=reader),
        "disowned-nobody": disowned_card(one, left=[], reader=reader),
        "owned": owned_card(one, reader=reader),
        "blocked": blocked_card(told(title), reader=reader),
        "outsiders": outsiders_card(
            Outsiders(space=one, policy=title, removed=(title,) * 20), reader=reader
        ),
        **{
            f"gone-{outcome}": gone_card(replace(ended, outcome=outcome), reader=reader)
            for outcome in Outcome
        },
        "gone-emptied": gone_card(replace(ended, is_purged=True), reader=reader),
        "gone-emptied-archived": gone_card(
            replace(ended, is_purged=True, outcome=Outcome.ARCHIVED), reader=reader
        ),
        "answered": answered_card(one, by=title, until=None, at=NOW, reader=reader),
        "answered-until": answered_card(one, by=title, until=NOW, at=NOW, reader=reader),
        "keep": keep_card(one, until=None, by=title, reader=reader, note="English alone"),
        "keep-until": keep_card(one, until=NOW, by=title, reader=reader),
        "cleared": cleared_card(one, not_before=NOW, reader=reader),
        "zone": time_zone_card(reader, now=NOW, is_own=True, before=""),
        "zone-webex": time_zone_card(reader, now=NOW, is_own=False),
        "language": language_card(reader, is_own=True, before=""),
    }  # fmt: skip
