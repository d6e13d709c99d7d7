"""Policies as a file: read, compared with what there is, and written as new versions.

A file is a way to write, never a way around agreeing: what it says becomes a version in
simulation with an officer as its author, and a second one agrees to exactly the list that it
hits, as for any other (`agreeing`). A policy that the file does not name is left alone and
told; nothing is ever retired because a line is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from domain.cadences import PROFILES, Cadence, Profiles, longest
from domain.errors import Refusal
from domain.ids import PolicyKey, PolicyVersionKey, SpaceKey
from domain.people import Actor
from domain.policies import (
    GRACE,
    NOTICES,
    PRIORITY,
    Ending,
    PolicyDraft,
    PolicyState,
    PolicyVersion,
    changes_between,
    draft_of,
    read_counting,
)
from domain.spans import parse_span
from query.spec import Moments
from retention.decision import would_hit
from retention.drafting import check_draft, policy_name
from retention.policies import Shown, write_policy
from spaces.spec import House
from storage.store import UnitOfWork

LONGEST = 1_000_000
"""Bytes of a file; a policy is a few lines."""
MOST_POLICIES = 500
MOST_NAMED = 10


def _span(text: object) -> object:
    if not isinstance(text, str):
        raise ValueError("write it like 90d, 6m or 2y")
    return parse_span(text)


def _day(said: object) -> object:
    """YAML reads a bare day as a date."""
    return said.isoformat() if isinstance(said, date) else said


Day = Annotated[str, BeforeValidator(_day, json_schema_input_type=str)]
Span = Annotated[timedelta, BeforeValidator(_span, json_schema_input_type=str)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)


class ExampleSpace(_Strict):
    """A space that there might be. What is left out is the usual: a space of our own people,
    created and last used a year ago."""

    title: str = "An example"
    type: Literal["space", "direct"] = "space"
    tags: list[str] = []
    created: Span = Field(default="365d", validate_default=True, description="so long ago")
    last_activity: Span | None = Field(
        default=None, alias="last activity", description="the last human message, so long ago"
    )
    members: list[str] = Field(default=["ana@our.example"], description="e-mail addresses")
    moderators: list[str] = []
    team: str = ""
    classification: str = ""
    not_known: list[Literal["members", "activity", "classification", "title"]] = Field(
        default=[], alias="not known"
    )


class Example(_Strict):
    space: ExampleSpace = Field(default_factory=ExampleSpace)
    expect: Literal["due", "later", "kept", "other", "none", "unknown"] = Field(
        description="due: its time is over; later: it decides with a date to come; kept: it keeps"
        " it; other: another policy of the file decides; none: nothing decides; unknown: a fact"
        " that is needed is not known"
    )


class FiledPolicy(_Strict):
    """One policy of a file."""

    name: str
    condition: str = Field(description="in the language of search; every space is: all")
    action: Literal["keep", "notify", "remove outsiders", "block", "purge messages", "delete"]
    after: Span | None = Field(default=None, description="such as 90d, 6m or 2y")
    counted_from: str = Field(
        default="activity",
        alias="from",
        description="activity, creation, tag:finance (a tag that the condition asks for), end date,"
        " a day such as 2027-03-31, or messages (a purge, and a floor that lets old ones go)",
    )
    cap: int | None = Field(default=None, description="at most so many spaces a run")
    warn: list[int] | str = Field(
        default=list(NOTICES),
        description="days before; or a profile (standard, short, long, or one that the operator"
        " named), which says the grace, too, where no other stands",
    )
    hours: str = Field(
        default="",
        description="besides the company's: days of the week, hours and a time zone, such as"
        " mon-fri 09:00-17:00 Europe/Berlin; without a time zone, in the company's",
    )
    freeze: list[Day] = Field(
        default=[],
        description="besides the company's: 2026-12-24, 12-25 (each year), 2026-12-24..2027-01-02",
    )
    grace: Span = Field(default="14d", validate_default=True)
    priority: int = PRIORITY
    floor: bool = False
    direct: bool = False
    export: bool = Field(
        default=False, description="nothing is deleted before all of it was written out"
    )
    state: Literal["draft", "simulating", "approved", "active", "paused", "retired"] | None = Field(
        default=None, description="how it stood when it was exported; it is never applied"
    )
    examples: list[Example] = []

    def draft(self, profiles: Profiles | None = PROFILES) -> PolicyDraft:
        """Args: profiles: by name; None where they are not known: then one that is not built in
        is taken for the one that leaves people the most time. Raises Refusal: it can't say that.
        """
        try:
            counting = read_counting(self.counted_from)
        except ValueError as no:
            raise Refusal(f"“{self.counted_from[:40]}” says no moment.", str(no)) from None
        warn = self._warns(profiles)
        says_grace = "grace" in self.model_fields_set
        grace = self.grace if says_grace else warn.grace or self.grace
        return check_draft(
            PolicyDraft(
                query=self.condition, ending=Ending(self.action), period=self.after,
                basis=counting.basis, basis_of=counting.of, is_floor=self.floor,
                includes_direct=self.direct, needs_export=self.export,
                notices=warn.notices, grace=grace or GRACE, cap=self.cap,
                priority=self.priority, hours=self.hours, freeze=", ".join(self.freeze),
                profile=warn.named(self.grace if says_grace else None),
            )
        )  # fmt: skip

    def _warns(self, profiles: Profiles | None) -> Cadence:
        if not isinstance(self.warn, str):
            return Cadence(notices=tuple(self.warn))
        known = PROFILES if profiles is None else profiles
        found = known.get(self.warn.strip().casefold())
        if found is not None:
            return found
        if profiles is None:
            return longest()
        raise Refusal(
            f"There is no profile “{self.warn[:40]}” of warnings.",
            f"There are: {', '.join(profiles)}. Days do, too: warn: [30, 14, 7, 1].",
        )


class PolicyFile(_Strict):
    """What `spacekeeper policy plan`, `apply` and `test` read."""

    policies: list[FiledPolicy] = Field(min_length=1, max_length=MOST_POLICIES)


class How(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "the same"
    NOT_NAMED = "not in the file, left alone"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a file would change about one policy.

    Args:
        changes: what it says now and what it would say, by part.
        hits, hit_before: how many spaces it would decide, and its holding version does.
        newly, released: titles of the first that it would decide besides, and not any more.
        unknown: spaces of which something that it needs is not known.
    """

    name: str
    how: How
    why: str = ""
    changes: tuple[tuple[str, str, str], ...] = ()
    hits: int = 0
    hit_before: int = 0
    newly: tuple[str, ...] = ()
    more_newly: int = 0
    released: tuple[str, ...] = ()
    more_released: int = 0
    unknown: int = 0


