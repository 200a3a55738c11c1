// The board of deals: drag and drop, arrow keys, and a small form. Every answer brings the columns as they are now.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
    const board = document.querySelector("[data-board][data-may-move]");
    if (!board) return;
    const said = document.querySelector("[data-board-said]");
    const dialog = document.querySelector("[data-move-dialog]");
    const form = document.querySelector("[data-move-form]");
    let dragged = null;
    let asked = null; // the card that the dialog is about
    let busy = false;

    const columns = () => [...board.querySelectorAll("[data-column]")];
    const columnOf = (card) => card.closest("[data-column]");
    const cardOf = (element) => element.closest?.("[data-deal]");
    const linkOf = (card) => card.querySelector("a");
    const cardNow = (deal) => board.querySelector(`[data-deal="${CSS.escape(deal)}"]`);

    function say(text, refused = false) {
        said.textContent = text;
        said.classList.toggle("k-refused", refused);
    }

    async function send(card, stage, lostReason = "") {
        if (busy) return;
        busy = true;
        board.setAttribute("aria-busy", "true");
        const { deal, seen } = card.dataset;
        const body = new FormData(form);
        body.set("deal", deal);
        body.set("seen", seen);
        body.set("stage", stage);
        body.set("lost_reason", lostReason);
        const scrolled = board.firstElementChild.scrollLeft;
        try {
            const response = await kontorFetch(board.dataset.moveUrl, { method: "POST", body });
            const answer = await response.json();
            board.innerHTML = answer.html;
            board.firstElementChild.scrollLeft = scrolled;
            say(answer.message, !response.ok);
            const moved = cardNow(deal);
            if (moved) linkOf(moved).focus();
        } catch (error) {
            if (error.name !== "SignedOut") say(board.dataset.gone, true);
        } finally {
            busy = false;
            board.removeAttribute("aria-busy");
        }
    }

    function ask(card, stage) {
        asked = card;
        form.stage.value = stage;
        form.lost_reason.value = "";
        form.querySelector("[data-move-what]").textContent = card.dataset.title;
        showReason();
        dialog.showModal();
        (isLost() ? form.lost_reason : form.stage).focus();
    }

    const isLost = () => form.stage.selectedOptions[0].dataset.kind === "lost";

    function showReason() {
        form.querySelector("[data-move-reason]").hidden = !isLost();
        form.lost_reason.required = isLost();
    }

    function move(card, column) {
        if (!column || column === columnOf(card)) return;
        if (column.dataset.kind === "lost") ask(card, column.dataset.column);
        else send(card, column.dataset.column);
    }

    form.stage.addEventListener("change", showReason);
    form.addEventListener("submit", (event) => {
        event.preventDefault();
        dialog.close();
        send(asked, form.stage.value, isLost() ? form.lost_reason.value : "");
    });
    form.querySelector("[data-move-cancel]").addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => { if (asked?.isConnected) linkOf(asked).focus(); });

    board.addEventListener("click", (event) => {
        if (event.target.closest("[data-move]")) ask(cardOf(event.target), columnOf(event.target).dataset.column);
    });

    board.addEventListener("dragstart", (event) => {
        dragged = cardOf(event.target);
        if (!dragged) return;
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", dragged.dataset.title);
        dragged.classList.add("k-dragged");
    });
    const over = (event) => (dragged ? event.target.closest?.("[data-column]") : null);
    const mark = (column) => columns().forEach((one) => one.classList.toggle("k-over", one === column));
    board.addEventListener("dragover", (event) => {
        const column = over(event);
        mark(column);
        if (column) event.preventDefault();
    });
    board.addEventListener("drop", (event) => {
        const column = over(event);
        if (!column) return;
        event.preventDefault();
        move(dragged, column);
    });
    board.addEventListener("dragend", () => {
        dragged?.classList.remove("k-dragged");
        dragged = null;
        mark(null);
    });

    board.addEventListener("keydown", (event) => {
        const card = cardOf(event.target);
        if (!card || event.ctrlKey || event.altKey || event.metaKey) return;
        if (event.key.toLowerCase() === "m") {
            event.preventDefault();
            ask(card, columnOf(card).dataset.column);
            return;
        }
        const all = columns();
        const place = all.indexOf(columnOf(card));
        const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (step) {
            event.preventDefault();
            if (event.shiftKey) move(card, all[place + step]);
            else goTo(all, place, step, [...card.parentElement.children].indexOf(card));
        } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
            event.preventDefault();
            const next = event.key === "ArrowUp" ? card.previousElementSibling : card.nextElementSibling;
            if (next) linkOf(next).focus();
        }
    });

    // The card at the same height in the next column that has any.
    function goTo(all, place, step, height) {
        for (let next = place + step; all[next]; next += step) {
            const cards = all[next].querySelectorAll("[data-deal]");
            if (cards.length) {
                linkOf(cards[Math.min(height, cards.length - 1)]).focus();
                return;
            }
        }
    }
});
