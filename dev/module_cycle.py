"""Install, upgrade, uninstall and install again: nothing may be left or lost."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

from . import (
    database,
    killed_archive,
    killed_batch,
    killed_statement,
    neutralized_copy,
    odoo_log,
    slow_download,
)
from .odoo_log import Record
from .odoo_server import Server
from .results import FAILED, Result
from .settings import LOGS, MODULE, SetupError

NAME = "module_cycle"
_LOG = LOGS / f"{NAME}.log"
# Names, not numbers: a second installation gets other numbers.
_SNAPSHOT = f"""
SELECT 'table', table_name FROM information_schema.tables
 WHERE table_schema = 'public'
UNION ALL SELECT 'column', table_name || '.' || column_name || ' ' || data_type
  FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'index', indexname FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'constraint', conname FROM pg_constraint
UNION ALL SELECT 'function', proname FROM pg_proc
 WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger', tgname FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'model', model FROM ir_model
UNION ALL SELECT 'field', model || '.' || name FROM ir_model_fields
UNION ALL SELECT 'view', concat(model, ' ', name, ' ', key) FROM ir_ui_view
UNION ALL SELECT 'external id', name FROM ir_model_data WHERE module = '{MODULE}'
UNION ALL SELECT 'scheduled action', cron_name FROM ir_cron
UNION ALL SELECT 'mail template', name::text FROM mail_template
UNION ALL SELECT 'group', name::text FROM res_groups
UNION ALL SELECT 'rule', name::text FROM ir_rule
UNION ALL SELECT 'menu', name::text FROM ir_ui_menu
UNION ALL SELECT 'action', concat(type, ' ', name) FROM ir_actions
UNION ALL SELECT 'sequence', name FROM ir_sequence
UNION ALL SELECT 'parameter', key FROM ir_config_parameter
"""
# The script that Odoo itself tests its modules with. The first cursor is ended since
# its locks would stop tables from being dropped.
_OPERATION = f"""
from odoo.tests.test_module_operations import install, uninstall
name = env.cr.dbname
module = env["ir.module.module"].search([("name", "=", "{MODULE}")]).id
env.cr.rollback()
%s(name, module, "{MODULE}")
"""


def run(core: str) -> tuple[list[Result], list[Record]]:
    """Take the add-on through its life in a copy of the template ``core``.

    :return: a result per step up to the first that failed, and what Odoo logged
    """
    name = f"{database.PREFIX}_{NAME}"
    database.drop(name)
    database.copy(core, name)
    results: list[Result] = []
    _LOG.unlink(missing_ok=True)
    for title, step in _steps(Server(name)):
        results.append(_timed(f"{NAME}: {title}", step))
        if results[-1].status == FAILED:
            break
    database.drop(name)
    text = _LOG.read_text() if _LOG.exists() else ""
    return results, odoo_log.records(text)


def _steps(server: Server) -> list[tuple[str, Callable[[], str]]]:
    """Return titles and steps; a step returns what is wrong, if anything."""
    name = server.database
    clean = snapshot(name)
    installed: Counter[str] = Counter()

    def install() -> str:
        server.batch(_LOG, "-i", MODULE, "--with-demo")
        installed.update(snapshot(name))
        return "" if installed - clean else "Nothing was installed."

    def upgrade() -> str:
        server.batch(_LOG, "-u", MODULE)
        return difference(installed, snapshot(name))

    def uninstall() -> str:
        server.script(_LOG, _OPERATION % "uninstall")
        return difference(clean + _DEMO_CLIENTS, snapshot(name))

    def reinstall() -> str:
        server.script(_LOG, _OPERATION % "install")
        return difference(installed, snapshot(name))

    return [
        ("install", install),
        ("neutralize a copy", lambda: neutralized_copy.check(name)),
        ("die between two mails", lambda: killed_batch.check(name)),
        ("die between two statements", lambda: killed_statement.check(name)),
        ("die while rendering an archive", lambda: killed_archive.check(name)),
        ("answer others beside slow downloads", lambda: slow_download.check(name)),
        ("upgrade", upgrade),
        ("uninstall", uninstall),
        ("install again", reinstall),
    ]


# Odoo deletes no client who has posted documents.
_DEMO_CLIENTS = Counter(
    {"external id: res_partner_cn_demo": 1, "external id: res_partner_fr_demo": 1}
)


def snapshot(name: str) -> Counter[str]:
    """Return what the database ``name`` is made of, each thing with its count."""
    return Counter(": ".join(row) for row in database.query(name, _SNAPSHOT))


def difference(before: Counter[str], after: Counter[str]) -> str:
    """Return one line per thing that ``after`` has too many or too few."""
    more = sorted((after - before).elements())
    fewer = sorted((before - after).elements())
    return "\n".join(
        [f"left behind: {thing}" for thing in more] + [f"lost: {x}" for x in fewer]
    )


def _timed(title: str, step: Callable[[], str]) -> Result:
    begin = time.monotonic()
    try:
        wrong = step()
    except SetupError as error:
        wrong = str(error)
    seconds = time.monotonic() - begin
    return (
        Result(title, FAILED, seconds, wrong)
        if wrong
        else Result(title, seconds=seconds)
    )
