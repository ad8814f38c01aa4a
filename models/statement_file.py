from __future__ import annotations

import re
from typing import Any

from odoo import api, models
from odoo.tools import format_date
from odoo.tools.misc import get_lang

from ..tools import statement_xlsx
from ..tools.statement import Block, Statement

REPORT = "client_hub.action_report_statement"
_EPC = "sct_qr"
# Odoo's letters of dates, as spreadsheets write them.
_DATE_LETTERS = {"%d": "dd", "%m": "mm", "%Y": "yyyy", "%y": "yy", "%b": "mmm"}
_DATE_LETTERS |= {"%B": "mmmm", "%-d": "d", "%-m": "m", "%e": "d"}


class ClientHubStatement(models.AbstractModel):
    """The account as a file: PDF and spreadsheet."""

    _inherit = "client.hub.statement"

    @api.model
    def _get_file_name(self, statement: Statement) -> str:
        """Return the name of a file without its ending."""
        name = re.sub(r"[^\w-]+", "_", statement.client.display_name or "").strip("_")
        title = re.sub(r"\s+", "_", self.env._("Account statement"))
        return f"{title}_{name[:60]}_{statement.period.last.isoformat()}"

    @api.model
    def _make_pdf(self, statement: Statement) -> tuple[bytes, str]:
        """Return the statement as PDF, in the user's language, and its content type.

        It asks for no rights, as :meth:`_get`.
        """
        # sudo: the layout reads companies, accounts and addresses; what stands in
        reports_sudo = self.env["ir.actions.report"].sudo()
        reports_sudo = reports_sudo.with_context(client_statement_lang=self.env.lang)
        content, kind = reports_sudo._render_qweb_pdf(
            REPORT,
            statement.client.ids,
            data={"statements": {statement.client.id: statement}},
        )
        # Tests get the HTML it is made of.
        return content, "application/pdf" if kind == "pdf" else "text/html"

    @api.model
    def _make_sheet(self, statement: Statement) -> bytes:
        """Return the statement as spreadsheet, in the language of the environment."""
        terms = {
            "title": self.env._("Account statement"),
            "company": self.env._("Company"),
            "client": self.env._("Client"),
            "currency": self.env._("Currency"),
            "from": self.env._("From"),
            "to": self.env._("To, and as of"),
            "outstanding": self.env._("Outstanding"),
            "overdue": self.env._("Overdue"),
            "unapplied": self.env._("Unapplied credit"),
            "other": self.env._("Other entries"),
            "opening": self.env._("Opening balance"),
            "closing": self.env._("Balance"),
            "next_due": self.env._("Next due date"),
            "documents": self.env._("Open documents"),
            "account": self.env._("Account"),
            "date": self.env._("Date"),
            "document": self.env._("Document"),
            "kind": self.env._("Entry"),
            "memo": self.env._("Reference"),
            "due": self.env._("Due"),
            "amount": self.env._("Amount"),
            "paid": self.env._("Paid"),
            "remaining": self.env._("Remaining"),
            "balance": self.env._("Balance"),
            "nothing": self.env._("Nothing has been booked on this account."),
        }
        words = statement_xlsx.Words(terms, **self._get_labels(), **self._dates())
        return statement_xlsx.make(statement, words)

    @api.model
    def _dates(self) -> dict[str, str]:
        pattern = get_lang(self.env).date_format
        for letter, written in _DATE_LETTERS.items():
            pattern = pattern.replace(letter, written)
        return {"date_format": "yyyy-mm-dd" if "%" in pattern else pattern}

    @api.model
    def _get_bank_account(self, company: Any) -> Any:
        """Return the account that clients pay to, as core's invoices choose it."""
        # sudo: clients may know where to pay.
        accounts_sudo = company.sudo().partner_id.bank_ids
        return accounts_sudo.filtered(
            lambda account: account.company_id in (account.company_id.browse(), company)
        )[:1]

    @api.model
    def _get_payment_reference(self, statement: Statement) -> str:
        """Return what a client writes on a transfer of the balance."""
        day = format_date(self.env, statement.period.last)
        name = statement.client.ref or statement.client.name or ""
        return self.env._("Statement %(client)s %(date)s", client=name, date=day)

    @api.model
    def _get_bank_qr(self, statement: Statement, block: Block) -> str | None:
        """Return the picture of a SEPA transfer of the balance, as a data URI.

        None where banks know no such transfer: it needs euro and an IBAN.
        """
        account = self._get_bank_account(block.company)
        owed = block.currency.compare_amounts(block.closing, 0) > 0
        methods = dict(account.get_available_qr_methods_in_sequence())
        if not account or not owed or _EPC not in methods:
            return None
        return account.build_qr_code_base64(
            block.currency.round(block.closing),
            self._get_payment_reference(statement),
            "",
            block.currency,
            statement.client,
            qr_method=_EPC,
        )


class StatementReport(models.AbstractModel):
    """What the PDF shows, for the portal, for staff and for mails."""

    _name = "report.client_hub.report_statement"
    _description = "Account Statement Report"

    @api.model
    def _get_report_values(
        self, docids: list[int], data: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the values of the template; statements are made one by one.

        :raise AccessError: for users who may not see what clients owe
        """
        clients = self.env["res.partner"].browse(docids)
        given = (data or {}).get("statements")
        given = given if isinstance(given, dict) and self.env.su else {}
        clients._check_client_statement_access()
        return {
            "doc_ids": docids,
            "doc_model": "res.partner",
            "docs": clients,
            "get_statement": lambda client: (
                given.get(client.id) or client._get_client_statement()
            ),
            "statements": self.env["client.hub.statement"],
        }
