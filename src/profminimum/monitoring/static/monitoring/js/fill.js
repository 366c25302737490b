// The form of an answer: every change is kept at once, rules are answered while one types, nothing typed is lost.

import { check, prepare } from "./checking.js";
import { Controls } from "./controls.js";
import { Drawing, make } from "./drawing.js";
import { Files } from "./files.js";
import { grids } from "./grid.js";
import { Outbox } from "./outbox.js";
import { at, copy, fill, PARTS, put, root, same } from "./reading.js";

const HEART = 30000;
const every = (form, selector) => Array.from(form.querySelectorAll(selector));

/** Sent by the method itself: a question may be called «submit». */
const send = (form) => HTMLFormElement.prototype.submit.call(form);

class Filling {
  constructor(form) {
    this.form = form;
    this.state = JSON.parse(document.getElementById("fill-state-data").textContent);
    this.words = this.state.words;
    this.ready = prepare(JSON.parse(document.getElementById("fill-form").textContent));
    this.answers = copy(this.state.answers);
    this.explanations = copy(this.state.explanations);
    this.unread = new Map();
    this.refused = new Map();
    this.controls = new Controls(form, this.ready, this.words, this.state.language);
    this.drawing = new Drawing(form, this.ready, this.state);
    this.token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    this.outbox = new Outbox({
      key: this.state.key,
      url: this.state.urls.draft,
      token: this.token,
      number: this.state.number,
      answers: this.state.answers,
      explanations: this.state.explanations,
      told: (kind, detail) => this.told(kind, detail),
    });
    this.outbox.saved = this.state.saved;
    form.querySelectorAll("[data-file]").forEach((holder) => { holder.fileValue = at(this.answers, holder.dataset.file); });
    this.files = new Files({
      form,
      state: this.state,
      token: this.token,
      done: (place, value) => this.attached(place, value),
      refused: (place, reason) => { this.refused.set(place, reason); this.redraw(); },
      told: () => this.say(),
    });
    this.wire();
    grids(form, this.words);
    const contents = form.querySelector(".fill-contents");
    if (window.matchMedia("(max-width: 680px)").matches && contents.querySelectorAll("li").length > 4) contents.open = false;
    if (this.state.open) this.begin();
    else this.watch();
    this.outbox.conflicts.forEach((_one, key) => this.show(key, this.outbox.conflicts.get(key).mine));
    this.redraw();
    this.say();
  }

  begin() {
    every(this.form, "[data-save]").forEach((button) => { button.hidden = true; });
    every(this.form, "[data-clear]").forEach((button) => { button.hidden = false; });
    if (this.state.typed) this.ready.fields.forEach((field) => this.take(field.item.name));
    if (this.state.conflicting) this.outbox.doubt();
    const restored = this.outbox.restore();
    this.outbox.changes.forEach((change, key) => this.show(key, change.v));
    this.outbox.explanations.forEach((text, place) => { this.explanations[place] = text; });
    Array.from(this.outbox.unread).forEach(([place, raw]) => this.putBack(place, raw));
    if (restored && !this.state.typed) this.news(fill(this.words.restored, { fields: this.count(restored) }), "info");
    this.files.restore();
    this.outbox.look(false);
    setInterval(() => { if (document.visibilityState === "visible") this.outbox.look(false); }, HEART);
  }

  watch() {
    if (!this.state.watch) return;
    setInterval(() => { if (document.visibilityState === "visible") this.outbox.look(true); }, HEART);
  }

  wire() {
    const form = this.form;
    form.addEventListener("input", (event) => this.typed(event.target));
    form.addEventListener("click", (event) => this.press(event));
    form.addEventListener("submit", (event) => this.submit(event));
    window.addEventListener("online", () => this.line());
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") this.line(); else this.outbox.send(); });
    window.addEventListener("pagehide", () => { if (this.state.open) this.outbox.leave(); });
    window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
    window.addEventListener("beforeunload", (event) => {
      if (this.outbox.waiting && !this.outbox.keeps) {
        event.preventDefault();
        event.returnValue = "";
      }
    });
  }

