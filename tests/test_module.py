from __future__ import annotations

from pathlib import Path
from typing import Any

from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import NO_ACCESS
from odoo.modules import get_module_path
from odoo.modules.module import Manifest
from odoo.tests import Form, tagged
from odoo.tools.misc import file_path
from odoo.tools.safe_eval import safe_eval

from ..models.res_partner_client_360 import GROUPS
from .common import ClientHubUsersCommon

# Who may read a field of the add-on: staff, or only staff who see the figures.
STAFF = ("base.group_user", "client_hub.group_user", GROUPS)
MODULE = "client_hub"
DATA_FOLDERS = ("data", "demo", "report", "security", "views", "wizards")


@tagged("post_install", "-at_install")
class TestManifest(ClientHubUsersCommon):
    """The manifest and the files of the add-on agree."""

    def _get_listed(self) -> set[str]:
        manifest = Manifest.for_addon(MODULE)
        return {*manifest["data"], *manifest["demo"], *manifest["images"]}

    def test_every_listed_file_is_there(self) -> None:
        listed = self._get_listed()
        self.assertGreater(len(listed), 10)
        for name in listed:
            with self.subTest(name):
                self.assertTrue(file_path(f"{MODULE}/{name}"))

    def test_every_data_file_is_listed(self) -> None:
        root = Path(get_module_path(MODULE))
        files = {
            path.relative_to(root).as_posix()
            for folder in DATA_FOLDERS
            for path in (root / folder).glob("*.*")
            if path.suffix in (".xml", ".csv")
        }
        self.assertGreater(len(files), 10)
        self.assertFalse(files - self._get_listed())


@tagged("post_install", "-at_install")
class TestModelRights(ClientHubUsersCommon):
    """Nothing the add-on adds is open to everybody."""

    def _get_own_models(self) -> list[Any]:
        return [
            self.env[name]
            for name, model in self.registry.items()
            if model._original_module == MODULE and not model._abstract
        ]

    def test_every_model_says_who_may_use_it(self) -> None:
        models = self._get_own_models()
        self.assertIn("client.hub.identifier", [model._name for model in models])
        for model in models:
            with self.subTest(model._name):
                access = self.env["ir.model.access"].search(
                    [("model_id.model", "=", model._name)]
                )
                self.assertTrue(access)
                self.assertTrue(all(line.group_id for line in access))

    def test_every_stored_model_has_a_rule(self) -> None:
        stored = [model for model in self._get_own_models() if not model._transient]
        self.assertTrue(stored)
        for model in stored:
            with self.subTest(model._name):
                rules = self.env["ir.rule"].search(
                    [("model_id.model", "=", model._name), ("groups", "=", False)]
                )
                self.assertTrue(rules, "a rule for all users keeps companies apart")

    def test_every_field_on_a_model_of_others_has_groups(self) -> None:
        # A settings form is left out: nobody but administrators opens one.
        added = [
            field
            for model in self.registry.values()
            if model._original_module != MODULE
            if not model._abstract and not model._transient
            for field in model._fields.values()
            if set(field._modules) == {MODULE}
        ]
        names = {f"{field.model_name}.{field.name}" for field in added}
        self.assertIn("res.partner.client_identifier_ids", names)
        self.assertIn("account.move.client_identifiers_printed", names)
        self.assertFalse([str(field) for field in added if not field.groups])

    def test_users_inherit_the_groups_of_the_fields_of_partners(self) -> None:
        fields = self.registry["res.users"]._fields
        added = [name for name in fields if name.startswith("client_")]
        self.assertIn("client_identifier_ids", added)
        for name in added:
            with self.subTest(name):
                self.assertIn(fields[name].groups, (*STAFF, NO_ACCESS))
                with self.assertRaises(AccessError):
                    self._as(self.portal_user, self.portal_user).read([name])


