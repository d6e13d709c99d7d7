"""The cards that owners get, for a reader in any language."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from cards.answer import answer_card
from cards.answered import answered_card, void_card
from cards.blocked import blocked_card
from cards.blocking import (
    block_preview_card,
    blocked_by_hand_card,
    blocked_now_card,
    unblocked_card,
    unblocked_now_card,
)
from cards.deletion import (
    deletion_asked_card,
    deletion_card,
    deletion_stopped_card,
    deletion_told_card,
    deletion_undone_card,
    deletions_card,
)
from cards.digest import MOST, digest_card
from cards.disowned import disowned_card, owned_card
from cards.end_date import end_date_card, end_date_cleared_card, end_reached_card
from cards.explain import explain_card
from cards.genuine import Sent, genuine_card, not_genuine_card, sent_cards_card
from cards.gone import gone_card
from cards.handed import handed_card
from cards.keep import cleared_card, keep_card
from cards.kit import Card, press
from cards.members import consequences_card
from cards.need import need_card, need_said_card
from cards.outsiders import outsiders_card
from cards.owner_ask import (
    owner_ask_card,
    owner_assigned_card,
    owner_declined_card,
    owner_over_card,
    owner_taken_card,
)
from cards.preferences import language_card, time_zone_card
from cards.warning import warning_card
from domain.answers import Choice, Row, Stand
from domain.endings import OPEN, Request, Way
from domain.ids import PersonKey
from domain.intents import Outcome
from domain.lifecycle import CaseState
from domain.owning import AskView, Said, SearchKey, SearchState
from domain.people import Reader
from domain.policies import Ending
from domain.spaces import SpaceState, SpaceType
from domain.views import Ended, Outsiders, Warned
from tests.cards.samples import (
    NOW,
    OWNER,
    case,
    deletion_view,
    pending,
    searched,
    space,
    view,
    warned,
)

SAMPLED = frozenset({"sk", "dora", "lindqvist", "ben", "okafor", "finance", "internal", "mdawmdax"})
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
        **_of_needs(title, reader),
        **_of_owners(title, reader),
        **_of_deletions(title, reader),
        **_of_blocking(title, reader),
        **_of_ends(title, reader),
    }  # fmt: skip


def _of_ends(title: str, reader: Reader) -> dict[str, Card]:
    one = space(title)
    ends = [Ending.BLOCK, Ending.DELETE, Ending.PURGE, Ending.NOTIFY, Ending.OUTSIDERS, None]
    fates = {f"explain-{end}": replace(view(title), ending=end, gone_at=None) for end in ends}
    fates |= {f"explain-{one}": replace(view(title), state=one) for one in CaseState}
    fates |= {
        f"explain-{state}": replace(view(title), space=replace(one, state=state))
        for state in SpaceState
    }
    return {
        "end-date": end_date_card(one, NOW, reader=reader),
        "end-date-cleared": end_date_cleared_card(one, NOW, undo_day="2027-06-30", reader=reader),
        "end-date-reached": end_reached_card(one, NOW, reader=reader),
        "follows": consequences_card(
            one, ["It is a team's General space: who is in it is in the team."],
            anyway=press("12", "hand over"), reader=reader,
        ),
        **{
            name: explain_card(shown, [], reader=reader, manages=name.endswith("warned"))
            for name, shown in fates.items()
        },
    }  # fmt: skip


def _of_needs(title: str, reader: Reader) -> dict[str, Card]:
    one = space(title)
    return {
        "need": need_card(
            one, case(), number=12, voices=[(title, title), (title, "")], owner=PersonKey(4),
            reader=reader,
        ),
        **{
            f"need-said-{n}": need_said_card(
                one, number=n, tells=n == 1, is_new=n < 3, owned=n != 2, reader=reader
            )
            for n in (1, 2, 3)
        },
    }  # fmt: skip


def _of_owners(title: str, reader: Reader) -> dict[str, Card]:
    one = space(title)
    ask = AskView(
        space=one, search=SearchKey(3), person=PersonKey(4), messages=7, answer_by=NOW,
        why="No policy matches it.", follows=("A conversation of two has no moderators.",),
    )  # fmt: skip
    return {
        "ask": owner_ask_card(ask, reader=reader),
        "ask-silent": owner_ask_card(replace(ask, messages=0, why=""), reader=reader),
        "taken": owner_taken_card(
            one, is_moderator=True, was_due=True, reader=reader,
            notes=("It stays blocked for another reason, so nobody moderates it now.",),
        ),
        "assigned": owner_assigned_card(
            one, by=title, is_moderator=False, was_due=False, reader=reader
        ),
        **{
            f"declined-{said.name}": owner_declined_card(one, said, reader=reader)
            for said in (Said.NOT_ME, Said.NOT_NEEDED)
        },
        **{
            f"search-{state}": owner_over_card(
                replace(searched(title, state), why=f"{title} owns it now"), reader=reader
            )
            for state in (SearchState.OVER, SearchState.ESCALATED)
        },
    }  # fmt: skip


def _of_deletions(title: str, reader: Reader) -> dict[str, Card]:
    one = space(title)
    view = replace(deletion_view(one, title), export="No export of it is kept.")
    ways = {way: replace(pending(one, title), request=_by(way, title)) for way in Way}
    return {
        **{
            f"delete-{way}": deletion_card(
                replace(view, way=way, space=replace(one, type=SpaceType.DIRECT)), now=NOW,
                reader=reader,
            )
            for way in Way
        },
        "delete-second": deletion_card(
            replace(view, first=title, owners=(), needs_second=True), now=NOW, reader=reader
        ),
        "delete-cannot": deletion_card(
            replace(view, code="", forbidden="Somebody has written in it since."), now=NOW,
            reader=reader,
        ),
        **{
            f"delete-asked-{way}": deletion_asked_card(one, due=NOW, reader=reader)
            for way, one in ways.items()
        },
        **{
            f"delete-told-{way}": deletion_told_card(one, due=NOW, reader=reader)
            for way, one in ways.items()
        },
        "delete-stopped": deletion_stopped_card(
            pending(one, title), why=f"{title} took it back", reader=reader
        ),
        "delete-undone": deletion_undone_card(one, is_emptied=False, reader=reader),
        "delete-undone-rest": deletion_undone_card(one, is_emptied=True, reader=reader),
        "deletions": deletions_card(
            [
                replace(two, request=replace(two.request, why=f"{title} asked for it"))
                for two in [pending(one, title, state) for state in OPEN] * 4
            ],
            reader=reader,
        ),
        "deletions-none": deletions_card([], reader=reader),
    }  # fmt: skip


def _by(way: Way, title: str) -> Request:
    return replace(pending(space(title), title).request, way=way)


def _of_blocking(title: str, reader: Reader) -> dict[str, Card]:
    one = space(title)
    return {
        **{
            f"block-{type}": block_preview_card(
                replace(one, type=type), size=12, moderators=2, bot_joins=type is SpaceType.GROUP,
                reader=reader,
            )
            for type in SpaceType
        },
        "block-done": blocked_now_card(one, has_others=True, reader=reader),
        "unblock-done": unblocked_now_card(one, has_others=True, reader=reader),
        "block-told": blocked_by_hand_card(
            one, by=title, by_compliance=False, at=NOW, reader=reader
        ),
        "block-by-compliance": blocked_by_hand_card(
            one, by=title, by_compliance=True, at=NOW, reader=reader
        ),
        "unblock-told": unblocked_card(one, by=title, at=NOW, reader=reader),
    }  # fmt: skip
