/*
 * Tell the server of the first touch of a person on the page that a link opened.
 * Programs that open links to check them do not touch anything.
 */
(() => {
    const {token} = document.getElementById("client_hub_access_session").dataset;
    const touches = ["pointerdown", "keydown", "touchstart"];
    let confirming = null;
    let isConfirmed = false;

    const confirm = (ev) => {
        if (!ev.isTrusted || confirming) {
            return;
        }
        const body = new URLSearchParams({csrf_token: token});
        confirming = fetch("/my/access/confirm", {method: "POST", body}).finally(() => {
            isConfirmed = true;
        });
    };

    // What is clicked may need the session: it is clicked again when that is there.
    const wait = (ev) => {
        const target = ev.target.closest("a[href], button, input[type='submit']");
        if (!confirming || isConfirmed || !target) {
            return;
        }
        ev.preventDefault();
        ev.stopImmediatePropagation();
        confirming.finally(() => target.click());
    };

    for (const touch of touches) {
        document.addEventListener(touch, confirm, {capture: true, passive: true});
    }
    document.addEventListener("click", wait, {capture: true});
})();
