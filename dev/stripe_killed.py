"""Workers that die while Stripe tells of a payment: it is booked once nonetheless.

A worker is killed, as by ``kill -9``, at each of the named points of the webhook, and
after the commit. Stripe delivers again what was not answered.
"""

from __future__ import annotations

import ast
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from . import database, odoo_log, stripe_driven
from .odoo_log import Record
from .results import FAILED, Result
from .settings import LOGS, ROOT
from .stripe_driven import Driven

NAME = "stripe_killed"
_POINTS = ROOT / "tests" / "online_payment_common.py"
_KILLER = ROOT / "dev" / "addons"
_LOAD = "--load=base,rpc,web,client_hub_killer"
_BATCH = 100
_BOOKED = """
SELECT (SELECT count(*) FROM account_payment WHERE payment_transaction_id = tx.id),
       (SELECT count(*) FROM client_hub_stripe_event WHERE transaction_id = tx.id),
       tx.state
  FROM payment_transaction tx WHERE tx.id = {number}
"""
_NOTHING, _ALL = ["0", "0", "draft"], ["1", "1", "done"]


@dataclass(frozen=True)
class Point:
    """Where the worker dies.

    :param words: what the file of the killer holds
    :param late: the payment is booked by then
    """

    title: str
    words: str
    late: bool = False


def points() -> list[Point]:
    """Return the named points of the webhook, and the one after its commit."""
    named = [
        Point(title, f"method {model} {method}") for title, model, method in _constant()
    ]
    return [*named, Point("after the commit", "commit", late=True)]


def _constant() -> list[tuple[str, str, str]]:
    for node in ast.parse(_POINTS.read_text()).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "KILL_POINTS":
            return ast.literal_eval(node.value)
    raise ValueError(f"{_POINTS} has no KILL_POINTS")


def run(template: str) -> tuple[list[Result], list[Record]]:
    """Kill a worker at each named point, in a copy of the database ``template``."""
    return _run(template, NAME, lambda odoo, killer: killer.at_points(odoo, points()))


def run_statements(template: str) -> tuple[list[Result], list[Record]]:
    """Kill a worker after each SQL statement of the webhook."""
    name = f"{NAME}_statements"
    return _run(template, name, lambda odoo, killer: killer.at_statements(odoo))


def _run(
    template: str, name: str, check: Callable[[Driven, Killer], Iterator[Result]]
) -> tuple[list[Result], list[Record]]:
    log = LOGS / f"{name}.log"
    log.unlink(missing_ok=True)
    database_name = f"{database.PREFIX}_test_{name}"
    with stripe_driven.driven(template, database_name, log, (_KILLER,)) as odoo:
        results = list(check(odoo, Killer(log.with_suffix(".point"))))
    return results, odoo_log.records(log.read_text(errors="replace"))


class Killer:
    """Has workers die.

    :param file: tells the add-on in ``dev/addons`` where
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        file.unlink(missing_ok=True)

    def at_points(self, odoo: Driven, wanted: list[Point]) -> Iterator[Result]:
        """Yield a result per point, and one for what the books say in the end."""
        sessions = self._prepare(odoo, len(wanted))
        with self._served(odoo):
            for point, (session, number) in zip(wanted, sessions.items(), strict=True):
                begin = time.monotonic()
                wrong = self._kill(odoo, point, session, number)
                yield _result(f"killed {point.title}", wrong, begin)
        yield _books(odoo, sessions.values())

    def at_statements(self, odoo: Driven) -> Iterator[Result]:
        """Yield one result for all statements; the count is in its title."""
        begin, wrong, statement = time.monotonic(), [], 0
        used: list[int] = []
        while not wrong:
            sessions = self._prepare(odoo, _BATCH)
            with self._served(odoo):
                for session, number in sessions.items():
                    statement += 1
                    used.append(number)
                    point = Point(f"statement {statement}", f"statement {statement}")
                    found = self._kill(odoo, point, session, number, anywhere=True)
                    if found == _NEVER:
                        break
                    wrong += [f"{point.title}: {found}"] if found else []
                else:
                    continue
            break
        title = f"killed after each of {statement - 1} statements"
        yield _result(title, "\n".join(wrong), begin)
        yield _books(odoo, used)

    def _prepare(self, odoo: Driven, count: int) -> dict[str, int]:
        sessions = odoo.prepare(count)
        for session in sessions:
            odoo.play.pay(session)
        return sessions

    def _served(self, odoo: Driven) -> object:
        return odoo.served(_LOAD, workers=2, CLIENT_HUB_KILL_FILE=os.fspath(self._file))

    def _kill(
        self,
        odoo: Driven,
        point: Point,
        session: str,
        number: int,
        anywhere: bool = False,
    ) -> str:
        """Deliver, die, look, and deliver again; return what is wrong."""
        paid = odoo.play.get(f"checkout/sessions/{session}")["payment_intent"]
        [event] = [
            one["id"]
            for one in odoo.play.events("payment_intent.succeeded")
            if one["data"]["object"]["id"] == paid
        ]
        self._file.write_text(point.words)
        [answer] = odoo.play.deliver([{"event": event}])
        if self._file.exists():
            self._file.unlink()
            return _NEVER
        if answer["status"]:
            return f"The killed worker answered {answer['status']}."
        wrong = _look(odoo, number, point.late, anywhere)
        again = odoo.play.deliver([{"event": event}])
        if [one["status"] for one in again] != [200]:
            wrong += f" The second delivery was answered {again}."
        return wrong + _look(odoo, number, True, False)


_NEVER = "The worker never came to this point."


def _look(odoo: Driven, number: int, booked: bool, anywhere: bool) -> str:
    """Return what is wrong with what other connections see."""
    [found] = database.query(odoo.server.database, _BOOKED.format(number=number))
    allowed = [_NOTHING, _ALL] if anywhere else [_ALL if booked else _NOTHING]
    return "" if found in allowed else f"payments, events, state: {found}"


def _books(odoo: Driven, numbers: Iterable[int]) -> Result:
    begin = time.monotonic()
    books = odoo.report(list(numbers))
    books.pop("")
    wrong = [
        f"{number}: {found}"
        for number, found in books.items()
        if found["payments"] != [["paid", "inbound", found["amount"]]]
        or found["residual"]
        or found["problem"]
    ]
    return _result("each is paid once", "\n".join(wrong), begin)


def _result(title: str, wrong: str, begin: float) -> Result:
    status = {"status": FAILED, "detail": wrong} if wrong else {}
    seconds = time.monotonic() - begin
    return Result(f"{NAME}: {title}", seconds=seconds, **status)
