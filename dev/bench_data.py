"""The data of ``make bench``; runs inside Odoo, which makes the first documents.

Odoo books one document of each kind. SQL then copies its rows, so that every column
holds what Odoo itself would have written, and replaces what differs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from odoo.tools import SQL

from .bench_copies import Copy, copies

CLIENTS = 10_000
INVOICES = 200_000
PAYMENTS = 140_000
BANK_RECEIPTS = 1_000
#: of the client with the most
MOST_INVOICES = 2_000

# An invoice's "lot" spreads the kinds of settlement over clients and dates.
_PAID, _PARTIAL, _HALVES = 120_000, 125_000, 130_000
_PREPAYMENTS = PAYMENTS - (_HALVES + _HALVES - _PARTIAL)
_BANK = INVOICES - BANK_RECEIPTS

_PLAN = f"""
CREATE TEMP TABLE made_client AS
SELECT n, nextval('res_partner_id_seq') AS id,
       nextval('res_partner_id_seq') AS contact_id
  FROM generate_series(1, {CLIENTS}) n;

CREATE TEMP TABLE made_invoice AS
SELECT plan.*, client.id AS client_id,
       CASE WHEN mod(plan.n, 4) = 0 THEN client.contact_id
       ELSE client.id END AS partner_id,
       round(untaxed * 0.15, 2) AS tax,
       untaxed + round(untaxed * 0.15, 2) AS total,
       100000 + row_number() OVER (
           PARTITION BY date_part('year', plan.date) ORDER BY plan.date, plan.n
       ) AS number,
       to_char(plan.date, '"INV/"YYYY/') AS prefix,
       nextval('account_move_id_seq') AS move_id,
       nextval('account_move_line_id_seq') AS income_id,
       nextval('account_move_line_id_seq') AS tax_id,
       nextval('account_move_line_id_seq') AS item_id,
       CASE WHEN lot < {_PAID} OR lot BETWEEN {_PARTIAL} AND {_HALVES - 1}
                 OR lot >= {_BANK}
            THEN nextval('account_full_reconcile_id_seq') END AS full_id
  FROM (SELECT n, mod(n * 7919::bigint, {INVOICES}) AS lot,
               current_date - mod(n * 37, 1095) AS date,
               round((100 + mod(n * 104729::bigint, 99900)) / 100.0, 2) AS untaxed
          FROM generate_series(1, {INVOICES}) n) plan
  JOIN made_client client ON client.n = CASE WHEN plan.n <= {MOST_INVOICES} THEN 1
       ELSE 2 + floor(({CLIENTS} - 1) * power(
           (plan.n - {MOST_INVOICES} - 1) / ({INVOICES} - {MOST_INVOICES})::float, 1.5
       )) END;

ALTER TABLE made_invoice ADD COLUMN residual numeric;
UPDATE made_invoice SET residual = CASE WHEN full_id IS NOT NULL THEN 0
    WHEN lot < {_PARTIAL} THEN total - round(total * 0.4, 2) ELSE total END;

CREATE TEMP TABLE made_payment AS
SELECT plan.*, 100000 + row_number() OVER () AS number,
       to_char(plan.date, '"PBNK1/"YYYY/') AS prefix,
       CASE WHEN bank THEN nextval('account_bank_statement_line_id_seq')
       ELSE nextval('account_payment_id_seq') END AS id,
       nextval('account_move_id_seq') AS move_id,
       nextval('account_move_line_id_seq') AS liquidity_id,
       nextval('account_move_line_id_seq') AS item_id,
       CASE WHEN invoice_id IS NOT NULL
            THEN nextval('account_partial_reconcile_id_seq') END AS partial_id
  FROM (SELECT client_id, move_id AS invoice_id, item_id AS invoice_item_id, full_id,
               LEAST(date + 5 + mod(n, 40), current_date) AS date,
               lot >= {_BANK} AS bank,
               CASE WHEN lot < {_PAID} OR lot >= {_BANK} THEN total
                    WHEN lot < {_PARTIAL} THEN round(total * 0.4, 2)
                    WHEN part = 1 THEN round(total * 0.5, 2)
                    ELSE total - round(total * 0.5, 2) END AS amount
          FROM made_invoice
          JOIN generate_series(1, 2) part
            ON part = 1 OR lot BETWEEN {_PARTIAL} AND {_HALVES - 1}
         WHERE lot < {_HALVES} OR lot >= {_BANK}
        UNION ALL
        SELECT id, NULL, NULL, NULL, current_date - mod(n, 300), FALSE, 250.00 + n
          FROM made_client WHERE n <= {_PREPAYMENTS}) plan;
