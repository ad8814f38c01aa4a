import {Component} from "@odoo/owl";
import {formatCurrency} from "@web/core/currency";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const COLORS = ["success", "warning", "warning", "danger", "danger"];

/** What is open by days past due: one bar, with its figures as text below it. */
export class ClientAgeing extends Component {
    static template = "client_hub.ClientAgeing";
    static props = {...standardFieldProps};

    get buckets() {
        const {buckets = [], currency_id} =
            this.props.record.data[this.props.name] || {};
        const total = buckets.reduce((sum, {amount}) => sum + Math.max(amount, 0), 0);
        return buckets.map((bucket, index) => ({
            ...bucket,
            color: COLORS[index],
            width: total ? (100 * Math.max(bucket.amount, 0)) / total : 0,
            text: formatCurrency(bucket.amount, currency_id),
        }));
    }
}

registry.category("fields").add("client_hub_ageing", {
    component: ClientAgeing,
    supportedTypes: ["json"],
});