  line() {
    if (!this.state.open) return;
    this.outbox.tries = 0;
    if (this.outbox.waiting) this.outbox.soon(0);
    this.files.again();
  }

  typed(input) {
    if (!input.name || input.type === "file" || !this.state.open) return;
    if (input.name.startsWith("explain:")) {
      const place = input.name.slice(8);
      if ((this.explanations[place] || "") === input.value) return;
      this.explanations[place] = input.value;
      this.outbox.explain(place, input.value);
      this.redraw();
      return;
    }
    const name = root(input.name), field = this.ready.every.get(name);
    if (!field || input.name.includes(":")) return;
    this.refused.delete(input.name);
    this.take(name);
    this.redraw();
  }

  /** Read a question from its inputs; what differs from before goes to the server. */
  take(name) {
    const field = this.ready.every.get(name);
    if (!field || field.item.kind === "calculated" || field.item.read_only || field.item.kind === "file") return;
    const before = this.answers[name] ?? null, { value, unread } = this.controls.question(field);
    Array.from(this.unread.keys()).filter((place) => root(place) === name && !unread.has(place)).forEach((place) => {
      this.unread.delete(place);
      this.outbox.unreadable(place, null);
    });
    unread.forEach((one, place) => {
      this.unread.set(place, one);
      this.outbox.unreadable(place, String(one.raw));
    });
    const kept = this.hold(field, before, value, unread);
    put(this.answers, name, kept);
    this.keys(field, before, kept).forEach((key) => this.outbox.change(key, at(this.answers, key)));
  }

  /** A value that cannot be read stays as it was. */
  hold(field, before, value, unread) {
    if (!unread.size) return value;
    if (field.item.kind === "table") {
      const held = { x: copy(value) || {} };
      unread.forEach((_one, place) => {
        const [, row, column] = place.split("."), was = at({ x: before || {} }, `x.${row}.${column}`);
        if (was != null) put(held, `x.${row}.${column}`, was);
      });
      return held.x || null;
    }
    return field.item.kind === "repeat" ? value : before;
  }

  keys(field, before, now) {
    const name = field.item.name;
    if (field.item.kind === "table") {
      const found = [];
      field.item.rows.forEach((row) => field.children.forEach((child) => {
        const key = `${name}.${row.name}.${child.name}`;
        if (child.kind !== "calculated" && !same(at({ [name]: before }, key), at({ [name]: now }, key))) found.push(key);
      }));
      return found;
    }
    if (field.item.kind === "person") return PARTS.map((one) => `${name}.${one}`).filter((key) => !same(at({ [name]: before }, key), at({ [name]: now }, key)));
    return same(before, now) ? [] : [name];
  }

  attached(place, value) {
    this.refused.delete(place);
    const name = root(place), field = this.ready.every.get(name);
    if (field.item.kind === "repeat") {
      this.take(name);
    } else {
      put(this.answers, name, value);
      this.outbox.change(name, value);
    }
    this.redraw();
  }

  /** Put a value of a key into the answers and onto the page. */
  show(key, value) {
    const name = root(key), field = this.ready.every.get(name);
    if (!field) return;
    put(this.answers, key, copy(value));
    if (field.item.kind === "repeat") this.entries(name, (value || []).length);
    this.controls.fill(field, this.answers[name]);
  }

  putBack(place, raw) {
    const field = this.ready.every.get(root(place));
    const input = this.controls.inputs(place)[0];
    if (!field || !input) {
      this.outbox.unreadable(place, null);
      return;
    }
    input.value = raw;
    this.take(root(place));
  }

  press(event) {
    const button = event.target.closest("button");
    if (!button || !this.state.open) return;
    this.pressed = button.name === "form:action" ? button.value : "";
    if (button.dataset.add) {
      event.preventDefault();
      this.add(button.dataset.add);
    } else if (button.dataset.remove !== undefined) {
      event.preventDefault();
      this.drop(button.closest("[data-entry]"));
    } else if (button.dataset.clear) {
      this.controls.inputs(button.dataset.clear).forEach((input) => { input.checked = false; });
      this.take(root(button.dataset.clear));
      this.redraw();
    } else if (button.dataset.settle) this.settle(button.closest("[data-conflict]").dataset.conflict, button.dataset.settle === "mine");
  }

