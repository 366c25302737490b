// What does the page say beside the fields? Notes, what is hidden, what is calculated, totals, the list of sections.

import { idOf } from "./controls.js";
import { offered, progress, UNANSWERED } from "./checking.js";
import { at, fill, PARTS, root, said, same, say } from "./reading.js";
import { number } from "./rules.js";

const MANY = 3;

export function make(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  Object.entries(attributes).forEach(([key, value]) => { if (value !== null && value !== false) made.setAttribute(key, value === true ? "" : value); });
  inside.forEach((one) => made.append(one));
  return made;
}

export class Drawing {
  constructor(form, ready, state) {
    Object.assign(this, { form, ready, state, words: state.words, language: state.language });
    this.signs = new Map();
    this.places = new Map(Array.from(form.querySelectorAll("[data-notes]"), (one) => [one.dataset.notes, one]));
    this.questions = new Map(Array.from(form.querySelectorAll("[data-q]"), (one) => [one.dataset.q, one]));
    this.strict = state.strict;
  }

  /** «Classes — grade 6 — covered», or only what is inside the question. */
  label(place, inside = false) {
    const name = root(place), field = this.ready.every.get(name);
    if (!field) return place ? place : say(this.ready.form.title, this.language);
    const parts = inside ? [] : [say(field.item.label, this.language)];
    const match = /^\w+(?:\[(\d+)\])?(?:\.(\w+))?(?:\.(\w+))?/.exec(place);
    if (match[1] !== undefined) parts.push(`№ ${Number(match[1]) + 1}`);
    const steps = [match[2], match[3]].filter(Boolean);
    steps.forEach((step) => {
      const row = (field.item.rows || []).find((one) => one.name === step);
      const child = field.children.find((one) => one.name === step);
      const input = PARTS.includes(step) && document.getElementById(idOf(place));
      const told = row || child ? say((row || child).label, this.language) : input ? (document.querySelector(`label[for="${input.id}"]`) || {}).textContent : "";
      if (told) parts.push(told.trim());
    });
    return parts.join(" — ");
  }

  draw(outcome, page) {
    this.hide(outcome);
    this.calculated(outcome);
    this.totals(page.answers);
    this.choices(outcome, page);
    this.notes(outcome, page);
    this.contents(outcome, page);
    this.marks(page);
  }

  hide(outcome) {
    this.questions.forEach((element, name) => { element.hidden = outcome.hidden.has(name); });
    this.form.querySelectorAll("[data-section]").forEach((section) => {
      const name = section.dataset.section;
      section.hidden = Boolean(name) && outcome.hidden.has(name);
      const entry = this.form.querySelector(`[data-contents="${name}"]`);
      if (entry) entry.hidden = section.hidden;
    });
    this.ready.fields.filter((field) => field.children.some((child) => child.relevant)).forEach((field) => {
      const element = this.questions.get(field.item.name);
      if (!element) return;
      element.querySelectorAll("[name]").forEach((input) => {
        const holder = input.closest("td, .part"), gone = outcome.hidden.has(input.name);
        if (!holder || !input.name.startsWith(field.item.name)) return;
        if (holder.tagName === "TD") holder.classList.toggle("closed", gone);
        else holder.hidden = gone;
      });
    });
  }

  calculated(outcome) {
    this.form.querySelectorAll("[data-calculated]").forEach((output) => {
      const place = output.dataset.calculated, field = this.ready.every.get(place.split(/[.[\]]+/).pop());
      const text = said(field.item, at(outcome.answers, place), this.language) || "—";
      if (output.textContent !== text) output.textContent = text;
    });
  }

  totals(answers) {
    this.form.querySelectorAll("[data-total]").forEach((output) => {
      const [name, column] = output.dataset.total.split(".");
      const item = this.ready.every.get(column).item;
      const total = Object.values(answers[name] || {}).reduce((sum, row) => sum + (number(row[column]) || 0), 0);
      output.textContent = said(item, Number(total.toFixed(9)), this.language) || "0";
    });
  }

  choices(outcome) {
    this.ready.fields.forEach((field) => {
      const filtered = [field.item, ...field.children].filter((item) => Array.isArray(item.choice_filter));
      filtered.forEach((item) => {
        if (item === field.item) return this.offer(item.name, offered(item, outcome.scope));
        const held = outcome.answers[field.item.name];
        const rows = field.item.kind === "table"
          ? field.item.rows.map((row) => [`${field.item.name}.${row.name}`, (held || {})[row.name] || {}])
          : (held || []).map((entry, index) => [`${field.item.name}[${index}]`, entry]);
        return rows.forEach(([place, entry], index) => this.offer(`${place}.${item.name}`, offered(item, outcome.within(field, entry, index + 1))));
      });
    });
  }

