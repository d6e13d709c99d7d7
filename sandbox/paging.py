"""Pages as Webex gives them: a clipped `max`, an opaque cursor, and a Link to the next (2)."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from sandbox.call import Call
from sandbox.errors import No
from sandbox.shapes import Shape
from sandbox.world import Row

SMALL = 5


def size(call: Call, *, default: int = 100, ceiling: int = 1000) -> int:
    """The page's size. What is above the ceiling is clipped in silence (BAS)."""
    text = call.query.get("max")
    if call.world.switches["small_pages"]:
        default = ceiling = SMALL
    if text is None:
        return default
    if not text.isdigit() or int(text) < 1:
        raise No(400, "Invalid max value.")
    return min(int(text), ceiling)


def cursor(call: Call) -> int:
    """The key after which the page begins."""
    return (position(call, 1) or (0,))[0]


def position(call: Call, parts: int) -> tuple[int, ...] | None:
    """Where the page before ended, in the numbers that the list is sorted by."""
    text = call.query.get("cursor")
    if text is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
        found = tuple(int(part) for part in raw.split(","))
    except ValueError:
        raise No(400, "Invalid cursor.") from None
    if len(found) != parts or any(abs(part) >= 2**63 for part in found):
        raise No(400, "Invalid cursor.")
    return found


def page(
    call: Call, rows: Sequence[Row], length: int, key: str, shape: Callable[[Row], Shape | None]
) -> dict[str, list[Shape]]:
    """`rows` holds one more than the page when there is a next one. A shape of None is left
    out after paging, which is how an empty page with a next one comes about (1.2)."""
    if len(rows) > length:
        link(call, cursor=opaque(rows[length - 1][key]))
    shown = (shape(row) for row in rows[:length])
    return {"items": [one for one in shown if one is not None]}


def link(call: Call, **values: str) -> None:
    query = {**call.query, **values}
    call.link = f"{call.rest}{call.path.lstrip('/')}?{urlencode(query)}"


def opaque(*keys: int) -> str:
    text = ",".join(str(key) for key in keys)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
