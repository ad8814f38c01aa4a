from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from odoo import fields
from odoo.tests import freeze_time, tagged

from ..models import access_link
from ..models.access_event import RETENTION_PARAM
from ..tools.access_link_log import LinkFilter
from .access_link_common import AccessLinkCommon

MANY = 20_000


@tagged("post_install", "-at_install")
class TestAccessLinkUpkeep(AccessLinkCommon):
    """What is forgotten, and that many links slow nothing down."""

    def _create_event(self, days: int) -> Any:
        return self.events.create(
            {
                "kind": "visit",
                "partner_id": self.contact_fr.id,
                "date": fields.Datetime.now() - timedelta(days=days),
                "ip": "192.0.2.1",
                "user_agent": "Browser",
            }
        )

    def test_traces_are_forgotten_after_the_time_set(self) -> None:
        old, recent = self._create_event(91), self._create_event(89)
        self.env.flush_all()
        self.assertEqual(self.events._gc_traces()[1], 0)
        self.assertEqual((old.ip, old.user_agent), (False, False))
        self.assertEqual(old.kind, "visit")
        self.assertEqual((recent.ip, recent.user_agent), ("192.0.2.1", "Browser"))
        params = self.env["ir.config_parameter"].sudo()
        params.set_param(RETENTION_PARAM, "10")
        self.events._gc_traces()
        self.assertFalse(recent.ip)

    def test_traces_are_kept_in_settings(self) -> None:
        manager = self._create_user(
            "hub_settings", "client_hub.group_manager,base.group_system"
        )
        settings = self.env["res.config.settings"].with_user(manager)
        wizard = settings.create({"client_hub_access_retention_days": 30})
        wizard.execute()
        params = self.env["ir.config_parameter"].sudo()
        self.assertEqual(params.get_param(RETENTION_PARAM), "30")

    def _create_many(self) -> None:
        self.env.cr.execute(
            """
            INSERT INTO client_hub_access_link (partner_id, client_id, company_id,
                   email, selector, verifier_hash, expires_at)
            SELECT %s, %s, %s, 'many@example.com', md5(number::text), '',
                   now() + make_interval(mins => number)
              FROM generate_series(1, %s) number
            """,
            [self.contact_fr.id, self.client_fr.id, self.company.id, MANY],
        )
        self.env.cr.execute("ANALYZE client_hub_access_link")

    def _explain(self, query: str, *params: Any) -> str:
        self.env.cr.execute(f"EXPLAIN {query}", params)
        return str(self.env.cr.fetchall())

    def test_links_are_found_by_an_index(self) -> None:
        url = self._issue()
        self._create_many()
        table = "SELECT id FROM client_hub_access_link"
        plan = self._explain(f"{table} WHERE selector = %s", "x")
        self.assertIn("selector_unique", plan)
        plan = self._explain(
            f"{table} WHERE expires_at < %s ORDER BY expires_at LIMIT 5000"
            " FOR UPDATE SKIP LOCKED",
            fields.Datetime.now(),
        )
        self.assertIn("expires_at_idx", plan)
        plan = self._explain(f"{table} WHERE res_model = 'account.move' AND res_id = 5")
        self.assertIn("document_idx", plan)
        with self.assertQueryCount(2):
            self.assertEqual(self._get_link(url).partner_id, self.contact_fr)

    def test_purge_works_in_batches(self) -> None:
        self._create_many()
        self.env.cr.execute(
            "UPDATE client_hub_access_link SET expires_at = now() - interval '200 days'"
        )
        self.assertEqual(self.links._gc(), (5000, 1))

    def test_living_links_of_a_contact_are_capped(self) -> None:
        self.startPatcher(patch(f"{access_link.__name__}.MOST_LIVING", 3))
        foreign = self._get_link(self._issue(self.contact_de))
        revoked = self._get_link(self._issue())
        revoked._revoke()
        links = [self._get_link(self._issue()) for _number in range(3)]
        self.assertEqual([link._get_refusal() for link in links], [""] * 3)
        links += [self._get_link(self._issue()) for _number in range(2)]
        refusals = [link._get_refusal() for link in links]
        self.assertEqual(refusals, ["expired"] * 2 + [""] * 3)
        self.assertEqual(foreign._get_refusal(), "")
        self.assertEqual(revoked._get_refusal(), "revoked")

    def test_t44_clock_set_back_revives_nothing_that_was_revoked_or_purged(
        self,
    ) -> None:
        revoked, purged = (self._get_link(self._issue()) for _number in range(2))
        revoked._revoke()
        purged.expires_at = fields.Datetime.now() - timedelta(days=200)
        self.env.flush_all()
        self.links._gc()
        with freeze_time(fields.Datetime.now() - timedelta(days=400)):
            self.assertEqual(revoked._get_refusal(), "revoked")
            self.assertFalse(purged.exists())
            self.assertEqual(self.links._gc(), (0, 0))

    def test_t28_every_handler_of_the_log_masks(self) -> None:
        for handler in logging.getLogger().handlers:
            self.assertTrue(
                any(isinstance(known, LinkFilter) for known in handler.filters), handler
            )
