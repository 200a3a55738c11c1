// A session that ended while a form was filled in: sign in again, and what was typed is back.
// It is kept in this tab alone, for whoever typed it and for an hour, from sending the form until the next page says
// what became of it. A form with more than fields hears kontor:keep, kontor:restore and kontor:restored.
"use strict";

(() => {
    const KEY = "kontor-sent-form";
    const KEPT_FOR = 3_600_000; // ms
    const here = window.location.pathname + window.location.search;
    const forget = () => sessionStorage.removeItem(KEY);
    const user = () => document.getElementById("page")?.dataset.user ?? "";

    const isPosted = (form) => form.getAttribute("method")?.toLowerCase() === "post"; // a field may be named method

    // Where a form is sent: after signing in the colleague is led to that address, which may lead on to the page.
    function actionOf(form) {
        const url = new URL(form.getAttribute("action") || window.location.href, window.location.href);
        return url.pathname + url.search;
    }

    function fieldsOf(form) {
        const kept = [];
        for (const field of form.elements) {
            if (!field.name || field.disabled || ["password", "file", "submit", "button"].includes(field.type)) continue;
            if (field.name === "csrfmiddlewaretoken") continue; // the others say what the form was filled in on
            if (["checkbox", "radio"].includes(field.type)) kept.push([field.name, field.value, field.checked]);
            else if (field.tagName === "SELECT") {
                kept.push([field.name, [...field.selectedOptions].map((option) => [option.value, option.text])]);
            } else kept.push([field.name, field.value]);
        }
        return kept;
    }

    function choose(field, chosen) {
        for (const option of field.options) option.selected = false;
        for (const [value, text] of chosen) { // a picker has only the options that were looked up
            const known = [...field.options].find((option) => option.value === value) ?? field.appendChild(new Option(text, value));
            known.selected = true;
        }
    }

    function fillIn(form, kept) {
        const total = kept.filter(([name]) => /-TOTAL_FORMS$/.test(name));
        for (const [name, value] of total) { // lines that were added
            const prefix = name.replace(/-TOTAL_FORMS$/, "");
            const add = form.querySelector("[data-add-line]") ?? document.querySelector(`#${CSS.escape(prefix)}-group .add-row a, #${CSS.escape(prefix)}-group a.add-row`);
            const now = form.elements[name];
            while (add && now && Number(now.value) < Number(value) && Number(value) < 500) {
                const before = now.value;
                add.click();
                if (now.value === before) break;
            }
        }
        for (const [name, value, checked] of kept) {
            const found = form.elements[name];
            const fields = found instanceof RadioNodeList ? [...found] : found ? [found] : [];
            for (const field of fields) {
                if (field.name === "csrfmiddlewaretoken" || /_FORMS$/.test(field.name)) continue;
                if (["checkbox", "radio"].includes(field.type)) { if (field.value === value) field.checked = checked; }
                else if (field.tagName === "SELECT") { if (Array.isArray(value)) choose(field, value); }
                else field.value = value;
                (window.django?.jQuery?.(field) ?? { trigger: (kind) => field.dispatchEvent(new Event(kind, { bubbles: true })) }).trigger("change");
            }
        }
    }

    function sayIt(form) {
        const said = document.createElement("p");
        said.className = "k-card k-intro";
        said.setAttribute("role", "status");
        said.textContent = kontorText("Your session had ended. What you had typed is back: look it over and send it again.");
        form.before(said);
    }

    document.addEventListener("submit", (event) => {
        const form = event.target;
        if (!isPosted(form) || !user() || document.querySelector("[name=password]")) return;
        const place = [...document.forms].indexOf(form);
        const beside = {};
        form.dispatchEvent(new CustomEvent("kontor:keep", { detail: beside }));
        const sent = { user: user(), page: here, action: actionOf(form), place, beside, fields: fieldsOf(form), at: Date.now() };
        try {
            sessionStorage.setItem(KEY, JSON.stringify(sent));
        } catch { forget(); /* a full or forbidden store: as if there were none */ }
    });

    window.addEventListener("load", () => {
        const sent = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
        if (!sent) return;
        const left = sent.at + KEPT_FOR - Date.now();
        if (left <= 0) { forget(); return; }
        const wanted = new URLSearchParams(window.location.search).get("next");
        const next = wanted?.replace(/[?&]back=[^&]*$/, "") ?? null; // the page it was sent from: the server's word
        if (!user()) { // signing in, its second step, or signed out
            const isStep = /\/second-factor\//.test(window.location.pathname);
            const isLost = next !== null && [sent.page, sent.action].includes(next);
            if (isLost) sessionStorage.setItem(KEY, JSON.stringify({ ...sent, isLost }));
            if (isLost || (isStep && sent.isLost)) setTimeout(forget, left);
            else forget();
            return;
        }
        forget();
        const isHere = sent.page === here || sent.page.split("?")[0] === here;
        const isSent = (one) => one && isPosted(one) && actionOf(one).split("?")[0] === sent.action.split("?")[0];
        const form = [document.forms[sent.place], ...document.forms].find(isSent);
        if (!sent.isLost || sent.user !== user() || !isHere || !form) return;
        form.dispatchEvent(new CustomEvent("kontor:restore", { detail: sent.beside }));
        fillIn(form, sent.fields);
        form.dispatchEvent(new CustomEvent("kontor:restored", { detail: sent.beside }));
        sayIt(form);
    });
})();
