// Small helpers of the admin: deadlines that count down, forms that are sent once.
"use strict";

// A text of a script in the reader's language, by the English one; the page brings them (crm/templatetags/kontor.py).
const kontorText = (() => {
    let texts = null;
    return (english, values = {}) => {
        texts ??= JSON.parse(document.getElementById("k-texts")?.textContent ?? "{}");
        return (texts[english] ?? english).replace(/\{(\w+)\}/g, (hole, name) => values[name] ?? hole);
    };
})();

// The browser's clock may be wrong: count by the server's clock, as it was when the page was made.
function startCountdowns() {
    const seenAt = new WeakMap(); // a list that is read again brings others, of a later time
    const two = (n) => String(n).padStart(2, "0");
    const tick = () => {
        for (const element of document.querySelectorAll(".k-countdown")) {
            if (!seenAt.has(element)) seenAt.set(element, performance.now());
            const serverNow = Date.parse(element.dataset.serverNow) + performance.now() - seenAt.get(element);
            const seconds = Math.round((Date.parse(element.dateTime) - serverNow) / 1000);
            const left = Math.abs(seconds);
            const clock = left < 3600 ? `${Math.floor(left / 60)}:${two(left % 60)}`
                : left < 86400 ? kontorText("{hours} h {minutes}", { hours: Math.floor(left / 3600), minutes: two(Math.floor(left / 60) % 60) })
                    : kontorText("{days} d", { days: Math.floor(left / 86400) });
            element.textContent = kontorText(seconds >= 0 ? "{clock} left" : "overdue by {clock}", { clock });
            element.classList.toggle("k-soon", seconds >= 0 && seconds < 300);
            element.classList.toggle("k-over", seconds < 0);
        }
    };
    tick();
    setInterval(tick, 1000);
    document.addEventListener("kontor:refreshed", tick);
}

// On a phone each cell names its column: with one capital, as the headings of the table are on a desk.
function nameCells() {
    const name = () => document.querySelectorAll("[data-label]").forEach((cell) => {
        const { label } = cell.dataset;
        cell.dataset.label = label.charAt(0).toLocaleUpperCase() + label.slice(1);
    });
    name();
    document.addEventListener("kontor:refreshed", name);
}

// The zone that the device is in, for who has chosen none or another one.
function proposeZone() {
    const button = document.querySelector("[data-zone-of-browser]");
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const field = document.querySelector("[data-time-zone]");
    if (!button || !zone || (field.value || field.placeholder) === zone) return;
    button.textContent = button.dataset.zoneOfBrowser.replace("{zone}", zone);
    button.hidden = false;
    button.addEventListener("click", () => {
        field.value = zone;
        button.hidden = true;
    });
}

// A double click sends a form once. The server does not rely on it.
function sendOnce() {
    document.addEventListener("submit", (event) => {
        const form = event.target;
        if (!form.matches("[data-submit-once]")) return;
        if (form.dataset.sent) {
            event.preventDefault();
            return;
        }
        form.dataset.sent = "1";
        setTimeout(() => form.querySelectorAll("button[type=submit]").forEach((b) => { b.disabled = true; }));
    });
    // A page taken from the browser's history can be sent again.
    window.addEventListener("pageshow", () => {
        document.querySelectorAll("[data-submit-once]").forEach((form) => {
            delete form.dataset.sent;
            form.querySelectorAll("button[type=submit]").forEach((b) => { b.disabled = false; });
        });
    });
}

// A colleague's name goes into the comment where the cursor is.
function mentionColleagues() {
    document.addEventListener("click", (event) => {
        const name = event.target.closest("[data-mention]")?.dataset.mention;
        const field = name && event.target.closest("form").querySelector("textarea");
        if (!field) return;
        const before = field.value.slice(0, field.selectionStart);
        field.setRangeText(`${before && !/\s$/.test(before) ? " " : ""}@${name} `, field.selectionStart, field.selectionEnd, "end");
        field.focus();
    });
}

// The theme hides the page until its scripts have begun, and a browser that draws it before gives its autofocus up: what
// a scanner sends would go nowhere.
document.addEventListener("alpine:initialized", () => requestAnimationFrame(() => {
    if (document.activeElement === document.body) document.querySelector("[autofocus]")?.focus();
}));

document.addEventListener("DOMContentLoaded", () => {
    mentionColleagues();
    startCountdowns();
    sendOnce();
    proposeZone();
    nameCells();
});
