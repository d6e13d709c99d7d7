"""One watch: as it was just made, changed, or paused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cards.kit import Button, Card, card, facts, plain, press
from cards.words import count, harmless, moment
from domain.watches import Target, WatchView


def watch_card(
    said: str, view: WatchView, *, zone: str = "UTC", secret: str = "",
    notes: Sequence[str] = (), actions: Sequence[Button] = (),
) -> Card:  # fmt: skip
    """A watch.

    Args:
        said: what was done, one sentence.
        secret: shown this once, to who asked for it.
    """
    watch = view.watch
    return card(
        said,
        facts(*facts_of(view, zone)),
        *(
            [
                plain(f"Secret: {secret}", bold=True),
                plain(
                    "Keep it where your receiver finds it: I don't show it again. I sign each "
                    "request as Standard Webhooks say: HMAC-SHA256 with it over webhook-id, "
                    "webhook-timestamp and the body, in webhook-signature."
                ),
            ]
            if secret
            else []
        ),
        *(
            [
                plain(
                    "It may come more than once, always with the same webhook-id, and not "
                    "always in the order in which it happened. What fails is tried again for "
                    "about a day."
                )
            ]
            if watch.target is Target.ADDRESS
            else []
        ),
        *(plain(note) for note in notes),
        actions=list(actions),
    )


def facts_of(view: WatchView, zone: str) -> Iterator[tuple[str, str]]:
    watch = view.watch
    yield "Watch", str(watch.key)
    yield "Tells of", ", ".join(one.words for one in watch.triggers)
    yield "In", harmless(view.where)
    if view.who:
        yield "Of", harmless(view.who)
    if watch.query:
        yield "Where", harmless(watch.query, 200)
    yield "To", harmless(view.to, 500)
    yield "State", str(watch.state)
    if watch.why:
        yield "Why", harmless(watch.why, 200)
    if watch.dropped:
        yield "Left out", f"{count(watch.dropped, 'event')}, since too much was waiting"
    yield "Made by", harmless(view.maker)
    yield "Since", moment(watch.made_at, zone)


def paused_card(view: WatchView, why: str, *, zone: str = "UTC") -> Card:
    """To the maker: it was paused, and what waits."""
    mine = str(view.watch.key)
    return card(
        f"I paused your watch {mine}",
        plain(f"Why: {harmless(why, 300)}", warns=True),
        facts(*facts_of(view, zone)),
        plain(
            "Nothing is collected for it now. When the receiver is well again, take it up; what "
            "was given up can be told again."
        ),
        actions=[
            press("Take it up", "watch resume", once=True, watch=mine),
            press("Log", "watch log", watch=mine),
            press("End it", "unwatch", once=True, watch=mine),
        ],
    )
