"""The door of DBOS: a firing becomes a durable task, done once and through a crash.

A task's id is the run's (job and due time), so it does not matter who fires it, or how often.
Its one step carries the firing out (`bot/firing.py`); a process that dies leaves the task
pending. Nothing in DBOS takes over what another process left, so each process holds a slot
by a lease that it renews, and one of them, the leader, resumes what belongs to slots that
nobody holds.

Kept behind this door: one DBOS a Python process (a second house on the same database joins
it); it pickles unless told otherwise, so everything is JSON and pickles are refused; it talks
on its own console handler; and it waits a second for nothing when it ends. It is imported
when it is first needed, since that takes half a second.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from bot.firing import Ran, carry_out, run_id
from bot.liveness import BEAT, SPAN, live_slots, take_slot
from domain.errors import Fault
from jobs.registry import load
from jobs.spec import Job
from spaces.effects.leasing import take_over, who
from spaces.spec import House
from storage.engine import tasks_url

log = logging.getLogger(__name__)

Worker = Callable[[int, threading.Event], None]
"""Carries on one long work until it is through; leaves off by `Stopped` when the event is set."""
VERSION = "1"
"""Of the shape of our one task; only processes of the same version take up each other's."""
LEADER = "tasks/leader"
KEPT = timedelta(days=7)
"""How long DBOS keeps ended tasks; for ever after, the run's own row says that it was."""
TIDY_EVERY = 3600.0


@dataclass(slots=True)
class _Engine:
    """The one DBOS of this Python process, and the houses that use it."""

    url: str
    slot: str
    users: list[Tasks]

    def worker(self) -> Tasks:
        return next((one for one in self.users if one._worker is not None), self.users[0])


_lock = threading.Lock()
_engine: _Engine | None = None
_task: Any = None
_work: Any = None


class Tasks:
    """Fires jobs durably. `stop` leaves what is in hand to whoever comes next.

    Args:
        database_url: the product's database; tasks are kept beside it.
        worker: carries on the long works of people; None leaves them to other processes.
        stopping: set when the process is to end; jobs look at it.
    """

    def __init__(
        self, house: House, jobs: Mapping[str, Job] | None = None, *, database_url: str,
        stopping: threading.Event | None = None, worker: Worker | None = None,
    ) -> None:  # fmt: skip
        self.house = house
        self._worker = worker
        self.jobs = load() if jobs is None else jobs
        self.stopping = stopping or threading.Event()
        self._url = tasks_url(database_url)
        self._started = threading.Event()
        self._ended = threading.Event()
        self._in_hand: set[str] = set()
        self._beat = threading.Thread(target=self._watch, name="tasks", daemon=True)
        self._tidied = time.monotonic()

    def start(self) -> None:
        """Takes up what an earlier process left, and is ready to fire.

        Raises:
            Fault: this Python process has tasks on another database already.
        """
        _join(self)
        self._started.set()
        self._beat.start()

    def stop(self, *, patience: float = 20) -> bool:
        """Ends; False when a job would not leave off in time (the process had better exit)."""
        self.stopping.set()
        self._ended.set()
        if not self._started.is_set():
            return True
        until = time.monotonic() + patience
        while self._in_hand and time.monotonic() < until:
            time.sleep(0.02)
        self._beat.join(10)
        self._started.clear()
        is_clean = not self._in_hand
        _leave(self)
        return is_clean

    def fire(self, name: str, due_at: datetime) -> Callable[[], Ran]:
        """Has the job run once for that due time, here or where it is already; returns at
        once, and what it gives waits for what comes of it."""
        if not self._started.wait(30):
            raise Fault("the tasks are not running")
        from dbos import DBOS, SetWorkflowID

        self._job(name)
        with SetWorkflowID(run_id(name, due_at)):
            handle = DBOS.start_workflow(_task, name, due_at.astimezone(UTC).isoformat())
        return lambda: Ran(**handle.get_result(polling_interval_sec=0.2))

    def take_on(self, work: int) -> None:
        """Has a long work that was written down carried on, here or where it is already. Not
        yet started, it leaves it to the next round."""
        if self._worker is None or not self._started.is_set():
            return
        from dbos import DBOS, SetWorkflowID

        with SetWorkflowID(f"work/{work}"):
            DBOS.start_workflow(_work, work)

    def carry_on(self, work: int) -> None:
        """The one step of a long work's task."""
        if self._worker is None:
            raise Fault("this process carries on no works")
        self._in_hand.add(f"work/{work}")
        try:
            self._worker(work, self.stopping)
        finally:
            self._in_hand.discard(f"work/{work}")

    def carry_out(self, name: str, due_at: datetime) -> Ran:
        """The task's one step."""
        id = run_id(name, due_at)
        self._in_hand.add(id)
        try:
            return carry_out(self.house, self._job(name), due_at, stopping=self.stopping)
        finally:
            self._in_hand.discard(id)

    def _job(self, name: str) -> Job:
        try:
            return self.jobs[name]
        except KeyError:
            raise Fault(f"there is no job named {name!r}") from None

    # -- several processes ------------------------------------------------------------------

    def _watch(self) -> None:
        while not self._ended.is_set():
            try:
                self._round()
            except Exception as no:  # the database is away; the next beat tries again
                log.warning("the tasks could not be looked after: %s", type(no).__name__)
            self._ended.wait(BEAT)

    def _round(self) -> None:
        engine = _engine
        if engine is None or engine.users[0] is not self:
            return
        with self.house.store.begin() as tx:
            tx.leases.take(engine.slot, who(), span=SPAN)
            is_leader = take_over(tx, LEADER, who(), span=SPAN)
            live = live_slots(tx)
            works = tx.works.open()
            tx.commit()
        if is_leader:
            self._take_over(live)
            for one in works:  # those whose process died before it handed them on
                self.take_on(one.id)
            if time.monotonic() - self._tidied > TIDY_EVERY:
                self._tidied = time.monotonic()
                _forget_old()

    def _take_over(self, live: set[str]) -> None:
        from dbos import DBOS

        pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        left = [one.workflow_id for one in pending if one.executor_id not in live]
        if left:
            log.info("taking over from a dead process: %s", ", ".join(left))
            DBOS.resume_workflows(left)