"""

# The tables of links have no number to copy a row by.
_LINKS = """
INSERT INTO account_move_line_account_tax_rel (account_move_line_id, account_tax_id)
SELECT made.income_id, link.account_tax_id
  FROM account_move_line_account_tax_rel link, made_invoice made
 WHERE link.account_move_line_id = %(income)s;

INSERT INTO account_move__account_payment (invoice_id, payment_id)
SELECT invoice_id, id FROM made_payment WHERE NOT bank AND invoice_id IS NOT NULL;
"""
_TABLES = ("account_move", "account_move_line", "account_payment")
_DEFINITIONS = """
SELECT format('ALTER TABLE %%I DROP CONSTRAINT %%I', relname, conname),
       format('ALTER TABLE %%I ADD CONSTRAINT %%I %%s', relname, conname,
              pg_get_constraintdef(pg_constraint.oid))
  FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
 WHERE contype = 'f' AND relname = ANY(%(tables)s)
UNION ALL
SELECT format('DROP INDEX %%I', indexname), indexdef
  FROM pg_indexes
 WHERE tablename = ANY(%(tables)s)
   AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""
# Each of these must be zero once all is made.
_CHECKS = {
    "entries out of balance": """
        SELECT count(*) FROM (SELECT FROM account_move_line GROUP BY move_id
        HAVING sum(debit) != sum(credit) OR sum(balance) != sum(debit - credit)) found
        """,
    "invoices whose total or residual is not that of their receivable": """
        SELECT count(*) FROM account_move move JOIN account_move_line line
            ON line.move_id = move.id AND line.display_type = 'payment_term'
         WHERE move.move_type = 'out_invoice' AND move.state = 'posted'
           AND (line.balance, line.amount_residual)
               IS DISTINCT FROM (move.amount_total_signed, move.amount_residual_signed)
        """,
    "receivable items whose residual is not their balance less what is matched": """
        SELECT count(*) FROM account_move_line line
          JOIN account_account account ON account.id = line.account_id
         WHERE account.account_type = 'asset_receivable'
           AND line.parent_state = 'posted'
           AND line.amount_residual != line.balance
             - (SELECT COALESCE(sum(amount), 0) FROM account_partial_reconcile
                 WHERE debit_move_id = line.id)
             + (SELECT COALESCE(sum(amount), 0) FROM account_partial_reconcile
                 WHERE credit_move_id = line.id)
        """,
}


def generate(env: Any) -> None:
    """Make the data in the database of ``env`` and commit it.

    :raises AssertionError: if what was made does not add up
    """
    originals = _originals(env)
    env.flush_all()
    env.cr.execute(SQL(_PLAN))
    with _bare_tables(env):
        for copy in copies():
            _insert(env, copy, originals[copy.original])
        env.cr.execute(SQL(_LINKS, income=originals["income"].id))
    # Core looks for the last number from the newest entry backwards: in a company at
    # work that is no long way.
    env.invalidate_all()
    _original_invoices(originals["client"])
    env.flush_all()
    env.cr.execute("ANALYZE")
    for finding, query in _CHECKS.items():
        [(count,)] = env.execute_query(SQL(query))
        assert not count, f"{count} {finding}"
    env.cr.commit()


