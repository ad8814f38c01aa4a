"""Mails that are really received, and the links in them."""

from __future__ import annotations

import re
from email.message import EmailMessage
from typing import Any

from ..tools import access_link as link_tools
from .document_common import PdfCommon
from .mail_common import InboxMixin

CLIENT = "client@example.com"
CONTACT = "compta@example.com"
STAFF = "biller@example.com"
STRANGER = "notary@example.com"
NOBODY = "nobody@example.com"
_LINK = re.compile(r"http://[^\s\"'<>]*/my/access/[\w-]{22}#[\w-]{43}(?![\w-])")
# What must never stand in a mail to a client.
CORE_SECRETS = ("access_token", "pid=", "hash=", "auth_login", "auth_signup_token")


class AccessMailCommon(InboxMixin, PdfCommon):
    """A client with a contact who has a user and one who has none, and strangers."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.links = cls.env["client.hub.access.link"]
        cls.portal_user = cls._create_user(
            "hub_portal",
            "base.group_portal",
            partner_id=cls.contact.id,
            email=CONTACT,
        )
        cls.stranger = cls._create_partner(name="Notary", email=STRANGER)
        cls.contact_de = cls._create_partner(
            name="Buchhaltung", parent_id=cls.client_de.id, email="konto@example.com"
        )
        cls.invoice = cls.make_invoice()
        cls.salesman.email = "salesman@example.com"

    def post(self, record: Any, *partners: Any, user: Any = None, **vals: Any) -> Any:
        """Write a message to the partners, as staff do in the chatter."""
        values = {
            "body": "Please have a look.",
            "subtype_xmlid": "mail.mt_comment",
            "message_type": "comment",
            "partner_ids": [partner.id for partner in partners],
            **vals,
        }
        rank = self.salesman if record._name == "sale.order" else self.biller
        return self._as(user or rank, record).message_post(**values)

    def received(self, address: str) -> EmailMessage:
        """Return the only mail that came to this address."""
        [mail] = [mail for to, mail in self.inbox.mails if address in to]
        return mail

    def texts(self, address: str) -> dict[str, str]:
        """Return the text and the HTML of the only mail to this address."""
        return {
            part.get_content_subtype(): part.get_content()
            for part in self.received(address).walk()
            if part.get_content_maintype() == "text" and not part.get_filename()
        }

    def links_to(self, address: str) -> list[str]:
        """Return the different magic links in the only mail to this address."""
        html = self.texts(address)["html"]
        return list(dict.fromkeys(_LINK.findall(html)))

    def link_to(self, address: str) -> str:
        """Return the only magic link in the only mail to this address."""
        [url] = self.links_to(address)
        return url

    def row_of(self, url: str) -> Any:
        """Return the row of a link, after testing that it is the one of its secret."""
        secret = link_tools.split(url.partition("/my/access/")[2])
        row = self.links._find(secret.selector)
        self.assertTrue(row._has_verifier(secret.verifier))
        return row

    def assert_magic(self, address: str, partner: Any, record: Any) -> str:
        """Assert that the mail's links all open this record for this contact."""
        url = self.link_to(address)
        row = self.row_of(url)
        self.assertEqual(row.partner_id, partner)
        self.assertEqual((row.res_model, row.res_id), (record._name, record.id))
        self.assertEqual(row.company_id, record.company_id)
        texts = self.texts(address)
        self.assertIn(url, texts["plain"])
        for secret in (*CORE_SECRETS, "/my/access/document"):
            for kind, text in texts.items():
                self.assertNotIn(secret, text, kind)
        return url

    def assert_no_magic(self, address: str) -> str:
        """Assert that the mail has no magic link; return its HTML."""
        texts = self.texts(address)
        for text in texts.values():
            self.assertNotRegex(text, r"/my/access/[\w-]{22}")
            self.assertNotIn("/my/access/document", text)
        return texts["html"]
