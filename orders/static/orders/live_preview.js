"use strict";

/* Asks the server what the quantities on the page come to, a moment after each change. */
(() => {
    const shown = document.querySelector("[data-live-preview]");
    const form = shown && shown.closest("form");
    if (!form) return;
    let timer = 0;
    let asked = 0;

    async function ask() {
        const mine = ++asked;
        const body = new FormData(form);
        body.set("_live", "1");
        const answer = await kontorFetch(form.action, {method: "POST", body, headers: {Accept: "application/json"}});
        if (mine !== asked || !answer.ok) return;
        shown.textContent = (await answer.json()).text;
    }

    form.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(() => ask().catch(() => {}), 300);
    });
})();
