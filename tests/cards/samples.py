"""One or several samples of each card, by the name of their snapshot.

`samples(title)` writes `title` wherever a person could have written something.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cards.alert import alert_card
from cards.alert_digest import alert_digest_card
from cards.alert_rules import alert_rules_card
from cards.alert_settings import alert_settings_card
from cards.alerts import alerts_card
from cards.answer import answer_card
from cards.answered import answered_card, void_card
from cards.attention import attention_card, attention_one_card
from cards.blocked import blocked_card
from cards.blocking import block_preview_card, blocked_by_hand_card, unblocked_card
from cards.bulk import bulk_card
from cards.certificate import certificate_card
from cards.certificates import certificate_row_card, certificates_card
from cards.conflicts import conflict_card, conflicts_card
from cards.created import created_card
from cards.deletion import (
    deletion_asked_card,
    deletion_card,
    deletion_second_card,
    deletion_stopped_card,
    deletion_told_card,
    deletion_waiting_card,
    deletions_card,
)
from cards.digest import MOST, digest_card
from cards.disowned import disowned_card, owned_card
from cards.done import done_card
from cards.end_date import end_date_card, end_reached_card
from cards.explain import explain_card
from cards.exported import exported_card
from cards.facets import Counts, Share, counts_card, overview_card
from cards.fault import fault_card
from cards.forecast import forecast_card
from cards.form import form_card
from cards.found import found_card, sort_card
from cards.freezes import freeze_card, freezes_card
from cards.genuine import Sent, genuine_card, not_genuine_card, sent_cards_card
from cards.gone import gone_card
from cards.groups import group_card, groups_card, groups_renamed_card, look_at
from cards.handed import handed_card
from cards.help import (
    HelpEntry,
    HelpTopic,
    command_help_card,
    help_card,
    reserved_card,
    topic_card,
    unknown_card,
)
from cards.history import history_card
from cards.hold import hold_card
from cards.holds import holds_card
from cards.how_many import how_many_card, how_many_people_card
from cards.keep import cleared_card, keep_card
from cards.kit import Card, press
from cards.members import consequences_card, members_card
from cards.membership import membership_card
from cards.message import message_card
from cards.messages import PER_CARD, messages_card
from cards.need import need_card, need_said_card, need_unanswered_card
from cards.note import note_card
from cards.outsiders import outsiders_card
from cards.owner_ask import (
    owner_ask_card,
    owner_assigned_card,
    owner_over_card,
    owner_taken_card,
)
from cards.owner_escalated import owner_escalated_card
from cards.ownerless import ownerless_card
from cards.policies import policies_card
from cards.policy import policy_card
from cards.preferences import language_card, time_zone_card
from cards.preview import preview_card
from cards.profile import profile_card
from cards.profiles import profiles_card
from cards.purged import purged_card
from cards.refusal import refusal_card
from cards.report import report_card
from cards.retiring import retiring_card
from cards.roster import roster_card
from cards.run import run_card
from cards.search_form import search_form_card
from cards.searches import searches_card, shared_search_card
from cards.second import second_card
from cards.sent import sent_card
from cards.simulation import simulation_card
from cards.sooner import sooner_card
from cards.space import space_card
from cards.spaces_list import spaces_list_card
from cards.status import status_card
from cards.tag_meant import tag_meant_card
from cards.tag_rules import tag_rules_card
from cards.tags import space_tags_card, tags_card
from cards.tonight import tonight_card
from cards.undo import undo_card
from cards.warning import warning_card
from cards.welcome import hello_card, thanks_card, welcome_card
from cards.work import over_card, progress_card, result_card, works_card
from domain.alerts import (
    NATURES,
    Alert,
    AlertDigest,
    AlertKey,
    AlertKind,
    AlertMoment,
    AlertState,
    AlertView,
    AlertWord,
    Mend,
    Rule,
    WayOf,
)
from domain.alerts import Way as TellWay
from domain.answers import Choice, Row, Stand
from domain.attention import Kind
from domain.cases import Case, Hold
from domain.conflicts import Clash, Conflict
from domain.endings import OPEN, DeletionView, Pending, Request, RequestState, Way
from domain.errors import Refusal
from domain.fields import Field, FieldKind
from domain.finding import Column, Layout, Sort
from domain.freezes import FreezeView
from domain.groups import Group, GroupChange, GroupState
from domain.ids import (
    CaseKey,
    HoldKey,
    PersonId,
    PersonKey,
    PolicyKey,
    PolicyVersionKey,
    RequestKey,
    RoomId,
    SpaceKey,
)
from domain.intents import Outcome
from domain.lifecycle import CaseState
from domain.messages import MessagePage, MessageView
from domain.owning import Answered, AskView, Said, Search, SearchKey, SearchState, SearchView
from domain.people import Person, Reader
from domain.policies import Ending, PolicyState, PolicyVersion, Ruling
from domain.profiles import Asked, Profile
from domain.searches import SavedSearch
from domain.spaces import Scope, Space, SpaceType
from domain.undoing import Undoable
from domain.views import (
    CertificateRow,
    CertificateView,
    Ended,
    Hit,
    Membership,
    Outsiders,
    PolicyHome,
    Purged,
    RetiringView,
    RunView,
    SimulationView,
    SpaceView,
    StatusView,
    Traced,
    VersionView,
    Waiting,
    Warned,
)
from domain.works import Came, How, Work
from domain.works import Ended as Over
from sandbox.ids import rest_id
from tests.cards.samples_erasures import erasure_samples
from tests.cards.samples_watches import watch_samples

NOW = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)
ROOM = RoomId("Y2lzY29zcGFyazovL3VzL1JPT00vOWEwYjc2ZDAtMDAwMC0xMWVmLTgwMDAtMDAwMDAwMDAwMDAx")
ZONE = "Europe/Berlin"
OWNER = PersonKey(7)
READER = Reader(zone=ZONE)


def space(title: str, key: int = 1) -> Space:
    return Space(
        key=SpaceKey(key), id=ROOM, title=title, type=SpaceType.GROUP, scope=Scope.EXTERNAL,
        classification="Internal", last_activity=NOW - timedelta(days=100),
        last_human=NOW - timedelta(days=120), last_used=NOW - timedelta(days=120),
        created=NOW - timedelta(days=700), size=12,
        team="Finance", creator="Ana Silva", is_locked=True, is_ours=True,
        tags=("finance", "q3"),
    )  # fmt: skip


def deletion_view(one: Space, title: str) -> DeletionView:
    return DeletionView(
        space=one, way=Way.DELETE, members=12, owners=(title, "Ben Okafor"), code="482173",
        export=f"Its export goes to {title}.",
    )  # fmt: skip


def pending(one: Space, title: str, state: RequestState = RequestState.COOLING) -> Pending:
    return Pending(
        space=one, by=title, second="Dora Lindqvist",
        request=Request(
            key=RequestKey(1), space=one.key, state=state, by=OWNER, by_compliance=True,
            second=None, way=Way.DELETE, reason=title, seen="", seen_human=NOW, salt="",
            shown_at=NOW, asked_at=NOW, due=NOW, told=(), export="", step=None,
            ended_at=None, ended_by=None, outcome="", why=title,
        ),
    )  # fmt: skip


def view(title: str) -> SpaceView:
    return SpaceView(
        space=space(title), owners=("Ana Silva", title), state=CaseState.WARNED,
        ruling=Ruling.DATED, due=NOW + timedelta(days=14), ending=Ending.DELETE, policy=title,
        why="Nobody has written for 90 days.",
    )  # fmt: skip


def warned(title: str, number: int = 1, ending: Ending = Ending.DELETE) -> Warned:
    return Warned(
        space=space(title, number), ending=ending, due=NOW + timedelta(days=13 + number),
        gone_at=NOW + timedelta(days=27 + number) if ending is Ending.DELETE else None,
        why=f"The policy “{title}” deletes after 90 days without use.", case=CaseKey(number),
        cycle=2, version=PolicyVersionKey(3),
    )  # fmt: skip


def profile(title: str, n: int = 1) -> Profile:
    return Profile(
        id=f"Y2lzY29zcGFyazovL3VzL1BFT1BMRS8wMDAwMDAwMC0wMDAwLTQwMDAtODAwMC0wMDAwMDAwMDAwM{n:02d}",
        emails=("ana@example.com",), display_name=title, nick_name="Ana", first_name="Ana",
        last_name=title, avatar="https://avatar.example/ana", org_id="Y2lzY29zcGFyazovL3Vz",
        phone_numbers=(("work", "+43 1 5550100"), ("mobile", "+43 660 1234567")), created=NOW,
        last_activity=NOW - timedelta(hours=2), status="active", type="person",
    )  # fmt: skip


def message(title: str, n: int = 1) -> MessageView:
    return MessageView(
        id=f"{ROOM}{n}", room_id=ROOM, room_type="group", person_id=f"P{n}", by=title,
        person_email="ana@example.com", created=NOW - timedelta(minutes=n), where=title,
        text=f"{title}\nand more", markdown=f"{title} _and more_",
        files=("https://webexapis.com/v1/contents/C1",), mentioned=(("P2", title), ("P3", "")),
        mentioned_groups=("all",), parent_id="M0" if n == 2 else "", is_deleted=n == 3,
    )  # fmt: skip


def version(title: str) -> PolicyVersion:
    return PolicyVersion(
        key=PolicyVersionKey(3), policy=PolicyKey(1), name=title, number=2,
        state=PolicyState.ACTIVE, priority=100, query="tag:finance inactive:>90d",
        ending=Ending.DELETE, period=timedelta(days=90), cap=50, author=title, made_at=NOW,
        approved_by="Cleo Compliance", effective_at=NOW + timedelta(days=1),
    )  # fmt: skip


def simulated(title: str, code: str = "", retypes: bool = False) -> SimulationView:
    return SimulationView(
        policy=title, version=PolicyVersionKey(3), number=2, query="tag:finance inactive:>90d",
        sentence="tagged “finance” and not used for 90 days", ending=Ending.DELETE, made_at=NOW,
        targets=143, unknown=7, inventory=1200, targets_hash="ab12" * 16, author="Ana Silva",
        sample=tuple(
            Hit(space=space(title, n), due=NOW + timedelta(days=n), is_new=n < 2)
            for n in range(25)
        ),
        code=code, retypes_code=retypes, why_not="" if code else "You wrote version 2.",
    )  # fmt: skip


TOPICS = (
    "Finding", "Spaces", "People", "Teams", "Messages", "Watching", "Tags", "Keeping", "Ending",
    "Holds", "Policies", "Directory", "Help",
)  # fmt: skip


def entry(title: str, path: str = "tag", group: str = "Spaces") -> HelpEntry:
    return HelpEntry(
        path=path, help="Tag a space.", examples=(f'{path} "Q3 plans" finance', f"{path} here q3"),
        group=group, aliases=("label",), who="who manages the space, and compliance",
        tries=(press(f'Tag "{title}" finance', path, typed=f'tag "{title}" finance'),),
        argument_fields=(
            Field(name="space", label="Space", required=True, hint=title),
            Field(name="how", label="How", kind=FieldKind.CHOICE,
                  choices=(("a", "A"), ("b", title))),
        ),
    )  # fmt: skip


def topics(title: str) -> list[HelpTopic]:
    return [HelpTopic(name=name, about=title, said=name.casefold()) for name in TOPICS]


def run(title: str) -> RunView:
    return RunView(
        run="nightly@2026-11-24T02:00Z", started_at=NOW, ended_at=NOW + timedelta(minutes=3),
        is_dry=False, counts=(("warned", 3), ("blocked", 0), ("deleted", 1)),
        attention=(f"{title}: what came of it could not be read",),
    )  # fmt: skip


def work(title: str) -> Work:
    return Work(
        id=12, step="s", kind="add members", title=f"Adding 1,000 people to {title}",
        caller=PersonKey(1), payload={}, total=1000, made_at=NOW, started_at=NOW,
    )  # fmt: skip


def saved(t: str, n: int) -> SavedSearch:
    owner = OWNER if n % 2 else PersonKey(8)
    return SavedSearch(
        key=n, name=t, words=f"tag:finance inactive:>{n}d sort by title", owner=owner,
        owner_name="Ana Silva", saved_at=NOW, shared=("Ben Okafor", t) if n % 2 else (),
    )  # fmt: skip


def counts(t: str, more: int = 0) -> Counts:
    shares = [Share(label=f"{t} {n}", number=120 - n, query=f"tag:t{n}") for n in range(11)]
    none = Share(label="None", number=0, query="tag:none")
    return Counts(
        name="tag", label="Tags", shares=(*shares, Share(label=t, number=5), none), more=more,
        unknown=7, is_one=False,
    )  # fmt: skip


def certified(title: str, number: int) -> CertificateRow:
    return CertificateRow(
        number=f"SK-2026-{number:06d}", made_at=NOW, title=title, space_id=str(space(title).id),
        why=f"the policy “{title}”, version 2", sha256="ab12" * 16, is_whole=True,
    )  # fmt: skip


def group(title: str, number: int, state: GroupState) -> Group:
    is_shrunk = state is GroupState.SHRUNK
    return Group(
        key=number, source="ldap", source_id=f"ldap:{title}-{number}", name=title, state=state,
        members=None if number == 3 else 1_200 + number, pending=9 if is_shrunk else None,
        read_at=None if number == 3 else NOW - timedelta(hours=9), since=NOW - timedelta(days=2),
        why="" if state is GroupState.KNOWN else f"it had 1,200 members; {title}",
    )  # fmt: skip


def change(title: str, number: int, state: GroupState) -> GroupChange:
    return GroupChange(
        name=title, source_id=f"ldap:{number}", before=GroupState.KNOWN, after=state,
        why=f"it had 1,200 members; {title}", former_name=f"{title} of old",
    )  # fmt: skip


PERSON_ID = PersonId(rest_id("PEOPLE", "00000000-0000-4000-8000-000000000001"))


def waits(title: str, n: int) -> Waiting:
    return Waiting(
        space=space(title, n), why=f"{title}: nobody owns it", since=NOW, is_blocked=n == 2,
        kind=Kind.OWNERLESS, on_it=title if n % 2 else "",
    )  # fmt: skip


def conflict(title: str, n: int, kind: Clash) -> Conflict:
    return Conflict(
        space=space(title, n), kind=kind, said=f"“{title}” says delete on 2026-11-24.",
        wins=f"It is kept. “{title}”", policies=(title, f"{title} 2"),
    )  # fmt: skip


def case() -> Case:
    return Case(
        key=CaseKey(3), space=SpaceKey(1), cycle=1, state=CaseState.WARNED, version=None, due=NOW,
        basis_at=NOW, opened_at=NOW, state_at=NOW,
    )  # fmt: skip


def searched(title: str, state: SearchState) -> SearchView:
    asked = [(None, Said.NOTHING), (0, Said.UNREACHED), *((n, Said.NOT_NEEDED) for n in range(14))]
    return SearchView(
        space=space(title), why="nobody in it took it over",
        search=Search(
            key=SearchKey(3), space=SpaceKey(1), case=CaseKey(3), state=state, round=3,
            ends_at=NOW, opened_at=NOW, closed_at=NOW if state is SearchState.OVER else None,
        ),
        asked=tuple(
            Answered(
                name=title, email="ben@example.com", messages=number, said=said,
                asked_at=None if said is Said.UNREACHED else NOW,
            )
            for number, said in asked
        ),
        others=((title, "eva@example.com"), (title, "finn@example.com")),
    )  # fmt: skip


def alerted(title: str, state: AlertState = AlertState.OPEN) -> AlertView:
    is_open = state is AlertState.OPEN
    return AlertView(
        alert=Alert(
            key=AlertKey(12), kind=AlertKind.OWNERLESS, subject="", what="", means="", to_do="",
            pairs=(("Policy", title),), mends=(), state=state, is_on=True, lasts=True,
            first_at=NOW - timedelta(days=3), last_at=NOW, opened_at=NOW, times=4, things=1200,
            by="" if is_open else title, state_at=None if is_open else NOW,
            reason=title if state is AlertState.CLOSED else "",
        ),
        items=(title,) * 20, assigned=title if state is AlertState.ASSIGNED else "",
        history=tuple(
            AlertMoment(at=NOW, word=word, by=title, said=title) for word in list(AlertWord) * 2
        ),
        officers=(("cleo@example.com", title), ("dora@example.com", "Dora")),
    )  # fmt: skip


def samples(t: str) -> dict[str, Card]:
    one, v, dated = space(t), view(t), version(t)
    freeze = FreezeView(
        days="2026-12-24 to 2027-01-02", typed="2026-12-24..2027-01-02", reason=t,
        by="cleo@example.com", at=NOW,
    )  # fmt: skip
    plain_policy = replace(dated, ending=Ending.KEEP, period=None, state=PolicyState.PAUSED)
    asked = (
        Field(name="tags", label="Tags", required=True, hint="words, divided by spaces", value=t),
        Field(name="until", label="Keep until", kind=FieldKind.DATE),
    )
    undo = press("Undo", "untag", space=ROOM, tags="finance")
    entries = (
        entry(t, "search", "Finding"),
        entry(t, "create space"),
        entry(t),
        entry(t, "status", "All"),
    )
    ended = Ended(
        space=one, outcome=Outcome.DONE, at=NOW, policy=t, why="Not used for 90 days.",
        certificate="C-2026-0001", restorable_until=NOW + timedelta(days=30),
    )  # fmt: skip
    retiring = RetiringView(
        policy=t, version=PolicyVersionKey(7), number=3, losing=15,
        changes=(("newly hit", 12), ("not kept any more", 3)),
        sample=(
            Hit(space=space(t, 1), due=NOW, how="newly hit", now=Ending.DELETE, by=t),
            Hit(space=space(t, 2), due=None, how="not kept any more"),
        ),
        list_hash="0123456789abcdef", code="", retypes_code=False, asked_by="", until=NOW,
    )  # fmt: skip
    status = StatusView(
        mode="with compliance", is_paused=False, spaces=1200, inventory_at=NOW,
        inventory_is_complete=True, policies_active=2, policies_simulated=1, warned=3, blocked=1,
        needs_attention=0, open_intents=0, last_run=run(t), next_run_at=NOW + timedelta(hours=13),
    )  # fmt: skip
    return {
        "help": help_card(topics(t)[:4]),
        "help-many": help_card(topics(t)),
        "help-reserved": reserved_card("policies", entries[:2]),
        "help-reserved-bare": reserved_card("hold place", ()),
        "help-command": command_help_card(entry(t)),
        "help-language": command_help_card(
            replace(entry(t), details=(("tag:finance", "Has the tag."), (t, t)))
        ),
        "help-topic": topic_card(t, entries),
        "help-topic-long": topic_card(
            t, [entry(t, f"policy {n}") for n in range(24)], page=2, about="policies",
            doc="What becomes of spaces by themselves.",
        ),
        "help-unknown": unknown_card(t, [press(t, "tag"), press("Untag", "untag")]),
        "help-unknown-nothing-near": unknown_card(t, ()),
        "form": form_card(
            "Tag a space", "tag", asked, given={"space": ROOM}, shown=(("Space", t),),
            doc="Tags are free words.", problem=f"“{t}” is no tag.", example=f'tag "{t}" finance',
        ),
        "refusal": refusal_card(Refusal(f"I know no space “{t}”.", f"Try `search {t}`.")),
        "refusal-bare": refusal_card(Refusal("No.")),
        "fault": fault_card("F-4711"),
        "welcome": welcome_card(name=t),
        "welcome-compliance": welcome_card(name=t, is_compliance=True, hello="Guten Tag",
                                           is_english=False),
        "welcome-again": hello_card(name=t, hello="Bonjour", is_english=False),
        "welcome-thanks": thanks_card(),
        "welcome-space": welcome_card(is_private=False),
        "created": created_card(
            one, creator="P1", of=t, team=t, zone=ZONE, people=[(t, "Added.")], notes=(t,),
            level=t, end_date=NOW, kept_until=NOW + timedelta(days=90),
        ),
        "space": space_card(v, now=NOW, zone=ZONE, manages=True),
        "space-kept": space_card(
            replace(v, keep_until=NOW + timedelta(days=400)), now=NOW, zone=ZONE, manages=True
        ),
        "space-dated": space_card(
            replace(
                v, due=NOW + timedelta(days=30), gone_at=NOW + timedelta(days=44),
                stands_still="Its policy is paused for now.",
            ),
            now=NOW, zone=ZONE, manages=True,
        ),
        "space-blocked": space_card(
            replace(v, state=CaseState.BLOCKED, gone_at=NOW + timedelta(days=9)),
            now=NOW, zone=ZONE, manages=True,
        ),
        "space-member": space_card(v, now=NOW, zone=ZONE, manages=False),
        "space-unknown": space_card(
            SpaceView(space=Space(key=SpaceKey(1), id=ROOM, title=None, type=None)),
            now=NOW, manages=True,
        ),
        "found": found_card(
            "tag:finance", [space(t, n) for n in range(10)], total=143, page=2, now=NOW,
            sentence="tagged “finance”", owners={SpaceKey(3): ("Ana Silva", t, "Ben Okafor")},
        ),
        "found-columns": found_card(
            "all", [space(t, n) for n in range(2)], total=2, page=1, now=NOW, zone=ZONE,
            owners={SpaceKey(1): (t,)}, states={SpaceKey(1): "needs attention"},
            layout=Layout(sort=Sort.OWNER, falls=True, columns=tuple(Column)),
        ),
        "found-two-columns": found_card(
            "all", [one], total=1, page=1, now=NOW, owners={SpaceKey(1): (t,)},
            layout=Layout(columns=(Column.TITLE, Column.OWNER, Column.TAGS)),
        ),
        "found-sort": sort_card(t, Layout(sort=Sort.TITLE)),
        "report": report_card(
            "all", 1430, [counts(t), counts("Scope")],
            [("2026-10", 12, 1400), ("2026-11", 30, 1430)],
            sentence="of every kind (all)", is_whole=True, inventory_at=NOW, is_complete=False,
            closer=[Share(label=t, number=3, query="owner:none")], outsiders=[(t, 12)],
            looks=[(NOW, 1430)], zone=ZONE,
        ),
        "report-own": report_card(
            "all", 0, [], [], sentence="of every kind (all)", is_whole=False, inventory_at=None,
            is_complete=True,
        ),
        "searches": searches_card(OWNER, [saved(t, n) for n in range(10)], total=23, page=2),
        "searches-none": searches_card(OWNER, [], total=0),
        "searches-shared": shared_search_card(saved(t, 1), t),
        "exported": exported_card([("Search", t), ("Spaces", "12"), ("Note", "")], "spaces.xlsx"),
        "facets": overview_card(
            "tag:finance", 1430, [counts(t), counts("Tags", 3)], sentence="tagged “finance”"
        ),
        "facets-one": counts_card("tag:finance", 143, counts(t), page=2),
        "facets-none": counts_card(t, 0, Counts(name="tag", label="Tags", shares=())),
        "found-one": found_card(t, [one], total=1, page=1, now=NOW),
        "found-direct": found_card(
            "type:direct", [replace(one, type=SpaceType.DIRECT, title=None)], total=10_000, page=1,
            now=NOW, is_bound=True, people={one.key: f"Ana Silva and {t}"},
        ),
        "found-none": found_card(t, [], total=0, page=1, now=NOW),
        "search-form": search_form_card(asked),
        "search-form-again": search_form_card(
            asked, rare=(Field(name="team", label="Team", value=t),),
            problem=f"There is no condition “{t}”.", place=f"Up to here: {t} ▸ {t}",
            meant=(t, "tag:finance", "third"),
        ),
        "tags": tags_card([("finance", 12), (t, 1)]),
        "tags-none": tags_card([]),
        "tags-ruled": tags_card([("finance", 12)], has_rules=True),
        "tags-space": space_tags_card(one, manages=True),
        "profile": profile_card(profile(t), zone=ZONE, is_self=True),
        "profile-bare": profile_card(Profile(id="P1", emails=(), display_name=t)),
        "profiles": profiles_card(
            Asked(found=tuple(profile(t, n) for n in range(8)), not_found=("A", "B"), notes=(t,)),
            page=1, said=t, zone=ZONE,
        ),
        "profiles-lost": profiles_card(
            Asked(found=(profile(t),), not_found=tuple(f"id{n}" for n in range(60))),
            page=2, said=t,
        ),
        "tags-space-given": space_tags_card(
            one, manages=False, given=[("finance", t, NOW), ("q3", "", NOW)],
            reserved=["finance"], lacking=["one of finance, hr"],
        ),
        "bulk": bulk_card("plans", sentence=f"with “{t}”", total=143, is_compliance=True),
        "bulk-mine": bulk_card("all", sentence="of every kind", total=10_000, is_bound=True,
                               is_compliance=False),
        "bulk-none": bulk_card(t, sentence="", total=0, is_compliance=True),
        "tag_meant": tag_meant_card(one, ["financ", "q3"], {"financ": ("finance", t)}),
        "tag_meant-several": tag_meant_card(
            one, ["financ", "adit"], {"financ": ("finance",), "adit": ("audit", "edit")}
        ),
        "freezes": freezes_card(
            [
                freeze,
                replace(freeze, asked_by="dora@example.com", asked_until=NOW, is_now=True),
                replace(freeze, asked_by="dora@example.com", void_from=NOW),
            ],
            [FreezeView(days="12-25 each year", typed="12-25")], home="Europe/Berlin",
            closed="2026-11-24 is a freeze day (Europe/Berlin)", opens_at=NOW, over=2, zone=ZONE,
        ),
        "freezes-none": freezes_card([], [], home="UTC"),
        "freeze": freeze_card(
            replace(freeze, void_from=NOW), home="UTC", said="Done.", note="It counts on."
        ),
        "tag_rules": tag_rules_card(
            reserved=["pii", "secret"], required=["one of finance, hr, legal"], manages=True
        ),
        "tag_rules-none": tag_rules_card(reserved=[], required=[], manages=False),
        "message": message_card(message(t), zone=ZONE),
        "message-deleted": message_card(message(t, 3)),
        "messages": messages_card(
            one,
            MessagePage(
                messages=tuple(message(t, n) for n in range(1, PER_CARD + 1)), before="M9",
                looked_back_to=NOW, notes=("I see only some.",),
            ),
            asked={"space": ROOM, "before_message": "M9", "mentioned": "P2", "max": "7"},
            sentence=f"that mention {t}", zone=ZONE,
        ),
        "spaces_list": spaces_list_card(
            [space(t, n) for n in range(10)], total=23, page=2, asked={"max": "50"},
            typed="spaces list max 50", sentence="Spaces that you are in.",
            people={SpaceKey(1): t}, notes=("3 more I do not know yet.",), zone=ZONE,
        ),
        "spaces_list-none": spaces_list_card(
            [], total=0, page=1, asked={}, typed="spaces list", sentence="None.", people={},
        ),
        "end_date": end_date_card(one, NOW + timedelta(days=90), reader=READER),
        "end_date-reached": end_reached_card(one, NOW, reader=READER),
        "sent": sent_card(t, [message(t)], zone=ZONE),
        "sent-several": sent_card(t, [message(t), message(t, 2)], note="Webex takes one."),
        "messages-none": messages_card(one, MessagePage(messages=()), asked={}),
        "done": done_card(f"Tagged “{t}”", ("Tags", t), note=t, undo=undo),
        "membership": membership_card(
            f"{t} was added",
            Membership(
                id="M1", container_id=ROOM, person_id="P1", email="ben@example.com", name=t,
                org_id="O1", is_moderator=False, is_monitor=False, created=NOW,
            ),
            zone=ZONE, where=t, notes=("So am I.", t), undo=undo,
        ),
        "members": members_card(
            "Added 1 of 3.", one,
            [("Ben Okafor", "Added."), ("Cleo", "Cleo is in it already."), (t, f"{t} is nobody.")],
            notes=("Webex locked the space.",), undo=undo,
        ),
        "members-follow": consequences_card(
            one, (f"{t} is the last moderator.",),
            anyway=press("Remove anyway", "remove member", people="P1", anyway="yes"),
        ),
        "policy": policy_card(dated, sentence="tagged “finance”", zone=ZONE),
        "policy-changed": policy_card(
            replace(dated, number=3, state=PolicyState.SIMULATION), sentence="tagged “finance”",
            zone=ZONE, note=f"Written as {t}.", holding=replace(dated, key=PolicyVersionKey(2)),
        ),
        "policy-hours": policy_card(
            replace(dated, hours="mon-fri 09:00-17:00", freeze="2026-12-24..2027-01-02, 05-01",
                    profile="gentle"),
            sentence="tagged “finance”", zone=ZONE, home=PolicyHome(zone="Europe/Berlin"),
        ),
        "policy-keep": policy_card(plain_policy, sentence="tagged “legal”"),
        "policies": policies_card([(dated, "tagged “finance”"), (plain_policy, t)]),
        "policies-waiting": policies_card(
            [(dated, t), (replace(dated, state=PolicyState.SIMULATION, approved_by=""), t)],
            {PolicyKey(1): replace(dated, number=3, approved_by=t)},
        ),
        "policies-many": policies_card([(dated, "tagged “finance”")] * 40),
        "policies-none": policies_card([]),
        "simulation-parts": simulation_card(
            replace(simulated(t), parts=(("hours", "always", "mon-fri"), ("cap", "5", "50")))
        ),
        "simulation-author": simulation_card(simulated(t), zone=ZONE),
        "simulation-second": simulation_card(simulated(t, "482193"), zone=ZONE),
        "simulation-code": simulation_card(
            replace(
                simulated(t, "482193", retypes=True), added=12, dropped=3, outsiders=2, held=1,
                changes=(("newly hit", 12), ("hit sooner", 2), ("released", 3)),
                takes_over=((t, 4),), outweighed=tuple((f"{t} {n}", n) for n in range(9)),
                sample=(
                    Hit(space=space(t, 1), due=NOW, is_new=True, how="newly hit",
                        has_outsiders=True),
                    Hit(space=space(t, 2), due=NOW, was_due=NOW + timedelta(days=9),
                        how="hit sooner", by=t),
                    Hit(space=space(t, 3), due=NOW, how="ended otherwise", was=Ending.BLOCK,
                        now=Ending.DELETE),
                    Hit(space=space(t, 4), due=None, how="released"),
                    Hit(space=space(t, 5), due=NOW, how="newly hit", by="another"),
                    Hit(space=space(t, 6), due=None, is_held=True),
                ),
            ),
            problem=f"The list of “{t}” has changed.",
        ),
        "simulation-agreed": simulation_card(
            replace(simulated(t), agreed_by=t, effective_at=NOW), zone=ZONE
        ),
        "holds": holds_card(
            [
                (Hold(key=HoldKey(1), name=t, reason=t, by=None, at=NOW), "", 1200),
                (
                    Hold(
                        key=HoldKey(2), name="audit", reason="", by=OWNER, at=NOW, ends_at=NOW
                    ),
                    t, 1,
                ),
            ],
            zone=ZONE,
        ),
        "holds-none": holds_card([]),
        "retiring": retiring_card(retiring, zone=ZONE),
        "retiring-to-agree": retiring_card(replace(retiring, code="482173", asked_by=t)),
        "retiring-again": retiring_card(
            replace(retiring, code="482173", retypes_code=True, losing=1200), problem=t
        ),
        "holds-attested": holds_card([], attested=f"{t} attested to have looked there."),
        "hold": hold_card(
            Hold(key=HoldKey(1), name=t, reason=t, matter=t, by=OWNER, at=NOW), by=t, reach=1200,
            spaces=(one,), space_count=12, people=(f"{t}@example.com",), person_count=11,
            tags=("finance",), searches=("title:merger",), history=[(NOW, t, t), (NOW, "", "x")],
            now=NOW, zone=ZONE,
        ),
        "hold-released": hold_card(
            Hold(
                key=HoldKey(1), name="audit", reason="", by=None, at=NOW, released_at=NOW,
                ends_at=NOW + timedelta(days=7),
            ),
            by="", reach=0, now=NOW, zone=ZONE,
        ),
        "sooner-asked": sooner_card(
            one, after=NOW, without=NOW + timedelta(days=99), policy=t, asked_by=t, reason=t,
            code="482173", is_mine=True, zone=ZONE,
        ),
        "sooner-to-agree": sooner_card(
            one, after=NOW, without=NOW + timedelta(days=99), policy=t, asked_by=t, reason=t,
            code="482173", zone=ZONE,
        ),
        "sooner-agreed": sooner_card(
            one, after=NOW, without=NOW + timedelta(days=99), policy=t, asked_by=t, reason=t,
            effective_at=NOW, zone=ZONE,
        ),
        "second": second_card(f"“{t}” is to go on", until=NOW, typed=f"policy resume {t}"),
        "explain": explain_card(
            v,
            (Traced(step="hold", said="No hold."), Traced(step="automatic", said=t, decides=True)),
            reader=READER, manages=True,
        ),
        "status": status_card(status, zone=ZONE),
        "status-hindered": status_card(replace(status, hindered_by=(t, t)), zone=ZONE),
        "status-member": status_card(
            StatusView(mode="company", is_paused=False, is_whole=False, spaces=3, warned=1)
        ),
        "status-paused": status_card(
            StatusView(mode="member", is_paused=True, paused_why=t, inventory_is_complete=False)
        ),
        "warning-one": warning_card([warned(t)], owner=OWNER, reader=READER),
        "warning-block": warning_card([warned(t, ending=Ending.BLOCK)], owner=OWNER),
        "warning-outsiders": warning_card([warned(t, ending=Ending.OUTSIDERS)], owner=OWNER),
        "warning-purge": warning_card(
            [replace(warned(t, ending=Ending.PURGE), older_than=timedelta(days=365))], owner=OWNER
        ),
        "purged": purged_card(
            Purged(
                space=one, policy=t, messages=1_234, files=56, already=7, oldest=NOW, newest=NOW,
                until=NOW, certificate="SK-2026-000123", is_first=True, left=t,
            ),
            reader=READER,
        ),
        "outsiders": outsiders_card(Outsiders(space=one, policy=t, removed=(t,) * 20)),
        "warning-notify": warning_card([warned(t, ending=Ending.NOTIFY)], owner=OWNER),
        "warning-many": warning_card(
            [warned(t, n) for n in range(1, MOST + 1)], owner=OWNER, reader=READER
        ),
        "warning-last": warning_card(
            [replace(warned(t), number=4, of=4)], owner=OWNER, reader=READER
        ),
        "preferences-zone": time_zone_card(READER, now=NOW, is_own=True, before="UTC"),
        "preferences-language": language_card(READER, is_own=False),
        "digest": digest_card(
            [
                Row(warned=warned(t, 1)),
                Row(warned=warned(t, 2), stand=Stand.KEPT, until=NOW, by=t),
                Row(warned=warned(t, 3), stand=Stand.KEPT, by=t),
                Row(warned=warned(t, 4), stand=Stand.NOT_MINE),
                Row(warned=warned(t, 5), stand=Stand.OVER),
                Row(warned=warned(t, 6), refused=f"“{t}” is being deleted at this moment."),
                Row(warned=replace(warned(t, 7), number=4, of=4)),
            ],
            owner=OWNER, reader=READER, page=1, pages=3, more=2,
        ),
        "digest-further": digest_card(
            [
                Row(warned=warned(t, 1), asked=Choice.DELETE),
                Row(warned=warned(t, 2), asked=Choice.MORE),
            ],
            owner=OWNER, reader=READER,
        ),
        "digest-none": digest_card([], owner=OWNER),
        "answer": answer_card(warned(t), owner=OWNER, reader=READER),
        "how_many": how_many_card(
            1234, query="tag:finance", sentence=f"Spaces tagged “{t}”",
            parts=[("Group", 1200), ("Direct", 34)], meant=True, only_theirs=True,
        ),
        "how_many-people": how_many_people_card(
            12, where=t, typed="members here", room=ROOM
        ),
        "undo": undo_card(
            [
                Undoable(
                    command="untag", args={"space": ROOM, "tags": "finance"}, about=t, at=NOW,
                    typed="untag here finance",
                )
            ],
            now=NOW,
        ),
        "undo-nothing": undo_card([], now=NOW),
        "handed": handed_card(one, name=t, reader=READER),
        "genuine": genuine_card(Sent(code="4F7K2", at=NOW, title=t), reader=READER),
        "genuine-not": not_genuine_card("4F7K2"),
        "genuine-list": sent_cards_card(
            [Sent(code="4F7K2", at=NOW, title=t)] * 12, name=t, older=2, reader=READER
        ),
        "genuine-none": sent_cards_card([], name=t),
        "warning-signed": warning_card(
            [warned(t)], owner=OWNER, reader=replace(READER, code="4F7K2")
        ),
        "digest-signed": digest_card(
            [Row(warned=warned(t, n)) for n in (1, 2)], owner=OWNER,
            reader=replace(READER, code="4F7K2"),
        ),
        "disowned": disowned_card(one, left=[t, "Ben Okafor"], reader=READER),
        "disowned-nobody": disowned_card(one, left=[]),
        "disowned-again": owned_card(one),
        "answered": answered_card(one, by=t, until=None, at=NOW, reader=READER),
        "answered-void": void_card(one, by=t, at=NOW, reader=READER),
        "blocked": blocked_card(warned(t), reader=READER),
        "deletion": deletion_card(deletion_view(one, t), now=NOW),
        "deletion-second": deletion_card(
            replace(deletion_view(one, t), way=Way.ARCHIVE, first=t, window_hours=48, planned=t),
            now=NOW,
        ),
        "deletion-officer": deletion_card(
            replace(
                deletion_view(replace(one, type=SpaceType.DIRECT), t), way=Way.PURGE,
                needs_second=True, again=f"“{t}” has changed.",
            ),
            now=NOW,
        ),
        "deletion-forbidden": deletion_card(
            replace(deletion_view(one, t), code="", forbidden=f"“{t}” keeps it."), now=NOW
        ),
        "deletion-asked": deletion_asked_card(pending(one, t), due=NOW, reader=READER),
        "deletion-waiting": deletion_waiting_card(pending(one, t, RequestState.WAITING)),
        "deletion-agree": deletion_second_card(pending(one, t, RequestState.WAITING)),
        "deletion-told": deletion_told_card(pending(one, t), due=NOW, reader=READER),
        "deletion-stopped": deletion_stopped_card(pending(one, t), why=f"{t} took it back"),
        "deletion-list": deletions_card([pending(one, t, s) for s in OPEN] * 4, reader=READER),
        "deletion-none": deletions_card([]),
        "blocking": block_preview_card(one, size=12, moderators=2, bot_joins=True),
        "blocking-direct": block_preview_card(
            replace(one, type=SpaceType.DIRECT), size=2, moderators=0, bot_joins=False
        ),
        "blocking-done": blocked_by_hand_card(
            one, by=t, by_compliance=False, at=NOW, reader=READER
        ),
        "blocking-by-compliance": blocked_by_hand_card(one, by=t, by_compliance=True, at=NOW),
        "blocking-undone": unblocked_card(one, by=t, at=NOW, reader=READER),
        "gone-emptied": gone_card(
            Ended(space=one, outcome=Outcome.ARCHIVED, at=NOW, why=t, is_purged=True), reader=READER
        ),
        "gone": gone_card(ended, reader=READER),
        "gone-archived": gone_card(replace(ended, outcome=Outcome.ARCHIVED)),
        "gone-unknown": gone_card(replace(ended, outcome=Outcome.UNKNOWN)),
        "alert": alert_card(alerted(t), ZONE),
        "alert-alone": alert_card(replace(alerted(t), is_alone=True), ZONE),
        "alert-assigned": alert_card(alerted(t, AlertState.ASSIGNED), ZONE, whole=True),
        "alert-closed": alert_card(
            replace(alerted(t, AlertState.CLOSED), late="This comes late."), ZONE
        ),
        "alert-closed-itself": alert_card(
            AlertView(
                alert=replace(alerted(t).alert, state=AlertState.CLOSED, by="", reason=t,
                              kind=AlertKind.BRAKE, what="the brake was pulled", things=0)
            )
        ),
        "alert-groups": alert_card(
            AlertView(
                alert=replace(
                    alerted(t).alert, kind=AlertKind.DIRECTORY, mends=(
                        look_at(change(t, 1, GroupState.SHRUNK)), Mend(title="All groups",
                                                                       command="groups"),
                    ),
                ),
                items=(f"{t}: gone",),
            ),
            ZONE,
        ),
        "alerts": alerts_card(
            [alerted(t, state).alert for state in AlertState] * 2,
            counts={AlertKind.OWNERLESS: 3, AlertKind.BRAKE: 1}, total=25, page=2, zone=ZONE,
        ),
        "alerts-none": alerts_card(
            [], counts={AlertKind.BRAKE: 1}, total=0, which="mine", kind=AlertKind.OWNERLESS
        ),
        "alert_digest": alert_digest_card(
            AlertDigest(
                total=25, counts={AlertKind.OWNERLESS: 24, AlertKind.BRAKE: 1}, new=3, mine=1,
                alerts=tuple(alerted(t, state).alert for state in AlertState) * 2,
                changes=(WayOf(kind=AlertKind.CAP, way=TellWay.OFF, by=t, at=NOW),),
            ),
            zone=ZONE,
        ),
        "alert_rules": alert_rules_card(
            [
                (Rule(key=n, name=f"{t} {n}", query=t, by=t, made_at=NOW), n * 700)
                for n in range(17)
            ],
            note="It holds from now on.",
        ),
        "alert_rules-none": alert_rules_card([]),
        "alert_settings": alert_settings_card(
            [WayOf(kind=kind, way=NATURES[kind].way, by=t if n % 2 else "")
             for n, kind in enumerate(AlertKind)],
            quiet="20:00–07:00", note="Ownerless spaces: digest",
        ),
        "note": note_card(
            "2 spaces blocked tonight", ("Run", t), at=NOW, means="Nothing is deleted.",
            lines=[t] * 30, zone=ZONE,
        ),
        "attention": attention_card(
            [waits(t, n) for n in range(11, 21)], total=37, page=2, zone=ZONE,
            counts=[(kind, 7) for kind in Kind],
        ),
        "attention-kind": attention_card(
            [waits(t, 1)], total=1, counts=[(Kind.OWNERLESS, 1)], kind=Kind.OWNERLESS
        ),
        **{
            f"attention-{kind.name.lower()}": attention_one_card(
                replace(waits(t, 2), kind=kind), zone=ZONE
            )
            for kind in Kind
        },
        "attention-none": attention_card([], total=0),
        "need": need_card(
            space(t), case(), number=12, voices=[(t, t), (t, "")], owner=PersonKey(4), reader=READER
        ),
        "need-said": need_said_card(space(t), number=3, tells=True, is_new=True, owned=True),
        "need-again": need_said_card(space(t), number=3, tells=False, is_new=False, owned=False),
        "need-unanswered": need_unanswered_card(
            space(t), number=1, voices=[(t, t)], due=NOW, zone=ZONE
        ),
        "ownerless": ownerless_card(
            [
                (space(t, n), searched(t, SearchState.ASKING).search if n % 2 else None)
                for n in range(11, 21)
            ],
            total=37, page=2, counts={SearchState.ASKING: 5, SearchState.ESCALATED: 2}, zone=ZONE,
        ),
        "ownerless-none": ownerless_card([], total=0, page=1, counts={}),
        "conflicts": conflicts_card(
            [conflict(t, n, Clash.PRIORITY) for n in range(6, 11)], total=37, page=2,
            counts=[(kind, 9) for kind in Clash], seen=3,
        ),
        "conflicts-kind": conflicts_card(
            [conflict(t, 1, Clash.KEEP)], total=1, counts=[(Clash.KEEP, 1)], kind=Clash.KEEP
        ),
        "conflicts-none": conflicts_card([], total=0, seen=2),
        "conflicts-one": conflict_card(space(t), [conflict(t, 1, kind) for kind in Clash]),
        "conflicts-seen": conflict_card(
            space(t), [replace(conflict(t, 1, Clash.HOLD), is_seen=True)]
        ),
        "owner_ask": owner_ask_card(
            AskView(
                space=space(t), search=SearchKey(3), person=PersonKey(4), messages=12,
                why=f"“{t}” is for spaces not used for 90 days.",
                follows=("Nobody moderates it yet. With a first moderator Webex locks it.",),
                answer_by=NOW,
            ),
            reader=READER,
        ),
        "owner_ask-silent": owner_ask_card(
            AskView(
                space=space(t), search=SearchKey(3), person=PersonKey(4), messages=None, why="",
                follows=(), answer_by=NOW,
            )
        ),
        "owner_ask-taken": owner_taken_card(
            space(t), is_moderator=True, was_due=True, notes=["Webex locked the space."]
        ),
        "owner_ask-taken-by-record": owner_taken_card(space(t), is_moderator=False, was_due=False),
        "owner_ask-assigned": owner_assigned_card(
            space(t), by=t, is_moderator=True, was_due=True
        ),
        "owner_ask-over": owner_over_card(searched(t, SearchState.OVER), reader=READER),
        "owner_escalated": owner_escalated_card(searched(t, SearchState.ESCALATED), zone=ZONE),
        "owner_escalated-alone": owner_escalated_card(
            replace(searched(t, SearchState.ESCALATED), asked=(), others=(), is_blocked=True)
        ),
        "groups": groups_card(
            [group(t, n, state) for n in range(6) for state in GroupState], now=NOW,
            directory=f"the file {t}",
        ),
        "groups-found": groups_card(
            [group(t, 1, GroupState.KNOWN)], words=t, now=NOW, directory="LDAP"
        ),
        "groups-none": groups_card([], now=NOW, directory="none"),
        "groups-one": group_card(group(t, 1, GroupState.KNOWN), now=NOW, zone=ZONE),
        "groups-shrunk": group_card(group(t, 2, GroupState.SHRUNK), now=NOW, zone=ZONE),
        "groups-renamed": groups_renamed_card(
            [change(t, n, GroupState.KNOWN) for n in range(30)], at=NOW, zone=ZONE
        ),
        "certificate": certificate_card(
            CertificateView(
                number="C-2026-0001", made_at=NOW, space=one, outcome=Outcome.DONE, policy=t,
                policy_version=2, approved_by="Cleo Compliance", deleted_at=NOW,
                confirmed_at=NOW + timedelta(seconds=4), confirmed_by="a second identity",
                evidence=(t, "Two warnings were delivered."), sha256="ab12" * 16,
            ),
            zone=ZONE,
        ),
        "certificate-outsiders": certificate_card(
            CertificateView(
                number="SK-2026-000002", made_at=NOW, space=one, outcome=Outcome.DONE, policy=t,
                policy_version=2, approved_by="Cleo Compliance", deleted_at=NOW,
                confirmed_at=NOW + timedelta(seconds=4), confirmed_by="a second identity",
                did=f"2 outsiders were removed from {t}",
                evidence=(f"{t}: removed; the second identity sees them in it no more",) * 40,
                sha256="ab12" * 16,
            ),
            zone=ZONE,
        ),
        "preview": preview_card(
            "Add 143 people?", ("Space", t), rows=[(t, "is added")] * 5, more=138,
            warnings=["Webex then locks the space."], notes=["12 are in it already."],
            code="482173", which=7, retypes=True, do="Add them",
        ),
        "preview-few": preview_card("Add 3 people?", code="482173", which=7, retypes=False),
        "work": progress_card(work(t), 412, noun="people", ends="about 3 min to go"),
        "work-over": over_card(work(t)),
        "work-result": result_card(
            replace(work(t), ended=Over.STOPPED, stopped_by=t),
            {How.DONE: 400, How.REFUSED: 12},
            [Came(how=How.REFUSED, name=t, said=f"{t} is of another company.")] * 20,
            columns=("Person", "What came of it"), notes=["The file below has all of it."],
        ),
        "work-list": works_card([(work(t), 412), (replace(work(t), id=13), 3)], zone=ZONE),
        "work-none": works_card([]),
        "certificates": certificates_card(
            [certified(t, number) for number in range(12, 2, -1)], total=25, page=2, zone=ZONE
        ),
        "certificates-none": certificates_card([], total=0),
        "certificates-one": certificate_row_card(certified(t, 12), zone=ZONE),
        "certificates-broken": certificate_row_card(replace(certified(t, 12), is_whole=False)),
        "roster": roster_card(
            one,
            [
                (Person(key=PersonKey(n), id=PERSON_ID, email=f"p{n}@example.com", name=t,
                        is_ours=n != 3, is_bot=n == 4), n < 3)
                for n in range(1, 21)
            ],
            total=45, page=2, is_whole=False,
        ),
        "roster-none": roster_card(one, [], total=0, page=3),
        "run": run_card(run(t), zone=ZONE),
        "run-stopped": run_card(replace(run(t), stopped="The token was refused.")),
        "run-dry": run_card(replace(run(t), is_dry=True)),
        "forecast": forecast_card(
            NOW, ends=1234, inventory=45_000, unknown=12,
            by_ending=[("deleted", 1200), ("blocked", 34), ("owners told", 0)],
            by_policy=[(t, 1000 - n) for n in range(12)],
            first=[(space(t, n), t, NOW) for n in range(1, 16)], idle=[t], zone=ZONE,
        ),
        "tonight": tonight_card(
            [("deleted", 3), ("blocked", 4), ("warned", 1200)], opened=12, unknown=7, left=50,
            first=[(space(t, n), "deleted", t, NOW if n % 2 else None) for n in range(1, 16)],
            in_the_way=(f"Nothing of it would be done: paused by {t}.",), idle=[t], zone=ZONE,
        ),
        "tonight-none": tonight_card([], opened=0, unknown=0, left=0, first=[]),
        "forecast-none": forecast_card(
            NOW, ends=0, inventory=3, unknown=0, by_ending=[], by_policy=[], first=[], only=t,
        ),
        "history": history_card(
            [
                VersionView(
                    version=replace(version(t), number=number, query=f"tag:{'x' * number}"),
                    holds=number == 11, changes=(("condition", t, t), ("cap", "50", "80")),
                )
                for number in range(12, 0, -1)
            ],
            zone=ZONE,
        ),
        "history-first": history_card(
            [VersionView(version=version(t), holds=False, changes=(("condition", "", t),))]
        ),
        "keep": keep_card(
            one, until=NOW + timedelta(days=365), by=t, reader=READER, note=t
        ),
        "keep-forever": keep_card(one, until=None, by=t),
        "keep-cleared": cleared_card(
            one, not_before=NOW + timedelta(days=30), reader=READER
        ),
        **watch_samples(t),
        **erasure_samples(t, one),
    }  # fmt: skip
