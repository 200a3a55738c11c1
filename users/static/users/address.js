// Fields of an address are called as in the country that is typed beside them, and marked where its post wants them.
"use strict";

(() => {
    let rules; // written once into a page, perhaps behind this script
    const say = (country) => {
        rules ??= JSON.parse(document.getElementById("address-rules").textContent);
        const [kinds, required] = rules.countries[country.value.trim().toUpperCase()] ?? [{}, []];
        const prefix = country.name.slice(0, -"country".length);
        for (const [field, names] of Object.entries(rules.names)) {
            const input = country.form.elements.namedItem(prefix + field);
            const label = input?.labels?.[0];
            if (!label) continue;
            const isRequired = required.includes(field);
            label.textContent = `${country.dataset.addressLabel}: ${names[kinds[field] ?? ""]}${isRequired ? " *" : ""}`;
            input.toggleAttribute("aria-required", false);
            if (isRequired) input.setAttribute("aria-required", "true");
        }
    };
    const begin = () => document.querySelectorAll("[data-address-label]").forEach(say);
    const changed = ({ target }) => { if (target.matches?.("[data-address-label]")) say(target); };
    document.addEventListener("input", changed);
    document.addEventListener("change", changed);
    document.addEventListener("kontor:restored", begin, true); // jQuery's change of a field reaches no listener here
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
    else begin();
})();
