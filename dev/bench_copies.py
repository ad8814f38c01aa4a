"""What ``make bench`` copies, and which columns of a copy differ from its original."""

from __future__ import annotations

from typing import NamedTuple

Values = dict[str, str]


class Copy(NamedTuple):
    """Rows to add to a table: one for each row of a source.

    :param table: where they go
    :param original: name of the record whose row is copied
    :param source: table or sub-query, called ``made`` in ``values``
    :param values: SQL of the columns that differ from the original
    """

    table: str
    original: str
    source: str
    values: Values


def _same(expression: str, *columns: str) -> Values:
    return dict.fromkeys(columns, expression)


_NAME = "made.prefix || made.number"
_PAYMENT = "(SELECT * FROM made_payment WHERE NOT bank)"
_BANK = "(SELECT * FROM made_payment WHERE bank)"


def copies() -> list[Copy]:
    """Return all copies, in an order in which no foreign key points to nothing."""
    full = "(SELECT full_id FROM made_invoice WHERE full_id IS NOT NULL)"
    return [
        Copy("account_full_reconcile", "full", full, {"id": "made.full_id"}),
        *_clients(),
        *_invoices(),
        *_payments(),
        *_bank_receipts(),
        _matches(),
    ]


def _clients() -> list[Copy]:
    # In the order of names, clients with many invoices stand anywhere.
    name = "'Client ' || lpad(mod(made.n * 7919, 10000)::text, 4, '0')"
    contact = "'Contact ' || made.n"
    common = {"commercial_partner_id": "made.id", "commercial_company_name": name}
    client = _same(name, "name", "complete_name") | {"id": "made.id"}
    person = {
        "id": "made.contact_id",
        "parent_id": "made.id",
        "name": contact,
        "complete_name": f"{name} || ', ' || {contact}",
    }
    return [
        Copy("res_partner", "client", "made_client", common | client | _mail("client")),
        Copy(
            "res_partner", "contact", "made_client", common | person | _mail("contact")
        ),
    ]


def _mail(name: str) -> Values:
    return _same(f"'{name}' || made.n || '@example.com'", "email", "email_normalized")


def _invoices() -> list[Copy]:
    move = (
        _entry("made.partner_id", "made.total", "made.residual")
        | _same("made.date + 30", "invoice_date_due")
        | _same("made.date", "invoice_date")
        | _same(_NAME, "payment_reference")
        | _same("made.partner_id", "partner_shipping_id")
        | _same("made.untaxed", "amount_untaxed", "amount_untaxed_signed")
        | _same("made.untaxed", "amount_untaxed_in_currency_signed")
        | _same("made.tax", "amount_tax", "amount_tax_signed")
        | {
            "payment_state": "CASE WHEN made.residual = 0 THEN 'paid'"
            " WHEN made.residual < made.total THEN 'partial' ELSE 'not_paid' END",
        }
    )
    lines = [
        Copy("account_move_line", original, "made_invoice", values)
        for original, values in _invoice_lines().items()
    ]
    return [Copy("account_move", "invoice", "made_invoice", move), *lines]


def _invoice_lines() -> dict[str, Values]:
    """Return the columns of an invoice's journal items, by name of the original."""
    dated = {"invoice_date": "made.date"}
    income = _same("made.untaxed", "price_unit", "price_subtotal")
    income |= {"price_total": "made.total"}
    tax = {"tax_base_amount": "-made.untaxed"}
    item = {"name": _NAME, "date_maturity": "made.date + 30"}
    item = _matched("made.residual", "made.full_id::text") | item
    return {
        "income": _line("income_id", "-made.untaxed") | dated | income,
        "tax": _line("tax_id", "-made.tax") | dated | tax,
        "item": _line("item_id", "made.total") | dated | item,
    }


