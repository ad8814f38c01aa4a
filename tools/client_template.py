"""Which e-mails a client may have in its own words, without a database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class DocumentType(NamedTuple):
    """A kind of e-mail, and the global templates whose text a client's own replaces.

    :param model: model of the documents that are sent
    :param templates: XML ids of global templates; those missing are passed over, so
        that a later feature has only to ship its template
    :param parameters: system parameters that hold the id of a global template chosen
        in the settings
    :param chosen_by: method of a document that returns the global template it would be
        sent with, for choices made on other records, such as a quotation template
    :param states: values of the document's ``state_field`` that decide where one global
        template serves several types; where it serves one type they do not matter
    """

    model: str
    templates: tuple[str, ...]
    parameters: tuple[str, ...] = ()
    chosen_by: str = ""
    states: tuple[str, ...] = ()
    state_field: str = "state"


# Each of these may be sent with an invoice or a credit note: the document decides.
_MOVE_TEMPLATES = (
    "account.email_template_edi_invoice",
    "account.email_template_edi_credit_note",
)
_MOVE_PARAMETERS = ("sale.default_invoice_email_template",)

# To add a type, add it here and to the labels in models/mail_template.py.
DOCUMENT_TYPES = {
    "invoice": DocumentType(
        "account.move",
        _MOVE_TEMPLATES,
        _MOVE_PARAMETERS,
        chosen_by="_get_mail_template",
        states=("out_invoice", "out_receipt"),
        state_field="move_type",
    ),
    "credit_note": DocumentType(
        "account.move",
        _MOVE_TEMPLATES,
        _MOVE_PARAMETERS,
        chosen_by="_get_mail_template",
        states=("out_refund",),
        state_field="move_type",
    ),
    "estimate": DocumentType(
        "sale.order",
        ("sale.email_template_edi_sale", "sale.email_template_proforma"),
        chosen_by="_find_mail_template",
        states=("draft", "sent", "cancel"),
    ),
    "order_confirmation": DocumentType(
        "sale.order",
        ("sale.mail_template_sale_confirmation",),
        ("sale.default_confirmation_template",),
        chosen_by="_get_confirmation_template",
        states=("sale",),
    ),
    "payment_receipt": DocumentType(
        "account.payment", ("account.mail_template_data_payment_receipt",)
    ),
    "statement": DocumentType("res.partner", ("client_hub.mail_template_statement",)),
    "ticket": DocumentType("client.hub.ticket", ("client_hub.mail_template_ticket",)),
}


def failing_placeholder(error: BaseException) -> tuple[str, str]:
    """Return the placeholder at which rendering failed, and what went wrong there.

    Odoo wraps the cause several times; QWeb notes the element, an evaluated expression
    ends its message with the expression. Both are empty where neither is known.
    """
    for cause in causes(error):
        element = getattr(getattr(cause, "qweb", None), "element", None)
        if element:
            # QWeb notes the element as a Python literal.
            shown = str(element).replace("\\'", "'")
            return shown, str(cause.__cause__ or element)
        reason, found, expression = str(cause).partition(" while evaluating\n")
        if found and isinstance(cause, ValueError):
            return expression.strip("'\""), reason
    return "", ""


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and what it was raised from, outermost first."""
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__
