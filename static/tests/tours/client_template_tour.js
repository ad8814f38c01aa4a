import {registry} from "@web/core/registry";

const tab = ".o_client_hub_templates";
const row = `${tab} [data-type=invoice]`;
const body = ".modal .odoo-editor-editable";
const subject = ".modal [name=subject] input";

function openTab() {
    return [
        {
            trigger: ".o_notebook .nav-link:contains(Email Templates)",
            run: "click",
        },
        {trigger: row},
    ];
}

function pick(label) {
    return {
        content: `insert ${label}`,
        trigger: `.modal .o_client_hub_placeholders button:contains(${label})`,
        run: "click",
    };
}

/** Put the cursor at the end of the body. */
function enterBody() {
    return {
        trigger: body,
        run: async ({anchor}) => {
            anchor.focus();
            const range = document.createRange();
            range.selectNodeContents(anchor.lastElementChild);
            range.collapse(false);
            const selection = document.getSelection();
            selection.removeAllRanges();
            selection.addRange(range);
        },
    };
}

registry.category("web_tour.tours").add("client_template_tour", {
    steps: () => [
        ...openTab(),
        {trigger: `${row} .badge:contains(Global)`},
        {trigger: `${row} button[name=edit]`, run: "click"},
        {trigger: `${body}:contains(Dear)`},
        {trigger: subject, run: (helpers) => helpers.edit("Bill ")},
        pick("Document Number"),
        {
            trigger: subject,
            run: ({anchor}) => {
                const expected = "Bill {{ object.client_placeholder_number }}";
                if (anchor.value !== expected) {
                    throw new Error(`The subject is ${anchor.value}`);
                }
            },
        },
        {
            content: "the subject is shown as it will be sent",
            trigger: ".modal [name=subject_as_sent]:contains(Bill INV/)",
        },
        enterBody(),
        pick("Name of Salesperson"),
        {
            trigger: `${body} t[t-out="object.client_placeholder_salesperson"]`,
        },
        {trigger: ".modal .nav-link:contains(Preview)", run: "click"},
        {trigger: ".modal [name=preview_subject]:contains(Bill INV/)"},
        {trigger: ".modal [name=preview_body]:contains(Tour Seller)"},
        {
            trigger: ".modal button[name=action_send_test]",
            run: "click",
        },
        {trigger: ".o_notification:contains(Sent to tour@example.com)"},
        {trigger: ".modal button[name=action_save]", run: "click"},
        {trigger: "body:not(:has(.modal))"},
        {trigger: `${row} .badge:contains(Own text)`},
        {
            content: "copy to another client",
            trigger: `${tab} button[name=copy]`,
            run: "click",
        },
        {
            trigger: ".modal [name=client_ids] input",
            run: "edit AB Second Workshop",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(AB Second Workshop)",
            run: "click",
        },
        {trigger: ".modal .alert:contains(AB Second Workshop: Invoice)"},
        {trigger: ".modal button[name=action_copy]", run: "click"},
        {trigger: "body:not(:has(.modal))"},
        {
            content: "back to the global text",
            trigger: `${row} button[name=reset]`,
            run: "click",
        },
        {
            trigger: ".modal button:contains(Delete Own Text)",
            run: "click",
        },
        {trigger: `${row} .badge:contains(Global)`},
    ],
});
