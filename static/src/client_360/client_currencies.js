import {Component} from "@odoo/owl";
import {formatCurrency} from "@web/core/currency";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** Invoiced and outstanding in each currency of the client's documents. */
export class ClientCurrencies extends Component {
    static template = "client_hub.ClientCurrencies";
    static props = {...standardFieldProps};

    get rows() {
        return (this.props.record.data[this.props.name] || []).map((row) => ({
            id: row.currency_id,
            invoiced: formatCurrency(row.invoiced, row.currency_id),
            outstanding: formatCurrency(row.outstanding, row.currency_id),
        }));
    }
}

registry.category("fields").add("client_hub_currencies", {
    component: ClientCurrencies,
    supportedTypes: ["json"],
});
