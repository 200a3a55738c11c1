// Lists, board and dashboard that keep themselves up to date: an event that concerns the page has it read again, and
// what changed is put in place. Never while somebody types, has rows selected, drags, or has a dialog open; a page that
// is not seen listens to nothing. Where there are no live events, nothing happens.
"use strict";

(() => {
    const EVERYTHING_OF_ORDERS = "order.*,shipment.*,refund.*,return.*,payment.*,invoice.*";
    // By model, as in the page's <body class>.
    const OF_LISTS = {
        order: EVERYTHING_OF_ORDERS, shipment: "order.*,shipment.*", refund: "refund.*,return.*", return: "return.*",
        payment: "order.*,payment.*", invoice: "invoice.*", reservation: "order.*", stocklevel: "stock.*",
        stockmovement: "stock.*", deal: "deal.*", lead: "lead.*", task: "task.*", customer: "customer.*", event: "*",
    };
    const QUIET = 1000; // milliseconds from the first event on, so that several are one reading
    const LEAST_PAUSE = 3000; // between two readings; twenty times as long as one took, so that it costs little
    const MOST_PAUSE = 60000;
    const FIRST_RETRY = 2000;
    const LAST_RETRY = 300000;

    let parts = []; // selectors of what is replaced
    const seen = new Map(); // what each showed when it was last read
    let types = "";
    let last = null; // the position of the newest event
    let listening = null;
    let retry = FIRST_RETRY;
    let isOver = false;
    let isStale = false;
    let timer = 0;
    let notBefore = 0;

    function whatLives() {
        const named = [...document.querySelectorAll("[data-live]")];
        if (named.length) return [named.map((part) => `#${part.id}`), named.map((part) => part.dataset.live).join(",")];
        const model = [...document.body.classList].find((name) => name.startsWith("model-"))?.slice(6);
        const isList = document.body.classList.contains("change-list") && document.getElementById("changelist-form");
        return isList && OF_LISTS[model] ? [["#changelist-form"], OF_LISTS[model]] : [[], ""];
    }

    function isInUse() {
        const active = document.activeElement;
        return active?.matches("input:not([type=checkbox]), textarea, select, [contenteditable=true]")
            || document.querySelector("dialog[open], .k-dragged, [aria-busy=true], input.action-select:checked") !== null
            || document.querySelector("[role=dialog][aria-modal]:not([style*='display: none'])")?.checkVisibility?.() === true
            || !(document.getSelection()?.isCollapsed ?? true);
    }

    function plan(milliseconds) {
        if (!timer) timer = setTimeout(read, Math.max(milliseconds, notBefore - performance.now()));
    }

    async function read() {
        timer = 0;
        if (!isStale || document.hidden) return;
        if (isInUse()) {
            plan(LEAST_PAUSE);
            return;
        }
        isStale = false;
        const began = performance.now();
        try {
            const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
            if (answer.ok && !answer.redirected) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
        } catch {
            // The server is away: the next event tries again.
        }
        const took = performance.now() - began;
        notBefore = performance.now() + Math.min(MOST_PAUSE, Math.max(LEAST_PAUSE, 20 * took));
    }

    function show(page) {
        if (isInUse()) {
            isStale = true;
            plan(LEAST_PAUSE);
            return;
        }
        for (const selector of parts) {
            const shown = document.querySelector(selector);
            const now = page.querySelector(selector);
            if (!shown || !now || seen.get(selector) === comparable(now.innerHTML)) continue;
            const focused = shown.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
            const scrolled = shown.firstElementChild?.scrollLeft ?? 0;
            shown.innerHTML = now.innerHTML;
            seen.set(selector, comparable(now.innerHTML));
            if (shown.firstElementChild) shown.firstElementChild.scrollLeft = scrolled;
            if (focused) shown.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
            const boxes = shown.querySelectorAll("tr input.action-select");
            if (boxes.length) window.Actions?.(boxes, { parent: shown.closest(".result-list-wrapper") });
            shown.dispatchEvent(new CustomEvent("kontor:refreshed", { bubbles: true }));
        }
    }

    // What differs each time although nothing happened.
    function comparable(html) {
        return html.replace(/name="csrfmiddlewaretoken" value="\w+"/g, "").replace(/data-server-now="[^"]*"/g, "");
    }

    async function listen() {
        if (isOver || listening || document.hidden) return;
        const mine = listening = new AbortController();
        try {
            await follow(mine.signal);
        } catch {
            // Away, or cut off: below.
        }
        if (listening === mine) listening = null;
        if (isOver || mine.signal.aborted) return;
        setTimeout(listen, retry * (0.5 + Math.random()));
        retry = Math.min(LAST_RETRY, retry * 2);
    }

    async function follow(signal) {
        const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
        const headers = { "X-CSRFToken": token, "Content-Type": "application/json" };
        const asked = await fetch("/api/v1/events/tickets", { method: "POST", headers, body: "{}", signal });
        isOver = asked.status === 401 || asked.status === 403;
        if (!asked.ok) return;
        const { ticket, url } = await asked.json();
        const query = new URLSearchParams({ ticket, types, after: last ?? "latest" });
        const stream = await fetch(`${url}/events?${query}`, { signal });
        if (stream.status === 410 || stream.status === 400) {
            last = null; // what was missed is not kept: the page is read anew
            changed();
        }
        if (!stream.ok) return;
        retry = FIRST_RETRY;
        const lines = stream.body.pipeThrough(new TextDecoderStream()).getReader();
        let rest = "";
        for (let piece = await lines.read(); !piece.done; piece = await lines.read()) {
            const texts = (rest + piece.value).split("\n");
            rest = texts.pop();
            for (const text of texts) {
                if (text.startsWith("id:")) last = Number(text.slice(3));
                if (text.startsWith("data:")) changed();
            }
        }
    }

    function changed() {
        isStale = true;
        plan(QUIET);
    }

    document.addEventListener("visibilitychange", () => {
        if (document.hidden) {
            listening?.abort();
            listening = null;
        } else {
            listen();
            if (isStale) plan(QUIET);
        }
    });

    window.addEventListener("load", () => {
        [parts, types] = whatLives();
        if (parts.length) setTimeout(listen, QUIET);
    });
})();
