// Fields of an address are called as in the country that is typed beside them, and marked where its post wants them.
"use strict";

(() => {
    const say = (country) => {
        const rules = JSON.parse(country.dataset.addressRules);
        const [kinds, required] = rules.countries[country.value.trim().toUpperCase()] ?? [{}, []];
        const prefix = country.name.slice(0, -"country".length);
        for (const [field, names] of Object.entries(rules.names)) {
            const input = country.form.elements.namedItem(prefix + field);
            const label = input?.labels?.[0];
            if (!label) continue;
            const isRequired = required.includes(field);
            label.textContent = `${rules.label}: ${names[kinds[field] ?? ""]}${isRequired ? " *" : ""}`;
            input.toggleAttribute("aria-required", false);
            if (isRequired) input.setAttribute("aria-required", "true");
        }
    };
    const begin = () => document.querySelectorAll("[data-address-rules]").forEach(say);
    const changed = ({ target }) => { if (target.matches?.("[data-address-rules]")) say(target); };
    document.addEventListener("input", changed);
    document.addEventListener("change", changed);
    document.addEventListener("kontor:restored", begin, true); // jQuery's change of a field reaches no listener here
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
    else begin();
})();
