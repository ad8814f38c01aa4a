"""Clients and users that the tests of Client Hub share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from odoo.exceptions import ValidationError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.base.tests.common import BaseCommon

SIREN = "303265045"
SIREN_TYPED = "303 265 045"
SECOND_SIREN = "552100554"
EIN = "911144442"
EIN_TYPED = "91-1144442"
FR_VAT = "FR40303265045"
ADDRESS = {"street": "18 rue des Archives", "city": "Paris", "zip": "75004"}


class ClientHubCommon(BaseCommon):
    """Companies of several countries, and a contact of one of them.

    Put it before ``AccountTestInvoicingCommon`` where invoices are needed.
    """

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.identifiers = cls.env["client.hub.identifier"]
        cls.client_fr = cls._create_client("Atelier du Quai", "fr")
        cls.client_de = cls._create_client("Werkstatt am Fluss", "de")
        cls.client_us = cls._create_client("Harbor Workshop", "us")
        cls.client_nowhere = cls._create_client("Workshop Nowhere", None)
        cls.contact_fr = cls._create_partner(
            name="Comptable", parent_id=cls.client_fr.id, email="compta@example.com"
        )

    @classmethod
    def _create_client(cls, name: str, country: str | None, **vals: Any) -> Any:
        """Create a company.

        :param country: the country's name in the XML ids of ``base``, such as "fr"
        """
        country_id = cls.env.ref(f"base.{country}").id if country else False
        return cls._create_partner(
            name=name, is_company=True, country_id=country_id, **vals
        )

    @classmethod
    def _create_identifier(
        cls, client: Any, scheme: str, number: str, **vals: Any
    ) -> Any:
        return cls.env["client.hub.identifier"].create(
            {"partner_id": client.id, "scheme": scheme, "number": number, **vals}
        )

    @classmethod
    def _create_user(cls, login: str, groups: str, **vals: Any) -> Any:
        return new_test_user(cls.env, login=login, groups=groups, **vals)

    @contextmanager
    def _assert_refused(self, message: str) -> Iterator[None]:
        """Expect an error that reads like ``message``; undo the block, as Odoo does."""
        with self.assertRaises(ValidationError) as caught:
            yield
        self.assertRegex(caught.exception.args[0], message)

    @classmethod
    def _as(cls, user: Any, records: Any) -> Any:
        """Return the records as this user has them: without rights or cache of root."""
        records.env.flush_all()
        records.env.invalidate_all()
        return records.with_user(user)


class ClientProfileCommon(ClientHubCommon):
    """A French client that lacks nothing, from which tests take things away."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.term = cls.env.ref("account.account_payment_term_30days")
        cls.complete_vals = {
            **ADDRESS,
            "email": "compta@example.com",
            "vat": FR_VAT,
            "property_payment_term_id": cls.term.id,
        }
        cls.client_fr.write(cls.complete_vals)
        cls._create_identifier(cls.client_fr, "FR_SIREN", SIREN)
        cls.missing = cls._create_client("Missing Everything", "fr")

    def _get_missing(self, client: Any = None) -> list[str]:
        text = (client or self.client_fr).client_profile_missing
        return text.split(", ") if text else []

    def _create_billing_contact(self, **vals: Any) -> Any:
        return self._create_partner(
            name="Factures",
            type="invoice",
            parent_id=self.client_fr.id,
            **{"email": "factures@example.com", **ADDRESS, **vals},
        )


class ClientHubUsersCommon(ClientHubCommon):
    """Users of each kind: from the anonymous visitor to the accountant."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        create = cls._create_user
        cls.internal_user = create("hub_internal", "base.group_user")
        cls.partner_manager = create(
            "hub_partners", "base.group_user,base.group_partner_manager"
        )
        cls.hub_user = create("hub_user", "client_hub.group_user")
        cls.hub_manager = create("hub_manager", "client_hub.group_manager")
        cls.accountant = create("hub_accountant", "account.group_account_invoice")
        cls.portal_user = create(
            "hub_portal", "base.group_portal", partner_id=cls.contact_fr.id
        )
        cls.contact_de = cls._create_partner(
            name="Buchhaltung", parent_id=cls.client_de.id
        )
        cls.other_portal_user = create(
            "hub_other_portal", "base.group_portal", partner_id=cls.contact_de.id
        )
        cls.public_user = cls.env.ref("base.public_user")


class JsonRpcMixin:
    """Calls of the web client and of integrations, for ``HttpCase``."""

    def _rpc(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """Return what a method called over HTTP returns.

        :raise RpcError: if the server answers with an error
        """
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        with mute_logger("odoo.http", "odoo.sql_db"):
            response = self.url_open(
                f"/web/dataset/call_kw/{model}/{method}",
                json={"jsonrpc": "2.0", "method": "call", "params": params},
            )
        answer = response.json()
        if "error" in answer:
            raise RpcError(answer["error"]["data"])
        return answer["result"]

    def _assert_rpc_denied(self, *call: Any, **kwargs: Any) -> None:
        with self.assertRaises(RpcError) as caught:
            self._rpc(*call, **kwargs)
        self.assertEqual(caught.exception.name, "odoo.exceptions.AccessError")


class RpcError(Exception):
    """An error the server answered; ``name`` is the class of its exception."""

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__(data["message"])
        self.name = data["name"]
