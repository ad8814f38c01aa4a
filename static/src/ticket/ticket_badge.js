import {Component, onMounted, onWillStart, onWillUnmount, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useBus, useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";

const CHANGED = "client_hub.ticket/changed";
// The first change counts at once, those within this time once more.
const DELAY = 300;

/**
 * How many tickets wait for this user, in the bar at the top of each page.
 */
export class TicketBadge extends Component {
    static template = "client_hub.TicketBadge";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.bus = useService("bus_service");
        this.state = useState({count: false});
        const count = () => this.count();
        const countSoon = useDebounced(count, DELAY, {immediate: true, trailing: true});
        onWillStart(count);
        onMounted(() => {
            this.bus.subscribe(CHANGED, countSoon);
            this.bus.start();
        });
        onWillUnmount(() => this.bus.unsubscribe(CHANGED, countSoon));
        // What was sent in between did not arrive.
        useBus(this.bus, "BUS:RECONNECT", countSoon);
    }

    async count() {
        this.state.count = await this.orm.silent.call(
            "client.hub.ticket",
            "get_waiting_count",
            []
        );
    }

    open() {
        this.action.doAction("client_hub.ticket_action", {
            additionalContext: {search_default_waiting_for_me: 1},
            clearBreadcrumbs: true,
        });
    }
}

registry
    .category("systray")
    .add("client_hub.TicketBadge", {Component: TicketBadge}, {sequence: 27});
