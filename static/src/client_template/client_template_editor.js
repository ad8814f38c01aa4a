import {Component, useExternalListener} from "@odoo/owl";
import {
    HtmlMailField,
    htmlMailField,
} from "@mail/views/web/fields/html_mail_field/html_mail_field";
import {registry} from "@web/core/registry";
import {useBus} from "@web/core/utils/hooks";
import {CharField, charField} from "@web/views/fields/char/char_field";
import {Many2OneReferenceField} from "@web/views/fields/many2one_reference/many2one_reference_field";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const PICKED = "CLIENT_HUB_PLACEHOLDER_PICKED";
const SUBJECT = "subject";
const BODY = "body_html";
const LINK = "client_placeholder_link";

/** The list of placeholders: a click inserts one where the cursor was last. */
export class ClientPlaceholders extends Component {
    static template = "client_hub.ClientPlaceholders";
    static props = {...standardFieldProps};

    setup() {
        this.target = BODY;
        useExternalListener(document, "focusin", ({target}) => {
            const field = target.closest(`[name=${SUBJECT}], [name=${BODY}]`);
            this.target = field ? field.getAttribute("name") : this.target;
        });
    }

    get placeholders() {
        return this.props.record.data[this.props.name] || [];
    }

    /** Names the placeholders in the editor as the list does. */
    get style() {
        return this.placeholders
            .map(
                ({name, label}) =>
                    `.o_client_hub_template_edit .odoo-editor-editable ` +
                    `t[t-out="object.${name}"]:empty::before ` +
                    `{content: ${JSON.stringify(label)} !important}`
            )
            .join("\n");
    }

    pick({name}) {
        // A subject holds no link.
        const field = name === LINK ? BODY : this.target;
        this.props.record.model.bus.trigger(PICKED, {field, name});
    }
}

/** Let a field insert the placeholders that are picked while it has the cursor. */
function usePicked(field, insert) {
    useBus(field.props.record.model.bus, PICKED, ({detail}) => {
        if (detail.field === field.props.name) {
            insert(detail.name);
        }
    });
}

export class ClientSubjectField extends CharField {
    setup() {
        super.setup();
        usePicked(this, (name) => this.insert(name));
    }

    insert(name) {
        const input = this.input.el;
        const {selectionStart, selectionEnd} = input;
        const text = `{{ object.${name} }}`;
        input.setRangeText(text, selectionStart, selectionEnd, "end");
        input.dispatchEvent(new InputEvent("input", {bubbles: true}));
        input.dispatchEvent(new Event("change", {bubbles: true}));
        input.focus();
    }
}

export class ClientBodyField extends HtmlMailField {
    setup() {
        super.setup();
        usePicked(this, (name) => this.insert(name));
    }

    insert(name) {
        const element = this.editor.document.createElement("t");
        element.setAttribute("t-out", `object.${name}`);
        this.editor.shared.selection.focusEditable();
        this.editor.shared.dom.insert(element);
        this.editor.shared.history.addStep();
    }
}

/** The documents of the client, of the type that the text is for. */
export class ClientDocumentField extends Many2OneReferenceField {
    get m2oProps() {
        const domain = () => this.props.record.data.document_domain || [];
        return {...super.m2oProps, domain};
    }
}

const fields = registry.category("fields");
fields.add("client_hub_placeholders", {
    component: ClientPlaceholders,
    supportedTypes: ["json"],
});
fields.add("client_hub_subject", {...charField, component: ClientSubjectField});
fields.add("client_hub_body", {...htmlMailField, component: ClientBodyField});
fields.add("client_hub_document", {
    ...fields.get("many2one_reference"),
    component: ClientDocumentField,
});
