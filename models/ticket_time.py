from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, Query

from ..tools.ticket_time import hours_between, plan_hours
from .ticket import STAFF

# The clock stands while the client is to answer, and when all is done.
STOPPED = ("waiting", "closed")
# What is averaged, and what is empty as long as it has not happened.
_HAPPENED = {
    "response_hours": "first_response_at",
    "resolution_hours": "closed_at",
    "rating": "rating",
}


class ClientHubTicket(models.Model):
    """How long staff may take, and took, in working hours.

    The clock runs while it is staff's turn. What the client takes to answer, and the
    time until a closed ticket is taken up again, move the deadlines.
    """

    _inherit = "client.hub.ticket"

    opened_at = fields.Datetime(
        string="Opened On",
        required=True,
        default=lambda self: fields.Datetime.now(),
        readonly=True,
        copy=False,
        groups=STAFF,
    )
    clock_stopped_at = fields.Datetime(
        readonly=True,
        copy=False,
        groups=STAFF,
        help="Since when it is not staff's turn.",
    )
    paused_hours = fields.Float(
        readonly=True,
        copy=False,
        groups=STAFF,
        help="Working hours during which it was not staff's turn.",
    )
    first_response_at = fields.Datetime(
        string="First Answer",
        readonly=True,
        copy=False,
        groups=STAFF,
        help="When staff first wrote to the client.",
    )
    response_deadline = fields.Datetime(
        string="Answer Until",
        compute="_compute_deadlines",
        store=True,
        groups=STAFF,
    )
    resolution_deadline = fields.Datetime(
        string="Solve Until",
        compute="_compute_deadlines",
        store=True,
        groups=STAFF,
    )
    next_deadline = fields.Datetime(
        compute="_compute_next_deadline",
        store=True,
        groups=STAFF,
        help="What comes first of answering and solving; empty while the client is to"
        " answer, and once closed.",
    )
    is_late = fields.Boolean(
        compute="_compute_is_late",
        search="_search_is_late",
        groups=STAFF,
        help="It is staff's turn, and the deadline has passed.",
    )
    response_hours = fields.Float(
        string="Hours to First Answer",
        compute="_compute_response_hours",
        store=True,
        aggregator="avg",
        groups=STAFF,
        help="Working hours from opening the ticket to the first answer.",
    )
    resolution_hours = fields.Float(
        string="Hours to Solution",
        compute="_compute_resolution_hours",
        store=True,
        aggregator="avg",
        groups=STAFF,
        help="Working hours from opening the ticket to closing it, without those"
        " during which the client was to answer.",
    )
    response_missed = fields.Boolean(
        string="Answered Late",
        compute="_compute_missed",
        store=True,
        groups=STAFF,
    )
    resolution_missed = fields.Boolean(
        string="Solved Late",
        compute="_compute_missed",
        store=True,
        groups=STAFF,
    )

    _next_deadline_idx = models.Index(
        "(next_deadline, id) WHERE next_deadline IS NOT NULL"
    )

    # ------------------------------------------------------------------ figures

    @api.depends("priority", "company_id", "opened_at", "paused_hours")
    def _compute_deadlines(self) -> None:
        targets = self.env["client.hub.ticket.target"]._get_by_priority(self.company_id)
        for ticket in self:
            target = targets.get((ticket.company_id.id, ticket.priority))
            for name in ("response", "resolution"):
                hours = target and target[f"{name}_hours"]
                until = hours and ticket._plan(hours + ticket.paused_hours)
                ticket[f"{name}_deadline"] = until

    @api.depends(
        "state", "first_response_at", "response_deadline", "resolution_deadline"
    )
    def _compute_next_deadline(self) -> None:
        for ticket in self:
            asked = [ticket.resolution_deadline]
            asked += [] if ticket.first_response_at else [ticket.response_deadline]
            open_until = min(filter(None, asked), default=False)
            ticket.next_deadline = ticket.state not in STOPPED and open_until

    @api.depends("next_deadline")
    def _compute_is_late(self) -> None:
        now = fields.Datetime.now()
        for ticket in self:
            ticket.is_late = bool(ticket.next_deadline and ticket.next_deadline < now)

    @api.model
    def _search_is_late(self, operator: str, value: Iterable[bool]) -> Domain:
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return Domain("next_deadline", "<", fields.Datetime.now())

    @api.depends("opened_at", "first_response_at")
    def _compute_response_hours(self) -> None:
        for ticket in self:
            ticket.response_hours = ticket._count(ticket.first_response_at)

    @api.depends("opened_at", "closed_at", "paused_hours")
    def _compute_resolution_hours(self) -> None:
        for ticket in self:
            hours = ticket._count(ticket.closed_at) - ticket.paused_hours
            ticket.resolution_hours = max(0.0, hours)

    @api.depends(
        "first_response_at", "closed_at", "response_deadline", "resolution_deadline"
    )
    def _compute_missed(self) -> None:
        for ticket in self:
            ticket.response_missed = _is_after(
                ticket.first_response_at, ticket.response_deadline
            )
            ticket.resolution_missed = _is_after(
                ticket.closed_at, ticket.resolution_deadline
            )

    @api.model
    def _read_group_select(self, aggregate_spec: str, query: Query) -> SQL:
        """EXTENDS base: an average is over what has happened, not over what is open."""
        checked = super()._read_group_select(aggregate_spec, query)
        name, _colon, function = aggregate_spec.partition(":")
        if function != "avg" or name not in _HAPPENED:
            return checked
        value = self._field_to_sql(self._table, name, query)
        happened = self._field_to_sql(self._table, _HAPPENED[name], query)
        # Not yet rated is 0.
        return SQL(
            "AVG(%s) FILTER (WHERE %s IS NOT NULL AND %s::text <> '0')",
            value,
            happened,
            happened,
        )

    # ------------------------------------------------------------------ clock

    def write(self, vals: dict[str, Any]) -> bool:
        """EXTENDS client_hub: stop the clock, or let it run on."""
        if "state" not in vals:
            return super().write(vals)
        stop = vals["state"] in STOPPED
        # sudo: clients write in their tickets and cannot see the clock.
        turned_sudo = self.sudo().filtered(
            lambda ticket: bool(ticket.clock_stopped_at) != stop
        )
        turned_sudo._stop_clock() if stop else turned_sudo._start_clock()
        return super().write(vals)

    def _stop_clock(self) -> None:
        self.write({"clock_stopped_at": fields.Datetime.now()})

    def _start_clock(self) -> None:
        now = fields.Datetime.now()
        for ticket in self:
            paused = ticket._count(now, since=ticket.clock_stopped_at)
            ticket.write(
                {
                    "paused_hours": ticket.paused_hours + paused,
                    "clock_stopped_at": False,
                }
            )

    def _note_talk(self, message: models.BaseModel) -> None:
        """EXTENDS client_hub: keep when staff first answered."""
        if not self.first_response_at and not self._is_from_client(message):
            self.first_response_at = fields.Datetime.now()
        return super()._note_talk(message)

    # ------------------------------------------------------------------ hours

    def _plan(self, hours: float) -> datetime | None:
        """Return when this many working hours from the opening have passed."""
        return plan_hours(self._get_ticket_calendar(), self.opened_at, hours)

    def _count(self, until: datetime | None, since: datetime | None = None) -> float:
        """Return the working hours from ``since``, or the opening, to ``until``."""
        start = since or self.opened_at
        return hours_between(self._get_ticket_calendar(), start, until)

    def _get_ticket_calendar(self) -> models.BaseModel:
        """Return the calendar whose hours count; empty if every hour does.

        Extend it where teams work at other times than their company.
        """
        # sudo: whoever answers tickets need not see the settings of the company.
        return self.company_id.sudo().resource_calendar_id


def _is_after(happened: datetime | None, deadline: datetime | None) -> bool:
    return bool(happened and deadline and happened > deadline)
