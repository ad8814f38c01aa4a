from __future__ import annotations

from typing import TYPE_CHECKING, Any

from odoo import api, fields, models
from odoo.tools import email_normalize

from ..tools import access_link as link_tools
from .access_attempt import HOUR, Limit
from .mail_mail_access_code import CODE_MARK

if TYPE_CHECKING:
    from odoo.addons.base.models.res_partner import ResPartner

    from .access_link import ClientHubAccessLink

REQUESTS_PER_IP = 20
REQUESTS_PER_EMAIL = 5
REQUESTS_IN_ALL = 1000
MAILS_PER_CLIENT = 10
CONTACTS_PER_EMAIL = 10
MAX_EMAIL = 254


class ClientHubAccessRequest(models.Model):
    """Somebody wants a fresh link or a code by mail; answered by a scheduled action.

    Whether the address or the link is known is looked at only there, so that the
    visitor can learn it neither from the answer nor from the time it took.
    """

    _name = "client.hub.access.request"
    _description = "Portal Link Request"
    _order = "id"

    email = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    selector = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    purpose = fields.Selection(
        [("link", "Link"), ("entry", "Entry"), ("change", "Change")],
        required=True,
        readonly=True,
    )

    @api.model
    def _ask(self, purpose: str, email: str = "", selector: str = "") -> None:
        """Queue a request of a visitor, unless there were too many.

        :param purpose: ``link`` by ``email``; ``entry`` or ``change`` for a code of the
            link with that ``selector``, which is a fresh link where that one is dead
        """
        attempts = self.env["client.hub.access.attempt"]
        # A null byte is in no address, and the database would not take it.
        address = "" if "\0" in email else email_normalize(email[:MAX_EMAIL])
        what = address or selector[:MAX_EMAIL]
        limits = [
            Limit(f"{purpose}:what", what, REQUESTS_PER_EMAIL, HOUR),
            Limit(f"{purpose}:all", "", REQUESTS_IN_ALL, HOUR),
            attempts._limit_by_address(purpose, REQUESTS_PER_IP),
        ]
        if attempts._exceeds(limits):
            return
        self._queue(
            {
                "purpose": purpose,
                "email": address,
                "selector": selector if link_tools.is_selector(selector) else False,
            }
        )

    @api.model
    def _queue(self, vals: dict[str, Any]) -> None:
        """Have a mail written and sent, soon but not within this request."""
        # sudo: visitors may not write; the row holds what they sent, and no more.
        self.sudo().create(vals)
        # sudo: the action is an administrator's.
        self.env.ref("client_hub.access_request_cron").sudo()._trigger()

    @api.model
    def _process(self, limit: int = 50) -> None:
        """Answer the requests that wait; run by the scheduled action."""
        for waiting in self.search([], limit=limit):
            waiting._answer()
            waiting.unlink()
            remaining = self.search_count([])
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                return

    def _answer(self) -> None:
        if self.purpose == "link":
            self._answer_address()
            return
        link = self.env["client.hub.access.link"]._find(self.selector or "")
        contact = link.partner_id
        if not contact._is_client_access_allowed() if link else True:
            return
        if link._get_refusal():
            self._send_link(contact, link.company_id, link._get_document())
        else:
            self._send_code(link)

    def _answer_address(self) -> None:
        """Mail a link to every contact with that address, each for its own client."""
        if not self.email:
            return
        contacts = self.env["res.partner"].search(
            [("email_normalized", "=", self.email)], limit=CONTACTS_PER_EMAIL
        )
        for contact in contacts:
            if contact._is_client_access_allowed() and contact._is_client_contact():
                company = contact.company_id or self.env.company
                self._send_link(contact, company, None)

    def _send_link(
        self, contact: ResPartner, company: Any, record: models.BaseModel | None
    ) -> None:
        links = self.env["client.hub.access.link"]
        path = links._get_document_path(contact if record is None else record)
        self._send(
            "client_hub.access_link_mail",
            contact,
            company,
            {"url": f"{company.get_base_url()}{path}"},
        )
        vals = {"partner_id": contact.id, "company_id": company.id}
        self.env["client.hub.access.event"]._log("renewed", [vals])

    def _send_code(self, link: ClientHubAccessLink) -> None:
        code = self.env["client.hub.access.code"]._make(link, self.purpose)
        self._send(
            "client_hub.access_code_mail",
            link.partner_id,
            link.company_id,
            {"mark": f"{CODE_MARK}-{code.id}"},
            model=code._name,
            res_id=code.id,
        )
        vals = {
            "link_id": link.id,
            "partner_id": link.partner_id.id,
            "company_id": link.company_id.id,
        }
        self.env["client.hub.access.event"]._log("code", [vals])

    def _send(
        self,
        template: str,
        contact: ResPartner,
        company: Any,
        values: dict[str, Any],
        **vals: Any,
    ) -> None:
        """Mail a contact, in its language, to the address on file and no other."""
        client = contact.commercial_partner_id
        limit = Limit("mails", client.id, MAILS_PER_CLIENT, HOUR)
        if self.env["client.hub.access.attempt"]._exceeds([limit]):
            return
        qweb = self.env["ir.qweb"].with_context(lang=contact.lang or self.env.lang)
        name = contact.name or client.name
        greeting = qweb.env._("Hello %(name)s,", name=name)
        values = {**values, "greeting": greeting, "company": company}
        subject = qweb._render(f"{template}_subject", values)
        mail = self.env["mail.mail"].create(
            {
                "subject": str(subject).strip(),
                "body_html": qweb._render(template, values),
                "recipient_ids": [fields.Command.link(contact.id)],
                "email_from": company.email_formatted or self.env.user.email_formatted,
                "auto_delete": True,
                **vals,
            }
        )
        mail.send_after_commit()
