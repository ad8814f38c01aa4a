import {Interaction} from "@web/public/interaction";
import {registry} from "@web/core/registry";

const BASE = 10;

/** The open documents of a statement: says what the ticked ones come to. */
export class PayTicked extends Interaction {
    static selector = "form:has(.o_client_hub_pay_ticked)";
    dynamicContent = {
        _root: {"t-on-change": () => this.updateContent()},
        ".o_client_hub_pay_ticked": {
            "t-att-disabled": () => (this.getTicked().length ? undefined : "disabled"),
        },
        ".o_client_hub_pay_total": {"t-out": () => this.format(this.getTotal())},
    };

    setup() {
        const {currency, digits} = this.el.querySelector(
            ".o_client_hub_pay_ticked"
        ).dataset;
        this.digits = Number(digits);
        this.money = new Intl.NumberFormat(document.documentElement.lang || undefined, {
            style: "currency",
            currency,
            minimumFractionDigits: this.digits,
            maximumFractionDigits: this.digits,
        });
    }

    /** @returns {Element[]} the ticks of documents that can be paid or set off */
    getTicked() {
        return [
            ...this.el.querySelectorAll(
                "input[name='invoice_ids'][data-units]:checked"
            ),
        ];
    }

    /** @returns {Number} what is to be paid, in units of the currency */
    getTotal() {
        const sum = this.getTicked().reduce(
            (total, tick) => total + Number(tick.dataset.units),
            0
        );
        return Math.max(sum, 0);
    }

    format(units) {
        return units ? this.money.format(units / BASE ** this.digits) : "";
    }
}

/** A button that leads to Stripe: it is pressed once. */
export class PayOnce extends Interaction {
    static selector = "form[action$='/pay'], form:has([formaction$='/pay'])";
    dynamicContent = {
        _root: {"t-on-submit": this.onSubmit},
        _window: {"t-on-pageshow": this.onShow},
    };

    onSubmit(event) {
        const pressed = event.submitter?.getAttribute("formaction");
        if (!(pressed || this.el.getAttribute("action")).endsWith("/pay")) {
            return;
        }
        if (this.isSent) {
            event.preventDefault();
        }
        this.isSent = true;
    }

    /** The browser's back button shows the page as it was left. */
    onShow() {
        this.isSent = false;
    }
}

/** Another amount: typing one chooses it. */
export class PayAmount extends Interaction {
    static selector = ".o_client_hub_choices";
    dynamicContent = {
        ".o_client_hub_amount": {"t-on-input": this.onInput},
    };

    onInput() {
        this.el.querySelector("input[value='part']").checked = true;
    }
}

registry
    .category("public.interactions")
    .add("client_hub.pay_ticked", PayTicked)
    .add("client_hub.pay_once", PayOnce)
    .add("client_hub.pay_amount", PayAmount);
