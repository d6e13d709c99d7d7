from __future__ import annotations

from cards.done import done_card
from cards.kit import press
from cards.words import quoted
from commands.arguments import Text
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from retention.alert_rules import drop_rule


@command(
    "alert rule drop",
    args=[Text(name="rule", label="Rule", longest=100, hint="its name")],
    allow=COMPLIANCE, group="Policies", aliases=["drop alert rule"],
    help="Take back a rule; its alert closes.", example="alert rule drop finance",
)  # fmt: skip
def drop(context: Context, rule: str) -> Reply:
    gone = drop_rule(context.house, context.actor, rule)
    return Reply(
        card=done_card(
            f"The rule “{gone.name}” holds no more.", ("It forbade", gone.query),
            undo=press(
                "Undo", "alert rule", once=True, given={"rule": gone.name, "query": gone.query},
                typed=f"alert rule {quoted(gone.name)} when {gone.query}",
            ),
        )
    )  # fmt: skip
