/*
 * Enter by a magic link.
 *
 * The secret stands behind the "#", which no browser sends; some mail gateways make it
 * part of the path. Either way it leaves the address bar and the history first.
 */
(() => {
    const section = document.getElementById("enter");
    const form = section.querySelector("form");
    const button = form.querySelector("button");

    const takeVerifier = () => {
        const decoded = location.pathname.replace(/%(?:25)*23/gi, "#");
        const verifier = decoded.split("#")[1] || location.hash.slice(1);
        history.replaceState(null, "", new URL(form.action).pathname);
        return verifier;
    };

    const show = (verifier) => {
        form.elements.verifier.value = verifier;
        document.getElementById("code").hidden = true;
        section.hidden = false;
    };

    const verifier = takeVerifier();
    if (!verifier) {
        return;
    }
    show(verifier);
    if (section.dataset.mode === "instant") {
        form.submit();
        return;
    }
    // A program that clicks by itself is not a person.
    button.addEventListener("click", (ev) => {
        if (!ev.isTrusted) {
            ev.preventDefault();
        }
    });
    form.addEventListener("submit", () => {
        button.disabled = true;
    });
})();
