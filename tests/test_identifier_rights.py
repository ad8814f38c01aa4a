from __future__ import annotations

from typing import Any

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .common import SECOND_SIREN, SIREN, ClientHubUsersCommon, JsonRpcMixin

PARTNER_FIELDS = (
    "client_identifier_ids",
    "client_core_identifiers",
    "client_profile_missing",
)
MOVE_FIELDS = ("client_identifiers_printed", "client_vat_kept")


class IdentifierRightsCommon(ClientHubUsersCommon):
    """A printed and an unprinted line of one client, a printed one of another."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        create = cls._create_identifier
        cls.printed = create(cls.client_fr, "FR_SIREN", SIREN)
        cls.unprinted = create(
            cls.client_fr, "DUNS", "150483782", print_on_documents=False
        )
        cls.others = create(cls.client_de, "LEI", "213800KUD8LAJWSQ9D15")
        cls.all_lines = cls.printed + cls.unprinted + cls.others
        cls.new_vals = {
            "partner_id": cls.client_fr.id,
            "scheme": "FR_SIREN",
            "number": SECOND_SIREN,
        }

    def _search_as(self, user: Any) -> Any:
        lines = self._as(user, self.identifiers)
        return lines.search([("id", "in", self.all_lines.ids)])


@tagged("post_install", "-at_install")
class TestIdentifierRights(IdentifierRightsCommon):
    """Who may do what with the lines."""

    def _assert_cannot_change(self, user: Any) -> None:
        line = self._as(user, self.printed)
        with self.assertRaises(AccessError):
            line.write({"print_on_documents": False})
        with self.assertRaises(AccessError):
            line.unlink()
        with self.assertRaises(AccessError):
            line.create(self.new_vals)

    def test_an_internal_user_reads_all_lines(self) -> None:
        found = self._search_as(self.internal_user)
        self.assertEqual(
            set(found.mapped("number")), {*self.all_lines.mapped("number")}
        )

    def test_an_internal_user_changes_no_line(self) -> None:
        self._assert_cannot_change(self.internal_user)

    def test_a_user_of_client_hub_changes_no_line(self) -> None:
        self.assertEqual(self._search_as(self.hub_user), self.all_lines.sorted())
        self._assert_cannot_change(self.hub_user)

    def test_an_internal_user_cannot_change_lines_by_way_of_the_client(self) -> None:
        client = self._as(self.internal_user, self.client_fr)
        with self.assertRaises(AccessError):
            client.client_identifier_ids.number = SECOND_SIREN

    def test_a_partner_manager_changes_lines(self) -> None:
        line = self._as(self.partner_manager, self.identifiers).create(self.new_vals)
        line.print_on_documents = False
        self.assertEqual(line.number, SECOND_SIREN)
        line.unlink()
        self.assertFalse(line.exists())

    def test_an_internal_user_reads_what_is_missing(self) -> None:
        client = self._as(self.internal_user, self.contact_fr)
        self.assertIn("Street", client.client_profile_missing)

    def test_a_portal_user_reads_the_printed_lines_of_the_own_company(self) -> None:
        self.assertEqual(self._search_as(self.portal_user), self.printed)
        self.assertEqual(self._search_as(self.other_portal_user), self.others)

    def test_a_portal_user_cannot_read_other_lines_by_their_number(self) -> None:
        for line in (self.unprinted, self.others):
            with self.subTest(line.scheme), self.assertRaises(AccessError):
                self._as(self.portal_user, line).read(["number"])

    def test_a_portal_user_changes_no_line(self) -> None:
        self._assert_cannot_change(self.portal_user)

    def test_a_portal_user_who_leaves_the_company_reads_nothing(self) -> None:
        self.contact_fr.parent_id = False
        self.assertFalse(self._search_as(self.portal_user))

    def test_the_public_reads_nothing(self) -> None:
        with self.assertRaises(AccessError):
            self._search_as(self.public_user)
        self._assert_cannot_change(self.public_user)

    def _create_line_of(self, company: Any) -> Any:
        client = self._create_client("Elsewhere", "fr", company_id=company.id)
        return self._create_identifier(client, "FR_SIREN", SECOND_SIREN)

    def test_the_lines_of_another_company_are_hidden(self) -> None:
        company = self.env["res.company"].create({"name": "Other Company"})
        line = self._as(self.internal_user, self._create_line_of(company))
        self.assertFalse(line.search([("id", "in", line.ids)]))
        with self.assertRaises(AccessError):
            line.read(["number"])

    def test_the_lines_of_another_company_of_the_user_are_seen(self) -> None:
        company = self.env["res.company"].create({"name": "Other Company"})
        self.internal_user.company_ids += company
        line = self._create_line_of(company).with_context(
            allowed_company_ids=self.internal_user.company_ids.ids
        )
        line = self._as(self.internal_user, line)
        self.assertEqual(line.search([("id", "in", line.ids)]), line)

    def test_the_lines_of_the_own_company_are_seen(self) -> None:
        line = self._create_line_of(self.internal_user.company_id)
        line = self._as(self.internal_user, line)
        self.assertEqual(line.search([("id", "in", line.ids)]), line)

    def test_a_partner_manager_changes_nothing_in_another_company(self) -> None:
        company = self.env["res.company"].create({"name": "Other Company"})
        line = self._as(self.partner_manager, self._create_line_of(company))
        with self.assertRaises(AccessError):
            line.write({"print_on_documents": False})
        with self.assertRaises(AccessError):
            line.unlink()


@tagged("post_install", "-at_install")
class TestIdentifierWizardRights(ClientHubUsersCommon):
    """Who may open the wizards."""

    def _assert_cannot_open(self, user: Any, model: str) -> None:
        with self.assertRaises(AccessError):
            self.env[model].with_user(user).create({})

    def test_the_takeover_is_for_the_manager_of_client_hub(self) -> None:
        takeover = self.env["client.hub.identifier.takeover"]
        self.assertTrue(takeover.with_user(self.hub_manager).create({}))

    def test_the_takeover_is_for_nobody_else(self) -> None:
        for user in (self.hub_user, self.partner_manager, self.accountant):
            with self.subTest(user.login):
                self._assert_cannot_open(user, "client.hub.identifier.takeover")

    def test_the_question_about_a_changed_number_is_for_accounting(self) -> None:
        question = self.env["client.hub.vat.change"].with_user(self.accountant)
        self.assertTrue(question.has_access("create"))

    def test_the_question_about_a_changed_number_is_for_nobody_else(self) -> None:
        users = (self.hub_manager, self.partner_manager, self.portal_user)
        for user in users:
            with self.subTest(user.login):
                self._assert_cannot_open(user, "client.hub.vat.change")


@tagged("post_install", "-at_install")
class TestIdentifierFieldRights(
    JsonRpcMixin, IdentifierRightsCommon, AccountTestInvoicingCommon, HttpCase
):
    """The new fields of partners and invoices are for internal users."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.invoice = cls.init_invoice(
            "out_invoice", partner=cls.client_fr, amounts=[100.0], post=True
        )

    def test_the_client_reads_the_own_invoice_and_company(self) -> None:
        invoice = self._as(self.portal_user, self.invoice)
        self.assertEqual(invoice.partner_id.name, "Atelier du Quai")
        self.assertEqual(invoice.name, self.invoice.name)

    def _get_new_fields(self) -> dict[str, Any]:
        """Map each new field to a record that the client may read."""
        partner_fields = dict.fromkeys(PARTNER_FIELDS, self.client_fr)
        return partner_fields | dict.fromkeys(MOVE_FIELDS, self.invoice)

    def test_the_client_reads_none_of_the_new_fields_over_http(self) -> None:
        self.authenticate("hub_portal", "hub_portal")
        for name, record in self._get_new_fields().items():
            with self.subTest(name):
                self.assertTrue(self._rpc(record._name, "read", record.ids, ["name"]))
                self._assert_rpc_denied(record._name, "read", record.ids, [name])

    def test_the_client_reads_none_of_the_new_fields(self) -> None:
        for name, record in self._get_new_fields().items():
            mine = self._as(self.portal_user, record)
            with self.subTest(name):
                self.assertNotIn(name, mine.fields_get())
                with self.assertRaises(AccessError):
                    mine.read([name])

    def test_an_internal_user_reads_all_of_the_new_fields(self) -> None:
        client = self._as(self.internal_user, self.client_fr)
        self.assertEqual(client.read(PARTNER_FIELDS)[0].keys(), {"id", *PARTNER_FIELDS})
        invoice = self._as(self.accountant, self.invoice)
        printed = invoice.read(MOVE_FIELDS)[0]["client_identifiers_printed"]
        self.assertEqual([line["scheme"] for line in printed["lines"]], ["FR_SIREN"])

    def test_the_client_cannot_search_by_the_new_fields(self) -> None:
        partners = self._as(self.portal_user, self.env["res.partner"])
        with self.assertRaises(AccessError):
            partners.search([("client_identifier_ids.number", "=like", "1%")])
        moves = self._as(self.portal_user, self.env["account.move"])
        with self.assertRaises(AccessError):
            moves.search([("client_vat_kept", "=like", "FR%")])

    def test_the_client_cannot_write_the_new_fields(self) -> None:
        company = self._as(self.portal_user, self.client_fr)
        with self.assertRaises(AccessError):
            company.write({"client_identifier_ids": [(5, 0, 0)]})
        invoice = self._as(self.portal_user, self.invoice)
        with self.assertRaises(AccessError):
            invoice.write({"client_vat_kept": "FR1"})

    def test_the_client_prints_what_it_may_not_read_as_a_field(self) -> None:
        invoice = self._as(self.portal_user, self.invoice)
        rows = invoice._get_client_identifier_lines()
        self.assertEqual(rows, [{"label": "SIREN", "number": "303 265 045"}])


