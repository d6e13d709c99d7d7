"""What a token may be used for (3.4, 3.5): its scopes narrow the powers of its person.

Every token begins with all of its person's powers; control narrows them. Decides whose role
still counts in a request: an officer's only with the compliance scope of what is asked for, an
admin's only with the admin scope, and without either it is the request of an ordinary person,
which needs ``spark:all`` or the scope of the resource.
"""

from __future__ import annotations

from collections.abc import Iterable

from sandbox import powers
from sandbox.errors import No
from sandbox.world import Row, World

NAMES = {
    "/rooms": "rooms", "/memberships": "memberships", "/messages": "messages",
    "/contents": "messages", "/attachment": "messages", "/team/": "team_memberships",
    "/teams": "teams", "/webhooks": "webhooks", "/events": "events", "/people": "people",
    "/groups": "groups", "/organizations": "organizations",
}  # fmt: skip


def narrow(world: World, person: Row, scopes: Iterable[str] | None) -> None:
    """From now on the tokens of this person have these scopes; None: all."""
    world.db.execute("DELETE FROM scope WHERE person = ?", (person["key"],))
    if scopes is not None:
        world.insert("scope", person=person["key"], names=" ".join(scopes))


def within(world: World, who: Row, method: str, path: str) -> Row:
    """Who asks, with the roles that the token's scopes leave. Raises No."""
    names = world.value("SELECT names FROM scope WHERE person = ?", who["key"])
    resource = next((name for prefix, name in NAMES.items() if path.startswith(prefix)), None)
    if names is None or resource is None:  # which scope classifications need is unverified
        return who
    held, does = set(names.split()), "read" if method == "GET" else "write"
    kept = [
        role
        for role, wanted in (
            (powers.OFFICER, {f"spark-compliance:{resource}_{does}"}),
            (powers.ADMIN, {f"spark-admin:{resource}_{does}", f"identity:{resource}_rw"}
             | ({f"identity:{resource}_read"} if does == "read" else set())),
        )
        if role in who["roles"].split(",") and held & wanted
    ]  # fmt: skip
    if not kept and not held & {"spark:all", f"spark:{resource}_{does}"}:
        raise No(403, "Missing required scopes.")
    narrowed = world.one(
        "SELECT key, uuid, email, name, first, last, org, kind, ? AS roles, login, timezone,"
        " created, last_activity, gone, phones FROM person WHERE key = ?",
        ",".join(kept), who["key"],
    )  # fmt: skip
    return narrowed or who
