from __future__ import annotations

from odoo.tests import tagged
from odoo.tools import mute_logger

from .ticket_common import TICKET, TicketAbuseCommon

SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


@tagged("post_install", "-at_install")
class TestTicketFile(TicketAbuseCommon):
    """Files of threads: downloaded by whom they are for, and never shown."""

    def test_files_are_downloaded_and_never_shown(self) -> None:
        files = [
            ("page.html", b"<script>alert(1)</script>"),
            ("drawing.svg", SVG),
            ("data.xml", b"<?xml version='1.0'?><a/>"),
            ("code.js", b"alert(1)"),
            ("page.xhtml", b"<html xmlns='http://www.w3.org/1999/xhtml'/>"),
            ("page", b"<!DOCTYPE html><script>alert(1)</script>"),
        ]
        ticket = self._open_ticket(files=files)
        links = self._page(f"/{ticket.id}").xpath("//article//li/a/@href")
        self.assertEqual(len(links), len(files))
        for link in links:
            with self.subTest(link):
                headers = self.url_open(link).headers
                self.assertIn("attachment", headers["Content-Disposition"])
                self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
                self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
                for shown in ("html", "svg", "xml"):
                    self.assertNotIn(shown, headers["Content-Type"])

    def test_core_shows_none_of_them_to_staff_either(self) -> None:
        ticket = self._open_ticket(files=[("drawing.svg", SVG), ("a.html", b"<b>")])
        files = self._talk(ticket).attachment_ids
        self._sign_in(self.hub_user)
        for file in files:
            for path in (f"/web/content/{file.id}", f"/web/image/{file.id}"):
                kind = self.url_open(path).headers["Content-Type"]
                self.assertNotIn("html", kind)
                self.assertNotIn("svg", kind)

    def test_names_of_files_break_no_header(self) -> None:
        ticket = self._open_ticket(files=[('../"x"; a=b.txt', b"a")])
        [link] = self._page(f"/{ticket.id}").xpath("//article//li/a/@href")
        response = self.url_open(link)
        self.assertEqual(response.content, b"a")
        self.assertNotIn("..", response.headers["Content-Disposition"])

    def test_core_hands_clients_no_file_of_a_ticket(self) -> None:
        note = self._note(self.ticket, attachments=[("internal.txt", b"internal")])
        kept = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": "kept.txt",
                    "raw": b"internal",
                    "res_model": TICKET,
                    "res_id": self.ticket.id,
                }
            )
        )
        self.env.flush_all()
        for file in (note.attachment_ids.sudo(), kept, self.foreign_file):
            for path in (
                f"/web/content/{file.id}",
                f"/web/content/{file.id}?download=true",
                f"/web/image/{file.id}",
                f"/mail/attachment/pdf_first_page/{file.id}",
            ):
                with self.subTest(path), mute_logger("odoo.http"):
                    response = self.url_open(path)
                    self.assertNotIn(b"internal", response.content)
                    self.assertNotIn(b"secret", response.content)
            self._get(f"/{self.ticket.id}/file/{file.id}", 404)
            with mute_logger("odoo.http"):
                response = self.url_open(
                    "/mail/attachment/zip",
                    data={
                        "csrf_token": self._get_token(),
                        "file_ids": file.id,
                        "zip_name": "a.zip",
                    },
                )
            self.assertNotEqual(response.status_code, 200)

    def test_files_that_wait_are_their_senders(self) -> None:
        page = self._open_ticket(422, subject="", files=[("a.txt", b"mine")])
        [proof] = page.xpath("//input[@name='kept']/@value")
        file_id = proof.partition("-")[0]
        self._sign_in(self.stranger)
        for kept in (proof, file_id, f"{file_id}-x", "", "-", "x-é", f"{file_id}-é"):
            ticket = self._open_ticket(kept=kept)
            self.assertFalse(self._talk(ticket).attachment_ids)
        self._sign_in(self.portal_user)
        other = f"{self.foreign_file.id}-{proof.partition('-')[2]}"
        self.assertFalse(self._talk(self._open_ticket(kept=other)).attachment_ids)
        ticket = self._open_ticket(kept=proof)
        self.assertEqual(self._talk(ticket).attachment_ids.raw, b"mine")
        # Sent once, it waits no more.
        self.assertFalse(self._talk(self._open_ticket(kept=proof)).attachment_ids)
