from __future__ import annotations

from typing import TYPE_CHECKING, Any

from odoo import api, models

if TYPE_CHECKING:
    from typing import Self


class MailMail(models.Model):
    """Puts magic links into mails on their way out, and nowhere else."""

    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list: list[dict[str, Any]]) -> Self:
        """EXTENDS mail: the stored mail holds no link that lets anybody in."""
        access = self.env["client.hub.access.mail"]
        messages = self.env["mail.message"].browse(
            [vals.get("mail_message_id") or False for vals in vals_list]
        )
        return super().create(
            [
                vals
                | access._clean(vals, ("body_html",), vals.get("model", message.model))
                for vals, message in zip(vals_list, messages, strict=True)
            ]
        )

    def _send(self, *args: Any, **kwargs: Any) -> bool:
        """EXTENDS mail: have the links of all mails ready before the first leaves."""
        if self.env["ir.mail_server"]._disable_send():
            return super()._send(*args, **kwargs)
        links = self.env["client.hub.access.mail"]._issue(self)
        mails = self.with_context(client_hub_access_links=links)
        return super(MailMail, mails)._send(*args, **kwargs)

    def _personalize_outgoing_body(
        self, body: str, partner: Any = False, doc_to_followers: dict | None = None
    ) -> str:
        """EXTENDS mail: give each recipient the link that is meant for them."""
        body = super()._personalize_outgoing_body(body, partner, doc_to_followers)
        links = self.env.context.get("client_hub_access_links")
        if links is None:
            return body
        return self.env["client.hub.access.mail"]._personalize(
            self, body, partner or self.env["res.partner"], links
        )

    def _filter_mail_mail_servers(self, mail_servers: Any) -> Any:
        """EXTENDS mail: keep live links out of the Sent folders of staff."""
        servers = super()._filter_mail_mail_servers(mail_servers)
        if servers.owner_user_id and self._avoids_personal_servers():
            return servers.filtered(lambda server: not server.owner_user_id)
        return servers

    def _avoids_personal_servers(self) -> bool:
        """Tell whether company servers alone may send these mails."""
        access = self.env["client.hub.access.mail"]
        return any(
            access._carries_links(mail)
            # sudo: a setting for staff, while mails are also sent for clients.
            and (mail.record_company_id or self.env.company)
            .sudo()
            .client_hub_links_by_company_servers
            for mail in self
        )
