from __future__ import annotations

from typing import Any

from odoo.tests import Form, tagged

from .common import EIN, EIN_TYPED, SIREN, SIREN_TYPED, ClientHubUsersCommon

FORM = "base.view_partner_form"


@tagged("post_install", "-at_install")
class TestIdentifierForm(ClientHubUsersCommon):
    """Lines are entered in the form of the client."""

    def _open(self, client: Any) -> Form:
        return Form(self._as(self.partner_manager, client), FORM)

    def _fill_in(self, form: Form, **values: Any) -> None:
        with form.client_identifier_ids.new() as line:
            for name, value in values.items():
                line[name] = value

    def test_a_line_is_added(self) -> None:
        with self._open(self.client_fr) as form:
            self._fill_in(form, scheme="FR_SIREN", number=SIREN_TYPED)
        self.assertEqual(self.client_fr.client_identifier_ids.number, SIREN)

    def test_a_new_client_is_saved_with_its_lines(self) -> None:
        form = self._open(self.env["res.partner"])
        form.company_type = "company"
        form.name = "Atelier Neuf"
        form.country_id = self.env.ref("base.fr")
        self._fill_in(form, scheme="FR_SIREN", number=SIREN_TYPED)
        self.assertEqual(form.save().client_identifier_ids.number, SIREN)

    def test_a_new_client_offers_the_schemes_of_its_country(self) -> None:
        form = self._open(self.env["res.partner"])
        form.country_id = self.env.ref("base.fr")
        with form.client_identifier_ids.new() as line:
            self.assertIn("FR_SIREN", line.available_schemes.split(","))
            line.scheme, line.number = "DUNS", "150483782"

    def test_the_country_of_the_line_changes_what_is_offered(self) -> None:
        form = self._open(self.client_fr)
        with form.client_identifier_ids.new() as line:
            self.assertNotIn("US_EIN", line.available_schemes.split(","))
            line.country_id = self.env.ref("base.us")
            self.assertIn("US_EIN", line.available_schemes.split(","))
            self.assertNotIn("FR_SIREN", line.available_schemes.split(","))
            line.scheme, line.number = "US_EIN", EIN_TYPED
        self.assertEqual(form.save().client_identifier_ids.number, EIN)

    def test_a_number_of_the_scheme_other_is_added_with_its_label(self) -> None:
        with self._open(self.client_fr) as form:
            self._fill_in(form, scheme="OTHER", number="K-17", label="Supplier code")
        name = self.client_fr.client_identifier_ids.display_name
        self.assertEqual(name, "Supplier code: K-17")

    def test_a_number_of_the_scheme_other_needs_its_label(self) -> None:
        form = self._open(self.client_fr)
        with self.assertRaisesRegex(AssertionError, "'label' is a required field"):
            self._fill_in(form, scheme="OTHER", number="K-17")

    def test_a_wrong_number_is_refused_when_the_form_is_saved(self) -> None:
        form = self._open(self.client_fr)
        form.city = "Lyon"
        self._fill_in(form, scheme="FR_SIREN", number="303265046")
        with self._assert_refused("^Number: its check digit"):
            form.save()
        self.client_fr.invalidate_recordset()
        self.assertFalse(self.client_fr.client_identifier_ids)
        self.assertFalse(self.client_fr.city)

    def test_a_line_is_changed_and_another_removed(self) -> None:
        self._create_identifier(self.client_fr, "FR_SIREN", SIREN, sequence=1)
        self._create_identifier(self.client_fr, "DUNS", "150483782", sequence=2)
        with self._open(self.client_fr) as form:
            with form.client_identifier_ids.edit(0) as line:
                line.print_on_documents = False
            form.client_identifier_ids.remove(1)
        left = self.client_fr.client_identifier_ids
        self.assertEqual(left.scheme, "FR_SIREN")
        self.assertFalse(left.print_on_documents)

    def test_the_form_shows_the_numbers_that_core_keeps(self) -> None:
        self.client_fr.write({"vat": "FR40303265045", "company_registry": SIREN})
        shown = self._open(self.client_fr).client_core_identifiers
        self.assertRegex(shown, f"FR40303265045 · .+: {SIREN}$")

    def test_the_form_shows_no_core_numbers_where_there_are_none(self) -> None:
        self.assertFalse(self._open(self.client_fr).client_core_identifiers)


@tagged("post_install", "-at_install")
class TestIdentifierBatch(ClientHubUsersCommon):
    """Many lines cost no more queries than few."""

    def _count_queries(self, clients: Any, per_client: int) -> int:
        vals_list = [
            {"partner_id": client.id, "scheme": "DUNS", "number": f"10-000-{i:04}"}
            for client in clients
            for i in range(per_client)
        ]
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.identifiers.create(vals_list)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _create_clients(self, count: int) -> Any:
        vals = {"is_company": True, "country_id": self.env.ref("base.fr").id}
        return self.env["res.partner"].create(
            [{**vals, "name": f"Client {number}"} for number in range(count)]
        )

    def test_fifty_lines_of_one_client_cost_what_five_cost(self) -> None:
        self._count_queries(self._create_clients(1), 1)  # fills the caches
        few = self._count_queries(self._create_clients(1), 5)
        many = self._count_queries(self._create_clients(1), 50)
        self.assertEqual(many, few)
        self.assertLessEqual(many, 8)

    def test_fifty_clients_cost_what_five_cost(self) -> None:
        self._count_queries(self._create_clients(1), 1)  # fills the caches
        few = self._count_queries(self._create_clients(5), 1)
        many = self._count_queries(self._create_clients(50), 1)
        self.assertEqual(many, few)
        self.assertLessEqual(many, 8)
