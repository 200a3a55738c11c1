// A picker shows the small picture of what it offers, as much room where there is none, and pale what is not in stock.
"use strict";
{
    const shown = (choice) => {
        if (choice.picture === undefined) return choice.text;
        const line = document.createElement("span");
        const picture = document.createElement("span");
        const text = document.createElement("span");
        line.className = choice.is_none ? "k-offer k-muted" : "k-offer";
        picture.className = choice.picture ? "k-thumb" : "k-thumb k-thumb-none";
        if (choice.picture) picture.style.backgroundImage = `url("${choice.picture}")`;
        text.textContent = choice.text;
        line.append(picture, text);
        return line;
    };
    const dress = () => {
        const $ = window.django && window.django.jQuery;
        if ($ && $.fn.select2 && $.fn.select2.defaults) $.fn.select2.defaults.set("templateResult", shown);
    };
    dress();
    document.addEventListener("DOMContentLoaded", dress);
}
