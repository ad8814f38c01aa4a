from __future__ import annotations

from typing import Any
from unittest.mock import patch

import psycopg2

from odoo import SUPERUSER_ID, Command, api
from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools import mute_logger

from .common import (
    SECOND_SIREN,
    SIREN,
    SIREN_TYPED,
    ClientHubCommon,
    ClientHubUsersCommon,
    JsonRpcMixin,
    RpcError,
)

ALREADY = "^Number: Atelier du Quai already has SIREN: 303 265 045. Change that line"
INDEX = "Number: this client already has this number in this scheme."


@tagged("post_install", "-at_install")
class TestIdentifierDuplicate(ClientHubCommon):
    """A client has a number of a scheme once."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.line = cls._create_identifier(cls.client_fr, "FR_SIREN", SIREN)

    def test_a_second_line_is_refused_however_it_is_written(self) -> None:
        for typed in (SIREN, SIREN_TYPED, "303.265.045", " 303-265 045\u00a0"):
            with (
                self.subTest(typed),
                self._assert_refused(ALREADY),
            ):
                self._create_identifier(self.client_fr, "FR_SIREN", typed)
        self.assertEqual(self.client_fr.client_identifier_ids, self.line)

    def test_free_numbers_are_compared_without_their_formatting(self) -> None:
        self._create_identifier(self.client_fr, "OTHER", "AB-12 x", label="Code")
        with self._assert_refused("already has Code: ab/12 X"):
            self._create_identifier(self.client_fr, "OTHER", "ab/12 X", label="Code")

    def test_a_contact_cannot_add_what_its_company_has(self) -> None:
        with self._assert_refused(ALREADY):
            self._create_identifier(self.contact_fr, "FR_SIREN", SIREN_TYPED)

    def test_two_in_one_call_are_refused(self) -> None:
        vals = {"partner_id": self.client_fr.id, "scheme": "FR_SIREN"}
        numbers = (SECOND_SIREN, "552 100 554")
        with self._assert_refused("SIREN: 552 100 554"):
            self.identifiers.create([{**vals, "number": number} for number in numbers])

    def test_two_in_one_call_for_company_and_contact_are_refused(self) -> None:
        vals = {"scheme": "FR_SIREN", "number": SECOND_SIREN}
        clients = (self.client_fr, self.contact_fr)
        with self._assert_refused("SIREN: 552 100 554"):
            self.identifiers.create(
                [{**vals, "partner_id": client.id} for client in clients]
            )

    def test_one_after_the_other_in_one_request_is_refused(self) -> None:
        with self._assert_refused("SIREN: 552 100 554"):
            self._create_identifier(self.client_fr, "FR_SIREN", SECOND_SIREN)
            self._create_identifier(self.client_fr, "FR_SIREN", SECOND_SIREN)

    def test_two_in_one_form_are_refused(self) -> None:
        lines = [
            Command.create({"scheme": "FR_SIREN", "number": number})
            for number in (SECOND_SIREN, "552 100 554")
        ]
        with self._assert_refused("SIREN: 552 100 554"):
            self.client_fr.client_identifier_ids = lines

    def test_a_line_cannot_become_a_second_one(self) -> None:
        second = self._create_identifier(self.client_fr, "FR_SIREN", SECOND_SIREN)
        for vals in ({"number": SIREN_TYPED}, {"number": SIREN, "sequence": 3}):
            with (
                self.subTest(vals),
                self._assert_refused(ALREADY),
            ):
                second.write(vals)
        self.assertEqual(second.number, SECOND_SIREN)

    def test_a_line_cannot_move_to_a_client_that_has_it(self) -> None:
        other = self._create_client("Second Atelier", "fr")
        line = self._create_identifier(other, "FR_SIREN", SIREN)
        with self._assert_refused(ALREADY):
            line.partner_id = self.client_fr
        self.assertEqual(line.partner_id, other)

    def test_several_lines_cannot_become_the_same(self) -> None:
        lines = self.line + self._create_identifier(
            self.client_fr, "FR_SIREN", SECOND_SIREN
        )
        with self._assert_refused(ALREADY):
            lines.write({"number": SIREN})

    def test_a_line_may_be_written_as_it_is(self) -> None:
        self.line.write({"number": SIREN_TYPED, "partner_id": self.contact_fr.id})
        self.assertEqual(self.line.number, SIREN)

    def test_a_line_may_be_replaced_in_one_go(self) -> None:
        vals = {"scheme": "FR_SIREN", "number": SIREN}
        self.client_fr.client_identifier_ids = [
            Command.delete(self.line.id),
            Command.create(vals),
        ]
        self.assertEqual(self.client_fr.client_identifier_ids.number, SIREN)
        self.assertFalse(self.line.exists())

    def test_another_client_may_have_the_same_number(self) -> None:
        other = self._create_client("Second Atelier", "fr")
        line = self._create_identifier(other, "FR_SIREN", SIREN)
        self.assertEqual(line.number_key, self.line.number_key)

    def test_another_scheme_may_have_the_same_number(self) -> None:
        line = self._create_identifier(
            self.client_fr, "OTHER", SIREN, label="Supplier number"
        )
        self.assertEqual(line.number_key, self.line.number_key)

    def test_the_database_refuses_what_goes_round_odoo(self) -> None:
        columns = "partner_id, scheme, number, number_key"
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
        ):
            self.env.cr.execute(
                f"INSERT INTO client_hub_identifier ({columns}) "
                f"SELECT {columns} FROM client_hub_identifier WHERE id = %s",
                [self.line.id],
            )


@tagged("post_install", "-at_install")
class TestIdentifierRace(TransactionCase):
    """Two people add the same number to one client at the same time."""

    def setUp(self) -> None:
        super().setUp()
        with self.registry.cursor() as cr:
            country = self._env(cr).ref("base.fr")
            client = self._env(cr)["res.partner"].create(
                {"name": "Raced", "is_company": True, "country_id": country.id}
            )
        self.client_id = client.id
        self.addCleanup(self._delete_client)

    def _env(self, cr: Any) -> api.Environment:
        return api.Environment(cr, SUPERUSER_ID, {})

    def _delete_client(self) -> None:
        with self.registry.cursor() as cr:
            self._env(cr)["res.partner"].browse(self.client_id).unlink()

    def _add(self, cr: Any) -> None:
        self._env(cr)["client.hub.identifier"].create(
            {"partner_id": self.client_id, "scheme": "FR_SIREN", "number": SIREN}
        )
        self._env(cr).flush_all()

    def test_the_second_one_is_refused(self) -> None:
        with self.registry.cursor() as first, self.registry.cursor() as second:
            second.execute("SELECT 1")  # begins its transaction before the first ends
            self._add(first)
            first.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.UniqueViolation),
            ):
                self._add(second)
            second.rollback()
        with self.registry.cursor() as cr:
            client = self._env(cr)["res.partner"].browse(self.client_id)
            self.assertEqual(len(client.client_identifier_ids), 1)


@tagged("post_install", "-at_install")
class TestIdentifierErrorsByRpc(JsonRpcMixin, ClientHubUsersCommon, HttpCase):
    """What a program or the web client is answered, and that nothing is saved."""

    def setUp(self) -> None:
        super().setUp()
        self.authenticate("hub_partners", "hub_partners")

    def _create_by_rpc(self, *numbers: str) -> Any:
        vals = {"partner_id": self.client_fr.id, "scheme": "FR_SIREN"}
        return self._rpc(
            "client.hub.identifier",
            "create",
            [{**vals, "number": number} for number in numbers],
        )

    def _count(self) -> int:
        return self.identifiers.search_count([("partner_id", "=", self.client_fr.id)])

    def test_right_numbers_are_saved(self) -> None:
        self._create_by_rpc(SIREN_TYPED, SECOND_SIREN)
        self.assertEqual(self._count(), 2)

    def test_a_wrong_number_saves_nothing_of_the_call(self) -> None:
        with self.assertRaisesRegex(RpcError, "^Number: its check digit is wrong."):
            self._create_by_rpc(SIREN_TYPED, "303265046")
        self.assertEqual(self._count(), 0)

    def test_a_wrong_number_saves_nothing_of_the_client(self) -> None:
        line = {"scheme": "FR_SIREN", "number": "303265046"}
        vals = {"city": "Lyon", "client_identifier_ids": [Command.create(line)]}
        with self.assertRaisesRegex(RpcError, "^Number: its check digit is wrong."):
            self._rpc("res.partner", "write", self.client_fr.ids, vals)
        self.client_fr.invalidate_recordset()
        self.assertFalse(self.client_fr.city)
        self.assertEqual(self._count(), 0)

    def test_the_loser_of_a_race_reads_what_is_wrong(self) -> None:
        self._create_by_rpc(SIREN)
        model = type(self.identifiers)
        with (
            patch.object(model, "_check_duplicates", lambda _lines: None),
            self.assertRaisesRegex(RpcError, INDEX),
        ):
            self._create_by_rpc(SIREN_TYPED)
        self.assertEqual(self._count(), 1)
