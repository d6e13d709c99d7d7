"""What holds for each command, asked of all of them; a new file in the folder is asked, too."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import commands
from bot.matching import divide, match, near_misses, words_of
from cards.form import form_card
from cards.search_form import search_form_card
from commands.registry import load
from commands.spec import Command
from domain.fields import FieldKind
from domain.people import Role
from tests.cards.checks import parts
from tests.chats import Chat
from tests.commands.companies import learn, make_space
from tests.commands.matrix import ROWS

REGISTRY = load()
EVERY = sorted({one.path: one for one in REGISTRY.values()}.values(), key=lambda one: one.path)
FOLDER = Path(str(commands.__file__)).parent


def name(one: Command) -> str:
    return one.path


def declares(path: Path) -> list[str]:
    """The paths of the commands that a file declares, in words or by a name of the file's."""
    tree = ast.parse(path.read_text("utf-8"))
    names = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    said = [
        call.args[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for call in node.decorator_list
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "command"
    ]
    return [
        str(ast.literal_eval(names[one.id] if isinstance(one, ast.Name) else one)) for one in said
    ]


def test_one_file_declares_one_command_and_none_is_left_out() -> None:
    found = {path.stem: declares(path) for path in FOLDER.glob("*.py")}
    assert all(len(paths) <= 1 for paths in found.values())
    declared = {paths[0] for paths in found.values() if paths}
    assert declared == {one.path for one in EVERY}
    for stem, paths in found.items():
        if paths:
            assert stem == paths[0].replace(" ", "_"), "a file is called as its command"


@pytest.mark.parametrize("one", EVERY, ids=name)
def test_it_tells_what_it_does_in_a_sentence(one: Command) -> None:
    assert one.help[0].isupper()
    assert one.help.endswith(".")
    assert one.group
    assert one.permission.role in Role


@pytest.mark.parametrize("one", EVERY, ids=name)
def test_its_words_are_its_own_and_lead_to_it(one: Command) -> None:
    for words in (one.path, *one.aliases):
        assert words == " ".join(words.casefold().split())
        found = match(REGISTRY, words_of(words))
        assert found is not None
        assert found.command is one


@pytest.mark.parametrize("one", EVERY, ids=name)
def test_each_example_is_its_own_and_every_word_of_it_belongs_to_an_argument(one: Command) -> None:
    for example in one.examples:
        found = match(REGISTRY, words_of(example))
        assert found is not None, example
        assert found.command is one, example
        given = divide([a for a in one.arguments if a.is_typed], found.words)
        assert "" not in given, f"{example}: nobody takes {given['']}"
        needed = {a.field.name for a in one.arguments if a.field.required}
        assert needed <= set(given), f"{example}: it lacks {needed - set(given)}"


@pytest.mark.parametrize("one", EVERY, ids=name)
def test_its_arguments_describe_themselves(one: Command) -> None:
    names = [a.field.name for a in one.arguments]
    assert len(names) == len(set(names))
    assert "nonce" not in names
    for argument in one.arguments:
        asked = argument.field
        assert asked.label
        assert argument.is_typed or not asked.required, "what must be said can be typed"
        assert asked.kind not in (FieldKind.CHOICE, FieldKind.CHOICES) or asked.choices
        for marker in argument.marker:
            assert marker == " ".join(marker.casefold().split())


@pytest.mark.parametrize("one", EVERY, ids=name)
def test_its_form_can_be_drawn_and_sends_only_its_arguments(one: Command) -> None:
    asked = [a.field for a in one.arguments if a.is_asked]
    drawn = (
        search_form_card(asked) if one.path == "search" else form_card(one.path, one.path, asked)
    )
    names = {field.name for field in asked}
    assert all(set(press.inputs) == names for press in drawn.presses)
    made = drawn.render({press: f"n{place}" for place, press in enumerate(drawn.presses)})
    inputs = {
        str(p["id"])
        for p in parts(made)
        if str(p.get("type", "")).startswith("Input.") and "id" in p
    }
    assert inputs == names
    for field in asked:
        assert field.label in drawn.text


@pytest.mark.parametrize("one", EVERY, ids=name)
def test_a_slip_of_the_pen_leads_to_it(one: Command) -> None:
    slip = one.path[0] + one.path[2] + one.path[1] + one.path[3:]
    paths = [p for p, other in REGISTRY.items() if other.path == p]
    if slip not in REGISTRY:
        assert one.path in near_misses(paths, words_of(slip))


@pytest.mark.parametrize("one", EVERY, ids=name)
def test_somebody_says_it_in_a_test(one: Command) -> None:
    """In a conversation of its own, besides what is asked of all here."""
    tests = FOLDER.parent / "tests"
    said = tuple(f"{quote}{one.path}" for quote in "'\"")
    mine = Path(__file__).name
    texts = (p.read_text("utf-8") for p in tests.rglob("test_*.py") if p.name != mine)
    assert any(word in text for text in texts for word in said)


@pytest.mark.parametrize("one", EVERY, ids=name)
def test_who_may_say_it_stands_in_the_matrix(one: Command) -> None:
    assert one.path in ROWS, (
        f"“{one.path}” has no row in tests/commands/matrix.py. Who of the nine kinds of actor may "
        f'say it? Add one line, such as: "{one.path}": row(MANAGES),'
    )


OFFICERS = ("ana", "dora", *(f"officer{n}" for n in range(14)))
"""So many that none of them asks for too much at once; and none whom the examples write to."""


@pytest.fixture
def bot_settings() -> dict[str, str]:
    return {"COMPLIANCE": " ".join(f"{name}@example.com" for name in OFFICERS)}


def appoint(chat: Chat) -> None:
    for officer in OFFICERS[2:]:  # the others are there from the start
        chat.control.person(f"{officer}@example.com")


def test_each_answers_with_words_and_a_card_and_never_with_a_fault_of_ours(chat: Chat) -> None:
    """Said bare, and by each of its examples."""
    appoint(chat)
    learn(chat, make_space(chat, "Q3 plans", members=("ben", "cleo"), tags="finance pii"))
    for place, one in enumerate(EVERY):
        officer = chat.as_(OFFICERS[place % len(OFFICERS)])
        for said in (one.path, *one.examples):
            told = officer.asks(said)
            assert told.text.strip(), f"{said}: no words"
            assert "broke on my side" not in told.text, f"{said}: a fault of ours"
            assert told.card["body"], f"{said}: no card"


NOTED = {"command:refused", "message:read"}
"""What goes to the record all the same: who tried, and who read what others said."""


def test_what_only_reads_leaves_no_trace(chat: Chat) -> None:
    """Its buttons may be pressed again and again, so it had better."""
    appoint(chat)
    learn(chat, make_space(chat, "Q3 plans", members=("ben", "cleo"), tags="finance pii"))
    store = chat.process.house.store
    with store.read() as tx:
        before = tx.audit.verify().length
    for place, one in enumerate(one for one in EVERY if one.only_reads):
        for said in one.examples:
            chat.as_(OFFICERS[place % len(OFFICERS)]).says(said)
    with store.read() as tx:
        written = [record for record in tx.audit.since(before) if record.word not in NOTED]
    assert written == []
    assert chat.control.effects("membership.updated") == []
    assert all(e["object"]["type"] == "direct" for e in chat.control.effects("room.created"))
