from __future__ import annotations

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.client_template import DOCUMENT_TYPES


class MailTemplate(models.Model):
    """The text of one client for one type of document.

    Such a template lends its subject and body to the global one; recipients, sender,
    attachments, language and layout stay those of the global one. It is archived, so
    that nobody picks it for another client.
    """

    _inherit = "mail.template"

    client_partner_id = fields.Many2one(
        "res.partner",
        string="Client",
        ondelete="cascade",
        index="btree_not_null",
        groups="base.group_user",
    )
    client_document_type = fields.Selection(
        [
            ("invoice", "Invoice"),
            ("credit_note", "Credit Note"),
            ("estimate", "Estimate"),
            ("order_confirmation", "Order Confirmation"),
            ("payment_receipt", "Payment Receipt"),
            ("statement", "Statement"),
            ("ticket", "Ticket"),
        ],
        string="Document Type",
        groups="base.group_user",
    )

    _client_hub_unique_type = models.UniqueIndex(
        "(client_partner_id, client_document_type) WHERE client_partner_id IS NOT NULL",
        "Document Type: this client already has its own text for it; edit that one.",
    )
    _client_hub_complete = models.Constraint(
        "CHECK ((client_partner_id IS NULL) = (client_document_type IS NULL))",
        "Client, Document Type: a client's own text needs both.",
    )
    _client_hub_archived = models.Constraint(
        "CHECK (client_partner_id IS NULL OR active IS NOT TRUE)",
        "Active: a client's own text stays archived; it is used all the same.",
    )

    @api.constrains("client_document_type", "model_id")
    def _check_client_model(self) -> None:
        # sudo: the rule holds for whoever writes.
        for template_sudo in self.sudo():
            document_type = template_sudo.client_document_type
            model = document_type and DOCUMENT_TYPES[document_type].model
            if model and template_sudo.model != model:
                raise ValidationError(
                    self.env._(
                        "Applies to: the text of %(client)s for the type %(type)s must"
                        " apply to the model %(model)s.",
                        client=template_sudo.client_partner_id.display_name,
                        type=template_sudo._get_client_type_label(),
                        model=model,
                    )
                )

    @api.model
    def _merge_client_templates(
        self, sources: models.BaseModel, target: models.BaseModel
    ) -> None:
        """Give the texts of merged contacts to the one that is kept.

        Of two for one type the one of the kept contact stays, else the first; the other
        is written into the chatter, so that nothing is lost unseen.
        """
        # sudo: whoever merges contacts need not be allowed to edit texts.
        target_sudo = target.sudo()
        taken = set(target_sudo.client_template_ids.mapped("client_document_type"))
        for template_sudo in sources.sudo().client_template_ids - (
            target_sudo.client_template_ids
        ):
            if template_sudo.client_document_type in taken:
                template_sudo._note_in_chatter(target_sudo)
                template_sudo.unlink()
                continue
            taken.add(template_sudo.client_document_type)
            template_sudo.client_partner_id = target_sudo
        self.env.flush_all()

    def _note_in_chatter(self, partner: models.BaseModel) -> None:
        """Keep a text that gives way to another one readable."""
        self.ensure_one()
        intro = self.env._(
            "When %(merged)s was merged into this contact, this text for the type"
            " %(type)s gave way to the one that was here:",
            merged=self.client_partner_id.display_name,
            type=self._get_client_type_label(),
        )
        partner.message_post(
            body=Markup("<p>%s</p><pre>%s</pre><pre>%s</pre>")
            % (intro, self.subject or "", str(self.body_html or ""))
        )

    def _get_client_type_label(self) -> str:
        """Return the name of the document type in the user's language."""
        self.ensure_one()
        field = self._fields["client_document_type"]
        # sudo: names what failed to whoever sends, template editor or not.
        return dict(field._description_selection(self.env))[
            self.sudo().client_document_type
        ]
