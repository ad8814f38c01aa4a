/*
 * Tell the server of the first touch of a person on the page that a link opened.
 * Programs that open links to check them do not touch anything.
 */
(() => {
    const {token} = document.getElementById("client_hub_access_session").dataset;
    const touches = ["pointerdown", "keydown", "touchstart"];
    const chatterClass = "o_portal_chatter";
    let confirming = null;
    let isConfirmed = false;
    let chatter = null;

    // The conversation is fetched by the session, so it waits, too.
    const hideChatter = () => {
        chatter = document.querySelector(`.${chatterClass}`);
        if (isConfirmed) {
            chatter?.replaceChildren();
        } else {
            chatter?.classList.remove(chatterClass);
        }
    };

    const showChatter = () => {
        chatter?.replaceChildren();
        chatter?.classList.add(chatterClass);
        const {registry} = odoo.loader.modules.get("@web/core/registry") || {};
        registry?.category("services").get("portal.chatter.boot", null)?.start();
    };

    const finish = (isIn) => {
        isConfirmed = true;
        if (isIn && document.querySelector(".o_portal_my_home")) {
            // It has asked for what it shows already, and was refused.
            location.reload();
        } else if (isIn) {
            showChatter();
        } else {
            // Too late: what stands on the page opens nothing any more.
            location.assign("/my/access/request");
        }
        return isIn;
    };

    const confirm = (ev) => {
        if (!ev.isTrusted || confirming) {
            return;
        }
        const body = new URLSearchParams({csrf_token: token});
        confirming = fetch("/my/access/confirm", {method: "POST", body}).then(
            (answer) => finish(answer.status !== 403),
            () => {
                confirming = null;
                return true;
            }
        );
    };

    // What is clicked may need the session: it is clicked again when that is there.
    const wait = (ev) => {
        const target = ev.target.closest("a[href], button, input[type='submit']");
        if (!confirming || isConfirmed || !target) {
            return;
        }
        ev.preventDefault();
        ev.stopImmediatePropagation();
        confirming.then((isIn) => isIn && target.click());
    };

    for (const touch of touches) {
        document.addEventListener(touch, confirm, {capture: true, passive: true});
    }
    document.addEventListener("click", wait, {capture: true});
    document.addEventListener("DOMContentLoaded", hideChatter);
})();
