/* global Chart */

import {Component, onWillStart, useEffect, useRef} from "@odoo/owl";
import {loadBundle} from "@web/core/assets";
import {cookie} from "@web/core/browser/cookie";
import {getColor} from "@web/core/colors/colors";
import {formatCurrency} from "@web/core/currency";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** Invoiced against received by month, as bars; as a table for screen readers. */
export class ClientChart extends Component {
    static template = "client_hub.ClientChart";
    static props = {...standardFieldProps};

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                const chart = this.canvas.el && new Chart(this.canvas.el, this.config);
                return () => chart && chart.destroy();
            },
            () => [this.data]
        );
    }

    get data() {
        return this.props.record.data[this.props.name];
    }

    get config() {
        const scheme = cookie.get("color_scheme");
        return {
            type: "bar",
            data: {
                labels: this.data.labels,
                datasets: this.data.datasets.map((dataset, index) => ({
                    ...dataset,
                    backgroundColor: getColor(index, scheme, "odoo"),
                })),
            },
            options: {
                maintainAspectRatio: false,
                animation: false,
                plugins: {
                    legend: {position: "bottom"},
                    tooltip: {
                        callbacks: {
                            label: ({dataset, raw}) =>
                                `${dataset.label}: ${this.format(raw)}`,
                        },
                    },
                },
                scales: {y: {ticks: {callback: (value) => this.format(value)}}},
            },
        };
    }

    format(amount) {
        return formatCurrency(amount, this.data.currency_id);
    }
}

registry.category("fields").add("client_hub_chart", {
    component: ClientChart,
    supportedTypes: ["json"],
});
