from __future__ import annotations

from typing import Any

from odoo.tests import tagged

from .browser_common import BrowserMixin
from .ticket_common import URL, TicketHttpCommon


@tagged("post_install", "-at_install")
class TestTicketBrowser(BrowserMixin, TicketHttpCommon):
    """A real browser: what scripts add to the forms, and that none is needed."""

    browser_size = "390x844"

    def _press(self, selector: str) -> None:
        """Click as soon as the page is there."""
        self._wait_until(lambda: self._try_click(selector))

    def _try_click(self, selector: str) -> bool:
        self._click(selector)
        return True

    def _type(self, selector: str, text: str) -> None:
        self._press(selector)
        self._send("Input.insertText", text=text)

    def _value(self, name: str) -> Any:
        return self._evaluate(f"document.querySelector('[name={name}]')?.value")

    def test_a_client_asks_and_answers(self) -> None:
        with self._browser(login="tk_portal"):
            self._open(f"{URL}/new")
            self._type("#ticket_subject", "From a phone")
            self._type("#ticket_text", "Where is it?")
            self._press("form.o_client_hub_ticket_form [type=submit]")
            self._wait_until(lambda: self._has("[data-done=opened]"))
            self._type("#ticket_text", "Never mind.")
            self._press("form.o_client_hub_ticket_form [type=submit]")
            self._wait_until(lambda: self._has("[data-done=sent]"))
            width = self._evaluate("document.documentElement.scrollWidth")
            self.assertLessEqual(width, self._evaluate("window.innerWidth"))
        ticket = self.tickets.search([("subject", "=", "From a phone")])
        self.assertEqual(len(self._talk(ticket)), 2)

    def test_no_script_is_needed(self) -> None:
        with self._browser(scripts=False, login="tk_portal"):
            self._open(f"{URL}/{self.ticket.id}")
            self._type("#ticket_text", "Without scripts.")
            self._press("form.o_client_hub_ticket_form [type=submit]")
            self._wait_until(lambda: self._has("[data-done=sent]"))
            self._press("form[action$='/close'] button")
            self._wait_until(lambda: self._has("[data-done=closed]"))
            self._press("label[for=ticket_rating_5]")
            self._press("form[action$='/rate'] button")
            self._wait_until(lambda: self._has("[data-done=rated]"))
        self.env.invalidate_all()
        self.assertEqual(self.ticket.rating, 5)
        self.assertIn("Without scripts.", self._talk(self.ticket)[-1].body)

    def test_what_was_typed_outlives_the_session(self) -> None:
        with self._browser(login="tk_portal"):
            self._open(f"{URL}/new")
            self._wait_for(self._is_started())
            self._type("#ticket_subject", "A long story")
            self._type("#ticket_text", "Once upon a time")
            self._open("/web/session/logout?redirect=/web/login")
            self._open(f"{URL}/new")
            self._wait_until(lambda: self._has("input[name=password]"))
            self._type("input[name=login]", "tk_portal")
            self._type("input[name=password]", "tk_portal")
            self._press(".oe_login_form button[type=submit]")
            self._wait_until(lambda: self._value("text") == "Once upon a time")
            self.assertEqual(self._value("subject"), "A long story")
            self._press("form.o_client_hub_ticket_form [type=submit]")
            self._wait_until(lambda: self._has("[data-done=opened]"))
            self._wait_for(self._is_started())
            self._open(f"{URL}/new")
            self._wait_for(self._is_started())
            self.assertEqual(self._value("text"), "")

    def _is_started(self) -> str:
        return "!!document.querySelector('form.o_client_hub_ticket_form[data-started]')"

    def test_what_is_too_long_is_said_before_it_is_sent(self) -> None:
        with self._browser(login="tk_portal"):
            self._open(f"{URL}/new")
            self._wait_for(self._is_started())
            self._type("#ticket_subject", "A long story")
            self._type("#ticket_text", "x" * 20_001)
            valid = "document.querySelector('#ticket_text').checkValidity()"
            self.assertFalse(self._evaluate(valid))
            self._press("form.o_client_hub_ticket_form [type=submit]")
            self.assertEqual(len(self._value("text")), 20_001)
            self.assertFalse(self.tickets.search([("subject", "=", "A long story")]))
