"""Clients with links, and what the tests of magic links share."""

from __future__ import annotations

from typing import Any

from odoo import Command

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from ..tools import access_link as link_tools
from .common import ClientHubCommon

ADDRESS = "compta@example.com"


class AccessLinkCommon(ClientHubCommon, AccountTestInvoicingCommon):
    """A contact of a French client, an invoice of the client, and a German client."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.links = cls.env["client.hub.access.link"]
        cls.sessions = cls.env["client.hub.access.session"]
        cls.events = cls.env["client.hub.access.event"]
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
