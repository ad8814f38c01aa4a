import {Interaction} from "@web/public/interaction";
import {registry} from "@web/core/registry";

const NEW = "/my/support/new";
const NAMES = ["subject", "text"];
const KEY = "client_hub_ticket:";

/**
 * The form of a ticket: says at once what is too long or too large, sends once, and
 * keeps what is typed while the tab is open, should the session end meanwhile.
 */
export class TicketForm extends Interaction {
    static selector = "form.o_client_hub_ticket_form";
    dynamicContent = {
        _root: {"t-on-submit": this.onSubmit},
        "[name='subject'], [name='text']": {"t-on-input": this.onInput},
        "[name='attachments']": {"t-on-change": this.checkFiles},
        _window: {"t-on-pageshow": () => this.setSending(false)},
    };

    setup() {
        this.inputs = NAMES.map((name) => this.el.elements[name]).filter(Boolean);
        this.key = KEY + new URL(this.el.action).pathname;
    }

    start() {
        this.el.dataset.started = "1";
        const done = document.querySelector("[data-done]")?.dataset.done;
        if (done === "opened") {
            sessionStorage.removeItem(KEY + NEW);
        } else if (done === "sent") {
            sessionStorage.removeItem(this.key);
        } else if (!this.inputs.some((input) => input.value)) {
            this.restoreDraft();
        }
    }

    onInput({currentTarget: input}) {
        const {most} = input.dataset;
        const isLong = most && input.value.length > Number(most);
        input.setCustomValidity(isLong ? `${input.value.length} / ${most}` : "");
        this.keepDraft();
    }

    keepDraft() {
        const draft = this.inputs.map((input) => [input.name, input.value]);
        sessionStorage.setItem(this.key, JSON.stringify(Object.fromEntries(draft)));
    }

    restoreDraft() {
        const draft = JSON.parse(sessionStorage.getItem(this.key) || "{}");
        for (const input of this.inputs) {
            input.value = draft[input.name] || "";
        }
    }

    checkFiles({currentTarget: input}) {
        const sizes = [...input.files].map((file) => file.size);
        const {mostFiles, mostEach, mostBytes, hint} = input.dataset;
        const isTooMuch =
            sizes.length > Number(mostFiles) ||
            sizes.some((size) => size > Number(mostEach)) ||
            sizes.reduce((sum, size) => sum + size, 0) > Number(mostBytes);
        input.setCustomValidity(isTooMuch ? hint : "");
        input.reportValidity();
    }

    onSubmit() {
        this.setSending(true);
    }

    setSending(isSending) {
        this.el.querySelector("[type='submit']").disabled = isSending;
    }
}

registry.category("public.interactions").add("client_hub.ticket_form", TicketForm);
