"""What an e-mail text may hold when its author may not write code, without a database.

What is refused is named as it stands in the text. This is stricter than the renderer:
what that would pass over, and so send to the client as it is, is refused too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree, html

# As Odoo reads placeholders of a subject: ``{{ expression ||| text if empty }}``.
_SUBJECT_PLACEHOLDER = re.compile(r"\{\{(.+?)(\|\|\|\s*(.*?))?\}\}")
_PATH = re.compile(r"object(\.[A-Za-z_]\w*)+", re.ASCII)
# What templates of other syntaxes look like; nothing renders it, so it is a mistake.
_FOREIGN = re.compile(r"\{\{.*|\}\}|\{%.*|%\}|\$\{.*|<%.*", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")
# A tag with a directive where only text belongs: in a comment, a style, an attribute.
_HIDDEN_DIRECTIVE = re.compile(r"<[^<>]*\st-[\w-]+\s*=.*", re.DOTALL)
_SAFE_LINK = re.compile(r"(https?:|mailto:|tel:|sms:|[^:]*$|[/#?])", re.IGNORECASE)
_LINKS = {"href", "action", "formaction", "xlink:href", "ping"}
_SHOWN = 80

Allowed = Callable[[str], bool]


def is_path(expression: str) -> bool:
    """Tell whether an expression only follows fields, such as ``object.a.b``."""
    return bool(_PATH.fullmatch(expression))


def subject_findings(subject: str, is_allowed: Allowed) -> Iterator[str]:
    """Name what is refused in a subject.

    :param is_allowed: tells whether an expression between braces may be used
    """
    for match in _SUBJECT_PLACEHOLDER.finditer(subject):
        expression, _separator, default = match.groups()
        if not is_allowed(expression.strip()):
            yield _shown(expression)
        yield from _foreign(default or "")
    rest = _SUBJECT_PLACEHOLDER.sub("", subject)
    yield from _foreign(rest)
    if _CONTROL.search(subject):
        yield repr(_shown(_CONTROL.search(subject)[0]))


def body_findings(body: str, is_allowed: Allowed) -> Iterator[str]:
    """Name what is refused in the HTML of a text.

    Placeholders are ``<t t-out="expression"/>``, without another attribute or element.

    :param is_allowed: tells whether an expression may be used
    """
    if not body:
        return
    for element in html.fragment_fromstring(body, create_parent="div").iter():
        if isinstance(element.tag, str):
            yield from _directives(element, is_allowed)
            yield from _attributes(element)
        for text in (element.text, element.tail):
            yield from _foreign(text or "")
            yield from _hidden(text or "")


def body_expressions(body: str) -> Iterator[str]:
    """Return the expressions that a text puts out, whatever else it holds."""
    if body:
        root = html.fragment_fromstring(body, create_parent="div")
        yield from root.xpath("//@t-out | //@t-esc")


def subject_expressions(subject: str) -> Iterator[str]:
    """Return the expressions between the braces of a subject."""
    for match in _SUBJECT_PLACEHOLDER.finditer(subject or ""):
        yield match[1].strip()


def syntax_findings(subject: str, body: str) -> Iterator[str]:
    """Name placeholders that nothing would render; for authors who may write code."""
    yield from _foreign(_SUBJECT_PLACEHOLDER.sub("", subject or ""))
    if body:
        for text in html.fragment_fromstring(body, create_parent="div").itertext():
            yield from _foreign(text)


def _directives(element: etree._Element, is_allowed: Allowed) -> Iterator[str]:
    names = [name for name in element.attrib if name.lower().startswith("t-")]
    is_placeholder = element.tag == "t" and element.attrib.keys() == ["t-out"]
    if is_placeholder and not len(element):
        if not is_allowed(element.attrib["t-out"]):
            yield _shown(element.attrib["t-out"]) or "<t t-out>"
    elif names or element.tag == "t":
        yield _shown(
            " ".join(f'{name}="{element.attrib[name]}"' for name in names) or "<t>"
        )


def _attributes(element: etree._Element) -> Iterator[str]:
    for name, value in element.attrib.items():
        if not name.lower().startswith("t-"):
            yield from _foreign(value)
            yield from _hidden(value)
        if name.lower() in _LINKS:
            # Browsers pass over white space and control characters in the scheme.
            link = re.sub(r"[\s\x00-\x20]+", "", value)
            if not _SAFE_LINK.match(link):
                yield _shown(value)


def _foreign(text: str) -> Iterator[str]:
    found = _FOREIGN.search(text)
    if found:
        yield _shown(found[0])


def _hidden(text: str) -> Iterator[str]:
    found = _HIDDEN_DIRECTIVE.search(text)
    if found:
        yield _shown(found[0])


def _shown(text: str) -> str:
    text = text.strip(" ")
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