def _originals(env: Any) -> dict[str, Any]:
    """Book one document of each kind, as a user would; return its records by name."""
    client, contact = _original_clients(env)
    invoice, by_bank = _original_invoices(client)
    wizard = env["account.payment.register"].with_context(
        active_model="account.move", active_ids=invoice.ids
    )
    payment = wizard.create({})._create_payments()
    bank = _original_bank_receipt(by_bank)
    item = _receivable(invoice)
    return {
        "client": client,
        "contact": contact,
        "invoice": invoice,
        "income": invoice.invoice_line_ids,
        "tax": invoice.line_ids.filtered("tax_line_id"),
        "item": item,
        "payment": payment,
        "bank": bank,
        "partial": item.matched_credit_ids,
        "full": item.full_reconcile_id,
        **_original_lines("payment", payment.move_id),
        **_original_lines("bank", bank.move_id),
    }


def _original_lines(name: str, move: Any) -> dict[str, Any]:
    item = _receivable(move)
    return {
        f"{name}_move": move,
        f"{name}_item": item,
        f"{name}_liquidity": move.line_ids - item,
    }


def _original_clients(env: Any) -> tuple[Any, Any]:
    client = env["res.partner"].create(
        {
            "name": "Original",
            "is_company": True,
            "customer_rank": 1,
            "email": "original@example.com",
            "street": "1 Main Street",
            "city": "Springfield",
            "zip": "12345",
            "country_id": env.ref("base.us").id,
        }
    )
    return client, client.create({"name": "Original", "parent_id": client.id})


def _original_invoices(client: Any) -> tuple[Any, Any]:
    line = {
        "name": "Work",
        "price_unit": 100.0,
        "tax_ids": [(6, 0, client.env.company.account_sale_tax_id.ids)],
    }
    values = {
        "move_type": "out_invoice",
        "partner_id": client.id,
        "invoice_line_ids": [(0, 0, line)],
    }
    invoices = client.env["account.move"].create([values, values])
    invoices.action_post()
    return invoices[0], invoices[1]


def _original_bank_receipt(invoice: Any) -> Any:
    """Return a statement line that is matched straight to the invoice."""
    env = invoice.env
    journal = [("type", "=", "bank"), ("company_id", "=", env.company.id)]
    receipt = env["account.bank.statement.line"].create(
        {
            "journal_id": env["account.journal"].search(journal, limit=1).id,
            "payment_ref": "Transfer",
            "partner_id": invoice.partner_id.id,
            "amount": invoice.amount_total,
        }
    )
    _liquidity, counterpart, _others = receipt._seek_for_lines()
    item = _receivable(invoice)
    counterpart.account_id = item.account_id
    (counterpart + item).reconcile()
    return receipt


def _receivable(move: Any) -> Any:
    return move.line_ids.filtered(
        lambda line: line.account_id.account_type == "asset_receivable"
    )


@contextmanager
def _bare_tables(env: Any) -> Iterator[None]:
    """Go without foreign keys and indexes, which are made faster all at once."""
    definitions = env.execute_query(SQL(_DEFINITIONS, tables=list(_TABLES)))
    for drop, _make in definitions:
        env.cr.execute(SQL(drop))
    yield
    env.cr.execute("SET LOCAL maintenance_work_mem = '256MB'")
    for _drop, make in reversed(definitions):
        env.cr.execute(SQL(make))


def _insert(env: Any, copy: Copy, original: Any) -> None:
    columns = SQL(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s",
        copy.table,
    )
    names = [name for (name,) in env.execute_query(columns)]
    values = [
        SQL(copy.values[name])
        if name in copy.values
        else SQL.identifier("original", name)
        for name in names
    ]
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s original, %s made"
            " WHERE original.id = %s",
            SQL.identifier(copy.table),
            SQL(", ").join(map(SQL.identifier, names)),
            SQL(", ").join(values),
            SQL.identifier(copy.table),
            SQL(copy.source),
            original.id,
        )
    )
