from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytz
from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.ticket_time import hours_between, plan_hours
from .ticket_common import TICKET, TicketCommon

ZONE = "Europe/Brussels"
# In local time: 9-12 and 13-17 from Monday to Friday.
HOURS = [(9, 12), (13, 17)]
MONDAY = "2026-03-02 08:00:00"  # in UTC: nine o'clock in Brussels


class TicketTimeCommon(TicketCommon):
    """A company that works 35 hours a week, and how long it may take."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        attendances = [
            {"name": "Work", "dayofweek": str(day), "hour_from": start, "hour_to": end}
            for day in range(5)
            for start, end in HOURS
        ]
        cls.calendar = (
            cls.env["resource.calendar"]
            .sudo()
            .create(
                {
                    "name": "35 hours",
                    "tz": ZONE,
                    "company_id": cls.company.id,
                    "attendance_ids": [
                        Command.clear(),
                        *map(Command.create, attendances),
                    ],
                }
            )
        )
        cls.company.resource_calendar_id = cls.calendar
        # sudo: what the tests prepare is not about rights.
        targets = cls.env["client.hub.ticket.target"].sudo()
        targets.search([]).unlink()
        cls.target = targets.create(
            {"priority": "1", "response_hours": 2, "resolution_hours": 7}
        )

    def _open(self, now: str = MONDAY, **vals: Any) -> Any:
        with freeze_time(now):
            return self._create_ticket(**vals)

    def _write_at(self, now: str, ticket: Any, **vals: Any) -> None:
        with freeze_time(now):
            ticket.with_user(self.hub_user).write(vals)
            self.env.flush_all()

    def _answer_at(self, now: str, ticket: Any) -> None:
        with freeze_time(now):
            self._answer(ticket)
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestTicketTime(TicketTimeCommon):
    # ------------------------------------------------------------------ deadlines

    def test_deadlines_count_working_hours_of_the_company(self) -> None:
        ticket = self._open("2026-03-06 15:00:00")  # Friday, an hour before the end
        self.assertEqual(str(ticket.response_deadline), "2026-03-09 09:00:00")
        self.assertEqual(str(ticket.resolution_deadline), "2026-03-09 15:00:00")

    def test_deadlines_when_clocks_change(self) -> None:
        # On the 29th of March 2026 clocks in Brussels go forward.
        ticket = self._open("2026-03-27 15:00:00")
        self.assertEqual(str(ticket.response_deadline), "2026-03-30 08:00:00")

    def test_holidays_do_not_count(self) -> None:
        self.env["resource.calendar.leaves"].sudo().create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "date_from": "2026-03-01 23:00:00",
                "date_to": "2026-03-02 22:59:59",
            }
        )
        ticket = self._open()
        self.assertEqual(str(ticket.response_deadline), "2026-03-03 10:00:00")

    def test_without_a_calendar_every_hour_counts(self) -> None:
        self.company.resource_calendar_id = False
        ticket = self._open("2026-03-07 23:00:00")
        self.assertEqual(str(ticket.response_deadline), "2026-03-08 01:00:00")

    def test_without_a_target_there_is_no_deadline(self) -> None:
        self.target.response_hours = 0
        ticket = self._open()
        self.assertFalse(ticket.response_deadline)
        self.assertTrue(ticket.resolution_deadline)
        ticket = self._open(priority="3")
        self.assertFalse(ticket.next_deadline)

    def test_the_target_of_the_company_comes_first(self) -> None:
        self.target.copy({"company_id": self.company.id, "response_hours": 1})
        ticket = self._open()
        self.assertEqual(str(ticket.response_deadline), "2026-03-02 09:00:00")

    def test_the_priority_decides(self) -> None:
        self.target.copy({"priority": "3", "response_hours": 1})
        ticket = self._open()
        self._write_at("2026-03-02 08:10:00", ticket, priority="3")
        self.assertEqual(str(ticket.response_deadline), "2026-03-02 09:00:00")

    # ------------------------------------------------------------------ the clock

    def test_first_comes_the_answer_then_the_solution(self) -> None:
        ticket = self._open()
        self.assertEqual(ticket.next_deadline, ticket.response_deadline)
        self._answer_at("2026-03-02 09:30:00", ticket)
        self.assertEqual(ticket.state, "waiting")
        self.assertAlmostEqual(ticket.response_hours, 1.5)
        self.assertFalse(ticket.response_missed)
        self.assertFalse(ticket.next_deadline)
        self._write_at("2026-03-02 09:40:00", ticket, state="open")
        self.assertEqual(ticket.next_deadline, ticket.resolution_deadline)

    def test_the_time_of_the_client_does_not_count(self) -> None:
        ticket = self._open()
        self._write_at("2026-03-02 09:00:00", ticket, state="waiting")
        self._write_at("2026-03-03 09:00:00", ticket, state="open")
        self.assertAlmostEqual(ticket.paused_hours, 7)
        self.assertEqual(str(ticket.resolution_deadline), "2026-03-03 16:00:00")
        self._write_at("2026-03-03 10:00:00", ticket, state="closed")
        self.assertAlmostEqual(ticket.resolution_hours, 2)

    def test_writing_the_same_state_again_keeps_the_clock(self) -> None:
        ticket = self._open()
        self._write_at("2026-03-02 09:00:00", ticket, state="waiting")
        self._write_at("2026-03-02 10:00:00", ticket, state="closed")
        self.assertEqual(str(ticket.clock_stopped_at), "2026-03-02 09:00:00")
        self.assertAlmostEqual(ticket.paused_hours, 0)

    def test_a_reopened_ticket_has_the_time_that_was_left(self) -> None:
        ticket = self._open()
        self._write_at("2026-03-02 09:00:00", ticket, state="closed")
        self.assertFalse(ticket.next_deadline)
        self._write_at("2026-03-05 09:00:00", ticket, state="open")
        self.assertEqual(str(ticket.resolution_deadline), "2026-03-05 16:00:00")

    def test_what_came_late_is_marked(self) -> None:
        ticket = self._open()
        self._answer_at("2026-03-02 12:30:00", ticket)
        self.assertTrue(ticket.response_missed)
        self._write_at("2026-03-03 12:30:00", ticket, state="open")
        self.assertFalse(ticket.resolution_missed)
        self._write_at("2026-03-09 12:30:00", ticket, state="closed")
        self.assertTrue(ticket.resolution_missed)

    def test_the_client_is_not_the_first_to_answer(self) -> None:
        ticket = self._open()
        ticket.message_post(
            author_id=self.contact_fr.id,
            body="And?",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self._note(ticket)
        self.assertFalse(ticket.first_response_at)

    # ------------------------------------------------------------------ finding

    def test_late_ones_are_found(self) -> None:
        late, later = self._open(), self._open("2026-03-02 12:00:00")
        tickets = self.env[TICKET].with_user(self.hub_user)
        both = Domain("id", "in", (late + later).ids)
        with freeze_time("2026-03-02 11:00:00"):
            self.assertEqual(tickets.search(both & Domain("is_late", "=", True)), late)
            self.assertEqual(
                tickets.search(both & Domain("is_late", "=", False)), later
            )
            self.assertTrue(late.is_late)
            self.assertFalse(later.is_late)
        with freeze_time("2026-03-02 11:00:00"):
            self._write_at("2026-03-02 11:00:00", late, state="waiting")
            self.assertFalse(tickets.search(both & Domain("is_late", "=", True)))

    def test_averages_are_over_what_has_happened(self) -> None:
        answered, rated = self._open(), self._open()
        self._open()
        self._answer_at("2026-03-02 10:00:00", answered)
        rated.write({"rating": 4})
        tickets = self.env[TICKET].with_user(self.hub_user)
        domain = [("opened_at", "=", MONDAY), ("partner_id", "=", self.contact_fr.id)]
        aggregates = ["response_hours:avg", "resolution_hours:avg", "rating:avg"]
        [figures] = tickets._read_group(domain, [], aggregates)
        self.assertAlmostEqual(figures[0], 2)
        self.assertFalse(figures[1])
        self.assertAlmostEqual(figures[2], 4)

    # ------------------------------------------------------------------ rights

    def test_staff_read_targets_and_managers_write_them(self) -> None:
        target = self.target.with_user(self.hub_user)
        self.assertEqual(target.response_hours, 2)
        with self.assertRaises(AccessError):
            target.response_hours = 1
        self.target.with_user(self.hub_manager).response_hours = 1

    def test_clients_see_no_targets_and_no_deadlines(self) -> None:
        ticket = self._open().with_user(self.portal_user)
        with self.assertRaises(AccessError):
            ticket.read(["response_deadline"])
        with self.assertRaises(AccessError):
            ticket.search([("is_late", "=", True)])
        with self.assertRaises(AccessError):
            self.target.with_user(self.portal_user).read(["response_hours"])

    def test_a_target_is_no_negative_time_and_no_second_one(self) -> None:
        for vals in ({}, {"priority": "0", "response_hours": -1}):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                self.target.copy(vals)

    # ------------------------------------------------------------------ arithmetic

    def test_hours_agree_with_counting_minutes(self) -> None:
        seed = random.randrange(2**32)
        numbers = random.Random(seed)
        first = datetime(2026, 3, 23)
        for _case in range(12):
            start = first + timedelta(minutes=numbers.randrange(14 * 24 * 60))
            end = start + timedelta(minutes=numbers.randrange(1, 5 * 24 * 60))
            with self.subTest(seed=seed, start=start, end=end):
                worked = _count_minutes(start, end)
                hours = hours_between(self.calendar, start, end)
                self.assertAlmostEqual(hours * 60, worked)
                planned = plan_hours(self.calendar, start, hours)
                self.assertEqual(_count_minutes(start, planned), worked)


def _count_minutes(start: datetime, end: datetime) -> int:
    """Count the minutes of work one by one."""
    zone = pytz.timezone(ZONE)
    minutes = 0
    while start < end:
        local = pytz.utc.localize(start).astimezone(zone)
        at_work = any(first <= local.hour < last for first, last in HOURS)
        minutes += at_work and local.weekday() < 5
        start += timedelta(minutes=1)
    return minutes
