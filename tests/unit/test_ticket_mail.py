from __future__ import annotations

import unittest
from email.message import EmailMessage

from ...tools.ticket_mail import is_automatic, is_forged, is_proven


def _mail(**headers: str) -> EmailMessage:
    mail = EmailMessage()
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    return mail


class TestTicketMail(unittest.TestCase):
    def test_what_programs_write(self) -> None:
        for headers in (
            {"Auto_Submitted": "auto-replied"},
            {"Auto_Submitted": "Auto-Generated; type=x"},
            {"Precedence": "Bulk"},
            {"X_Autoreply": "yes"},
            {"Return_Path": "<>"},
        ):
            with self.subTest(headers):
                self.assertTrue(is_automatic(_mail(**headers)))

    def test_what_people_write(self) -> None:
        for headers in (
            {},
            {"Auto_Submitted": "no"},
            {"Precedence": "first-class"},
            {"Precedence": "list", "List_Id": "<support.example.com>"},
            {"Return_Path": "<client@example.com>"},
        ):
            with self.subTest(headers):
                self.assertFalse(is_automatic(_mail(**headers)))

    def test_a_failed_check_of_the_sender(self) -> None:
        failed = {"Authentication_Results": "mx; spf=pass; dmarc = FAIL (p=none)"}
        self.assertTrue(is_forged(_mail(**failed)))
        for results in ("mx; dmarc=pass", "mx; spf=fail; dkim=pass", ""):
            with self.subTest(results):
                self.assertFalse(is_forged(_mail(Authentication_Results=results)))
        self.assertFalse(is_forged(_mail()))

    def test_only_our_own_server_proves_a_sender(self) -> None:
        passed = {"Authentication_Results": "mx.example.com; dmarc=pass"}
        self.assertTrue(is_proven(_mail(**passed), "mx.example.com"))
        self.assertFalse(is_proven(_mail(**passed), ""))
        self.assertFalse(is_proven(_mail(**passed), "other.example.com"))
        self.assertFalse(is_proven(_mail(), "mx.example.com"))
        failed = {"Authentication_Results": "mx.example.com; dmarc=fail"}
        self.assertFalse(is_proven(_mail(**failed), "mx.example.com"))
