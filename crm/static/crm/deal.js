// A line's price comes from the catalogue as soon as its article is chosen, unless one was written there.
"use strict";

window.addEventListener("load", () => {
    const jq = window.django?.jQuery;
    if (!jq) return;
    jq(document).on("change", "select[name^=lines-][name$=-variant]", async (event) => {
        const price = document.querySelector(`[name="${event.target.name.replace(/variant$/, "unit_price")}"]`);
        if (!price || !event.target.value || (price.value && !price.dataset.fromCatalogue)) return;
        const url = `${location.pathname.replace(/\/crm\/deal\/.*/, "/crm/deal/price/")}?variant=${encodeURIComponent(event.target.value)}`;
        const response = await kontorFetch(url).catch(() => null);
        if (!response?.ok) return;
        price.value = (await response.json()).price;
        price.dataset.fromCatalogue = "1";
        price.addEventListener("input", () => { delete price.dataset.fromCatalogue; }, { once: true });
    });
});
