from __future__ import annotations

from .stripe_common import StripeCase


class TestRefunds(StripeCase):
    def test_parts(self) -> None:
        intent = self.paid(payment_intent_data={"description": "tx-1"})
        first = self.old.refunds.create({"payment_intent": intent.id, "amount": 234})
        self.assertEqual((first.status, first.amount), ("succeeded", 234))
        charge = self.old.charges.retrieve(first.charge)
        self.assertEqual((charge.amount_refunded, charge.refunded), (234, False))
        self.assertEqual(charge.description, "tx-1")
        self.assertEqual([one.id for one in charge.refunds.data], [first.id])
        rest = self.old.refunds.create({"charge": charge.id})
        self.assertEqual(rest.amount, 1000)
        self.assertTrue(self.old.charges.retrieve(charge.id).refunded)
        error = self.refused(self.old.refunds.create, {"charge": charge.id})
        self.assertEqual(error.code, "charge_already_refunded")
        self.assertEqual(self.types()[-2:], ["refund.created", "charge.refunded"])

    def test_too_much(self) -> None:
        intent = self.paid()
        for amount in (1235, 0, -1):
            params = {"payment_intent": intent.id, "amount": amount}
            self.assertEqual(
                self.refused(self.old.refunds.create, params).param, "amount"
            )

    def test_what_is_not_paid(self) -> None:
        session = self.session()
        params = {"payment_intent": session.payment_intent}
        self.refused(self.old.refunds.create, params)
        self.refused(self.old.refunds.create, {})

    def test_fails_later(self) -> None:
        intent = self.paid()
        refund = self.play.do("refund", number=intent.id, amount=500)
        self.play.do("refund_fail", number=refund["id"])
        refund = self.old.refunds.retrieve(refund["id"])
        self.assertEqual(refund.status, "failed")
        self.assertTrue(refund.failure_balance_transaction)
        self.assertEqual(self.old.charges.retrieve(refund.charge).amount_refunded, 0)
        self.assertEqual(
            self.types()[-3:],
            ["refund.updated", "charge.refund.updated", "refund.failed"],
        )

    def test_pending(self) -> None:
        intent = self.paid()
        refund = self.play.do("refund", number=intent.id, pending=True)
        self.assertEqual(refund["status"], "pending")
        self.play.do("refund_succeed", number=refund["id"])
        self.refused(self.old.refunds.cancel, refund["id"])

    def test_many_are_paged(self) -> None:
        intent = self.paid()
        for _number in range(12):
            self.play.do("refund", number=intent.id, amount=10)
        charge = self.old.charges.retrieve(intent.charges.data[0].id)
        self.assertEqual(len(charge.refunds.data), 10)
        self.assertTrue(charge.refunds.has_more)
        more = self.old.refunds.list(
            {"charge": charge.id, "starting_after": charge.refunds.data[-1].id}
        )
        self.assertEqual(len(more.data), 2)
        found = self.raw("GET", f"v1/charges/{charge.id}/refunds").json()["data"]
        self.assertEqual(len(found), 10)


class TestDisputes(StripeCase):
    def setUp(self) -> None:
        super().setUp()
        self.intent = self.paid()
        self.dispute = self.play.do("dispute", number=self.intent.id, days=3)

    def test_open(self) -> None:
        dispute = self.old.disputes.retrieve(self.dispute["id"])
        self.assertEqual((dispute.status, dispute.amount), ("needs_response", 1234))
        due = dispute.evidence_details.due_by - dispute.created
        self.assertEqual(due, 3 * 24 * 3600)
        self.assertEqual(
            self.types()[-2:],
            ["charge.dispute.created", "charge.dispute.funds_withdrawn"],
        )
        charge = self.old.charges.retrieve(dispute.charge)
        self.assertTrue(charge.disputed)
        self.assertEqual(charge.dispute, dispute.id)

    def test_no_refund_meanwhile(self) -> None:
        params = {"payment_intent": self.intent.id}
        error = self.refused(self.old.refunds.create, params)
        self.assertEqual(error.code, "charge_disputed")

    def test_won(self) -> None:
        self.old.disputes.update(
            self.dispute["id"], {"evidence": {"uncategorized_text": "Delivered."}}
        )
        self.assertEqual(
            self.old.disputes.retrieve(self.dispute["id"]).status, "under_review"
        )
        self.play.do("dispute_decide", number=self.dispute["id"], won=True)
        dispute = self.old.disputes.retrieve(self.dispute["id"])
        self.assertEqual(dispute.status, "won")
        amounts = [one.amount for one in dispute.balance_transactions]
        self.assertEqual(amounts, [-1234, 1234])
        self.assertEqual(
            self.types()[-3:],
            [
                "charge.dispute.updated",
                "charge.dispute.closed",
                "charge.dispute.funds_reinstated",
            ],
        )
        self.assertTrue(self.old.refunds.create({"payment_intent": self.intent.id}).id)

    def test_lost(self) -> None:
        self.play.do("dispute_decide", number=self.dispute["id"], won=False)
        dispute = self.old.disputes.retrieve(self.dispute["id"])
        self.assertEqual(dispute.status, "lost")
        self.assertEqual(self.types()[-1], "charge.dispute.closed")
        self.refused(self.old.disputes.close, dispute.id)
        params = {"payment_intent": self.intent.id}
        self.refused(self.old.refunds.create, params)

    def test_accepted(self) -> None:
        self.assertEqual(self.old.disputes.close(self.dispute["id"]).status, "lost")

    def test_inquiry_takes_no_money(self) -> None:
        intent = self.paid()
        inquiry = self.play.do("dispute", number=intent.id, inquiry=True)
        self.assertEqual(inquiry["status"], "warning_needs_response")
        self.assertEqual(self.types()[-1], "charge.dispute.created")
        self.assertTrue(self.old.refunds.create({"payment_intent": intent.id}).id)
        self.play.do("dispute_decide", number=inquiry["id"], won=True)
        self.assertEqual(
            self.old.disputes.retrieve(inquiry["id"]).status, "warning_closed"
        )

    def test_of_what_is_left(self) -> None:
        intent = self.paid()
        self.play.do("refund", number=intent.id, amount=234)
        self.assertEqual(self.play.do("dispute", number=intent.id)["amount"], 1000)

    def test_found_by_intent(self) -> None:
        found = self.old.disputes.list({"payment_intent": self.intent.id})
        self.assertEqual([one.id for one in found.data], [self.dispute["id"]])
