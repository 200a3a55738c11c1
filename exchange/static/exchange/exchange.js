// Progress of an import or export: asks the server every second, and shows the page anew when the work has ended.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
    const bar = document.querySelector("progress[data-poll]");
    if (!bar) return;
    const ask = async () => {
        try {
            const answer = await kontorFetch(bar.dataset.poll, { headers: { Accept: "application/json" } });
            if (answer.ok) {
                const state = await answer.json();
                bar.value = state.progress;
                if (!state.is_under_way) {
                    location.assign(location.pathname);
                    return;
                }
            }
        } catch {
            // The network comes back, or the colleague reloads.
        }
        setTimeout(ask, 1000);
    };
    setTimeout(ask, 500);
});