@tagged("post_install", "-at_install")
class TestMenus(ClientHubUsersCommon):
    """The app opens for its users, and for them alone."""

    def _get_menus(self, user: Any) -> Any:
        """Return the menus of the add-on that the web client shows the user."""
        menus = self.env["ir.ui.menu"].with_user(user)
        shown = [
            menu["id"]
            for menu in menus.load_menus(False).values()
            if menu.get("xmlid", "").startswith(f"{MODULE}.")
        ]
        return menus.browse(shown).sudo()

    def _open(self, action: Any) -> Any:
        """Load the views of an action and its records, as the web client does."""
        model = self.env[action.res_model].with_user(self.hub_user)
        answer = model.get_views(action.views, {"toolbar": True, "load_filters": True})
        self.assertEqual(answer["views"].keys(), {mode for _id, mode in action.views})
        context = safe_eval(action.context, {"uid": self.hub_user.id})
        domain = safe_eval(action.domain or "[]")
        return model.with_context(**context).search(domain)

    def test_each_menu_opens_for_a_user_of_client_hub(self) -> None:
        menus = self._get_menus(self.hub_user)
        actions = [menu.action for menu in menus if menu.action]
        self.assertEqual(
            {action.res_model for action in actions},
            {
                "res.partner",
                "client.hub.identifier",
                "client.hub.statement.run",
                "client.hub.ticket",
                "client.hub.ticket.tag",
            },
        )
        for action in actions:
            with self.subTest(action.name):
                self._open(action)

    def test_the_app_is_hidden_from_everybody_else(self) -> None:
        for user in (self.internal_user, self.accountant):
            with self.subTest(user.login):
                self.assertFalse(self._get_menus(user))

    def test_the_settings_are_hidden_from_who_is_no_administrator(self) -> None:
        settings = self.env.ref("client_hub.res_config_settings_menu")
        self.assertNotIn(settings.id, self._get_menus(self.hub_manager).ids)
        self.hub_manager.group_ids += self.env.ref("base.group_system")
        self.assertIn(settings.id, self._get_menus(self.hub_manager).ids)

    def test_the_client_list_shows_commercial_partners_alone(self) -> None:
        person = self._create_partner(name="Jeanne")
        branch = self._create_client("Branch", "fr", parent_id=self.client_fr.id)
        shown = self._open(self.env.ref("client_hub.client_action"))
        self.assertEqual(shown, shown.commercial_partner_id)
        self.assertLessEqual({self.client_fr.id, branch.id, person.id}, {*shown.ids})
        self.assertNotIn(self.contact_fr.id, shown.ids)
        self.assertNotIn(self.internal_user.partner_id.id, shown.ids)

    def test_the_client_list_reads_each_of_its_columns(self) -> None:
        clients = self._as(self.hub_user, self.client_fr)
        view = self.env.ref("client_hub.res_partner_view_list")
        arch = clients.get_view(view.id, "list")["arch"]
        columns = etree.fromstring(arch).xpath("//field/@name")
        self.assertIn("client_profile_missing", columns)
        read = clients.web_read({name: {} for name in columns})
        self.assertEqual(read[0].keys(), {"id", *columns})


@tagged("post_install", "-at_install")
class TestSettings(ClientHubUsersCommon):
    """The settings page of Client Hub."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.hub_manager.group_ids += cls.env.ref("base.group_system")

    def _open(self, user: Any) -> Form:
        return Form(self.env["res.config.settings"].with_user(user))

    def test_an_administrator_says_amounts_in_words(self) -> None:
        company = self.hub_manager.company_id
        company.display_invoice_amount_total_words = False
        form = self._open(self.hub_manager)
        form.display_invoice_amount_total_words = True
        form.save().execute()
        self.assertTrue(company.display_invoice_amount_total_words)

    def test_an_administrator_sees_the_page(self) -> None:
        arch = self.env["res.config.settings"].with_user(self.hub_manager).get_view()
        page = etree.fromstring(arch["arch"]).xpath("//app[@name='client_hub']")
        self.assertEqual(len(page), 1)

    def test_nobody_else_opens_it(self) -> None:
        for user in (self.hub_user, self.accountant):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._open(user).save().execute()
