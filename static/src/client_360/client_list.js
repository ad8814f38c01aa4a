import {Component, useSubEnv} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {getDefaultConfig, View} from "@web/views/view";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

/**
 * A native list inside the form of a client: it pages, sorts and searches on the
 * server, where a one2many would load the ids of all its records.
 *
 * <widget name="client_hub_list" options="{'model': 'sale.order',
 * 'context': {'list_view_ref': 'module.view', 'kanban_view_ref': 'module.phone_view'},
 * 'domain': [['partner_id.commercial_partner_id', '=', 'client']]}"/>, where 'client' is
 * replaced by the id of the client.
 */
export class ClientList extends Component {
    static template = "client_hub.ClientList";
    static components = {View};
    static props = {
        ...standardWidgetProps,
        model: String,
        domain: Array,
        context: {type: Object, optional: true},
        openMethod: {type: String, optional: true},
    };

    setup() {
        // Otherwise the list would take the views of the action that shows the form.
        useSubEnv({config: getDefaultConfig()});
        this.action = useService("action");
        this.orm = useService("orm");
    }

    get clientId() {
        const client = this.props.record.data.commercial_partner_id;
        return client ? client.id : this.props.record.resId;
    }

    get viewProps() {
        const domain = this.props.domain.map((leaf) =>
            Array.isArray(leaf)
                ? leaf.map((part) => (part === "client" ? this.clientId : part))
                : leaf
        );
        const type = this.env.isSmall ? "kanban" : "list";
        return {
            type,
            resModel: this.props.model,
            domain,
            context: this.props.context || {},
            searchViewId: false,
            display: {searchPanel: false},
            noBreadcrumbs: true,
            showButtons: false,
            allowSelectors: false,
            limit: 20,
            ...(type === "kanban" && {forceGlobalClick: true}),
            selectRecord: (resId) => this.open(resId),
        };
    }

    async open(resId) {
        const {model, openMethod} = this.props;
        const action = openMethod
            ? await this.orm.call(model, openMethod, [[resId]])
            : {
                  type: "ir.actions.act_window",
                  res_model: model,
                  res_id: resId,
                  views: [[false, "form"]],
              };
        await this.action.doAction(action);
    }
}

registry.category("view_widgets").add("client_hub_list", {
    component: ClientList,
    fieldDependencies: [{name: "commercial_partner_id", type: "many2one"}],
    extractProps: ({options}) => ({
        model: options.model,
        domain: options.domain,
        context: options.context,
        openMethod: options.open_method,
    }),
});
