import {registry} from "@web/core/registry";

const list = ".o_client_hub_list";
const figures = {
    action_client_invoiced: "$ 2,500.00",
    action_client_paid: "$ 40.00",
    action_client_outstanding: "$ 2,460.00",
    action_client_overdue: "$ 60.00",
};

function openTab(name, row) {
    return [
        {trigger: `.o_notebook .nav-link:contains(${name})`, run: "click"},
        {trigger: `.o_notebook .nav-link.active:contains(${name})`},
        {trigger: `${list} .o_data_row:contains(${row})`},
    ];
}

registry.category("web_tour.tours").add("client_360_tour", {
    steps: () => [
        {
            trigger: ".o_data_row .o_data_cell:contains(AA Tour Workshop)",
            run: "click",
        },
        ...Object.entries(figures).map(([button, amount]) => ({
            content: `the figure of ${button} is ${amount}`,
            trigger: `.o_form_view button[name=${button}]:contains(${amount})`,
        })),
        {trigger: ".o_client_hub_chart canvas"},
        {trigger: ".o_client_hub_ageing dd:contains($ 60.00)"},
        {
            trigger: "button[name=action_client_outstanding]",
            run: "click",
        },
        {trigger: ".o_breadcrumb .active:contains(Outstanding)"},
        {trigger: ".o_list_view .o_list_footer:contains(2,460.00)"},
        {
            content: "a row opens its invoice",
            trigger: ".o_list_view .o_data_row:first .o_data_cell:first",
            run: "click",
        },
        {trigger: ".o_form_view .o_field_widget[name=name]:contains(INV/)"},
        {trigger: ".o_breadcrumb a:contains(Outstanding)", run: "click"},
        {trigger: ".o_list_view .o_list_footer:contains(2,460.00)"},
        {trigger: ".o_breadcrumb a:contains(AA Tour Workshop)", run: "click"},
        ...openTab("Estimates", "Rejected by Client"),
        ...openTab("Payments", "$ 40.00"),
        ...openTab("History", "Accepted"),
        ...openTab("Invoices", "Not Sent"),
        {
            content: "page",
            trigger: `${list} .o_pager:contains("1-20 / 25") .o_pager_next`,
            run: "click",
        },
        {trigger: `${list} .o_pager:contains("21-25 / 25")`},
        {
            content: "sort",
            trigger: `${list} th[data-name=amount_residual_signed]`,
            run: "click",
        },
        {trigger: `${list} th[data-name=amount_residual_signed] .fa-sort-asc`},
        {trigger: `${list} .o_pager_previous`, run: "click"},
        {trigger: `${list} .o_data_row:first:contains($ 60.00)`},
        {
            content: "search",
            trigger: `${list} .o_searchview_input`,
            run: "edit TOUR-7-",
        },
        {trigger: `${list} .o_searchview_input`, run: "press Enter"},
        {trigger: `${list} .o_pager:contains("1-1 / 1")`},
        {trigger: `${list} .o_data_row .o_data_cell:first`, run: "click"},
        {trigger: ".o_form_view .o_field_widget[name=name]:contains(INV/)"},
        {trigger: ".o_breadcrumb a:contains(AA Tour Workshop)", run: "click"},
        {trigger: ".o_form_view button[name=action_client_overdue]"},
    ],
});
