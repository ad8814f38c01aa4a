import {onWillUnmount, useEffect} from "@odoo/owl";
import {
    ProgressBarField,
    progressBarField,
} from "@web/views/fields/progress_bar/progress_bar_field";
import {registry} from "@web/core/registry";

const SECONDS = 3;
const DONE = 100;

/** A progress bar which looks again, as long as there is something to do. */
export class StatementProgressField extends ProgressBarField {
    setup() {
        super.setup();
        useEffect(
            (progress) => {
                if (progress < DONE) {
                    this.timer = setTimeout(() => this.lookAgain(), SECONDS * 1000);
                }
                return () => clearTimeout(this.timer);
            },
            () => [this.props.record.data[this.props.name], this.props.record.data.id]
        );
        onWillUnmount(() => clearTimeout(this.timer));
    }

    async lookAgain() {
        await this.props.record.load();
        if (this.props.record.data[this.props.name] < DONE) {
            clearTimeout(this.timer);
            this.timer = setTimeout(() => this.lookAgain(), SECONDS * 1000);
        }
    }
}

registry.category("fields").add("client_hub_progress", {
    ...progressBarField,
    component: StatementProgressField,
});
