"""Exports of spaces that are to be deleted: made while they are blocked and cool, so that nothing
is written any more, and without one nothing is deleted where the operator named a folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.audit import Word
from domain.endings import Request, RequestState
from domain.people import SYSTEM
from retention.exporting import each_export
from spaces.exporting import export_space
from spaces.spec import House


def export_requests(house: House, *, stop: Callable[[], bool]) -> Mapping[str, object]:
    """Exports what waits for it. One that can't be exported is tried again by the next run.

    Raises:
        Stopped: the process ends; the export goes on where it was.
    """
    if house.exports is None:
        return {"counts": {}}
    with house.store.read() as tx:
        waiting = [one for one in tx.deletions.open(RequestState.COOLING) if not one.export]
    return each_export(waiting, lambda request: _export(house, request, stop))


def _export(house: House, request: Request, stop: Callable[[], bool]) -> None:
    with house.store.read() as tx:
        space = tx.spaces.by_key(request.space)
    # The moment belongs to the name: an older database would give the key away again, and what
    # lies there from before must not pass for this one's.
    asked = request.asked_at or request.shown_at
    name = f"deletion-{request.key}-{asked:%Y%m%dT%H%M%S}"
    made = export_space(house, space, name=name, stop=stop)
    with house.store.begin() as tx:
        tx.deletions.exported(request, str(made.folder))
        tx.audit.add(
            Word.SPACE_EXPORT, SYSTEM, space=space.key, request=request.key,
            folder=made.folder.name, messages=made.messages, files=made.files,
            left_out=made.files_left_out, manifest=made.sha256,
        )  # fmt: skip
        tx.commit()
