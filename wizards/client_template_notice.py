from __future__ import annotations

from odoo import fields, models


class ClientHubTemplateNotice(models.AbstractModel):
    """What a sending wizard tells of the text it sends: the client's own, or not."""

    _name = "client.hub.template.notice"
    _description = "Notice of the Text of a Client"

    client_template_use = fields.Selection(
        [
            ("own", "Client's own text"),
            ("by_hand", "Picked by hand"),
            ("failed", "Cannot be filled in"),
        ],
        string="Text Used",
        compute="_compute_client_template_notice",
    )
    client_template_notice = fields.Text(compute="_compute_client_template_notice")

    def _compute_client_template_notice(self) -> None:
        for wizard in self:
            documents = wizard._get_client_documents()
            own, passed = wizard.template_id._get_client_text_use(documents)
            wizard.client_template_use = wizard.client_template_notice = False
            if own:
                wizard.client_template_use = "own"
                wizard.client_template_notice = wizard._get_own_text_notice(
                    own, documents
                )
            elif passed:
                wizard.client_template_use = "by_hand"
                wizard.client_template_notice = wizard._get_by_hand_notice(passed)

    def _get_client_documents(self) -> models.BaseModel:
        """Return what this wizard sends; extend it for each wizard."""
        return self.env["mail.template"]

    def _get_own_text_notice(
        self, own: models.BaseModel, documents: models.BaseModel
    ) -> str:
        if len(documents) > 1:
            return self.env._(
                "%(count)s of %(total)s documents are sent with the own text of their"
                " client, the others with the template chosen here.",
                count=len(own),
                total=len(documents),
            )
        template = self.template_id._get_client_templates(own.ids)[own.id]
        # sudo: tells whose text it is to whoever sends it.
        return self.env._(
            "The own text of %(client)s for the type %(type)s is used.",
            client=template.sudo().client_partner_id.display_name,
            type=template._get_client_type_label(),
        )

    def _get_by_hand_notice(self, passed: models.BaseModel) -> str:
        template = self.env["mail.template"]
        # sudo: names of clients whose documents the user sends.
        clients_sudo = [template._get_client_of(one) for one in passed[:10].sudo()]
        return self.env._(
            "Picked by hand: the own text of %(clients)s is not used.",
            clients=", ".join(client.display_name for client in clients_sudo),
        )