def _payments() -> list[Copy]:
    payment = {
        "id": "made.id",
        "move_id": "made.move_id",
        "partner_id": "made.client_id",
        "date": "made.date",
        "name": _NAME,
        "is_reconciled": "made.invoice_id IS NOT NULL",
        "state": "CASE WHEN made.full_id IS NULL THEN 'in_process' ELSE 'paid' END",
    } | _same("made.amount", "amount", "amount_company_currency_signed")
    move = _entry("made.client_id", "made.amount", "0") | {
        "invoice_date_due": "made.date",
        "origin_payment_id": "made.id",
    }
    return [
        Copy("account_move", "payment_move", _PAYMENT, move),
        Copy("account_payment", "payment", _PAYMENT, payment),
        *_money_lines("payment", _PAYMENT, {"payment_id": "made.id"}),
    ]


def _bank_receipts() -> list[Copy]:
    index = (
        "to_char(made.date, 'YYYYMMDD') || lpad((2147483647 - original.sequence)::text,"
        " 10, '0') || lpad(made.id::text, 10, '0')"
    )
    receipt = {
        "id": "made.id",
        "move_id": "made.move_id",
        "partner_id": "made.client_id",
        "amount": "made.amount",
        "internal_index": index,
    }
    move = _entry("made.client_id", "made.amount", "0") | {
        "invoice_date_due": "made.date",
        "statement_line_id": "made.id",
    }
    return [
        Copy("account_move", "bank_move", _BANK, move),
        Copy("account_bank_statement_line", "bank", _BANK, receipt),
        *_money_lines("bank", _BANK, {"statement_line_id": "made.id"}),
    ]


def _money_lines(original: str, source: str, values: Values) -> list[Copy]:
    """Return the two lines of a receipt: where it lies, and what it settles."""
    liquidity = _line("liquidity_id", "made.amount", "made.amount")
    matching = "COALESCE(made.full_id::text, 'P' || made.partial_id)"
    left = "CASE WHEN made.partial_id IS NULL THEN -made.amount ELSE 0 END"
    item = _line("item_id", "-made.amount") | _matched(left, matching)
    return [
        Copy("account_move_line", f"{original}_liquidity", source, values | liquidity),
        Copy("account_move_line", f"{original}_item", source, values | item),
    ]


def _matches() -> Copy:
    partials = "(SELECT * FROM made_payment WHERE partial_id IS NOT NULL)"
    amounts = ("amount", "debit_amount_currency", "credit_amount_currency")
    values = {
        "id": "made.partial_id",
        "debit_move_id": "made.invoice_item_id",
        "credit_move_id": "made.item_id",
        "full_reconcile_id": "made.full_id",
        "max_date": "made.date",
    }
    values |= _same("made.amount", *amounts)
    return Copy("account_partial_reconcile", "partial", partials, values)


def _entry(partner: str, total: str, residual: str) -> Values:
    """Return the columns of a journal entry."""
    totals = ("amount_total", "amount_total_signed", "amount_total_in_currency_signed")
    return (
        {
            "id": "made.move_id",
            "name": _NAME,
            "sequence_prefix": "made.prefix",
            "sequence_number": "made.number",
            "access_token": "NULL",
            "partner_id": partner,
            "commercial_partner_id": "made.client_id",
            "date": "made.date",
        }
        | _same(total, *totals)
        | _same(residual, "amount_residual", "amount_residual_signed")
    )


def _line(key: str, balance: str, residual: str = "0") -> Values:
    """Return the columns of a journal item.

    :param key: column of the source that holds its id
    """
    return (
        {
            "id": f"made.{key}",
            "move_id": "made.move_id",
            "move_name": _NAME,
            "partner_id": "made.client_id",
            "date": "made.date",
            "date_maturity": "CASE WHEN original.date_maturity IS NOT NULL"
            " THEN made.date END",
            "debit": f"GREATEST({balance}, 0)",
            "credit": f"GREATEST(-({balance}), 0)",
        }
        | _same(balance, "balance", "amount_currency")
        | _same(residual, "amount_residual", "amount_residual_currency")
    )


def _matched(residual: str, number: str) -> Values:
    """Return the columns of a journal item that say what it is matched with."""
    return _same(residual, "amount_residual", "amount_residual_currency") | {
        "reconciled": f"{residual} = 0",
        "full_reconcile_id": "made.full_id",
        "matching_number": number,
    }
