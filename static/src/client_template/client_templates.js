import {Component} from "@odoo/owl";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** One row per type of document: whose text is sent, and what can be done about it. */
export class ClientTemplates extends Component {
    static template = "client_hub.ClientTemplates";
    static props = {...standardFieldProps};

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.orm = useService("orm");
    }

    get rows() {
        return this.props.record.data[this.props.name] || [];
    }

    get canCopy() {
        return this.rows.some(({author, source}) => author && source === "own");
    }

    edit({type}) {
        return this.open("action_client_template_edit", [type]);
    }

    copy() {
        return this.open("action_client_template_copy");
    }

    reset({type, label}) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Back to the global text: %s", label),
            body: _t("The client's own text is deleted, in all languages."),
            confirmLabel: _t("Delete Own Text"),
            confirm: async () => {
                await this.call("action_client_template_reset", [type]);
                await this.props.record.load();
            },
            cancel: () => undefined,
        });
    }

    async open(method, args) {
        const {record} = this.props;
        // What was typed elsewhere in the form must not be lost by the reload.
        if (await record.save()) {
            const action = await this.call(method, args);
            await this.action.doAction(action, {onClose: () => record.load()});
        }
    }

    call(method, args = []) {
        const {resId, resModel} = this.props.record;
        return this.orm.call(resModel, method, [[resId], ...args]);
    }
}

registry.category("fields").add("client_hub_templates", {
    component: ClientTemplates,
    supportedTypes: ["json"],
});
