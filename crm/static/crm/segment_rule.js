// Rows of conditions above a segment's rule. They write the rule's JSON; a nested rule is left to the JSON alone.
(() => {
  "use strict";
  const EQUAL = { is: "is", is_not: "is not" };
  const EQUAL_OR_SET = { ...EQUAL, is_set: "is set", is_empty: "is empty" };
  const COMPARED = { at_least: "at least", at_most: "at most" };
  const WITHIN = { within_days: "in the last … days", not_within_days: "not in the last … days" };
  const CONSENTS = ["marketing_email", "marketing_phone", "profiling"];
  const text = { type: "text" };
  const days = { type: "number", min: 1, whole: true };
  const FIELDS = {
    last_order: { label: "Last order", ops: WITHIN, value: days },
    order_count: { label: "Number of orders", ops: COMPARED, value: { type: "number", min: 0, whole: true } },
    lifetime_value: { label: "Lifetime value", ops: COMPARED, value: text, more: { currency: "Currency" } },
    tag: { label: "Tag", ops: EQUAL, value: text },
    company: { label: "Company (name)", ops: EQUAL_OR_SET, value: text },
    owner: { label: "Owner (e-mail)", ops: EQUAL_OR_SET, value: text },
    language: { label: "Language", ops: EQUAL, value: { choices: ["en", "uk"] } },
    created: { label: "Customer since (day)", ops: { before: "before", from: "from" }, value: { type: "date" } },
    created_ago: { label: "Became a customer", ops: WITHIN, value: days },
    custom_field: { label: "Own field", ops: { ...EQUAL_OR_SET, ...COMPARED }, value: text, more: { key: "Key" } },
    consent: { label: "Consent", ops: { given: "given", not_given: "not given" }, value: { choices: CONSENTS } },
    bought_variant: { label: "Bought variant (SKU)", ops: EQUAL, value: text },
    bought_category: { label: "Bought category (slug)", ops: EQUAL, value: text },
  };

  const make = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
    node.append(...children);
    return node;
  };
  const select = (label, choices, chosen) => {
    const node = make("select", { class: "k-input", "aria-label": label });
    Object.entries(choices).forEach(([value, words]) => node.append(new Option(words, value, false, value === chosen)));
    return node;
  };

  const start = (area) => {
    let parsed;
    try { parsed = JSON.parse(area.value); } catch { return; }
    const kind = "any" in parsed ? "any" : "all";
    const conditions = parsed[kind];
    if (!Array.isArray(conditions) || conditions.some((one) => !FIELDS[one.field])) return; // nested, or to be mended

    const join = select("Which conditions", { all: "All of these", any: "Any of these" }, kind);
    const rows = make("div", { class: "k-rule-rows" });
    const add = make("button", { type: "button", class: "k-button" }, "Add a condition");

    const write = () => {
      const all = [...rows.children].map((row) => row.read());
      area.value = JSON.stringify({ [join.value]: all }, null, 1);
      area.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const addRow = (condition) => {
      const row = make("div", { class: "k-rule-row" });
      const labels = Object.fromEntries(Object.entries(FIELDS).map(([name, field]) => [name, field.label]));
      const field = select("Field", labels, condition.field);
      const rest = make("span", { class: "k-rule-rest" });
      const remove = make("button", { type: "button", class: "k-button", "aria-label": "Remove this condition" }, "×");
      const inputs = {};
      const fill = (from) => {
        const known = FIELDS[field.value];
        rest.replaceChildren();
        Object.keys(inputs).forEach((name) => delete inputs[name]);
        inputs.op = select("Comparison", known.ops, from.op);
        inputs.value = known.value.choices
          ? select("Value", Object.fromEntries(known.value.choices.map((one) => [one, one])), from.value)
          : make("input", { class: "k-input", type: known.value.type, "aria-label": "Value", value: from.value ?? "" });
        if (known.value.min !== undefined) inputs.value.min = known.value.min;
        Object.entries(known.more ?? {}).forEach(([name, label]) => {
          const given = from[name] ?? (name === "currency" ? "USD" : "");
          inputs[name] = make("input", { class: "k-input k-rule-short", "aria-label": label, placeholder: label, value: given });
        });
        if (from.days !== undefined) inputs.days = make("input", { type: "hidden", value: from.days });
        rest.append(...Object.values(inputs));
      };
      row.read = () => {
        const known = FIELDS[field.value];
        const read = { field: field.value };
        Object.entries(inputs).forEach(([name, input]) => {
          if (name === "value" && ["is_set", "is_empty"].includes(inputs.op.value)) return;
          const isNumber = name === "days" || (name === "value" && known.value.whole);
          read[name] = isNumber && input.value !== "" ? Number(input.value) : input.value;
        });
        return read;
      };
      field.addEventListener("change", () => { fill({}); write(); });
      remove.addEventListener("click", () => { row.remove(); write(); });
      row.append(field, rest, remove);
      fill(condition);
      rows.append(row);
    };
    conditions.forEach(addRow);
    add.addEventListener("click", () => { addRow({ field: "last_order", op: "not_within_days", value: 90 }); write(); });
    const box = make("div", { class: "k-rule" }, join, rows, add);
    box.addEventListener("input", write);
    area.before(box);
  };
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-segment-rule]").forEach(start));
})();