class HasTasks(Protocol):
    @property
    def tasks(self) -> Tasks: ...


def run_job(
    what: House | HasTasks, name: str, due_at: datetime | None = None, is_dry: bool = False
) -> Ran:
    """Runs a job now and waits for what comes of it: durably on a running process, else here.

    Args:
        due_at: which firing it is; left out, one of its own. A firing that was is only told.
        is_dry: show what would be done and change nothing, the run's row included.
    """
    house = what if isinstance(what, House) else what.tasks.house
    due_at = due_at or house.clock.now()
    if is_dry or isinstance(what, House):
        job = load().get(name)
        if job is None:
            raise Fault(f"there is no job named {name!r}")
        return carry_out(house, job, due_at, is_dry=is_dry)
    return what.tasks.fire(name, due_at)()


def migrate(database_url: str) -> None:
    """Makes or updates the tables of the tasks; for ``release``."""
    from dbos import DBOS

    _quiet()
    url = tasks_url(database_url)
    if url.startswith("postgresql"):
        DBOS.migrate(url)


def _join(tasks: Tasks) -> None:
    global _engine
    with _lock:
        if _engine is not None:
            if _engine.url != tasks._url:
                raise Fault("one Python process has its tasks on one database")
            _engine.users.append(tasks)
            return
        slot = take_slot(tasks.house.store)
        try:
            _launch(tasks._url, slot)
        except BaseException:
            _give_up(tasks, slot)
            raise
        _engine = _Engine(url=tasks._url, slot=slot, users=[tasks])


def _leave(tasks: Tasks) -> None:
    global _engine
    with _lock:
        engine = _engine
        if engine is None:
            return
        engine.users.remove(tasks)
        if engine.users:
            return
        _engine = None
        _give_up(tasks, engine.slot)


def _give_up(tasks: Tasks, slot: str) -> None:
    from dbos import DBOS

    DBOS.destroy(workflow_completion_timeout_sec=0)
    with tasks.house.store.begin() as tx:
        tx.leases.give_back(slot, who())
        tx.leases.give_back(LEADER, who())
        tx.commit()


def _launch(url: str, slot: str) -> None:
    global _task, _work
    from dbos import DBOS, WorkflowSerializationFormat

    _quiet()
    DBOS(
        config={
            "name": "spacekeeper", "system_database_url": url, "executor_id": slot,
            "application_version": VERSION, "serializer": _json_only(), "enable_otlp": False,
            "log_level": "WARNING", "sys_db_pool_size": 5, "use_listen_notify": False,
            "max_executor_threads": 16, "scheduler_polling_interval_sec": 3600.0,
            "notification_listener_polling_interval_sec": 0.2,
        }
    )  # fmt: skip
    if _task is None:
        _task = DBOS.workflow(
            name="spacekeeper.fire", serialization_type=WorkflowSerializationFormat.PORTABLE
        )(_fire)
        _work = DBOS.workflow(
            name="spacekeeper.work", serialization_type=WorkflowSerializationFormat.PORTABLE
        )(_take_on)
    DBOS.launch()


def _fire(name: str, due: str) -> dict[str, Any]:
    from dbos import DBOS

    return DBOS.run_step({"name": "carry out"}, _carry_out, name, due)


def _carry_out(name: str, due: str) -> dict[str, Any]:
    ran = _launched().users[0].carry_out(name, datetime.fromisoformat(due))
    return {"run": ran.run, "outcome": str(ran.outcome), "summary": dict(ran.summary)}


def _take_on(work: int) -> None:
    from dbos import DBOS

    DBOS.run_step({"name": "carry on"}, _carry_on, work)


def _carry_on(work: int) -> None:
    """Whoever of this Python process's houses carries works on."""
    _launched().worker().carry_on(work)


def _launched() -> _Engine:
    while (engine := _engine) is None:  # taken up again while `_launch` is not through yet
        time.sleep(0.01)
    return engine


def _forget_old() -> None:
    from dbos import DBOS

    before = (datetime.now(UTC) - KEPT).isoformat()
    old = DBOS.list_workflows(
        status=["SUCCESS", "ERROR"], completed_before=before, limit=5000,
        load_input=False, load_output=False,
    )  # fmt: skip
    DBOS.delete_workflows([one.workflow_id for one in old])


def _quiet() -> None:
    """Its words go where ours go. With a handler of its own it would not make another."""
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    logger.setLevel(logging.WARNING)


def _json_only() -> Any:
    """What is kept is JSON; and a row that claims to be a pickle is refused, since whoever
    can write to the database must not be able to run code here."""
    from dbos import _serialization as theirs

    def refuse(self: Any, serialized_data: str) -> Any:
        raise Fault("a pickle among the tasks is never read")

    theirs.DefaultSerializer.deserialize = refuse  # type: ignore[method-assign,assignment]
    return theirs.DBOSPortableJSONSerializer()
