// A scanner counts into the boxes of what it reads: the first article empties them, each one more adds a unit.
"use strict";

(() => {
    const field = document.querySelector("[data-scan]");
    if (!field) return;
    const form = field.closest("form");
    const said = form.querySelector("[data-scanned]");
    const boxes = [...form.querySelectorAll("[data-variant]")];
    let isFirst = true;
    let line = Promise.resolve(); // a scanner does not wait for answers

    async function count(code) {
        const answer = await kontorFetch(`${field.dataset.scan}?q=${encodeURIComponent(code)}`, { headers: { Accept: "application/json" } });
        const exact = answer.ok ? (await answer.json()).exact : null;
        const ofVariant = boxes.filter((box) => box.dataset.variant === exact?.id);
        if (!ofVariant.length) {
            said.textContent = `${field.dataset.missing} ${code}`;
            return;
        }
        if (isFirst) boxes.forEach((box) => { box.value = "0"; });
        isFirst = false;
        // The same article may stand in several lines: each takes what it may.
        const box = ofVariant.find((one) => Number(one.value) < Number(one.max)) ?? ofVariant.at(-1);
        box.value = String(Number(box.value) + 1);
        said.textContent = `${exact.sku}: ${box.value}`;
        box.dispatchEvent(new Event("input", { bubbles: true }));
    }

    field.addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault(); // the form is not sent by a scanner
        const code = field.value.trim();
        field.value = "";
        if (code) line = line.then(() => count(code)).catch((error) => {
            if (error.name === "SignedOut") field.value = code; // to be read once more
            else said.textContent = `${field.dataset.missing} ${code}`;
        });
    });
})();
