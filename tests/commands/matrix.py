"""Who may say what, in one table: nine kinds of actor by every command.

A new command gets one line here: its words, and a pattern of nine marks. Think who of the
nine may say it, then pick the pattern or write the marks out. `test_matrix.py` says each command
to a real bot as each of them, and compares; `test_examples.py` prepares the world for each
example by the same line.

The nine, and why these: everything that decides in the product tells some two of them apart.

    compliance   not in the space; may what its role may, anywhere
    moderator    of the space, which Webex has locked for having moderators
    member       of that space: sees it, manages nothing in it
    creator      of a space without moderators, who manages it for want of them
    fellow       a member of the space without moderators: Webex would let them, we don't
    stranger     somebody of the company who is not in it: for them it is not there
    leaver       left it a minute ago, and the inventory does not know yet
    outsider     of another organisation, and in the space: no business of theirs with us.
                 One who is not in it can't be told more, since nothing is looked up for them;
                 that a space that is not there is answered in the same words is compared
    machine      a bot that is in the space: is never answered, or two bots talk for ever

The marks:

    y   does it
    s   is answered, and what is looked for is shown (`shows`: the space's title)
    o   is answered, and it is not shown: none of theirs
    n   is refused; who can't see the space, in the words for a space that is not there (I13)
    -   silence
"""

from __future__ import annotations

from dataclasses import dataclass

from commands.message import EXAMPLE_ID
from tests.commands.beforehand import (
    Before,
    a_tag_renamed,
    bot_is_in_it,
    deletion_asked,
    in_conflict,
    in_force,
    kept_by_owner,
    nobody_owns_it,
    on_its_way,
    paused,
    tags_required,
    team_of_the_moderator,
    waiting,
)

KINDS = (
    "compliance", "moderator", "member", "creator", "fellow", "stranger", "leaver", "outsider",
    "machine",
)  # fmt: skip
UNSEEING = frozenset({"stranger", "leaver", "outsider"})
"""Who may not know that there is the space."""

