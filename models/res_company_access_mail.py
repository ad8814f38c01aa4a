from __future__ import annotations

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    client_hub_links_by_company_servers = fields.Boolean(
        string="Send links by the company's mail servers only",
        groups="base.group_user",
        help="A mail server of a member of staff keeps a copy of each mail in a Sent "
        "folder, where its link stays valid. Mails with links then leave by the mail "
        "servers of the company.",
    )
