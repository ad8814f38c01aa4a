"""Keep the secrets of magic links out of the server's log."""

from __future__ import annotations

import logging

from .access_link import PATH, mask_links

_FORMATTER = logging.Formatter()


class LinkFilter(logging.Filter):
    """Masks links in messages and tracebacks.

    The secret is behind the "#", which no browser sends; but some mail gateways make
    it part of the path, and servers log paths.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, masked."""
        message = record.getMessage()
        masked = mask_links(message)
        if masked != message:
            record.msg, record.args = masked, ()
        if record.exc_info and not record.exc_text:
            text = _FORMATTER.formatException(record.exc_info)
            record.exc_text = mask_links(text) if PATH in text else None
        return True


def install() -> None:
    """Mask what all handlers of the server write, once."""
    for handler in logging.getLogger().handlers:
        if not any(isinstance(known, LinkFilter) for known in handler.filters):
            handler.addFilter(LinkFilter())
