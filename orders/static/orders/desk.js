// The order desk: finds, adds and counts; what it comes to is asked of the server, a moment after each change.
"use strict";

(() => {
    const form = document.querySelector("[data-desk]");
    if (!form) return;
    const texts = JSON.parse(document.getElementById("desk-texts").textContent);
    const say = (name, values = {}) => texts[name].replace(/\{(\w+)\}/g, (_hole, key) => values[key] ?? "");
    const one = (selector, within = form) => within.querySelector(selector);
    const all = (selector, within = form) => [...within.querySelectorAll(selector)];
    const field = (name) => form.elements.namedItem(name);
    const said = one("[data-said]");
    const tell = (text) => { said.textContent = text; };
    const list = one("[data-desk-lines]");
    const prefix = list.dataset.deskLines;
    const total = field(`${prefix}-TOTAL_FORMS`);
    let isChanged = false;
    let isSent = false;

    // Live amounts
    let timer = 0;
    let asked = 0;
    document.addEventListener("kontor:signed-in", () => { if (isChanged) changed(); });
    const changed = () => {
        isChanged = true;
        clearTimeout(timer);
        timer = setTimeout(() => ask().catch((error) => { if (error.name !== "SignedOut") tell(say("failed")); }), 250);
    };

    async function ask() {
        const mine = ++asked;
        const body = new FormData(form);
        body.set("_live", "1");
        const answer = await kontorFetch(location.pathname, { method: "POST", body, headers: { Accept: "application/json" } });
        if (mine !== asked) return;
        if (!answer.ok) throw new Error(String(answer.status));
        showAmounts(await answer.json());
    }

    function showAmounts(answer) {
        one("[data-totals]").replaceChildren(...answer.totals.map(([name, value]) => {
            const row = document.createElement("div");
            const dt = document.createElement("dt");
            const dd = document.createElement("dd");
            dt.textContent = name;
            dd.textContent = value;
            row.append(dt, dd);
            return row;
        }));
        all("[data-line]", list).forEach((line) => {
            const shown = answer.lines[line.dataset.place] ?? { price: "", total: "", note: "" };
            one("[data-line-price]", line).textContent = shown.price && `${shown.price} ·`;
            one("[data-line-total]", line).textContent = shown.total;
            one("[data-line-note]", line).textContent = shown.note;
        });
        all("[data-live-error]").forEach((old) => old.remove());
        let beside = 0;
        for (const [name, text] of Object.entries(answer.errors)) {
            const place = one(`[data-field="${CSS.escape(name)}"]`);
            if (!place) continue;
            const error = document.createElement("p");
            error.className = "k-error";
            error.dataset.liveError = "";
            error.setAttribute("role", "alert");
            error.textContent = text;
            place.append(error);
            beside += 1;
        }
        const problem = one("[data-problem]");
        problem.textContent = beside ? "" : answer.problem;
        problem.hidden = !problem.textContent;
        showKnown(answer.known);
    }

    // Lines
    const nameOf = (line) => one("[data-line-text]", line).textContent.trim();
    const lines = () => all("[data-line]", list).filter((line) => !line.hidden);

    function number() {
        all("[data-line]", list).forEach((line, place) => { line.dataset.place = String(place); });
        one("[data-no-lines]").hidden = lines().length > 0;
    }

    function newLine() {
        const holder = document.createElement("div");
        holder.innerHTML = document.getElementById("desk-line").innerHTML.replaceAll("__prefix__", total.value);
        const line = holder.firstElementChild;
        list.append(line);
        total.value = String(Number(total.value) + 1);
        return line;
    }

    const imageOf = (variant) => variant.picture && `url("${variant.picture}")`;

    // As the server draws it; as much room where there is none.
    function pictureOf(image) {
        const picture = document.createElement("span");
        picture.className = image ? "k-thumb" : "k-thumb k-thumb-none";
        picture.style.backgroundImage = image;
        return picture;
    }

    function nameLine(line, text, image) {
        one(".k-thumb", line).replaceWith(pictureOf(image));
        one("[data-line-text]", line).textContent = text;
        line.setAttribute("aria-label", text);
    }

    function addLine(variant) {
        if (!variant.is_for_sale) { tell(say("gone", { name: variant.text })); return; }
        const there = lines().find((line) => one("[name$=-variant]", line).value === variant.id);
        if (there) {
            const units = one("[name$=-quantity]", there);
            units.value = String((Number(units.value) || 0) + 1);
            tell(say("raised", { name: variant.sku, quantity: units.value }));
            changed();
            return;
        }
        const line = newLine();
        one("[name$=-variant]", line).value = variant.id;
        nameLine(line, variant.text, imageOf(variant));
        line.classList.toggle("k-desk-none", variant.is_none);
        number();
        tell(say("added", { name: variant.text }));
        changed();
    }

    list.addEventListener("click", (event) => {
        const button = event.target.closest("[data-take-away]");
        if (!button) return;
        const line = button.closest("[data-line]");
        one("[name$=-DELETE]", line).checked = true;
        line.hidden = true;
        tell(say("removed", { name: nameOf(line) }));
        number();
        findVariant.focus();
        changed();
    });

    const showVariant = (row, option) => {
        option.textContent = row.text;
        option.prepend(pictureOf(imageOf(row)));
        option.classList.toggle("k-none", row.is_none);
    };
    const findVariant = window.kontorFinder(one("[data-finder=variant]"), {
        url: form.dataset.variants,
        choose: addLine,
        missing: (term) => { tell(`${say("nothing")} ${term}`); },
        unclear: (term) => tell(say("unclear", { term })),
        nearly: (term) => say("nearly", { term }),
        isCode: (term) => /^\S*\d\S*$/.test(term), // one that is not known must not add what begins like it
        failed: () => tell(say("failed")),
        show: showVariant,
    });

    // Who buys
    const chosen = one("[data-chosen]");
    const choose = one("[data-choose]");
    const fresh = one("[data-new]");

    function fillAddresses(addresses) {
        for (const kind of ["delivery", "billing"]) {
            const select = field(kind);
            const own = addresses.filter((address) => address.kind === kind);
            const choices = [["", say("default")], ...own.map(({ id, text }) => [id, text]), ["typed", say("typed")]];
            const before = select.value;
            select.replaceChildren(...choices.map(([value, text]) => new Option(text, value)));
            select.value = before === "typed" ? before : "";
        }
    }

    function useCustomer(customer) {
        if (customer.isNew) { useNew(customer.name); return; }
        field("customer").value = customer.id;
        one("[data-chosen-name]").textContent = customer.name;
        one("[data-chosen-contact]").textContent = customer.contact;
        chosen.hidden = false;
        choose.hidden = true;
        if (fresh) {
            fresh.hidden = true;
            for (const name of ["new_name", "new_phone", "new_email"]) field(name).value = "";
        }
        fillAddresses(customer.addresses ?? []);
        findVariant.focus();
        changed();
    }

    function useNew(typed) {
        field("customer").value = "";
        fillAddresses([]);
        chosen.hidden = true;
        choose.hidden = true;
        fresh.hidden = false;
        const kind = typed.includes("@") ? "new_email" : /^[+0(][\d\s()-]{3,}$/.test(typed) ? "new_phone" : "new_name";
        if (typed) field(kind).value = typed;
        const empty = ["new_name", "new_phone", "new_email"].map(field).find((input) => !input.value);
        (empty ?? field("new_name")).focus();
        changed();
    }

    function lookAgain() {
        field("customer").value = "";
        chosen.hidden = true;
        if (fresh) fresh.hidden = true;
        choose.hidden = false;
        fillAddresses([]);
        findCustomer.focus();
        changed();
    }

    function showKnown(known) {
        const box = one("[data-known]");
        if (!box || fresh.hidden) return;
        box.hidden = !known.length;
        one("[data-known-list]").replaceChildren(...known.map((customer) => {
            const button = document.createElement("button");
            button.type = "button";
            button.className = "k-button k-small";
            button.textContent = `${customer.name} · ${customer.contact}`;
            button.addEventListener("click", () => useCustomer(customer));
            return button;
        }));
    }

    const findCustomer = window.kontorFinder(one("[data-finder=customer]"), {
        url: form.dataset.customers,
        choose: useCustomer,
        missing: () => tell(say("nothing")),
        unclear: (term) => tell(say("unclear", { term })),
        nearly: (term) => say("nearly", { term }),
        failed: () => tell(say("failed")),
        more: (term) => (fresh ? [{ isNew: true, name: term }] : []),
        show: (row, option) => {
            option.textContent = row.isNew ? say("newCustomer", { name: row.name }) : [row.name, row.contact].filter(Boolean).join(" · ");
        },
    });
    one("[data-change-customer]").addEventListener("click", lookAgain);
    one("[data-new-customer]")?.addEventListener("click", () => useNew(findCustomer.value.trim()));
    one("[data-old-customer]")?.addEventListener("click", () => {
        for (const name of ["new_name", "new_phone", "new_email"]) field(name).value = "";
        lookAgain();
    });
    all("[data-use]").forEach((button) => button.addEventListener("click", () => {
        useCustomer({ id: button.dataset.use, name: button.dataset.name, contact: button.dataset.contact });
    }));

    // Addresses that are typed
    const showTyped = () => all("[data-typed]").forEach((box) => { box.hidden = field(box.dataset.typed).value !== "typed"; });
    form.addEventListener("change", showTyped);

    form.addEventListener("input", (event) => { if (event.target.name) changed(); });
    form.addEventListener("change", (event) => { if (event.target.name) changed(); });
    // Enter goes on to the next field; only a button sends the form.
    form.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && event.target.matches("input:not([role=combobox]), select")) {
            event.preventDefault();
            if (event.target.name === "new_email") { findVariant.focus(); return; }
            const stops = all("input:not([type=hidden]), select, textarea, button, summary").filter((stop) => stop.checkVisibility());
            stops[stops.indexOf(event.target) + 1]?.focus();
        }
    });
    form.addEventListener("submit", () => { isSent = true; });
    window.addEventListener("pageshow", () => { isSent = false; });
    window.addEventListener("beforeunload", (event) => {
        if (isChanged && !isSent) event.preventDefault();
    });

    // After a session's end the fields come back by themselves (crm/kept_form.js); this is what stands beside them.
    const boxes = [chosen, choose, fresh].filter(Boolean);
    const shown = ["[data-chosen-name]", "[data-chosen-contact]"];
    form.addEventListener("kontor:keep", ({ detail }) => {
        detail.lines = all("[data-line]", list).map((line) => [nameOf(line), one(".k-thumb", line).style.backgroundImage]);
        detail.hidden = boxes.map((box) => box.hidden);
        detail.shown = shown.map((selector) => one(selector).textContent);
        detail.addresses = ["delivery", "billing"].map((kind) => [...field(kind).options].map(({ text, value }) => [text, value]));
    });
    form.addEventListener("kontor:restore", ({ detail }) => {
        detail.lines.forEach(([text, image], place) => nameLine(all("[data-line]", list)[place] ?? newLine(), text, image));
        boxes.forEach((box, place) => { box.hidden = detail.hidden[place]; });
        shown.forEach((selector, place) => { one(selector).textContent = detail.shown[place]; });
        ["delivery", "billing"].forEach((kind, place) => {
            field(kind).replaceChildren(...detail.addresses[place].map(([text, value]) => new Option(text, value)));
        });
    });
    form.addEventListener("kontor:restored", () => {
        all("[data-line]", list).forEach((line) => { line.hidden = one("[name$=-DELETE]", line).checked; });
        all("details").forEach((box) => { box.open ||= all("input, select", box).some((input) => input.value); });
        number();
        showTyped();
        changed();
    });

    number();
    showTyped();
    if (lines().length) { ask().catch(() => {}); }
    if (form.querySelector(".errors, [data-refused]")) isChanged = true;
})();
