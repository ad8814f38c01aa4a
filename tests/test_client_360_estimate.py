from __future__ import annotations

from datetime import timedelta
from typing import Any

from odoo import Command, fields
from odoo.tests import new_test_user, tagged

from .common import ClientHubCommon

NAME = "client_estimate_state"


class EstimateCommon(ClientHubCommon):
    """Estimates of a client, and those who deal with them."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.product = cls.env["product.product"].create({"name": "Repair"})
        cls.salesman = new_test_user(
            cls.env,
            login="estimate_sales",
            groups="sales_team.group_sale_salesman_all_leads",
            name="Salesman Sam",
        )
        cls.portal_user = new_test_user(
            cls.env,
            login="estimate_portal",
            groups="base.group_portal",
            partner_id=cls.contact_fr.id,
        )
        cls.today = fields.Date.today()
        cls.estimate = cls._create_estimate()

    @classmethod
    def _create_estimate(cls, **vals: Any) -> Any:
        vals = {
            "partner_id": cls.client_fr.id,
            "user_id": cls.salesman.id,
            "require_signature": True,
            "require_payment": False,
            "state": "sent",
            **vals,
        }
        line = Command.create({"product_id": cls.product.id, "price_unit": 80.0})
        return cls.env["sale.order"].create({"order_line": [line], **vals})

    def _get_state(self, estimate: Any = None) -> str:
        estimate = self._as(self.salesman, estimate or self.estimate)
        return estimate.client_estimate_state

    def _assert_answer(self, when: Any, by: str | bool) -> None:
        estimate = self._as(self.salesman, self.estimate)
        self.assertEqual(estimate.client_answered_on, when)
        self.assertEqual(estimate.client_answered_by, by)


@tagged("post_install", "-at_install")
class TestClient360Estimate(EstimateCommon):
    """Where an estimate stands, when and by whom it was answered."""

    def test_draft_and_sent_have_no_answer(self) -> None:
        self.assertEqual(self._get_state(), "sent")
        self._assert_answer(False, False)
        self.estimate.state = "draft"
        self.assertEqual(self._get_state(), "draft")

    def test_expired_from_the_day_after_its_last_day(self) -> None:
        self.estimate.validity_date = self.today
        self.assertEqual(self._get_state(), "sent")
        self.estimate.validity_date = self.today - timedelta(1)
        self.assertEqual(self._get_state(), "expired")
        self._assert_answer(False, False)

    def test_accepted_by_signature(self) -> None:
        now = fields.Datetime.now() - timedelta(2)
        self.estimate.write({"signed_on": now, "signed_by": "Anne"})
        self.estimate.action_confirm()
        self.estimate.validity_date = self.today - timedelta(1)
        self.assertEqual(self._get_state(), "accepted")
        self._assert_answer(now, "Anne")

    def test_confirmed_by_staff_is_accepted_through_the_salesperson(self) -> None:
        self.estimate.action_confirm()
        self.assertEqual(self._get_state(), "accepted")
        self._assert_answer(self.estimate.date_order, "Salesman Sam")

    def test_cancelled_by_staff_is_not_rejected(self) -> None:
        self._as(self.salesman, self.estimate)._action_cancel()
        self.assertEqual(self._get_state(), "cancelled")
        self._assert_answer(False, False)

    def test_copy_of_a_rejected_estimate_has_no_answer(self) -> None:
        self._reject()
        copy = self.estimate.copy()
        self.assertEqual(self._get_state(copy), "draft")
        self.assertFalse(copy.client_rejected_on)

    def test_reset_to_draft_clears_the_answer(self) -> None:
        self._reject()
        estimate = self._as(self.salesman, self.estimate)
        estimate.action_draft()
        self.assertEqual(self._get_state(), "draft")
        self.assertFalse(estimate.client_rejected_by_id)
        estimate._action_cancel()
        self.assertEqual(self._get_state(), "cancelled")

    def test_rejection_stays_when_nothing_is_reset(self) -> None:
        self._reject()
        self._as(self.salesman, self.estimate).client_order_ref = "REF"
        self.assertEqual(self._get_state(), "rejected")

    def _reject(self) -> None:
        self.estimate._action_cancel()
        self.estimate.write(
            {
                "client_rejected_on": fields.Datetime.now(),
                "client_rejected_by_id": self.contact_fr.id,
            }
        )

    # -------------------------------------------------- searching on the server

    def test_the_database_finds_sorts_and_groups_as_the_page_shows(self) -> None:
        estimates = self._create_estimates_of_each_state()
        by_state = estimates.grouped("client_estimate_state")
        field = estimates._fields["client_estimate_state"]
        self.assertEqual(set(by_state), set(field.get_values(self.env)))
        model = self._as(self.salesman, self.env["sale.order"])
        ours = [("id", "in", estimates.ids)]
        for state, expected in by_state.items():
            with self.subTest(state=state):
                self.assertEqual(model.search([*ours, (NAME, "=", state)]), expected)
                others = model.search([*ours, (NAME, "!=", state)])
                self.assertEqual(set(others), set(estimates - expected))
        groups = dict(model._read_group(ours, [NAME], ["id:recordset"]))
        self.assertEqual(groups, by_state)
        ordered = model.search(ours, order=f"{NAME}, id")
        states = ordered.mapped(NAME)
        self.assertEqual(states, sorted(states))

    def test_several_states_at_once(self) -> None:
        estimates = self._create_estimates_of_each_state()
        model = self.env["sale.order"].with_user(self.salesman)
        found = model.search(
            [("id", "in", estimates.ids), (NAME, "in", ["accepted", "rejected"])]
        )
        self.assertEqual(set(found.mapped(NAME)), {"accepted", "rejected"})

    def test_state_that_does_not_exist_finds_nothing(self) -> None:
        self.assertFalse(self.env["sale.order"].search([(NAME, "=", "nonsense")]))

    def _create_estimates_of_each_state(self) -> Any:
        self._reject()
        accepted, cancelled = self._create_estimate(), self._create_estimate()
        accepted.action_confirm()
        accepted.validity_date = self.today - timedelta(9)
        cancelled._action_cancel()
        past = self.today - timedelta(1)
        return (
            self.estimate.union(
                accepted,
                cancelled,
                self._create_estimate(),
                self._create_estimate(state="draft"),
                self._create_estimate(validity_date=past),
                self._create_estimate(validity_date=past, state="draft"),
                self._create_estimate(validity_date=self.today),
            )
            .sorted("id", reverse=True)
            .sorted("date_order", reverse=True)
        )
