"""Working hours: when so many have passed, and how many lie between two times.

A calendar is what Odoo's ``resource`` module calls one, with ``plan_hours`` and
``get_work_hours_count``; holidays of the whole company do not count. Without a calendar
every hour counts. Times are naive and in UTC, as in the database; the calendar knows
its time zone, and when clocks change.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

_UTC = timezone.utc


def plan_hours(calendar: Any, start: datetime, hours: float) -> datetime | None:
    """Return when ``hours`` of work from ``start`` have passed.

    :return: None if the calendar has not so many in the next years
    """
    if not calendar:
        return start + timedelta(hours=hours)
    aware = start.replace(tzinfo=_UTC)
    end = calendar.plan_hours(hours, aware, compute_leaves=True)
    return end.astimezone(_UTC).replace(tzinfo=None) if end else None


def hours_between(calendar: Any, start: datetime, end: datetime | None) -> float:
    """Return the hours of work from ``start`` to ``end``; 0 if it is not later."""
    if not end or end <= start:
        return 0.0
    if not calendar:
        return (end - start).total_seconds() / 3600
    aware = start.replace(tzinfo=_UTC), end.replace(tzinfo=_UTC)
    return calendar.get_work_hours_count(*aware)
