// A field that finds rows while somebody types, by keyboard, mouse or scanner. `window.kontorFinder(box, options)`.
"use strict";

window.kontorFinder = (box, { url, choose, missing, unclear, nearly, show, failed, isCode = () => false, more = () => [] }) => {
    const input = box.querySelector("[role=combobox]");
    const list = box.querySelector("[role=listbox]");
    let rows = [];
    let options = [];
    let at = -1;
    let timer = 0;
    let asked = 0;
    let line = Promise.resolve(); // what was entered one after another is looked up one after another

    const fetchRows = async (term) => {
        const answer = await kontorFetch(`${url}?q=${encodeURIComponent(term)}`, { headers: { Accept: "application/json" } });
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
    };

    function close() {
        list.hidden = true;
        input.setAttribute("aria-expanded", "false");
        input.removeAttribute("aria-activedescendant");
        at = -1;
    }

    function mark(place) {
        at = place;
        options.forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
        input.removeAttribute("aria-activedescendant");
        if (at >= 0) {
            input.setAttribute("aria-activedescendant", options[at].id);
            options[at].scrollIntoView({ block: "nearest" });
        }
    }

    function note(text) {
        const line = document.createElement("li");
        line.setAttribute("role", "option");
        line.setAttribute("aria-disabled", "true");
        line.textContent = text;
        line.addEventListener("mousedown", (event) => event.preventDefault());
        return line;
    }

    // Of what is only spelled nearly so nothing is marked, so that Enter takes nothing.
    function open(found, term) {
        const others = more(term);
        rows = found.near ? [...others, ...found.rows] : [...found.rows, ...others];
        input.dataset.shownFor = input.value.trim();
        options = rows.map((row, index) => {
            const option = document.createElement("li");
            option.id = `${list.id}-${index}`;
            option.setAttribute("role", "option");
            show(row, option);
            option.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
            option.addEventListener("click", () => take(row));
            return option;
        });
        list.replaceChildren(...(found.near ? [note(nearly(term))] : []), ...options);
        list.hidden = !rows.length;
        input.setAttribute("aria-expanded", String(rows.length > 0));
        mark(rows.length && !found.near ? 0 : -1);
    }

    function take(row) {
        asked += 1;
        clearTimeout(timer);
        input.value = "";
        close();
        choose(row);
    }

    // What is not meant for sure is chosen by hand. Whatever is typed or scanned next takes the place of the text.
    function ask(term, found) {
        if (!input.value && document.activeElement === input) {
            input.value = term;
            input.select();
            open(found, term);
        }
        unclear(term);
    }

    // Whoever scans types faster than the list follows: the whole text is looked up, and the right one taken.
    async function enter(term) {
        try {
            const found = await fetchRows(term);
            const [row, ...others] = found.exact ? [found.exact] : found.rows.length ? found.rows : more(term);
            if (found.near) ask(term, found);
            else if (row && !others.length && (found.exact || !isCode(term))) choose(row);
            else if (row) ask(term, found);
            else missing(term);
        } catch (error) {
            if (error.name !== "SignedOut") failed();
            else if (!input.value) input.value = term; // to be entered once more
        }
    }

    input.addEventListener("input", () => {
        clearTimeout(timer);
        const term = input.value.trim();
        const mine = ++asked;
        if (!term) { close(); return; }
        timer = setTimeout(() => {
            fetchRows(term).then((found) => { if (mine === asked) open(found, term); }).catch(() => {});
        }, 200);
    });
    input.addEventListener("keydown", (event) => {
        if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            if (list.hidden) return;
            event.preventDefault();
            mark((Math.max(at, event.key === "ArrowUp" ? 0 : -1) + (event.key === "ArrowDown" ? 1 : -1) + rows.length) % rows.length);
        } else if (event.key === "Escape" && !list.hidden) {
            event.preventDefault();
            close();
        } else if (event.key === "Enter") {
            event.preventDefault(); // a form is not sent by a scanner
            const term = input.value.trim();
            if (!list.hidden && at >= 0 && rows[at] && input.dataset.shownFor === term) { take(rows[at]); return; }
            if (!term) return;
            asked += 1;
            clearTimeout(timer);
            input.value = "";
            close();
            line = line.then(() => enter(term));
        }
    });
    input.addEventListener("blur", () => setTimeout(close, 150));
    return input;
};
