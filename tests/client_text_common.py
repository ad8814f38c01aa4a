"""A client with its documents, and who writes its e-mails."""

from __future__ import annotations

from typing import Any

from odoo import Command

from .document_common import DocumentCommon

NUMBER = "object.client_placeholder_number"
SUBJECT = f"Your bill {{{{ {NUMBER} }}}}"
BODY = f'<p>Bill <t t-out="{NUMBER}"/>, please.</p>'


class ClientTextCommon(DocumentCommon):
    """``biller`` may only invoice; ``plain`` is staff without any right on invoices."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        company = {
            "company_id": cls.company.id,
            "company_ids": [Command.set(cls.company.ids)],
        }
        cls.plain = cls._create_user("text_plain", "base.group_user", **company)
        cls.hub_user = cls._create_user("text_hub", "client_hub.group_user", **company)
        cls.admin = cls._create_user(
            "text_admin", "base.group_system,account.group_account_invoice", **company
        )
        cls.portal = cls._create_user(
            "text_portal", "base.group_portal", partner_id=cls.contact.id
        )
        cls.templates = cls.env["mail.template"]
        cls.invoice = cls.make_invoice()

    @classmethod
    def text_vals(cls, kind: str = "invoice", **vals: Any) -> dict[str, Any]:
        """Return the values that make an own text of the client."""
        return {
            "client_partner_id": cls.client.id,
            "client_document_type": kind,
            "subject": SUBJECT,
            "body_html": BODY,
            **vals,
        }

    @classmethod
    def write_text(cls, user: Any = None, **vals: Any) -> Any:
        """Create an own text, as the biller unless somebody else is named."""
        templates = cls._as(user or cls.biller, cls.templates)
        return templates.create(cls.text_vals(**vals))
