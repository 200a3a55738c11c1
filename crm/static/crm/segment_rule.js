// Rows of conditions above a segment's rule. They write the rule's JSON; a nested rule is left to the JSON alone.
(() => {
  "use strict";
  const EQUAL = ["is", "is_not"];
  const EQUAL_OR_SET = [...EQUAL, "is_set", "is_empty"];
  const COMPARED = ["at_least", "at_most"];
  const WITHIN = ["within_days", "not_within_days"];
  const CONSENTS = ["marketing_email", "marketing_phone", "profiling"];
  const text = { type: "text" };
  const days = { type: "number", min: 1, whole: true };
  const FIELDS = {
    last_order: { ops: WITHIN, value: days },
    order_count: { ops: COMPARED, value: { type: "number", min: 0, whole: true } },
    lifetime_value: { ops: COMPARED, value: text, more: ["currency"] },
    tag: { ops: EQUAL, value: text },
    company: { ops: EQUAL_OR_SET, value: text },
    owner: { ops: EQUAL_OR_SET, value: text },
    group: { ops: EQUAL_OR_SET, value: text },
    country: { ops: EQUAL_OR_SET, value: text },
    language: { ops: EQUAL, value: { choices: ["en", "uk"] } },
    created: { ops: ["before", "from"], value: { type: "date" } },
    created_ago: { ops: WITHIN, value: days },
    custom_field: { ops: [...EQUAL_OR_SET, ...COMPARED], value: text, more: ["key"] },
    consent: { ops: ["given", "not_given"], value: { choices: CONSENTS } },
    bought_variant: { ops: EQUAL, value: text },
    bought_category: { ops: EQUAL, value: text },
  };

  const make = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
    node.append(...children);
    return node;
  };

  // The field brings what the rows say, in the reader's language: crm/admin/segments/rule_words.py.
  const start = (area) => {
    const words = JSON.parse(area.dataset.segmentRule);
    const select = (label, choices, chosen) => {
      const node = make("select", { class: "k-input", "aria-label": label });
      choices.forEach((value) => node.append(new Option(words[value] ?? value, value, false, value === chosen)));
      return node;
    };
    let parsed;
    try { parsed = JSON.parse(area.value); } catch { return; }
    const kind = "any" in parsed ? "any" : "all";
    const conditions = parsed[kind];
    if (!Array.isArray(conditions) || conditions.some((one) => !FIELDS[one.field])) return; // nested, or to be mended

    const join = select(words.which, ["all", "any"], kind);
    const rows = make("div", { class: "k-rule-rows" });
    const add = make("button", { type: "button", class: "k-button" }, words.add);

    const write = () => {
      const all = [...rows.children].map((row) => row.read());
      area.value = JSON.stringify({ [join.value]: all }, null, 1);
      area.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const addRow = (condition) => {
      const row = make("div", { class: "k-rule-row" });
      const field = select(words.field, Object.keys(FIELDS), condition.field);
      const rest = make("span", { class: "k-rule-rest" });
      const remove = make("button", { type: "button", class: "k-button", "aria-label": words.remove }, "×");
      const inputs = {};
      const fill = (from) => {
        const known = FIELDS[field.value];
        rest.replaceChildren();
        Object.keys(inputs).forEach((name) => delete inputs[name]);
        inputs.op = select(words.comparison, known.ops, from.op);
        inputs.value = known.value.choices
          ? select(words.value, known.value.choices, from.value)
          : make("input", { class: "k-input", type: known.value.type, "aria-label": words.value, value: from.value ?? "" });
        if (known.value.min !== undefined) inputs.value.min = known.value.min;
        (known.more ?? []).forEach((name) => {
          const label = words[name];
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
