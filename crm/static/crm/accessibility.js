// Names and landmarks that the theme's scripts leave out, for screen readers. What is made later is named when it comes.
"use strict";

// One of several scrolling regions each: a name of its own.
function nameScrollers() {
    for (const scroller of document.querySelectorAll(".simplebar-content-wrapper[aria-label='scrollable content']")) {
        const part = scroller.closest("nav, #nav-sidebar, #nav-sidebar-apps") ? kontorText("Navigation") : kontorText("Table");
        const alike = document.querySelectorAll(`.simplebar-content-wrapper[aria-label^="${part}"]`).length;
        scroller.setAttribute("aria-label", alike ? `${part} ${alike + 1}` : part);
    }
}

// A select2 box takes the name of the field that it stands for.
function nameSelects() {
    for (const box of document.querySelectorAll(".select2-selection:not([data-named])")) {
        const select = box.closest(".select2-container")?.previousElementSibling;
        const label = select?.id && document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
        const name = label?.textContent.trim() || select?.getAttribute("aria-label") || select?.name?.replaceAll(/[-_]/g, " ");
        if (!name) continue;
        box.dataset.named = "1";
        box.removeAttribute("aria-labelledby");
        box.setAttribute("aria-label", name);
        box.querySelector(".select2-selection__rendered")?.setAttribute("aria-label", name);
        box.querySelector(".select2-search__field")?.setAttribute("aria-label", name);
    }
    document.querySelectorAll(".select2-search__field:not([aria-label])").forEach((field) => field.setAttribute("aria-label", kontorText("Search")));
}

// The column of an inline's buttons has no heading to see.
function nameColumns() {
    for (const heading of document.querySelectorAll("thead th")) {
        if (heading.textContent.trim() || heading.querySelector("input, img")) continue;
        const text = document.createElement("span");
        text.className = "k-unseen";
        text.textContent = kontorText("Actions");
        heading.append(text);
    }
}

document.addEventListener("DOMContentLoaded", () => {
    const name = () => { nameScrollers(); nameSelects(); nameColumns(); };
    name();
    let waiting = false;
    new MutationObserver(() => {
        if (waiting) return;
        waiting = true;
        requestAnimationFrame(() => { waiting = false; name(); });
    }).observe(document.body, { childList: true, subtree: true });
});
