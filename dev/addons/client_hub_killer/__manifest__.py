{
    "name": "Client Hub: dying workers",
    "version": "19.0.1.0.0",
    "summary": "Kills Odoo's worker at named points; for tests, never installed",
    "author": "Client Hub contributors",
    "license": "LGPL-3",
    "category": "Hidden",
    "depends": ["base"],
    "installable": False,
}