#            com mod mem cre fel str lea out mac
COMPLIANCE = "y   n   n   n   n   n   n   n   -"
MANAGES = "   y   y   n   y   n   n   n   n   -"
SEES = "      y   y   y   y   y   n   n   n   -"
WRITES = "    n   y   y   y   y   n   n   n   -"  # as in Webex: whoever is in it, and nobody else
OURS = "      y   y   y   y   y   y   y   n   -"
NOBODY = "    n   n   n   n   n   n   n   n   -"  # there is none of theirs
TEAM = "      y   y   n   n   n   n   n   n   -"
FINDS = "     s   s   s   s   s   o   o   n   -"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the table says of one command.

    Args:
        who: nine marks, in the order of `KINDS`.
        say: what is said; unless given, the command's first example, with the names of the
            documents' world replaced by those of the prepared one. In braces: `{space}` the
            space as it is typed, `{id}` its id, `{message}` what was said in it,
            `{ben}` somebody in it, `{carl}` somebody of ours who is not, `{tag}` a tag that it
            has, `{policy}`, `{hold}`, `{team}`, `{new}` names that are not taken yet.
        before: what is said first, by another officer, so that there is something to do it
            to; with “owner: ” in front, by who manages the space, with “same: ” by the officer who
            also says the command; or what is done first, by
            a function of `beforehand.py`.
        after: what that officer says at the end, where it would be in others' way.
        shows: what is looked for in an answer to tell `s` from `o`.
        forms: the examples that, rightly, end in a form; and `refused`, in a refusal.
    """

    who: str
    say: str = ""
    before: tuple[Before, ...] = ()
    after: tuple[str, ...] = ()
    shows: str = "{title}"
    forms: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()

    @property
    def marks(self) -> dict[str, str]:
        return dict(zip(KINDS, self.who.split(), strict=True))


def row(
    who: str, say: str = "", *, before: tuple[Before, ...] = (), after: tuple[str, ...] = (),
    shows: str = "{title}", forms: tuple[str, ...] = (), refused: tuple[str, ...] = (),
) -> Row:  # fmt: skip
    return Row(
        who=who, say=say, before=before, after=after, shows=shows, forms=frozenset(forms),
        refused=frozenset(refused),
    )  # fmt: skip


POLICY = ("policy new {policy} tag:{tag} then block after 90d cap 5",)
HOLD = ("hold place {hold} tag {tag}",)

DELETES = ("policy new {policy} tag:{tag} then delete after 900d from creation cap 5", in_force)
SOONER = (*DELETES, "owner: delete after {space} 60d because the project is over")

MESSAGES = (
    f"message {EXAMPLE_ID}",
    "message webexteams://im?space=0&message=00000000-0000-4000-8000-000000000000",
)
"""Of which there are none."""

ROWS: dict[str, Row] = {
    "add member": row(MANAGES, "add member {carl} to {space}"),
    "add team member": row(
        TEAM, "add team member {carl} to {team}", before=(team_of_the_moderator,)
    ),
    "alert": row(NOBODY, refused=("alert 12",)),
    "alert acknowledge": row(NOBODY, refused=("alert acknowledge 12",)),
    "alert assign": row(
        NOBODY,
        refused=("alert assign 12 to me", "alert assign 12 to dora@example.com"),
    ),
    "alert close": row(NOBODY, refused=('alert close 12 because "they all have owners now"',)),
    "alert rule": row(
        COMPLIANCE,
        "alert rule {tag} when tag:{tag} scope:external",
        after=("alert rule drop {tag}",),
    ),
    "alert rule drop": row(
        COMPLIANCE,
        "alert rule drop {tag}",
        before=("alert rule {tag} when tag:{tag} scope:external",),
    ),
    "alert rules": row(COMPLIANCE),
    "alert settings": row(COMPLIANCE),
    "alerts": row(COMPLIANCE),
    "answer": row(MANAGES, before=(on_its_way,)),
    "answers": row(OURS),
    "attest": row(COMPLIANCE),
    "attention": row(COMPLIANCE, before=(waiting,)),
    "attention done": row(COMPLIANCE, before=(waiting,)),
    "attention retry": row(COMPLIANCE, before=(waiting,)),
    "attention take": row(COMPLIANCE, before=(waiting,)),
    "block": row(MANAGES),
    "bulk": row(FINDS, "bulk tag:{tag}", shows="Do something with all"),
    "bulk add member": row(MANAGES, "bulk add member {carl} where tag:{tag}"),
    "bulk add moderator": row(MANAGES, "bulk add moderator {ben} where tag:{tag}"),
    "bulk block": row(COMPLIANCE, "bulk block where tag:{tag}"),
    "bulk keep clear": row(MANAGES, "bulk keep clear where tag:{tag}", before=(kept_by_owner,)),
    "bulk keep forever": row(MANAGES, "bulk keep forever where tag:{tag}"),
    "bulk keep until": row(MANAGES, "bulk keep until 90d where tag:{tag}"),
    "bulk remove member": row(MANAGES, "bulk remove member {ben} where tag:{tag}"),
    "bulk tag": row(MANAGES, "bulk tag more where tag:{tag}"),
    "bulk untag": row(MANAGES, "bulk untag {tag} where tag:{tag}"),
    "certificate": row(NOBODY, refused=("certificate SK-2026-000001",)),
    "certificates": row(COMPLIANCE),
    "classify": row(MANAGES, "classify {space} as Internal", forms=('classify "Q3 plans"',)),
    "confirm": row(NOBODY, refused=("confirm 482173",)),
    "conflicts": row(COMPLIANCE, before=(in_conflict,)),
    "conflicts seen": row(COMPLIANCE, before=(in_conflict,)),
    "copy": row(MANAGES),
    "create space": row(OURS, "create space {new}"),
    "delete": row(MANAGES, refused=('delete "Q3 plans" code 482173 because it is over',)),
    "delete after": row(
        MANAGES, "delete after {space} 60d because the project is over", before=DELETES
    ),
    "delete after approve": row(
        COMPLIANCE, before=SOONER, refused=('delete after approve "Q3 plans" code 482173',)
    ),
    "delete after clear": row(MANAGES, before=SOONER),
    "delete search": row(NOBODY, refused=('delete search "stale finance"',)),
    "delete undo": row(MANAGES, before=(deletion_asked,)),
    "deletions": row("s s o s o o o n -", before=(deletion_asked,)),
    "end date": row(MANAGES, "end date {space} 90d"),
    "end date clear": row(MANAGES, before=("owner: end date {space} 90d",)),
    "erase person": row(COMPLIANCE, "erase person {ben}"),
    "erasure": row(NOBODY, refused=("erasure ER-2026-000017",)),
    "erasure approve": row(
        NOBODY,
        refused=(
            "erasure approve ER-2026-000017",
            "erasure approve ER-2026-000017 482173",
        ),
    ),
    "erasure cancel": row(
        NOBODY, refused=("erasure cancel ER-2026-000017 because they took it back",)
    ),
    "erasure extend": row(
        NOBODY,
        refused=("erasure extend ER-2026-000017 because there are very many spaces",),
    ),
    "erasures": row(COMPLIANCE),
    "explain": row(SEES),
    "export": row(FINDS, "export tag:{tag}", shows="Here is the file"),
    "export space": row(COMPLIANCE),
    "facets": row(FINDS, "facets all by tag", shows="{tag}"),
    "find owners": row(COMPLIANCE, "find owners where tag:{tag}", before=(nobody_owns_it,)),
    "forecast": row(COMPLIANCE, before=POLICY),
    "genuine": row(OURS),
    "get people": row(OURS),
    "groups": row(COMPLIANCE),
    "groups accept": row(NOBODY, refused=("groups accept finance", 'groups accept "Finance EMEA"')),
    "freeze add": row(COMPLIANCE, after=("freeze remove 2026-12-24 to 2027-01-02",)),
    "freeze list": row(COMPLIANCE),
    "freeze remove": row(
        COMPLIANCE, before=("same: freeze add 2026-12-24 to 2027-01-02 because of the year",)
    ),
    "hand over": row(MANAGES, "hand over {space} to {ben} anyway"),
    "help": row(OURS),
    "hold add": row(COMPLIANCE, "hold add {hold} tag {tag}", before=HOLD),
    "hold change": row(COMPLIANCE, before=HOLD),
    "hold end": row(COMPLIANCE, before=HOLD),
    "hold export": row(COMPLIANCE, before=HOLD),
    "hold import": row(COMPLIANCE, "hold import {hold} people {ben}", before=HOLD),
    "hold place": row(COMPLIANCE, "hold place {hold} tag {tag}"),
    "hold release": row(COMPLIANCE, before=HOLD),
    "hold show": row(COMPLIANCE, before=HOLD),
    "holds": row(COMPLIANCE, before=HOLD),
    "how many": row(FINDS, "how many spaces tagged {tag}", shows="Of the spaces"),
    "keep all": row(OURS),
    "keep clear": row(MANAGES, before=(kept_by_owner,)),
    "keep forever": row(MANAGES),
    "keep until": row(MANAGES, "keep until {space} 90d"),
    "language": row(OURS),
    "list spaces": row(FINDS),
    "make moderator": row(MANAGES, "make moderator {ben} in {space}"),
    "members": row(SEES),
    "message": row(SEES, "message {message}", refused=MESSAGES),
    "messages": row(SEES, "messages in {space}"),
    "mine": row(NOBODY, refused=('mine "Q3 plans"',)),
    "my details": row(OURS),
    "need": row(
        "n n y n y n n n -",
        before=(on_its_way,),
        refused=('need "Q3 plans"', 'need "Q3 plans" because of the audit'),  # an owner keeps it
    ),
    "nobody needs": row(NOBODY, refused=('nobody needs "Q3 plans"',)),
    "not me": row(NOBODY, refused=('not me "Q3 plans"',)),
    "not mine": row("n   y   n   y   n   n   n   n   -"),
    "owner assign": row(
        NOBODY,
        "owner assign {space} to {carl}",
        refused=('owner assign "Q3 plans" to ben@example.com',),
    ),
    "owner leave": row(NOBODY, "owner leave {space}", refused=('owner leave "Q3 plans"',)),
    "ownerless": row(COMPLIANCE),
    "pause": row(COMPLIANCE, after=("same: resume",)),
    "policy approve": row(
        COMPLIANCE,
        before=(*POLICY, "policy simulate {policy}"),
        refused=("policy approve cleanup code 482173",),
    ),
    "policy change": row(COMPLIANCE, before=POLICY),
    "policy history": row(COMPLIANCE, before=POLICY),
    "policy list": row(COMPLIANCE, before=POLICY),
    "policy new": row(COMPLIANCE),
    "policy pause": row(COMPLIANCE, before=(*POLICY, in_force)),
    "policy resume": row(COMPLIANCE, before=(*POLICY, paused)),
    "policy retire": row(COMPLIANCE, before=POLICY),
    "policy rollback": row(NOBODY, before=POLICY, refused=("policy rollback cleanup to 1",)),
    "policy show": row(COMPLIANCE, before=POLICY),
    "policy simulate": row(COMPLIANCE, before=POLICY),
    "redeliver": row(NOBODY, refused=("redeliver 170", "redeliver of watch 31")),
    "remove member": row(MANAGES, "remove member {ben} from {space}"),
    "remove team member": row(
        TEAM, "remove team member {ben} from {team}", before=(team_of_the_moderator,)
    ),
    "rename search": row(NOBODY, refused=('rename search "stale finance" to "old finance"',)),
    "report": row(OURS),
    "restore": row(NOBODY, refused=('restore "Q3 plans"',)),
    "resume": row(COMPLIANCE, before=("pause",), after=("resume",)),
    "run search": row(NOBODY, refused=('run search "stale finance"',)),
    "save search": row(OURS),
    "search": row(FINDS, "search tag:{tag}"),
    "searches": row(OURS),
    "share search": row(
        NOBODY,
        refused=(
            'share search "stale finance" with ben@example.com',
            'share search "stale finance" with "Q3 plans"',
        ),
    ),
    "send": row(WRITES, "send {space} Hello.", before=(bot_is_in_it,)),
    "simulate": row(COMPLIANCE, before=POLICY),
    "space": row(SEES),
    "spaces list": row(FINDS, "spaces list sort by created"),
    "status": row(OURS),
    "tag": row(MANAGES),
    "tag drop": row(COMPLIANCE, "tag drop {tag}"),
    "tag merge": row(COMPLIANCE, "tag merge {tag} into {tag}-b"),
    "tag rename": row(COMPLIANCE, "tag rename {tag} to {tag}-b"),
    "tag require": row(
        COMPLIANCE,
        "tag require {tag}",
        after=("tag unrequire {tag}", "tag unrequire finance hr legal"),
    ),
    "tag reserve": row(COMPLIANCE, "tag reserve {tag}", after=("tag unreserve {tag} pii secret",)),
    "tag rules": row(OURS),
    "tag undo": row(COMPLIANCE, "tag undo {tag}", before=(a_tag_renamed,)),
    "tag unrequire": row(COMPLIANCE, "tag unrequire {tag}", before=(tags_required,)),
    "tag unreserve": row(COMPLIANCE, "tag unreserve {tag}"),
    "tags": row(FINDS, "tags", shows="{tag}"),
    "take back": row(NOBODY, refused=(f"take back {EXAMPLE_ID}",)),
    "take over": row(NOBODY, refused=('take over "Q3 plans"',)),
    "timezone": row(OURS),
    "unblock": row(MANAGES, before=("owner: block {space} now",)),
    "undo": row(OURS),
    "unmake moderator": row(MANAGES, "unmake moderator {ben} in {space}"),
    "untag": row(MANAGES, "untag {space} {tag}"),
    "unshare search": row(NOBODY, refused=('unshare search "stale finance"',)),
    "unwatch": row(NOBODY, refused=("unwatch 31",)),
    "watch": row(
        SEES,
        "watch membership created in {space}",
        refused=('watch messages in "Q3 plans" to https://hooks.example.com/q3',),
    ),
    "watch log": row(NOBODY, refused=("watch log 31", "watch log 31 page 2")),
    "watch resume": row(NOBODY, refused=("watch resume 31",)),
    "watch secret": row(NOBODY, refused=("watch secret 31",)),
    "watches": row(OURS),
    "work stop": row(NOBODY, refused=("work stop 12",)),
    "works": row(OURS),
}
