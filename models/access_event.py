from __future__ import annotations

from datetime import timedelta
from typing import Any

from odoo import api, fields, models
from odoo.http import request
from odoo.tools import SQL

ACCESS_EVENT_KINDS = [
    ("opened", "Link Opened"),
    ("visit", "Visit"),
    ("viewed", "Document Viewed"),
    ("code", "Code Sent"),
    ("renewed", "Fresh Link Sent"),
    ("refused", "Entry Refused"),
    ("revoked", "Link Revoked"),
]
MAX_USER_AGENT = 255
RETENTION_PARAM = "client_hub.access_retention_days"
RETENTION_DAYS = 90
GC_BATCH = 5000


class ClientHubAccessEvent(models.Model):
    """What happened with the links of clients: by whom, when and from where.

    Only requests that change something write events, never a mere GET.
    """

    _name = "client.hub.access.event"
    _description = "Portal Access Event"
    _order = "date desc, id desc"
    _rec_name = "kind"

    date = fields.Datetime(
        required=True, readonly=True, default=lambda self: fields.Datetime.now()
    )
    kind = fields.Selection(
        ACCESS_EVENT_KINDS, string="Event", required=True, readonly=True
    )
    link_id = fields.Many2one(
        "client.hub.access.link",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Contact", readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", readonly=True, ondelete="cascade")
    ip = fields.Char(string="IP Address", readonly=True)
    user_agent = fields.Char(string="Browser", readonly=True)
    res_model = fields.Char(string="Document Model", readonly=True)
    res_id = fields.Many2oneReference(
        model_field="res_model", string="Document ID", readonly=True
    )

    _partner_idx = models.Index("(partner_id, date)")
    _document_idx = models.Index("(res_model, res_id, kind) WHERE res_id IS NOT NULL")
    _traces_idx = models.Index("(date) WHERE ip IS NOT NULL OR user_agent IS NOT NULL")

    @api.model
    def _log(self, kind: str, vals_list: list[dict[str, Any]]) -> ClientHubAccessEvent:
        """Note an event of the current request.

        :param vals_list: ``link_id``, ``partner_id``, ``company_id``, ``res_model`` and
            ``res_id``, as far as they are known
        """
        trace = self._get_trace()
        # sudo: events are written by the system only, whoever causes them.
        return self.sudo().create(
            [{**vals, **trace, "kind": kind} for vals in vals_list]
        )

    @api.model
    def _log_revocation(self, links: models.BaseModel) -> None:
        """Note that links died of a change, without a trace of whoever made it."""
        # sudo: see above.
        self.sudo().create(
            [{**link._get_event_vals(), "kind": "revoked"} for link in links]
        )

    @api.model
    def _get_trace(self) -> dict[str, Any]:
        """Return from where the current request comes.

        Behind a proxy the address is right if Odoo runs in its proxy mode.
        """
        if not request:
            return {}
        agent = request.httprequest.user_agent.string or ""
        return {
            "ip": request.httprequest.remote_addr,
            "user_agent": agent[:MAX_USER_AGENT] or False,
        }

    @api.autovacuum
    def _gc_traces(self) -> tuple[int, int]:
        """Forget from where clients came, after the time set; the events stay."""
        # sudo: parameters of the system are readable by administrators only.
        params_sudo = self.env["ir.config_parameter"].sudo()
        days = int(params_sudo.get_param(RETENTION_PARAM, RETENTION_DAYS))
        rows = self.env.execute_query(
            SQL(
                "UPDATE client_hub_access_event SET ip = NULL, user_agent = NULL"
                " WHERE id IN (SELECT id FROM client_hub_access_event WHERE date < %s"
                " AND (ip IS NOT NULL OR user_agent IS NOT NULL)"
                " ORDER BY date LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING id",
                fields.Datetime.now() - timedelta(days=days),
                GC_BATCH,
            )
        )
        self.env.invalidate_all(flush=False)
        return len(rows), int(len(rows) == GC_BATCH)