  settle(key, mine) {
    const one = this.outbox.conflicts.get(key);
    this.outbox.settle(key, mine);
    this.show(key, mine ? one.mine : one.theirs);
    this.redraw();
  }

  add(name) {
    const holder = this.form.querySelector(`[data-repeat="${name}"]`);
    this.entries(name, holder.children.length + 1);
    const input = holder.lastElementChild.querySelector("input, select, textarea");
    if (input) input.focus();
  }

  drop(entry) {
    const holder = entry.parentElement, name = holder.dataset.repeat;
    entry.remove();
    if (!holder.children.length) this.grow(holder, name);
    this.renumber(holder, name);
    this.take(name);
    this.redraw();
    holder.closest("fieldset").focus();
  }

  grow(holder, name) {
    const blank = this.form.querySelector(`template[data-blank="${name}"]`);
    holder.append(document.importNode(blank.content, true));
    this.files.start(holder.lastElementChild);
  }

  /** So many entries of a repeat on the page, at least one. */
  entries(name, wanted) {
    const holder = this.form.querySelector(`[data-repeat="${name}"]`);
    while (holder.children.length < Math.max(wanted, 1)) this.grow(holder, name);
    while (holder.children.length > Math.max(wanted, 1)) holder.lastElementChild.remove();
    this.renumber(holder, name);
  }

  renumber(holder, name) {
    Array.from(holder.children).forEach((entry, index) => {
      entry.querySelectorAll("[data-number]").forEach((one) => { one.textContent = String(index + 1); });
      entry.setAttribute("aria-label", entry.getAttribute("aria-label").replace(/№ *\d*$/, `№ ${index + 1}`));
      entry.querySelectorAll("*").forEach((one) => ["name", "id", "for", "data-file", "data-clear", "data-calculated"].forEach((attribute) => {
        const held = one.getAttribute(attribute);
        if (!held) return;
        one.setAttribute(attribute, held.replace(new RegExp(`${name}\\[\\w+\\]`), `${name}[${index}]`).replace(new RegExp(`^f-${name}-(?:\\d+|N)-`), `f-${name}-${index}-`));
      }));
    });
    this.controls.index();
    const most = this.ready.every.get(name).item.at_most ?? 50, button = this.form.querySelector(`[data-add="${name}"]`);
    if (button) button.hidden = holder.children.length >= most;
  }

  /** Soon, once for all that changes at the same time. */
  redraw() {
    if (this.drawn) return;
    this.drawn = true;
    setTimeout(() => this.draw(), 0);
  }

  draw() {
    this.drawn = false;
    const outcome = check(this.ready, this.answers, this.explanations, this.state.context, this.words, this.state.language, new Set(this.unread.keys()));
    this.drawing.draw(outcome, this);
  }

  get conflicts() {
    return this.outbox.conflicts;
  }

  told(kind, detail) {
    if (kind === "saved") {
      detail.forEach((one) => {
        this.refused.set(one.place, one.message);
        const input = this.controls.inputs(one.place)[0];
        if (input) this.outbox.unreadable(one.place, input.value);
      });
      if (detail.length) this.redraw();
      this.form.querySelector("[name='form:number']").value = this.outbox.number;
    } else if (kind === "fresh") this.fresh(detail);
    else if (kind === "busy") this.busy(detail);
    else if (kind === "closed") this.news(detail, "warning");
    else if (kind === "token") this.renewed(detail);
    else if (kind === "looked" && this.state.watch && !detail.busy) this.news(this.words.free, "info");
    if (this.drawing) this.say();
  }

  renewed(token) {
    this.token = this.files.token = token;
    this.form.querySelector("[name=csrfmiddlewaretoken]").value = token;
  }

