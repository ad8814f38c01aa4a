from __future__ import annotations

from collections.abc import Iterator

from odoo import fields, models
from odoo.tools import SQL

EVENT_KINDS = [
    ("created", "Created"),
    ("mail", "E-Mail"),
    ("viewed", "Viewed"),
    ("note", "Note"),
    ("activity", "Activity Done"),
    ("update", "Update"),
    ("accepted", "Accepted"),
    ("rejected", "Rejected"),
    ("paid", "Paid"),
    ("refunded", "Paid Back"),
]
# How many queries there can be; features add theirs.
QUERIES = 16


class ClientHubEvent(models.Model):
    """Everything that ever happened with a client, as one timeline.

    A feature adds its events by extending :meth:`_get_event_queries`.
    """

    _name = "client.hub.event"
    _inherit = "client.hub.rows"
    _description = "Client History"
    _auto = False
    _order = "date desc, id desc"
    _depends = {
        "account.move": [
            "amount_total_signed",
            "commercial_partner_id",
            "company_id",
            "move_type",
            "name",
        ],
        "mail.message": [
            "author_id",
            "date",
            "is_internal",
            "mail_activity_type_id",
            "message_type",
            "model",
            "res_id",
            "subtype_id",
        ],
        "res.partner": ["commercial_partner_id"],
        "sale.order": [
            "amount_total",
            "client_rejected_by_id",
            "client_rejected_on",
            "company_id",
            "date_order",
            "name",
            "partner_id",
            "signed_on",
            "state",
            "user_id",
        ],
    }

    date = fields.Datetime(readonly=True)
    kind = fields.Selection(EVENT_KINDS, string="Event", readonly=True)
    name = fields.Char(string="Document", readonly=True)
    author_id = fields.Many2one("res.partner", string="By", readonly=True)
    amount = fields.Monetary(currency_field="company_currency_id", readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    message_id = fields.Many2one("mail.message", readonly=True)

    @property
    def _table_query(self) -> SQL:
        columns = ("client_id", "company_id", "date", "kind", "name", "author_id")
        columns += ("amount", "res_model", "res_id", "message_id")
        return self._union(self._get_event_queries(), columns, QUERIES)

    def _get_event_queries(self) -> Iterator[SQL]:
        """Yield one query for each kind of event; at most ``QUERIES`` in all.

        Extend it to contribute events: yield from super, then your own query, with
        the columns ``id`` (integer, unique in the query), ``client_id`` (commercial
        partner), ``company_id``, ``date`` (UTC timestamp), ``kind`` (add yours to the
        selection), ``name``, ``author_id``, ``amount`` (company currency),
        ``res_model`` and ``res_id`` (what a click opens) and ``message_id``; NULL where
        there is none.
        Name the fields you read in ``_depends``, so that they are flushed before, and
        the models of your ``res_model`` in :meth:`_get_event_models`.
        """
        yield self._select_invoices()
        yield self._select_orders()
        yield self._select_answers()
        for query in self.env["client.hub.money.received"]._get_queries():
            yield self._select_money(query)
        yield self._select_messages(
            "account.move",
            "commercial_partner_id",
            SQL("record.move_type IN ('out_invoice', 'out_refund', 'out_receipt')"),
        )
        yield self._select_messages("sale.order", "partner_id", SQL("TRUE"))
        yield self._select_messages(
            "account.payment", "partner_id", SQL("record.partner_type = 'customer'")
        )
        yield self._select_messages("res.partner", "commercial_partner_id", SQL("TRUE"))

    def _select_invoices(self) -> SQL:
        return SQL(
            """
            SELECT move.id, move.commercial_partner_id AS client_id, move.company_id,
                   move.create_date AS date, 'created' AS kind, move.name,
                   author.partner_id AS author_id, move.amount_total_signed AS amount,
                   'account.move' AS res_model, move.id AS res_id,
                   NULL::integer AS message_id
              FROM account_move move
              LEFT JOIN res_users author ON author.id = move.create_uid
             WHERE move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
            """
        )

    def _select_orders(self) -> SQL:
        return SQL(
            """
            SELECT orders.id, partner.commercial_partner_id AS client_id,
                   orders.company_id, orders.create_date AS date, 'created' AS kind,
                   orders.name, author.partner_id AS author_id,
                   orders.amount_total / COALESCE(NULLIF(orders.currency_rate, 0), 1)
                       AS amount,
                   'sale.order' AS res_model, orders.id AS res_id,
                   NULL::integer AS message_id
              FROM sale_order orders
              JOIN res_partner partner ON partner.id = orders.partner_id
              LEFT JOIN res_users author ON author.id = orders.create_uid
            """
        )

    def _select_answers(self) -> SQL:
        return SQL(
            """
            SELECT orders.id, partner.commercial_partner_id AS client_id,
                   orders.company_id,
                   COALESCE(orders.client_rejected_on, orders.signed_on,
                            orders.date_order) AS date,
                   CASE WHEN orders.client_rejected_on IS NULL THEN 'accepted'
                   ELSE 'rejected' END AS kind,
                   orders.name,
                   CASE WHEN orders.client_rejected_on IS NOT NULL
                        THEN orders.client_rejected_by_id
                        WHEN orders.signed_on IS NOT NULL THEN orders.partner_id
                        ELSE staff.partner_id END AS author_id,
                   NULL::numeric AS amount, 'sale.order' AS res_model,
                   orders.id AS res_id, NULL::integer AS message_id
              FROM sale_order orders
              JOIN res_partner partner ON partner.id = orders.partner_id
              LEFT JOIN res_users staff ON staff.id = orders.user_id
             WHERE orders.client_rejected_on IS NOT NULL
                OR orders.state = 'sale'
                OR (orders.signed_on IS NOT NULL AND orders.state = 'cancel')
            """
        )

    def _select_money(self, query: SQL) -> SQL:
        # Money has a date only; noon stays on that day in nearly every time zone.
        return SQL(
            """
            SELECT money.id, money.client_id, money.company_id,
                   money.date + interval '12 hours' AS date,
                   CASE WHEN money.amount < 0 THEN 'refunded' ELSE 'paid' END AS kind,
                   money.name, NULL::integer AS author_id, money.amount,
                   CASE WHEN money.payment_id IS NULL THEN 'account.move'
                   ELSE 'account.payment' END AS res_model,
                   COALESCE(money.payment_id, money.move_id) AS res_id,
                   NULL::integer AS message_id
              FROM (%s) money
            """,
            query,
        )

    def _select_messages(self, model: str, partner: str, condition: SQL) -> SQL:
        """Return the messages, mails, notes and done activities of a model.

        :param model: with a partner, a company and a name
        :param partner: its field with the client, or with a contact of the client
        :param condition: on the record, alias ``record``
        """
        return SQL(
            """
            SELECT message.id, partner.commercial_partner_id AS client_id,
                   record.company_id, message.date, %(kind)s AS kind,
                   record.%(name)s AS name, message.author_id,
                   NULL::numeric AS amount, message.model AS res_model,
                   message.res_id, message.id AS message_id
              FROM %(table)s record
              JOIN res_partner partner ON partner.id = record.%(partner)s
              JOIN mail_message message
                ON message.model = %(model)s AND message.res_id = record.id
             WHERE message.message_type != 'user_notification'
               AND %(condition)s AND NOT %(creation)s
            """,
            kind=self._message_kind(),
            name=SQL.identifier("complete_name" if model == "res.partner" else "name"),
            table=SQL.identifier(self.env[model]._table),
            partner=SQL.identifier(partner),
            model=model,
            condition=condition,
            creation=self._is_creation_message(),
        )

    def _message_kind(self) -> SQL:
        """Return the SQL of a message's kind; what the client gets is a mail."""
        return SQL(
            """
            CASE WHEN message.mail_activity_type_id IS NOT NULL THEN 'activity'
            WHEN message.subtype_id = %(viewed)s THEN 'viewed'
            WHEN message.message_type IN ('email', 'email_outgoing') THEN 'mail'
            WHEN message.subtype_id = %(comment)s AND message.is_internal IS NOT TRUE
                THEN 'mail'
            WHEN message.message_type = 'comment' THEN 'note'
            ELSE 'update' END
            """,
            comment=self._get_subtype_id("mail.mt_comment"),
            viewed=self._get_subtype_id("sale.mt_order_viewed"),
        )

    def _get_subtype_id(self, xmlid: str) -> int | None:
        return self.env["ir.model.data"]._xmlid_to_res_id(xmlid) or None

    def _is_creation_message(self) -> SQL:
        """Return the SQL that finds what tells of a creation: that has its own row."""
        return SQL(
            """
            (message.message_type = 'notification'
             AND message.create_date = record.create_date
             AND message.id = (SELECT MIN(first.id) FROM mail_message first
                                WHERE first.model = message.model
                                  AND first.res_id = message.res_id))
            """
        )

    def _get_document(self) -> models.BaseModel:
        """OVERRIDE: what the event is about."""
        return self.env[self.res_model].browse(self.res_id)
