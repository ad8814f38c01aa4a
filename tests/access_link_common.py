"""Clients with links, and what the tests of magic links share."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from lxml import html

from odoo import Command
from odoo.tests import HttpCase
from odoo.tests.common import HOST

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from ..tools import access_link as link_tools
from .common import ClientHubCommon

ADDRESS = "compta@example.com"


class AccessLinkCommon(ClientHubCommon, AccountTestInvoicingCommon):
    """A contact of a French client, an invoice of the client, and a German client."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        # sudo: the tests look at what no user may.
        cls.links = cls.env["client.hub.access.link"].sudo()
        cls.sessions = cls.env["client.hub.access.session"].sudo()
        cls.events = cls.env["client.hub.access.event"].sudo()
        cls.contact_de = cls._create_partner(
            name="Buchhaltung", parent_id=cls.client_de.id, email="konto@example.com"
        )
        cls.hub_user = cls._create_user(
            "hub_user",
            "client_hub.group_user,base.group_allow_export",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.invoice = cls._create_client_invoice(cls.client_fr)
        cls.invoice_de = cls._create_client_invoice(cls.client_de)

    @classmethod
    def _create_client_invoice(cls, partner: Any, **vals: Any) -> Any:
        line = {"name": "Work", "price_unit": 100.0, "tax_ids": [Command.clear()]}
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": "2026-01-15",
                "invoice_line_ids": [Command.create(line)],
                **vals,
            }
        )
        invoice.action_post()
        return invoice

    @classmethod
    def _issue(cls, contact: Any = None, record: Any = None, **vals: Any) -> str:
        """Return the URL of a new link to the record."""
        contact = contact or cls.contact_fr
        document = {"res_model": record._name, "res_id": record.id} if record else {}
        base = {"partner_id": contact.id, "company_id": cls.company.id}
        [url] = cls.links._issue_links([{**base, **document, **vals}])
        return url

    @classmethod
    def _get_secret(cls, url: str) -> link_tools.Secret:
        return link_tools.split(url.partition("/my/access/")[2])

    @classmethod
    def _get_link(cls, url: str) -> Any:
        return cls.links._find(cls._get_secret(url).selector)


class AccessLinkHttpCommon(AccessLinkCommon, HttpCase):
    """A browser without JavaScript, which opens links as the page's script would."""

    def setUp(self) -> None:
        super().setUp()
        # What the pages lead to is that of the company of the tests.
        self.env.ref("base.public_user").sudo().write(
            {
                "company_ids": [Command.link(self.company.id)],
                "company_id": self.company.id,
            }
        )
        self._new_browser()

    def _new_browser(self) -> None:
        self.authenticate(None, None)

    def _get(self, path: str, **kwargs: Any) -> Any:
        kwargs.setdefault("allow_redirects", False)
        return self.url_open(path, **kwargs)

    def _post(self, path: str, token: str | None = None, **data: Any) -> Any:
        """Post a form with the token of a page that this browser has loaded."""
        token = self._get_token() if token is None else token
        return self.url_open(
            path, data={"csrf_token": token, **data}, allow_redirects=False
        )

    def _get_token(self, path: str = "/my/access/request") -> str:
        page = html.fromstring(self._get(path).text)
        return page.xpath("//input[@name='csrf_token']/@value")[0]

    def _enter(self, url: str, token: str | None = None, **data: Any) -> Any:
        """Do what a real browser does with a link, up to the answer."""
        secret = self._get_secret(url)
        path = f"/my/access/{secret.selector}"
        token = token or self._get_token(path)
        return self._post(path, token, **({"verifier": secret.verifier} | data))

    def _touch_page(self, path: str) -> Any:
        """Touch the linked document, as a person does."""
        page = html.fromstring(self._get(path).text)
        [token] = page.xpath("//script[@id='client_hub_access_session']/@data-token")
        return self._post("/my/access/confirm", token)

    def _visit(self, url: str) -> Any:
        """Enter and touch the page."""
        response = self._enter(url)
        self.assertEqual(response.status_code, 303, response.text[:500])
        return self._touch_page(urlsplit(response.headers["Location"]).path)

    def _get_location(self, response: Any) -> str:
        parts = urlsplit(response.headers.get("Location", ""))
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def _get_sid(self) -> str:
        return self.opener.cookies.get("session_id", domain=HOST)

    def _use_session(self, sid: str) -> None:
        self.opener.cookies.clear()
        self.opener.cookies.set("session_id", sid, domain=HOST, path="/")

    def _is_signed_in(self) -> bool:
        return self._get("/my/account").status_code == 200
