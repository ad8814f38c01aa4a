from __future__ import annotations

from odoo import models
from odoo.http import Response, request

TOKEN_FIELD = "access_token"


class IrHttp(models.AbstractModel):
    """A provisional session is shown a page, and given nothing that outlives it.

    Odoo's pages hold tokens that open their document for ever and for everybody. The
    session itself reaches all that they would, as soon as the page has been touched.
    """

    _inherit = "ir.http"

    @classmethod
    def _post_dispatch(cls, response: Response) -> None:
        """EXTENDS base: take lasting tokens out of what a provisional session gets."""
        result = super()._post_dispatch(response)
        if request.env.context.get("client_hub_provisional"):
            cls._withhold_tokens(response)
        return result

    @classmethod
    def _withhold_tokens(cls, response: Response) -> None:
        tokens = cls._get_read_tokens()
        if "Location" in response.headers:
            response.headers["Location"] = _without(
                response.headers["Location"], tokens
            )
        # Files are documents as they are; a byte less would damage them.
        is_text = (response.mimetype or "").startswith("text/")
        if is_text and not response.direct_passthrough:
            response.set_data(_without(response.get_data(as_text=True), tokens))
        response.headers["Cache-Control"] = "no-store"

    @classmethod
    def _get_read_tokens(cls) -> set[str]:
        """Return the tokens that this request has read; no others can be in its answer.

        Whatever the model: also those of files, and of the documents before and after.
        """
        entry_sudo = request.env["client.hub.access.session"]._get_current()
        document_sudo = entry_sudo.link_id._get_document() if entry_sudo else None
        if document_sudo and TOKEN_FIELD in document_sudo._fields:
            # Read again, should it have been forgotten meanwhile.
            document_sudo.mapped(TOKEN_FIELD)
        values = [
            value
            for field, found in request.env.transaction.field_data.items()
            if field.name == TOKEN_FIELD
            for value in found.values()
        ]
        return {value for value in values if value and isinstance(value, str)}


def _without(text: str, tokens: set[str]) -> str:
    for token in tokens:
        text = text.replace(token, "")
    return text