  /** The server holds other answers than this page: show them where nothing was typed here. */
  fresh(before) {
    this.form.querySelector("[name='form:number']").value = this.outbox.number;
    this.explanations = { ...copy(this.outbox.said), ...Object.fromEntries(this.outbox.explanations) };
    this.ready.fields.forEach((field) => {
      const name = field.item.name;
      if (field.item.kind === "calculated" || same(before[name], this.outbox.server[name])) return;
      const mine = [...this.outbox.changes.keys(), ...this.outbox.conflicts.keys()].filter((key) => root(key) === name);
      const held = copy(this.outbox.server[name] ?? null), merged = { [name]: held };
      mine.forEach((key) => put(merged, key, copy(at(this.answers, key))));
      put(this.answers, name, merged[name] ?? null);
      if (field.item.kind === "repeat") this.entries(name, (this.answers[name] || []).length);
      this.controls.fill(field, this.answers[name], new Set(this.unread.keys()));
    });
    this.redraw();
  }

  busy(name) {
    this.state.open = false;
    this.form.querySelector(".fill-all").disabled = true;
    const button = make("button", { class: "btn", type: "button" }, this.words.take_over);
    button.addEventListener("click", () => this.takeOver());
    this.news(fill(this.words.taken, { name, fields: this.count(this.outbox.waiting) }), "warning", button);
  }

  /** Through a plain post of nothing but the wish: what was typed is on this device and comes back with the page. */
  takeOver() {
    const form = make("form", { method: "post", action: this.form.getAttribute("action") },
      make("input", { type: "hidden", name: "csrfmiddlewaretoken", value: this.token }), make("input", { type: "hidden", name: "form:action", value: "take_over" }));
    document.body.append(form);
    send(form);
  }

  news(text, kind, ...actions) {
    const holder = document.getElementById("fill-news");
    holder.textContent = "";
    holder.append(make("div", { class: `alert ${kind}`, role: "status" }, make("span", {}), make("div", { class: "alert-text" }, text), make("div", { class: "actions" }, ...actions)));
  }

  count(number) {
    const forms = this.words.fields, kind = new Intl.PluralRules(this.state.language).select(number);
    return fill(forms[kind] || forms.other, { n: number });
  }

  /** Where what was typed is. */
  say() {
    const box = this.outbox, element = document.getElementById("fill-state");
    if (!this.state.open && !box.trouble) return;
    const fields = this.count(box.waiting + box.conflicts.size + this.files.waiting.size + (box.trouble ? this.unread.size : 0));
    let state = box.saved ? "saved" : "nothing", detail = { time: box.saved };
    if (box.trouble && (box.waiting || box.trouble === "taken" || box.trouble === "refused" || box.trouble === "signed_out")) {
      state = !box.keeps ? "memory" : box.trouble;
      detail = { fields, ...box.detail };
    } else if (this.files.waiting.size) {
      state = navigator.onLine ? "saving" : "offline";
      detail = { fields };
    } else if (box.waiting || box.sending) state = "saving";
    else if (box.conflicts.size) {
      state = "unsettled";
      detail = { fields: this.count(box.conflicts.size) };
    } else if (this.unread.size || this.refused.size) {
      state = "unread";
      detail = { fields: this.count(new Set([...this.unread.keys(), ...this.refused.keys()]).size) };
    }
    const before = state === "saved" && box.saved === this.state.saved && this.state.saved_text;
    const text = before || fill(this.words[state], detail);
    if (element.textContent !== text) element.textContent = text;
    element.dataset.state = state;
  }

  async submit(event) {
    const value = (event.submitter && event.submitter.value) || this.pressed || "save";
    if (value === "take_over" || !this.state.open) return;
    event.preventDefault();
    const kept = await this.outbox.flush();
    if (!kept || this.files.waiting.size) {
      this.news(this.outbox.conflicts.size ? fill(this.words.unsettled, { fields: this.count(this.outbox.conflicts.size) }) : this.words.unsent, "error");
      document.getElementById("fill-news").scrollIntoView({ block: "center" });
      return;
    }
    if (this.outbox.conflicts.size) {
      this.news(fill(this.words.unsettled, { fields: this.count(this.outbox.conflicts.size) }), "error");
      return;
    }
    this.form.querySelector(".fill-all").append(make("input", { type: "hidden", name: "form:action", value }));
    this.form.querySelector("[name='form:number']").value = this.outbox.number;
    this.state.open = false;
    send(this.form);
  }
}

const form = document.getElementById("fill");
if (form) new Filling(form);
