// A picker shows the small picture of what it offers, where there is one.
"use strict";
{
    const shown = (choice) => {
        if (!choice.picture) return choice.text;
        const line = document.createElement("span");
        const picture = document.createElement("img");
        const text = document.createElement("span");
        line.className = "k-choice";
        picture.className = "k-thumb";
        picture.src = choice.picture;
        picture.alt = "";
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