  offer(place, fit) {
    this.form.querySelectorAll(`[name="${place}"]`).forEach((input) => {
      if (input.tagName === "SELECT") {
        Array.from(input.options).forEach((option) => {
          if (!option.value) return;
          option.hidden = option.disabled = !fit.has(option.value) && !option.selected;
        });
      } else input.closest("label").hidden = !fit.has(input.value) && !input.checked;
    });
  }

  /** place → {errors, warnings} of what is to be said now. */
  said(outcome, page) {
    const found = new Map();
    const add = (place, kind, message) => {
      const note = found.get(place) || { errors: [], warnings: [] };
      if (!note[kind].includes(message)) note[kind].push(message);
      found.set(place, note);
    };
    page.unread.forEach((one, place) => add(place, "errors", one.error));
    page.refused.forEach((message, place) => add(place, "errors", message));
    this.gathered(outcome.problems).forEach((one) => {
      if (page.unread.has(one.place) || (UNANSWERED.has(one.code) && !this.strict)) return;
      add(one.place, one.severity === "error" ? "errors" : "warnings", one.message);
      if (one.also) found.get(one.place).also = one.also;
    });
    return found;
  }

  /** Many empty cells of one table are one mistake, said at the first of them. */
  gathered(problems) {
    const empty = new Map();
    problems.forEach((one) => {
      if (one.code !== "required" || (one.place.match(/[.[]/g) || []).length < 2) return;
      empty.set(root(one.place), [...(empty.get(root(one.place)) || []), one]);
    });
    return problems.flatMap((one) => {
      const same = empty.get(root(one.place)) || [];
      if (same.length < MANY || !same.includes(one)) return [one];
      if (one !== same[0]) return [];
      const kind = new Intl.PluralRules(this.language).select(same.length), forms = this.words.cells;
      return [{ ...one, message: fill(forms[kind] || forms.other, { n: same.length }), also: same.slice(1).map((each) => each.place) }];
    });
  }

  notes(outcome, page) {
    const found = this.said(outcome, page), by = new Map();
    found.forEach((note, place) => by.set(root(place), [...(by.get(root(place)) || []), [place, note]]));
    page.conflicts.forEach((_one, key) => { if (!by.has(root(key))) by.set(root(key), []); });
    this.places.forEach((holder, name) => {
      const notes = by.get(name) || [];
      const conflicts = Array.from(page.conflicts).filter(([key]) => root(key) === name);
      const sign = JSON.stringify([notes, conflicts]);
      if ((this.signs.get(name) ?? null) !== sign) this.put(holder, name, notes, conflicts, page, sign);
    });
    this.list(found);
  }

  put(holder, name, notes, conflicts, page, sign) {
    const first = !this.signs.has(name);
    this.signs.set(name, sign);
    if (first && !notes.length && !conflicts.length && !holder.children.length) return;
    const focused = holder.contains(document.activeElement) ? document.activeElement.id : "";
    const caret = focused ? document.activeElement.selectionStart : 0;
    holder.textContent = "";
    notes.forEach(([place, note]) => holder.append(this.note(name, place, note, page)));
    conflicts.forEach(([key, one]) => holder.append(this.conflict(key, one)));
    const element = this.questions.get(name);
    if (element) {
      element.classList.toggle("noted", notes.length + conflicts.length > 0);
      const wrong = new Set(notes.filter(([, note]) => note.errors.length).flatMap(([place, note]) => [place, ...(note.also || [])]));
      element.querySelectorAll("[name]").forEach((input) => {
        if (input.type === "radio" || input.type === "checkbox" || input.name.startsWith("explain:")) return;
        if (wrong.has(input.name)) input.setAttribute("aria-invalid", "true");
        else input.removeAttribute("aria-invalid");
      });
    }
    const back = focused && document.getElementById(focused);
    if (back) {
      back.focus();
      if (back.setSelectionRange) back.setSelectionRange(caret, caret);
    }
  }

  note(name, place, note, page) {
    const made = make("div", { class: "q-note", "data-at": place });
    const where = place === name ? "" : this.label(place, true);
    const line = (kind, message) => {
      const text = make("p", { class: kind });
      if (where) text.append(make("a", { href: `#${idOf(place)}` }, where), ": ");
      text.append(message);
      return text;
    };
    note.errors.forEach((message) => made.append(line("q-error", message)));
    note.warnings.forEach((message) => made.append(line("q-warning", message)));
    if (note.warnings.length) {
      const id = `x-${idOf(place)}`;
      made.append(make("label", { class: "q-why", for: id }, this.words.why));
      const input = make("input", { type: "text", id, name: `explain:${place}`, maxlength: "2000", autocomplete: "off" });
      input.value = page.explanations[place] || "";
      input.disabled = !this.state.open;
      made.append(input);
    }
    return made;
  }

  conflict(key, one) {
    const item = this.item(key);
    const text = fill(this.words.conflict, {
      theirs: said(item, one.theirs, this.language) || this.words.empty,
      mine: said(item, one.mine, this.language) || this.words.empty,
    });
    const where = key === root(key) ? "" : `${this.label(key, true)}: `;
    return make("div", { class: "q-note q-conflict", "data-conflict": key }, make("p", {}, where + text),
      make("p", { class: "actions" }, make("button", { type: "button", class: "btn small", "data-settle": "mine" }, this.words.mine),
        make("button", { type: "button", class: "btn small", "data-settle": "theirs" }, this.words.theirs)));
  }

  item(key) {
    const field = this.ready.every.get(root(key)), steps = key.split(".");
    return (steps.length === 3 && field.children.find((one) => one.name === steps[2])) || (steps.length === 2 ? { kind: "text" } : field.item);
  }

  list(found) {
    const holder = document.getElementById("fill-errors"), list = document.getElementById("fill-error-list");
    const links = [];
    found.forEach((note, place) => note.errors.forEach((message) => links.push([place ? idOf(place) : "fill-loose", this.label(place), message])));
    const order = (link) => this.ready.order.get(root(link[0].slice(2).replace(/-/g, "."))) ?? 1e6;
    links.sort((a, b) => order(a) - order(b));
    const sign = JSON.stringify(links);
    if (this.listed === sign) return;
    this.listed = sign;
    list.textContent = "";
    links.forEach(([id, label, message]) => list.append(make("li", {}, make("a", { href: `#${id}` }, label), `: ${message}`)));
    holder.hidden = links.length === 0;
  }

  contents(outcome, page) {
    const found = progress(this.ready, page.answers, outcome);
    const wrong = new Set(Array.from(this.said(outcome, page)).filter(([, note]) => note.errors.length).map(([place]) => root(place)));
    let done = 0, all = 0;
    this.form.querySelectorAll("[data-contents]").forEach((entry) => {
      if (entry.hidden) return;
      all += 1;
      const section = found.get(entry.dataset.contents) || { filled: 0, asked: 0, wrong: false };
      const marked = Array.from(wrong).some((name) => {
        const field = this.ready.every.get(name);
        return field && (field.groups[0] || "") === entry.dataset.contents;
      });
      const ready = section.filled > 0 && !section.wrong;
      if (ready) done += 1;
      entry.className = marked ? "wrong" : ready ? "done" : "";
      entry.querySelector("[data-count]").textContent = `${section.filled}/${section.asked}`;
      entry.querySelector("[data-said]").textContent = marked ? ` ${this.words.mistakes}` : ready ? ` ${this.words.done}` : "";
    });
    const total = document.getElementById("fill-done");
    if (total) total.textContent = fill(this.words.progress, { done, all });
  }

  /** Does a value still say what its source says? */
  marks(page) {
    this.questions.forEach((element, name) => {
      const mark = element.querySelector(":scope > .fill-beside [data-mark]"), field = this.ready.every.get(name);
      if (!mark || !field || !field.item.source) return;
      const given = this.given(field.item.source);
      if (given == null || typeof given === "object") return;
      const equal = same(given, page.answers[name]) || String(given) === String(page.answers[name]);
      const text = equal ? mark.dataset.same : `${mark.dataset.other}: ${said(field.item, given, this.language)}. ${this.words.marked}`;
      mark.classList.toggle("mark", !equal);
      if (mark.textContent !== text) mark.textContent = text;
    });
  }

  given(source) {
    const context = this.state.context;
    if (source.kind === "registry") return context.registry[source.field];
    if (source.kind === "last") return context.last[source.field];
    const [kind, name] = source.field.split(".");
    return (context.registers[kind] || {})[name];
  }
}