class _Loader(yaml.SafeLoader):
    """YAML's values only; no aliases, which can make a small file huge, and no key twice."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases (*) are not read here")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        keys: list[Any] = []
        for at, _ in node.value:
            key = self.construct_object(at, deep=True)
            if key in keys:
                line = at.start_mark.line + 1
                raise yaml.YAMLError(f"“{key}” stands there twice (line {line})")
            keys.append(key)
        return super().construct_mapping(node, deep)


def read_file(content: bytes) -> PolicyFile:
    """The policies of a YAML file. Raises Refusal, saying where it is wrong."""
    if len(content) > LONGEST:
        raise Refusal(f"The file is larger than {LONGEST:,} bytes.")
    try:
        said = yaml.load(content.decode("utf-8-sig"), Loader=_Loader)  # noqa: S506 - is a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as no:
        raise Refusal(f"That is no YAML that I can read: {' '.join(str(no).split())[:300]}") from no
    try:
        made = PolicyFile.model_validate(said)
    except ValidationError as no:
        wrong = no.errors(include_url=False)[:5]
        raise Refusal(
            "; ".join(f"{_place(one['loc'])}: {one['msg']}" for one in wrong) + ".",
            "`spacekeeper policy schema` says what can stand there.",
        ) from no
    names = [policy_name(one.name).casefold() for one in made.policies]
    if twice := [name for name in names if names.count(name) > 1]:
        raise Refusal(f"“{twice[0]}” stands there twice.", "A policy has one name.")
    return made


def _place(where: Sequence[int | str]) -> str:
    said = "".join(f"[{one + 1}]" if isinstance(one, int) else f".{one}" for one in where)
    return said.strip(".") or "the file"


def compare(house: House, filed: PolicyFile) -> tuple[Difference, ...]:
    """What the file would change, and whom each of its policies would hit. Changes nothing."""
    with house.store.read() as tx:
        named = {policy_name(one.name).casefold() for one in filed.policies}
        found = [_compare(tx, house, one) for one in filed.policies]
        rest = [
            Difference(name=one.name, how=How.NOT_NAMED)
            for one in tx.policies.all()
            if one.state is not PolicyState.RETIRED and one.name.casefold() not in named
        ]
    return (*found, *rest)


def apply(house: House, actor: Actor, filed: PolicyFile) -> tuple[Shown, ...]:
    """Writes what is new and what changed, with `actor` as the author. Nothing is done by it
    until somebody else agrees. Policies before one that is refused stay written.

    Raises:
        Refusal: a policy can't be written as it stands.
    """
    made: list[Shown] = []
    for one in filed.policies:
        draft = one.draft(house.profiles)
        with house.store.read() as tx:
            newest = tx.policies.by_name(policy_name(one.name))
        if newest is not None and draft_of(newest) == draft:
            continue
        try:
            made.append(
                write_policy(
                    house, actor, one.name, draft, after=newest.key if newest else None
                )
            )  # fmt: skip
        except Refusal as no:
            raise Refusal(f"{one.name}: {no.reason}", no.next_step) from no
    return tuple(made)


def _compare(tx: UnitOfWork, house: House, one: FiledPolicy) -> Difference:
    name = policy_name(one.name)
    newest = tx.policies.by_name(name)
    try:
        draft = one.draft(house.profiles)
    except Refusal as no:
        return Difference(name=name, how=How.WRONG, why=str(no))
    if newest is not None and newest.state is PolicyState.RETIRED:
        return Difference(name=name, how=How.WRONG, why="It is retired; take another name.")
    if newest is not None and draft_of(newest) == draft:
        return Difference(name=name, how=How.SAME)
    changes = () if newest is None else changes_between(draft_of(newest), draft)
    how = How.NEW if newest is None else How.CHANGED
    return _hits(tx, Difference(name=name, how=how, changes=changes), draft, newest)


def _hits(
    tx: UnitOfWork, made: Difference, draft: PolicyDraft, newest: PolicyVersion | None
) -> Difference:
    moments, holding = Moments(now=tx.now), tx.policies.holding()
    hit = would_hit(tx, as_version(draft, made.name, newest), holding, moments)
    old = tx.policies.holding_of(newest.policy) if newest else None
    before = would_hit(tx, old, holding, moments) if old else None
    now = {one.space for one in hit.targets}
    was = {one.space for one in before.targets} if before else set()
    newly, released = sorted(now - was), sorted(was - now)
    return replace(
        made, hits=len(now), hit_before=len(was), unknown=hit.unknown,
        newly=_titles(tx, newly), more_newly=max(0, len(newly) - MOST_NAMED),
        released=_titles(tx, released), more_released=max(0, len(released) - MOST_NAMED),
    )  # fmt: skip


def as_version(draft: PolicyDraft, name: str, newest: PolicyVersion | None = None) -> PolicyVersion:
    """A draft as a version that nobody wrote yet, for asking what it would do."""
    return PolicyVersion(
        key=PolicyVersionKey(-1), policy=newest.policy if newest else PolicyKey(-1), name=name,
        number=newest.number + 1 if newest else 1, state=PolicyState.ACTIVE,
        priority=draft.priority, query=draft.query, ending=draft.ending, period=draft.period,
        basis=draft.basis, basis_of=draft.basis_of, is_floor=draft.is_floor,
        includes_direct=draft.includes_direct, needs_export=draft.needs_export,
        notices=draft.notices, grace=draft.grace, cap=draft.cap, hours=draft.hours,
        freeze=draft.freeze, profile=draft.profile,
    )  # fmt: skip


def _titles(tx: UnitOfWork, keys: Sequence[SpaceKey]) -> tuple[str, ...]:
    some = list(keys[:MOST_NAMED])
    found = tx.spaces.by_keys(some)
    return tuple(found[key].shown_title for key in some if key in found)


def write_file(versions: Sequence[PolicyVersion]) -> str:
    """The policies as a file, so that who has some can begin from there."""
    return str(
        yaml.safe_dump(
            {"policies": [_filed(one) for one in versions]}, sort_keys=False, allow_unicode=True,
            width=100,
        )
    )  # fmt: skip


def _filed(version: PolicyVersion) -> dict[str, Any]:
    draft = draft_of(version)
    made: dict[str, Any] = {
        "name": version.name, "condition": draft.query, "action": str(draft.ending),
    }  # fmt: skip
    if draft.period is not None:
        made["after"] = f"{draft.period.days}d"
    made["from"] = draft.counting.written
    if draft.cap is not None:
        made["cap"] = draft.cap
    if draft.hours:
        made["hours"] = draft.hours
    if draft.freeze:
        made["freeze"] = draft.freeze.split(", ")
    made |= {
        "warn": list(draft.notices), "grace": f"{draft.grace.days}d", "priority": draft.priority,
        "floor": draft.is_floor, "direct": draft.includes_direct, "export": draft.needs_export,
        "state": str(version.stage),
    }  # fmt: skip
    return made


def schema() -> dict[str, Any]:
    """The JSON Schema of a file."""
    made = PolicyFile.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}
