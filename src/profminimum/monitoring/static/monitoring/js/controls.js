// Which inputs stand at which place of a form, what do they say, and how is a value put into them?

import { at, PARTS, part, read, shown } from "./reading.js";

const ids = (place) => `f-${place.replace(/[.[\]]+/g, "-")}`;
export const idOf = ids;

export class Controls {
  constructor(form, ready, words, language) {
    Object.assign(this, { form, ready, words, language });
    this.index();
  }

  /** After entries have come or gone. */
  index() {
    this.at = new Map();
    this.form.querySelectorAll("[name]").forEach((input) => {
      const held = this.at.get(input.name) || [];
      held.push(input);
      this.at.set(input.name, held);
    });
  }

  inputs(place) {
    return (this.at.get(place) || []).filter((input) => input.type !== "file");
  }

  holder(place) {
    return this.form.querySelector(`[data-file="${place}"]`);
  }

  /** As it stands in the inputs: a text, or the list of ticked boxes; null when there is no such input. */
  raw(place, item) {
    const found = this.inputs(place);
    if (!found.length) return null;
    if (item.kind === "many") return found.filter((input) => input.checked).map((input) => input.value);
    if (found[0].type === "radio") return (found.find((input) => input.checked) || { value: "" }).value;
    return found[0].value;
  }

  set(place, item, value) {
    if (item.kind === "file") {
      const holder = this.holder(place);
      if (holder) holder.dispatchEvent(new CustomEvent("fill:file", { detail: value }));
      return;
    }
    const text = item.kind === "yesno" ? { true: "yes", false: "no" }[value] ?? "" : shown(item, value, this.language);
    this.inputs(place).forEach((input) => {
      if (input.type === "radio" || input.type === "checkbox") {
        input.checked = item.kind === "many" ? (value || []).includes(input.value) : input.value === text;
      } else input.value = text;
    });
  }

  /** {value} or {error, raw} of one input. */
  one(place, item) {
    if (item.kind === "file") {
      const holder = this.holder(place);
      return { value: holder ? holder.fileValue ?? null : null };
    }
    if (item.kind === "person") {
      const found = {};
      PARTS.forEach((name) => {
        const said = part(this.raw(`${place}.${name}`, {}));
        if (said) found[name] = said;
      });
      return { value: Object.keys(found).length ? found : null };
    }
    const raw = this.raw(place, item);
    const typed = read(item, raw, this.words);
    return typed.error ? { error: typed.error, raw } : typed;
  }

  /** {value, unread: Map(place → {raw, error})} of a whole question. */
  question(field) {
    const item = field.item, unread = new Map();
    const take = (child, place) => {
      const typed = this.one(place, child);
      if (typed.error) unread.set(place, typed);
      return typed.error ? null : typed.value;
    };
    const cells = (place) => {
      const found = {};
      field.children.forEach((child) => {
        if (child.kind === "note" || child.kind === "calculated") return;
        const value = take(child, `${place}.${child.name}`);
        if (value != null && !(Array.isArray(value) && !value.length)) found[child.name] = value;
      });
      return found;
    };
    if (item.kind === "table") {
      const found = {};
      item.rows.forEach((row) => {
        const entry = cells(`${item.name}.${row.name}`);
        if (Object.keys(entry).length) found[row.name] = entry;
      });
      return { value: Object.keys(found).length ? found : null, unread };
    }
    if (item.kind === "repeat") {
      const holder = this.form.querySelector(`[data-repeat="${item.name}"]`);
      const found = Array.from(holder.children, (_entry, index) => cells(`${item.name}[${index}]`));
      while (found.length && !Object.keys(found[found.length - 1]).length) found.pop();
      return { value: found.length ? found : null, unread };
    }
    return { value: take(item, item.name), unread };
  }

  /** Put the value of a whole question into its inputs; those in `except` stay as they are. */
  fill(field, value, except = new Set()) {
    const item = field.item;
    const put = (child, place, held) => {
      if (except.has(place)) return;
      if (child.kind === "person") PARTS.forEach((name) => this.set(`${place}.${name}`, {}, (held || {})[name] ?? null));
      else if (child.kind !== "calculated" && child.kind !== "note") this.set(place, child, held);
    };
    if (item.kind === "table") {
      item.rows.forEach((row) => field.children.forEach((child) => put(child, `${item.name}.${row.name}.${child.name}`, at(value || {}, `${row.name}.${child.name}`))));
    } else if (item.kind === "repeat") {
      (value || []).forEach((entry, index) => field.children.forEach((child) => put(child, `${item.name}[${index}].${child.name}`, entry[child.name])));
    } else put(item, item.name, value);
  }

  static id(place) {
    return ids(place);
  }
}
