// Lists and pages by keyboard, and many rows changed in batches. Keys do nothing while somebody types.
"use strict";

const typing = (target) => target instanceof Element
    && (target.closest("input, textarea, select, [contenteditable=true], [contenteditable='']") !== null
        || target.closest(".select2-container") !== null);
const busy = () => document.querySelector("dialog[open]") !== null
    || document.querySelector("[role=dialog][aria-modal]:not([style*='display: none'])")?.checkVisibility?.() === true;

function rowKeys() {
    let rows = [];
    let at = -1;
    const find = () => {
        rows = [...document.querySelectorAll("#result_list tr.data-row")];
    };
    // A list that was read again has other rows at the same places.
    document.addEventListener("kontor:refreshed", () => {
        find();
        if (at >= 0 && rows.length) show(at);
    });
    find();
    const show = (index) => {
        rows[at]?.classList.remove("k-at");
        at = Math.max(0, Math.min(rows.length - 1, index));
        rows[at].classList.add("k-at");
        rows[at].scrollIntoView({ block: "nearest" });
    };
    return {
        j: () => rows.length && show(at + 1),
        k: () => rows.length && show(at - 1),
        Enter: () => rows[at]?.querySelector("th a[href], td a[href]")?.click(),
        x: () => rows[at]?.querySelector("input.action-select")?.click(),
    };
}

function startKeys() {
    const help = document.getElementById("k-keys");
    const rows = rowKeys();
    const add = () => document.querySelector("a.addlink, a[data-new], #nav-global-side a[href$='/add/'], a[href$='/add/']:not([id^=add_])");
    const keys = {
        ...rows,
        n: () => add()?.click(),
        "/": () => document.getElementById("searchbar")?.focus(),
        "?": () => help?.showModal(),
    };
    document.addEventListener("keydown", (event) => {
        if ((event.metaKey || event.ctrlKey) && !event.altKey && !event.shiftKey && event.key === "k") {
            // Unfold's own shortcut keeps still while somebody types: from there it is opened here.
            if (typing(document.activeElement)) {
                event.preventDefault();
                if (document.activeElement.id !== "search-input-command") window.dispatchEvent(new CustomEvent("opencommand"));
            }
            return;
        }
        if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || typing(event.target) || busy()) return;
        // Enter on a link or button is theirs.
        if (event.key === "Enter" && event.target.closest?.("a, button, summary")) return;
        const act = Object.hasOwn(keys, event.key) ? keys[event.key] : null;
        if (act && !event.repeat || act && (event.key === "j" || event.key === "k")) {
            event.preventDefault();
            act();
        }
    });
}

// The rows of a bulk change are sent in batches, so that many show how far they are and no request takes long.
function bulkForm() {
    const form = document.querySelector("form[data-bulk]");
    if (!form) return;
    form.addEventListener("submit", async (event) => {
        event.preventDefault();
        const data = new FormData(form);
        const keys = String(data.get("keys")).split(",").filter(Boolean);
        const size = Number(form.dataset.bulk);
        const box = form.querySelector("[data-bulk-progress]");
        const told = form.querySelector("[data-bulk-told]");
        const total = { changed: 0, unchanged: 0, left_out: 0, refused: [] };
        box.hidden = false;
        for (let from = 0; from < keys.length; from += size) {
            data.set("keys", keys.slice(from, from + size).join(","));
            const answer = await kontorFetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } })
                .catch((error) => ({ status: 599, isSignedOut: error.name === "SignedOut" }));
            const counts = answer.ok ? await answer.json().catch(() => null) : null;
            if (!counts) {
                if (from === 0 && answer.status < 500) { // nothing was done: the page says what is wrong
                    form.submit();
                    return;
                }
                told.textContent = answer.isSignedOut ? "" : told.dataset.failed; // that is said above the page
                form.querySelector("[name=keys]").value = keys.slice(from).join(",");
                form.querySelectorAll("button[type=submit]").forEach((button) => { button.disabled = false; });
                delete form.dataset.sent;
                return;
            }
            for (const name of ["changed", "unchanged", "left_out"]) total[name] += counts[name];
            total.refused.push(...counts.refused);
            const done = Math.min(keys.length, from + size);
            box.querySelector("progress").value = done;
            box.querySelector("[data-bulk-done]").textContent = done;
        }
        const counted = (text, count) => text.replace("{count}", count);
        const parts = [counted(told.dataset.changed, total.changed)];
        if (total.unchanged) parts.push(counted(told.dataset.unchanged, total.unchanged));
        if (total.left_out) parts.push(counted(told.dataset.leftOut, total.left_out));
        told.textContent = [`${parts.join(", ")}.`, ...total.refused.slice(0, 8)].join("\n");
        form.querySelectorAll("button[type=submit]").forEach((button) => { button.hidden = true; });
        form.querySelector(".k-buttons a").focus();
    });
}

document.addEventListener("DOMContentLoaded", () => {
    startKeys();
    bulkForm();
});
