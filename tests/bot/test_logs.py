"""Nothing secret comes into a log, whoever writes it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from bot.logs import HIDDEN, SECRETS, set_up


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, as it was afterwards."""
    logger = logging.getLogger()
    handlers, level = logger.handlers[:], logger.level
    yield logger
    logger.handlers[:], logger.level = handlers, level


def written(*, as_json: bool = False, hide: tuple[str, ...] = ()) -> io.StringIO:
    stream = io.StringIO()
    set_up(level="INFO", as_json=as_json, hide=hide, stream=stream)
    return stream


@pytest.mark.parametrize("as_json", [False, True])
def test_a_known_secret_is_hidden_wherever_it_stands(root: logging.Logger, as_json: bool) -> None:
    stream = written(as_json=as_json, hide=("s3cret-of-the-settings",))
    SECRETS.add("renewed-later-on")
    logging.getLogger("somebody").info("with %s", "s3cret-of-the-settings")
    try:
        raise ValueError("renewed-later-on")
    except ValueError:
        logging.getLogger("somebody").exception("it broke")
    said = stream.getvalue()
    assert said.count(HIDDEN) >= 2
    assert "s3cret" not in said
    assert "renewed" not in said


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer NmI3ZjEyMzQ1Njc4_PF84_1eb65fdf",
        '{"access_token":"NmI3ZjEyMzQ1Njc4_PF84_1eb65fdf"}',
        "refresh_token=NmI3ZjEyMzQ1Njc4_PF84_1eb65fdf&grant_type=x",
        "postgresql://space:NmI3ZjEyMzQ1Njc4_PF84_1eb65fdf@db/space",
    ],
)
def test_what_looks_like_a_secret_is_hidden(root: logging.Logger, text: str) -> None:
    stream = written()
    logging.getLogger("library").warning(text)
    assert HIDDEN in stream.getvalue()
    assert "NmI3ZjEyMzQ1Njc4" not in stream.getvalue()


def test_a_line_is_one_json_object(root: logging.Logger) -> None:
    stream = written(as_json=True)
    logging.getLogger("bot.tasks").info("nightly@%s: %s", "2026", "done")
    said = json.loads(stream.getvalue())
    assert (said["event"], said["level"], said["logger"]) == (
        "nightly@2026: done", "info", "bot.tasks"
    )  # fmt: skip


def test_the_libraries_are_quiet_and_the_level_holds(root: logging.Logger) -> None:
    stream = written()
    logging.getLogger("apscheduler.scheduler").info("Added job")
    logging.getLogger("bot").debug("too much")
    logging.getLogger("bot").info("enough")
    assert "Added job" not in stream.getvalue()
    assert "too much" not in stream.getvalue()
    assert "enough" in stream.getvalue()
