// What scripts ask the server with. A session that has ended is said above the page, with a way to sign in beside it:
// nothing that was typed is lost, and once somebody is signed in again the page goes on. Signing in makes a new CSRF
// token, so each form takes the one that holds now.
"use strict";

(() => {
    const NAME = "csrfmiddlewaretoken";
    const user = () => document.getElementById("page")?.dataset.user ?? "";
    let notice = null;

    const tokenNow = () => document.cookie.split("; ").find((one) => one.startsWith("csrftoken="))?.split("=")[1] ?? "";

    function renew(form) {
        const field = form.elements.namedItem(NAME);
        const token = tokenNow();
        if (token && field instanceof HTMLInputElement) field.value = token;
    }

    function sayEnded() {
        if (notice) return;
        notice = document.createElement("div");
        notice.className = "k-ended";
        notice.setAttribute("role", "alert");
        const link = document.createElement("a");
        link.href = "/admin/login/";
        link.target = "_blank";
        link.rel = "noopener";
        link.textContent = kontorText("Sign in again in a new tab");
        notice.append(`${kontorText("You are signed out. What you typed is still here.")} `, link);
        document.body.append(notice);
    }

    function goOn() {
        notice?.remove();
        notice = null;
        document.querySelectorAll("form").forEach(renew);
        document.dispatchEvent(new CustomEvent("kontor:signed-in"));
    }

    // Somebody who comes back from the other tab.
    async function look() {
        if (!notice || document.hidden) return;
        const answer = await fetch("/admin/session/", { headers: { Accept: "application/json" } }).catch(() => null);
        if (answer?.ok && (await answer.json()).user === user()) goOn();
    }

    // As fetch. Raises an error named SignedOut, which is said above the page, where nobody is signed in any more.
    window.kontorFetch = async (url, options = {}) => {
        const token = tokenNow();
        const headers = new Headers(options.headers);
        if (token && options.body instanceof FormData && options.body.has(NAME)) options.body.set(NAME, token);
        if (token && headers.has("X-CSRFToken")) headers.set("X-CSRFToken", token);
        if (!headers.has("Accept")) headers.set("Accept", "application/json");
        const answer = await fetch(url, { ...options, headers });
        const isOfSignIn = answer.redirected && /\/login\/$/.test(new URL(answer.url).pathname);
        if (answer.status === 401 || isOfSignIn) {
            sayEnded();
            const error = new Error("signed out");
            error.name = "SignedOut";
            throw error;
        }
        if (notice && answer.ok) goOn();
        return answer;
    };

    document.addEventListener("submit", (event) => renew(event.target), true);
    document.addEventListener("visibilitychange", look);
    window.addEventListener("focus", look);
})();
