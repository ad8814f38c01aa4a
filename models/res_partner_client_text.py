from __future__ import annotations

from typing import Any

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.client_template import DOCUMENT_TYPES
from ..tools.client_template_starter import STARTERS
from .res_partner_client_360 import GROUPS

AUTHORS = "account.group_account_invoice"


class ResPartner(models.Model):
    """The tab with the e-mails of a client: which are in its own words."""

    _inherit = "res.partner"

    client_template_rows = fields.Json(
        string="E-mails in Own Words",
        compute="_compute_client_template_rows",
        groups=GROUPS,
    )

    # ---------------------------------------------------------------- tab

    @api.depends("client_template_ids", "parent_id")
    @api.depends_context("lang", "uid")
    def _compute_client_template_rows(self) -> None:
        for partner in self:
            partner.client_template_rows = partner._origin._get_client_template_rows()

    def _get_client_template_rows(self) -> list[dict[str, Any]]:
        """Return a row for each type of document that can be sent.

        Each has ``type``, its ``label``, the ``source`` of the text that is used (own,
        company or global), the names of the ``contacts`` that have an own one, and
        whether the user is an ``author``.
        """
        if not self:
            return []
        self.ensure_one()
        company = self.commercial_partner_id
        of_contacts = Domain("client_partner_id", "child_of", self.id)
        domain = of_contacts | Domain("client_partner_id", "=", company.id)
        found: dict[str, models.BaseModel] = {}
        for template in self._search_client_templates(domain):
            kind = template.client_document_type
            found[kind] = found.get(kind, self.browse()) | template.client_partner_id
        return [
            {
                "type": kind,
                "label": label,
                "source": self._get_client_text_source(found.get(kind, self.browse())),
                "contacts": (found.get(kind, self.browse()) - self - company).mapped(
                    "display_name"
                ),
                "author": self.env.user.has_group(AUTHORS),
            }
            for kind, label in self._get_client_template_types().items()
        ]

    def _search_client_templates(self, domain: Domain) -> models.BaseModel:
        templates = self.env["mail.template"].with_context(active_test=False)
        return templates.search(domain)

    def _get_client_text_source(self, holders: models.BaseModel) -> str:
        if self in holders:
            return "own"
        return "company" if self.commercial_partner_id in holders else "global"

    @api.model
    def _get_client_template_types(self) -> dict[str, str]:
        """Map the types of documents that can be sent here to their names."""
        labels = self.env["mail.template"]._get_type_labels()
        return {
            kind: labels[kind]
            for kind, document_type in DOCUMENT_TYPES.items()
            if document_type.model in self.env
        }

    def _get_own_client_template(self, document_type: str) -> models.BaseModel:
        """Return the text that this very contact has for a type, or none."""
        self.ensure_one()
        return self._search_client_templates(
            Domain("client_partner_id", "=", self.id)
            & Domain("client_document_type", "=", document_type)
        )

    # ---------------------------------------------------------------- buttons

    def action_client_template_edit(self, document_type: str) -> dict[str, Any]:
        """Open the editor of the own text for a type of document."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": f"{self._get_client_template_types()[document_type]}: "
            f"{self.display_name}",
            "res_model": "client.hub.template.edit",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_partner_id": self.id,
                "default_document_type": document_type,
                "dialog_size": "extra-large",
            },
        }

    def action_client_template_reset(self, document_type: str) -> None:
        """Delete the own text: the client gets the global one again."""
        self._get_own_client_template(document_type).unlink()

    def action_client_template_copy(self) -> dict[str, Any]:
        """Ask for the clients that get the texts of this one."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Copy to Other Clients"),
            "res_model": "client.hub.template.copy",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_partner_id": self.id},
        }

    # ---------------------------------------------------------------- documents

    def _get_client_documents(
        self, document_type: str, domain: Domain | None = None
    ) -> models.BaseModel:
        """Return the client's latest document of a type, or none.

        :param domain: narrows the choice
        """
        documents = self.env[DOCUMENT_TYPES[document_type].model]
        if not documents.has_access("read"):
            return documents
        domain = Domain(self._get_client_document_domain(document_type)) & (
            domain or Domain.TRUE
        )
        return documents.search(domain, order="id DESC", limit=1)

    def _get_client_document_domain(self, document_type: str) -> list[Any]:
        """Return the domain of the documents of a type that this client is sent."""
        if DOCUMENT_TYPES[document_type].model == "res.partner":
            return [("id", "=", self.id)]
        kind = DOCUMENT_TYPES[document_type]
        domain: list[Any] = [("partner_id", "child_of", self.id)]
        if kind.states:
            domain.append((kind.state_field, "in", kind.states))
        if kind.model == "account.payment":
            domain.append(("partner_type", "=", "customer"))
        return domain

    # ---------------------------------------------------------------- starter

    @api.model
    def _get_client_text_starter(self, document_type: str) -> tuple[str, Markup]:
        """Return subject and body to start from, in the language of the environment."""
        starter = STARTERS[document_type]
        return starter.get_subject(self.env._), starter.get_body(self.env._)