@tagged("post_install", "-at_install")
class TestIdentifierRightsByRpc(JsonRpcMixin, IdentifierRightsCommon, HttpCase):
    """The same over HTTP, which is how a client of ours would try."""

    LINES = "client.hub.identifier"

    def setUp(self) -> None:
        super().setUp()
        self.authenticate("hub_portal", "hub_portal")

    def test_the_client_reads_the_own_printed_lines(self) -> None:
        found = self._rpc(self.LINES, "search_read", [], fields=["number"])
        self.assertEqual(found, [{"id": self.printed.id, "number": SIREN}])

    def test_the_client_counts_the_own_printed_lines(self) -> None:
        domain = [("id", "in", self.all_lines.ids)]
        self.assertEqual(self._rpc(self.LINES, "search_count", domain), 1)

    def test_the_client_reads_no_other_line(self) -> None:
        for line in (self.unprinted, self.others):
            with self.subTest(line.scheme):
                self._assert_rpc_denied(self.LINES, "read", line.ids, ["number"])

    def test_the_client_changes_no_line(self) -> None:
        ids = self.printed.ids
        self._assert_rpc_denied(self.LINES, "create", [self.new_vals])
        self._assert_rpc_denied(self.LINES, "write", ids, {"number": SECOND_SIREN})
        self._assert_rpc_denied(self.LINES, "unlink", ids)
        self.assertTrue(self.printed.exists())

    def test_the_client_opens_no_wizard(self) -> None:
        for model in ("client.hub.vat.change", "client.hub.identifier.takeover"):
            with self.subTest(model):
                self._assert_rpc_denied(model, "create", [{}])

    def test_a_visitor_reads_nothing(self) -> None:
        self.logout(keep_db=True)
        with mute_logger("odoo.http"):
            answer = self.url_open(
                f"/web/dataset/call_kw/{self.LINES}/search_read",
                json={"params": {"model": self.LINES, "method": "search_read"}},
            ).json()
        self.assertNotIn("result", answer)
        name = answer["error"]["data"]["name"]
        self.assertEqual(name, "odoo.http.SessionExpiredException")
