from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL
from odoo.tools.mail import append_content_to_html

from ..tools import access_mail
from ..tools.access_link import mask_links
from ..tools.access_mail import NEUTRAL, Target


class Links:
    """The magic links of a batch of mails.

    A class of its own and not a dictionary, so that no log shows them with the context.
    """

    def __init__(
        self, urls: dict[tuple[int, int], dict[Target, str]], bases: set[str]
    ) -> None:
        self._urls = urls
        self.bases = bases
        # What stands below the mails, by language and company.
        self.notes: dict[tuple[str | None, int], str] = {}

    def of(self, mail: models.BaseModel, partner: models.BaseModel) -> dict:
        """Return the link to each document, empty for whoever is not to get any."""
        return self._urls.get((mail.id, partner.id), {})


class AccessMail(models.AbstractModel):
    """What becomes of the links to documents in mails.

    Stored mails hold the neutral address; the link of a recipient is put in when the
    mail is handed over, and is kept nowhere.
    """

    _name = "client.hub.access.mail"
    _description = "Magic Links in Mails"

    # -------------------------------------------------------------- storing

    @api.model
    def _is_document(self, model: str | None) -> bool:
        """Tell whether each mail about a record of this model leads to the portal."""
        return bool(
            model
            and model in self.env
            and getattr(self.env[model], "_client_access_links", False)
        )

    def _carries_links(self, mail: models.BaseModel) -> bool:
        """Tell whether a mail is to get links, of its document or for those in it."""
        return self._is_document(mail.model) or NEUTRAL in (mail.body_html or "")

    @api.model
    def _clean(
        self, vals: dict[str, Any], names: Collection[str], model: str | None
    ) -> dict[str, str]:
        """Return the texts among ``vals`` as they may be stored.

        :param names: keys of the texts
        :param model: what the message is about
        """
        texts = {key: vals[key] for key in names if isinstance(vals.get(key), str)}
        return {
            key: type(text)(self._neutralize(mask_links(text), model))
            for key, text in texts.items()
        }

    @api.model
    def _neutralize(self, html: str, model: str | None) -> str:
        if not (access_mail.has_links(html) and self._is_document(model)):
            return html
        return access_mail.neutralize(html, self._get_bases(), self._is_document)

    def _get_bases(self) -> set[str]:
        """Return the addresses under which links of this Odoo are written."""
        bases = [self.get_base_url()]
        if "website" in self.env:
            # sudo: whoever sends a mail need not know the websites.
            websites_sudo = self.env["website"].sudo().search([("domain", "!=", False)])
            bases += websites_sudo.mapped("domain")
        return {base.rstrip("/") for base in bases if base}

    # -------------------------------------------------------------- issuing

    @api.model
    def _issue(self, mails: models.BaseModel) -> Links:
        """Return the links of all recipients of mails that are about to leave.

        Whatever the number of mails, this takes a constant number of queries.
        """
        bases = self._get_bases()
        wanted = list(self._get_wanted(mails, bases))
        urls: dict[tuple[int, int], dict[Target, str]] = {}
        for (mail_id, vals), url in zip(
            wanted, self._insert([vals for _mail, vals in wanted]), strict=True
        ):
            target = Target(vals["res_model"], vals["res_id"])
            urls.setdefault((mail_id, vals["partner_id"]), {})[target] = url
        return Links(urls, bases)

    def _get_wanted(
        self, mails: models.BaseModel, bases: set[str]
    ) -> Iterator[tuple[int, dict]]:
        """Yield the number of the mail and the values of each link it needs."""
        # sudo: whoever sends may not read all documents, links or contacts.
        outgoing_sudo = mails.sudo().filtered(
            lambda mail: mail.state == "outgoing" and self._carries_links(mail)
        )
        targets = {mail: self._get_targets(mail, bases) for mail in outgoing_sudo}
        documents = self._get_documents(set().union(*targets.values()))
        for mail in outgoing_sudo:
            for target in targets[mail] & documents.keys():
                for partner in mail.recipient_ids:
                    vals = self._get_link_vals(documents[target], partner)
                    if vals:
                        yield mail.id, vals

    def _get_targets(self, mail: models.BaseModel, bases: set[str]) -> set[Target]:
        """Return the documents that a mail is about or links to.

        What clients write gives nobody a link to anything else, since who was sent a
        link to a document may see it.
        """
        targets = set()
        author = mail.author_id
        # A company that sends in its own name has no user either, and is no client.
        if not author.partner_share or author.ref_company_ids:
            targets = access_mail.targets(mail.body_html or "", bases)
        if self._is_document(mail.model):
            targets.add(Target(mail.model, mail.res_id))
        return {
            target
            for target in targets
            if hasattr(self.env.get(target.model), "_get_access_link_client")
        }

    def _get_documents(self, targets: set[Target]) -> dict[Target, models.BaseModel]:
        """Return those of the documents that exist."""
        return {
            Target(model, record.id): record
            for model in {target.model for target in targets}
            # sudo: see the caller.
            for record in self.env[model]
            .sudo()
            .browse(target.res_id for target in targets if target.model == model)
            .exists()
        }

    def _get_link_vals(
        self, document: models.BaseModel, partner: models.BaseModel
    ) -> dict[str, Any] | None:
        """Return the values of a contact's link, None for whoever is to get none."""
        client = document._get_access_link_client()
        entitled = (
            partner.email
            and client
            and partner.commercial_partner_id == client
            and partner._is_client_access_allowed()
        )
        if not entitled:
            return None
        return {
            "partner_id": partner.id,
            "email": partner.email,
            "company_id": document.company_id.id or self.env.company.id,
            "res_model": document._name,
            "res_id": document.id,
        }

    def _insert(self, vals_list: list[dict[str, Any]]) -> list[str]:
        """Store links, so that they outlive this process from now on.

        A mail cannot be called back: if the worker dies in the middle of a batch, what
        it has sent must work. What only this transaction knows of, such as a contact
        it created, cannot be referred to from another one.
        """
        if not vals_list:
            return []
        with self.env.registry.cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {})
            if env["client.hub.access.mail"]._can_refer(vals_list):
                return env["client.hub.access.link"]._issue_links(vals_list)
        # sudo: nobody may create links by hand.
        return self.env["client.hub.access.link"].sudo()._issue_links(vals_list)

    def _can_refer(self, vals_list: list[dict[str, Any]]) -> bool:
        """Tell whether all that links refer to is there and locked by nobody."""
        partner_ids = {vals["partner_id"] for vals in vals_list}
        company_ids = {vals["company_id"] for vals in vals_list}
        if not self._is_referable("res_partner", partner_ids):
            return False
        clients = self.env["res.partner"].browse(partner_ids).commercial_partner_id
        return self._is_referable("res_partner", {*clients.ids}) and (
            self._is_referable("res_company", company_ids)
        )

    def _is_referable(self, table: str, ids: set[int]) -> bool:
        # The lock that a reference takes, without waiting: the one who holds it may
        # be the transaction that waits for us.
        query = SQL(
            "SELECT id FROM %s WHERE id IN %s FOR KEY SHARE SKIP LOCKED",
            SQL.identifier(table),
            tuple(ids),
        )
        return len(self.env.execute_query(query)) == len(ids)

    # -------------------------------------------------------------- handing over

    @api.model
    def _personalize(
        self,
        mail: models.BaseModel,
        body: str,
        partner: models.BaseModel,
        links: Links,
    ) -> str:
        """Return the body of a mail as this recipient gets it.

        :param partner: the recipient, empty for an address without a contact
        """
        if not body or not self._carries_links(mail):
            return body
        urls = links.of(mail, partner)
        if not urls:
            plain = self._get_plain_links(mail, partner)
            return access_mail.replace_neutral(body, links.bases, plain)
        sent = access_mail.replace(body, links.bases, urls.get)
        missing = urls.get(Target(mail.model, mail.res_id)) if sent == body else None
        company = mail.record_company_id or self.env.company
        key = (partner.lang, company.id)
        note = None if missing else links.notes.get(key)
        if note is None:
            note = self._render_note(company, partner.lang, missing)
        if not missing:
            links.notes[key] = note
        return append_content_to_html(sent, note, plaintext=False)

    def _get_plain_links(
        self, mail: models.BaseModel, partner: models.BaseModel
    ) -> dict[Target, str]:
        """Return what those get who get no magic link, as in Odoo without this.

        Staff go to the record, others to the page of this one document.
        """
        if not self._is_document(mail.model):
            return {}
        # sudo: whoever sends may not read the document.
        document_sudo = self.env[mail.model].sudo().browse(mail.res_id).exists()
        if not document_sudo:
            return {}
        target = Target(document_sudo._name, document_sudo.id)
        if partner and not partner.partner_share:
            return {target: document_sudo._notify_get_action_link("view")}
        if isinstance(document_sudo, self.env.registry["portal.mixin"]):
            return {
                target: document_sudo.get_base_url() + document_sudo.get_portal_url()
            }
        return {}

    def _render_note(
        self, company: models.BaseModel, lang: str | None, url: str | None
    ) -> str:
        """Return what a mail says about its link.

        :param lang: the code of the recipient's language
        :param url: a link to show, if the mail has none
        """
        values = {"url": url, "company": company}
        return self.env["ir.qweb"]._render(
            "client_hub.access_mail_note", values, lang=lang
        )
