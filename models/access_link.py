from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize

from ..tools import access_link as link_tools

# A dead link still says so for that long, and offers a fresh one.
KEEP_DAYS = 180
GC_BATCH = 5000
# Of one contact; beyond, the oldest expire.
MOST_LIVING = 500
# The date until which a document wants an answer, by model.
DUE_FIELDS = {"account.move": "invoice_date_due", "sale.order": "validity_date"}


class ClientHubAccessLink(models.Model):
    """One magic link in one mail to one contact.

    Of the secret only a hash is kept, bound to this database. Whether a link works is
    decided by :meth:`_get_refusal` alone.
    """

    _name = "client.hub.access.link"
    _description = "Portal Link"
    _order = "id desc"
    _rec_name = "email"

    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    client_id = fields.Many2one(
        "res.partner",
        required=True,
        readonly=True,
        ondelete="cascade",
        help="The company of the contact when the link was sent: it is good for no "
        "other one.",
    )
    email = fields.Char(string="Sent To", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    selector = fields.Char(
        required=True, readonly=True, copy=False, groups=fields.NO_ACCESS
    )
    verifier_hash = fields.Char(
        required=True, readonly=True, copy=False, groups=fields.NO_ACCESS
    )
    expires_at = fields.Datetime(string="Valid Until", required=True, readonly=True)
    revoked_at = fields.Datetime(string="Revoked On", readonly=True)
    last_used_at = fields.Datetime(string="Last Opened", readonly=True)
    use_count = fields.Integer(string="Times Opened", readonly=True)
    res_model = fields.Char(string="Document Model", readonly=True)
    res_id = fields.Many2oneReference(
        model_field="res_model", string="Document ID", readonly=True
    )

    _selector_unique = models.UniqueIndex("(selector)")
    _partner_idx = models.Index("(partner_id, id)")
    _client_idx = models.Index("(client_id)")
    _expires_at_idx = models.Index("(expires_at)")
    _document_idx = models.Index(
        "(res_model, res_id, partner_id) WHERE res_id IS NOT NULL"
    )

    @api.model
    def _issue_links(self, vals_list: list[dict[str, Any]]) -> list[str]:
        """Make links in one batch; only their URLs hold the secrets.

        :param vals_list: ``partner_id``, ``company_id``, and where the link leads to,
            ``res_model`` and ``res_id``, if anywhere; ``email`` if it is not the
            contact's own
        :return: one URL for each, in that order
        """
        secrets = [link_tools.new_secret() for _vals in vals_list]
        values = self._prepare_links(vals_list)
        for vals, secret in zip(values, secrets, strict=True):
            vals["selector"] = secret.selector
            vals["verifier_hash"] = self._hash(*secret)
        # sudo: nobody may write links; mails are sent by users without such rights.
        links_sudo = self.sudo().create(values)
        links_sudo._expire_oldest()
        return [
            link_tools.build_url(base, secret)
            for base, secret in zip(links_sudo._get_bases(), secrets, strict=True)
        ]

    def _expire_oldest(self) -> None:
        """Let the contacts of these links have no more than ``MOST_LIVING`` good ones.

        A new mail kills no older link before.
        """
        now = fields.Datetime.now()
        query = SQL(
            "UPDATE client_hub_access_link SET expires_at = %(now)s WHERE id IN ("
            "SELECT id FROM client_hub_access_link WHERE id IN ("
            "SELECT old.id FROM unnest(%(partners)s::int[]) AS contact(id), LATERAL ("
            "SELECT id FROM client_hub_access_link WHERE partner_id = contact.id"
            " AND revoked_at IS NULL AND expires_at > %(now)s"
            " ORDER BY id DESC OFFSET %(most)s) AS old"
            ") FOR NO KEY UPDATE SKIP LOCKED) RETURNING id",
            now=now,
            partners=self.partner_id.ids,
            most=MOST_LIVING,
        )
        expired = [row[0] for row in self.env.execute_query(query)]
        self.browse(expired).invalidate_recordset(["expires_at"], flush=False)

    @api.model
    def _prepare_links(self, vals_list: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the values of new links, but for their secrets."""
        # sudo: who sends a mail may see neither all contacts nor their companies.
        self_sudo = self.sudo()
        partners_sudo = self_sudo.env["res.partner"].browse(
            [vals["partner_id"] for vals in vals_list]
        )
        companies_sudo = self_sudo.env["res.company"].browse(
            [vals["company_id"] for vals in vals_list]
        )
        due_dates = self_sudo._get_due_dates(vals_list)
        return [
            {
                **vals,
                "email": email_normalize(vals.get("email") or partner_sudo.email)
                or vals.get("email")
                or partner_sudo.email,
                "client_id": partner_sudo.commercial_partner_id.id,
                "expires_at": company_sudo._get_client_link_expiry(due_date),
            }
            for vals, partner_sudo, company_sudo, due_date in zip(
                vals_list, partners_sudo, companies_sudo, due_dates, strict=True
            )
        ]

    @api.model
    def _get_due_dates(self, vals_list: list[dict[str, Any]]) -> list[Any]:
        """Return the due date of each link's document, None where there is none."""
        ids_by_model: dict[str, list[int]] = {name: [] for name in DUE_FIELDS}
        for vals in vals_list:
            if vals.get("res_model") in DUE_FIELDS and vals.get("res_id"):
                ids_by_model[vals["res_model"]].append(vals["res_id"])
        dates = {
            (model, record.id): record[DUE_FIELDS[model]]
            for model, ids in ids_by_model.items()
            for record in self.env[model].browse(ids).exists()
        }
        return [
            dates.get((vals.get("res_model"), vals.get("res_id"))) or None
            for vals in vals_list
        ]

    @api.model
    def _hash(self, selector: str, verifier: str) -> str:
        """Return the hash by which a secret of this database is known."""
        # sudo: parameters of the system are readable by administrators only.
        params_sudo = self.env["ir.config_parameter"].sudo()
        return link_tools.hash_secret(
            params_sudo.get_param("database.uuid", ""), selector, verifier
        )

    @api.model
    def _find(self, selector: str) -> ClientHubAccessLink:
        """Return the link with this selector in sudo, or none."""
        if not link_tools.is_selector(selector):
            return self.browse()
        # sudo: visitors have no rights; the hash of the verifier decides.
        return self.sudo().search([("selector", "=", selector)], limit=1)

    def _has_verifier(self, verifier: str) -> bool:
        """Tell whether this is the secret of the link, dead or alive.

        The same work is done for a link that does not exist.
        """
        link_sudo = self.sudo()
        found = self._hash(link_sudo.selector or "", verifier)
        right = link_tools.equal(found, link_sudo.verifier_hash)
        return right and link_tools.is_verifier(verifier)

    def _get_refusal(self) -> str:
        """Return why the link lets nobody in, "" if it does.

        :return: ``expired``, ``revoked``, or ``refused`` where it is its contact that
            may not enter
        """
        self.ensure_one()
        if self.revoked_at:
            return "revoked"
        if self.expires_at <= fields.Datetime.now():
            return "expired"
        return "" if self._is_contact_unchanged() else "refused"

    def _is_contact_unchanged(self) -> bool:
        """Tell whether the contact is still the one that the mail was sent to."""
        partner = self.partner_id
        return (
            partner._is_client_access_allowed()
            and partner.commercial_partner_id == self.client_id
            and (email_normalize(partner.email) or partner.email) == self.email
        )

    def _get_event_vals(self) -> dict[str, Any]:
        """Return what events say about this link."""
        return {
            "link_id": self.id,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "res_model": self.res_model,
            "res_id": self.res_id,
        }

    def _touch(self) -> None:
        """Count one entry, without waiting for others who enter at the same time."""
        self.env.execute_query(
            SQL(
                "UPDATE client_hub_access_link"
                " SET use_count = COALESCE(use_count, 0) + 1, last_used_at = %s"
                " WHERE id IN (SELECT id FROM client_hub_access_link"
                " WHERE id IN %s FOR NO KEY UPDATE SKIP LOCKED) RETURNING id",
                fields.Datetime.now(),
                tuple(self.ids),
            )
        )
        self.invalidate_recordset(["use_count", "last_used_at"], flush=False)

    def _revoke(self) -> None:
        """Kill the links, and end the sessions made by them."""
        # sudo: nobody writes links directly; callers decide who may revoke.
        links_sudo = self.sudo()
        living_sudo = links_sudo.filtered(lambda link: not link.revoked_at)
        living_sudo.revoked_at = fields.Datetime.now()
        links_sudo.env["client.hub.access.session"]._end([("link_id", "in", self.ids)])

    @api.model
    def _revoke_where(self, domain: Iterable[Any]) -> ClientHubAccessLink:
        """Kill the living links of a domain after a change; return them in sudo."""
        links_sudo = self.sudo().search(
            Domain(list(domain)) & Domain("revoked_at", "=", False)
        )
        links_sudo._revoke()
        self.env["client.hub.access.event"]._log_revocation(links_sudo)
        return links_sudo

    @api.autovacuum
    def _gc(self) -> tuple[int, int]:
        """Delete what has been dead for long, in batches, waiting for nobody."""
        limit: datetime = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        rows = self.env.execute_query(
            SQL(
                "DELETE FROM client_hub_access_link WHERE id IN ("
                "SELECT id FROM client_hub_access_link WHERE expires_at < %s"
                " ORDER BY expires_at LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING id",
                limit,
                GC_BATCH,
            )
        )
        self.env.invalidate_all(flush=False)
        return len(rows), int(len(rows) == GC_BATCH)
