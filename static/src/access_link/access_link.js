/*
 * Enter by a magic link.
 *
 * The secret stands behind the "#", which no browser sends; some mail gateways make it
 * part of the path. Either way it leaves the address bar and the history first.
 */
(() => {
    const takeVerifier = () => {
        const [path, hidden] = location.pathname
            .replace(/%(?:25)*23/gi, "#")
            .split("#");
        const verifier = hidden || location.hash.slice(1);
        history.replaceState(null, "", path);
        return verifier;
    };

    const verifier = takeVerifier();
    const section = document.getElementById("enter");
    if (!verifier || !section) {
        return;
    }
    const form = section.querySelector("form");
    const button = form.querySelector("button");
    form.elements.verifier.value = verifier;
    document.getElementById("code").hidden = true;
    section.hidden = false;
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
