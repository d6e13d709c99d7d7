"""Rules: what no space may be like, such as having outsiders where it is tagged finance.

A rule is a condition in the language of search. It only tells: nothing is done to a space by it,
and it has no say in what policies decide, so one officer may make and drop it. What is not known
of a space is no breach of a rule (decision page 0096).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from domain.alerts import AlertKind, Item, Mend, Raised, Rule
from domain.audit import Word
from domain.errors import Refusal
from domain.people import Actor
from query.faults import QueryFault
from query.language import parse
from query.picking import pick
from query.spec import Moments
from retention.alerting import raise_alert, settle_alert
from retention.drafting import policy_name, read_condition
from spaces.spec import House
from storage.store import UnitOfWork

log = logging.getLogger(__name__)

MOST_RULES = 50
MOST_NAMED = 1_000
"""Spaces that one alert names; it says when there are more."""
SECONDS = 20.0


def add_rule(house: House, actor: Actor, name: str, query: str) -> Rule:
    """Makes a rule, and looks at once what is as it forbids.

    Raises:
        Refusal: the name is taken or none, the condition can't be read, or there are too many.
    """
    name = policy_name(name)
    condition = read_condition(query)
    with house.store.begin() as tx:
        tx.audit.serialise()
        if len(tx.alert_rules.all()) >= MOST_RULES:
            raise Refusal(f"There are {MOST_RULES} rules already.", "Drop one first.")
        if not tx.alert_rules.add(name, condition.text, by=actor.name):
            raise Refusal(
                f"There is a rule “{name}” already.", "Drop it first, or use another name."
            )
        tx.audit.add(Word.ALERT_RULE, actor, rule=name, query=condition.text, change="made")
        (made,) = [one for one in tx.alert_rules.all() if one.name == name]
        tx.commit()
    look_at_rules(house, [made])
    return made


def drop_rule(house: House, actor: Actor, name: str) -> Rule:
    """Takes a rule away; its alert closes. Raises Refusal: there is no such rule."""
    with house.store.begin() as tx:
        tx.audit.serialise()
        wanted = name.casefold()
        found = [one for one in tx.alert_rules.all() if one.name.casefold() == wanted]
        if not found:
            raise Refusal(f"There is no rule “{name[:60]}”.", "`alert rules` lists them.")
        tx.alert_rules.drop(found[0].name)
        settle_alert(tx, AlertKind.FORBIDDEN, found[0].name, why=f"{actor.name} dropped the rule")
        tx.audit.add(
            Word.ALERT_RULE, actor, rule=found[0].name, query=found[0].query, change="dropped"
        )
        tx.commit()
    return found[0]


def rules_of(house: House) -> tuple[tuple[Rule, int], ...]:
    """Each rule, with how many spaces were as it forbids when that was last looked at."""
    with house.store.read() as tx:
        every = tx.alert_rules.all()
        found = {one.subject: one for one in tx.alerts.on((AlertKind.FORBIDDEN,))}
    return tuple((one, found[one.name].things if one.name in found else 0) for one in every)


def look_at_rules(house: House, rules: Sequence[Rule] | None = None) -> int:
    """Looks which spaces are as rules forbid. Says how many rules could be looked at; one that
    can't be read or takes too long leaves its alert as it is."""
    if rules is None:
        with house.store.read() as tx:
            rules = tx.alert_rules.all()
    done = 0
    for rule in rules:
        try:
            with house.store.read() as tx:
                raised = _look(tx, rule)
        except (Refusal, QueryFault) as no:
            log.warning("the rule %s can't be looked at: %s", rule.name, no)
            continue
        with house.store.begin() as tx:
            if raised is not None:
                raise_alert(tx, raised)
            else:
                settle_alert(tx, AlertKind.FORBIDDEN, rule.name, why="no space is like that")
            tx.commit()
        done += 1
    return done


def _look(tx: UnitOfWork, rule: Rule) -> Raised | None:
    keys = pick(
        tx, parse(rule.query), visible_to=None, moments=Moments(now=tx.now), most=MOST_NAMED,
        seconds=SECONDS,
    )  # fmt: skip
    if not keys:
        return None
    spaces = tx.spaces.by_keys(keys[:MOST_NAMED])
    more = (("And", "there are more than these"),) if len(keys) > MOST_NAMED else ()
    return Raised(
        kind=AlertKind.FORBIDDEN, subject=rule.name, what=f"a space is as “{rule.name}” forbids",
        pairs=(("Rule", rule.name), ("Forbids", rule.query), ("Made by", rule.by), *more),
        items=tuple(
            Item(key=f"space/{key}", said=spaces[key].shown_title) for key in keys[:MOST_NAMED]
        ),
        mends=(
            Mend(
                title="Show them", command="search", args={"query": rule.query},
                typed=f"search {rule.query}",
            ),
        ),
        lasts=True,
    )  # fmt: skip
