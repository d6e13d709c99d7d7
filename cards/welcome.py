"""Hello: the one card when somebody first meets us, and the short one whenever they greet again."""

from __future__ import annotations

from cards.kit import Button, Card, card, press, row, text

_WIDTHS = (1, 3)
_HELP = "What I can do"
_WHAT = (
    ("Find", "any space of yours: by title, tag, people, or when it was last used"),
    ("Manage", "who is in a space, what it is tagged, what is written in it"),
    ("Keep", "what has to be kept; what has to go, goes, and its owners are warned first"),
)


def welcome_card(
    *, name: str = "", is_private: bool = True, is_compliance: bool = False, hello: str = "Hello",
    is_english: bool = True,
) -> Card:  # fmt: skip
    """The first hello.

    Args:
        name: whom to greet, 1:1.
        is_private: 1:1, where no mention is needed; else in a space, for all who are in it.
        hello: as they greeted us, in whatever language.
    """
    return card(
        f"{hello} {name}".strip(),
        text("I am Spacekeeper. I look after the spaces of your company."),
        *(row(word, says, widths=_WIDTHS, lead=True) for word, says in _WHAT),
        text("Press a button, or write to me in a few words, such as “my spaces”.")
        if is_private
        else text("Press a button, or mention me and say it in a few words, such as “explain”."),
        *([] if is_english else [text("I speak English; a word or two are enough.", subtle=True)]),
        actions=_first(is_private=is_private, is_compliance=is_compliance),
    )  # fmt: skip


def hello_card(
    *, name: str = "", is_private: bool = True, is_compliance: bool = False, hello: str = "Hello",
    is_english: bool = True,
) -> Card:  # fmt: skip
    """Whenever they greet again. Arguments as for `welcome_card`."""
    return card(
        f"{hello} {name}".strip(),
        text("What can I do for you?"),
        *([] if is_english else [text("I speak English; a word or two are enough.", subtle=True)]),
        actions=_first(is_private=is_private, is_compliance=is_compliance),
    )


def thanks_card() -> Card:
    return card("You are welcome", text("I am here when you need me."), actions=[_help()])


def _first(*, is_private: bool, is_compliance: bool) -> list[Button]:
    """Three things to press: what most people come for first."""
    if not is_private:
        return [press("About this space", "space"), press("Will it go?", "explain"), _help()]
    return [
        press("How all stands", "status") if is_compliance else press("My spaces", "my spaces"),
        press("Not used for 90 days", "search", query="inactive:>90d"),
        _help(),
    ]


def _help() -> Button:
    return press(_HELP, "help")
