import {WarningDialog} from "@web/core/errors/error_dialogs";
import {registry} from "@web/core/registry";

// Shown like any other UserError, not as a crash.
registry
    .category("error_dialogs")
    .add("odoo.addons.client_hub.exceptions.ClientTemplateError", WarningDialog);
