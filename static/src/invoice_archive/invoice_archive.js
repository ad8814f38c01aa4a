import {Interaction} from "@web/public/interaction";
import {registry} from "@web/core/registry";
import {rpc} from "@web/core/network/rpc";

const POLL_MILLISECONDS = 3000;

/** The box in the head of a table, hidden without scripts: ticks the page. */
export class TickAll extends Interaction {
    static selector = "table:has(.o_client_hub_tick_all)";
    dynamicContent = {
        ".o_client_hub_tick_all": {
            "t-att-class": () => ({invisible: false}),
            "t-on-change": this.onTickAll,
        },
    };

    onTickAll(event) {
        for (const tick of this.el.querySelectorAll("input[name='invoice_ids']")) {
            tick.checked = event.currentTarget.checked;
        }
    }
}

/** The form above the invoices: shows only what the choice needs. */
export class InvoiceArchiveForm extends Interaction {
    static selector = "#client_hub_archive";
    dynamicContent = {
        "#client_archive_period": {"t-on-change": () => this.updateContent()},
        ".o_client_archive_free": {
            "t-att-class": () => ({"d-none": this.period.value !== "free"}),
        },
        ".o_client_archive_all": {
            "t-att-class": () => ({"d-none": this.period.value !== ""}),
        },
    };

    setup() {
        this.period = this.el.querySelector("#client_archive_period");
    }
}

/** The list of archives: shows how far they are, and reloads when one is ready. */
export class InvoiceArchives extends Interaction {
    static selector = ".o_client_archives:has([data-state='waiting'])";

    start() {
        this.waitForTimeout(() => this.poll(), POLL_MILLISECONDS);
    }

    async poll() {
        const path = "/my/invoices/archives/progress";
        // A server that does not answer right now is asked again.
        const asked = rpc(path, {}, {silent: true}).catch(() => []);
        const archives = await this.waitFor(asked);
        for (const archive of archives) {
            this.show(archive);
        }
        this.waitForTimeout(() => this.poll(), POLL_MILLISECONDS);
    }

    show({id, state, done, total, text}) {
        const row = this.el.querySelector(`[data-id="${id}"]`);
        if (!row || row.dataset.state !== "waiting") {
            return;
        }
        if (state !== "waiting") {
            window.location.reload();
            return;
        }
        row.querySelector(".o_client_archive_text").textContent = text;
        row.querySelector("[role=progressbar]").ariaValueNow = done;
        row.querySelector(".progress-bar").style.width = `${(100 * done) / total}%`;
    }
}

registry
    .category("public.interactions")
    .add("client_hub.tick_all", TickAll)
    .add("client_hub.invoice_archive_form", InvoiceArchiveForm)
    .add("client_hub.invoice_archives", InvoiceArchives);
