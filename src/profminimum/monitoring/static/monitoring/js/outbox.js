// What was typed and is not yet on the server: kept on this device, sent at once, sent again when the line returns.
// A change is {v: value, b: what the server held when it was typed}; its key a name, a cell or a part of a person.

import { at, copy, put, same } from "./reading.js";

const SOON = 350;
const WAIT = [2000, 4000, 8000, 15000, 30000];
const PATIENCE = 20000;
const PREFIX = "profminimum.outbox:";

function tab() {
  try {
    const known = sessionStorage.getItem("profminimum.tab");
    if (known) return known;
    const made = Math.random().toString(36).slice(2, 10);
    sessionStorage.setItem("profminimum.tab", made);
    return made;
  } catch (_error) {
    return "0";
  }
}

export class Outbox {
  /** `told(kind, detail)`: state, fresh (the server's answers were another person's), refused (problems), busy. */
  constructor({ key, url, token, number, answers, explanations, told }) {
    Object.assign(this, { url, token, number, told });
    this.server = copy(answers);
    this.said = copy(explanations);
    this.prefix = `${PREFIX}${key}:`;
    this.place = this.prefix + tab();
    this.changes = new Map();
    this.explanations = new Map();
    this.conflicts = new Map();
    this.unread = new Map();
    this.trouble = "";
    this.detail = {};
    this.keeps = true;
    this.sending = null;
    this.tries = 0;
    this.timer = 0;
    this.asked = false;
  }

  /** What earlier pages left on this device; taken over into this page's own box. */
  restore() {
    const found = [];
    try {
      for (let index = 0; index < localStorage.length; index += 1) {
        const name = localStorage.key(index);
        if (name.startsWith(this.prefix)) found.push(name);
      }
      found.forEach((name) => {
        const held = JSON.parse(localStorage.getItem(name)) || {};
        Object.entries(held.changes || {}).forEach(([key, change]) => {
          const now = at(this.server, key);
          if (same(now, change.v)) return;
          if (same(now, change.b)) this.changes.set(key, change);
          else this.conflicts.set(key, { mine: change.v, theirs: now });
        });
        Object.entries(held.conflicts || {}).forEach(([key, one]) => {
          const now = at(this.server, key);
          if (!same(now, one.mine)) this.conflicts.set(key, { mine: one.mine, theirs: now });
        });
        Object.entries(held.explanations || {}).forEach(([place, text]) => {
          if ((this.said[place] || "") !== text) this.explanations.set(place, text);
        });
        Object.entries(held.unread || {}).forEach(([place, raw]) => this.unread.set(place, raw));
        if (name !== this.place) localStorage.removeItem(name);
      });
    } catch (_error) {
      this.keeps = false;
    }
    this.keep();
    const restored = this.changes.size + this.explanations.size + this.conflicts.size + this.unread.size;
    if (this.changes.size + this.explanations.size) this.soon(0);
    return restored;
  }

  get waiting() {
    return this.changes.size + this.explanations.size;
  }

  keep() {
    const idle = !(this.waiting || this.conflicts.size || this.unread.size);
    try {
      if (idle) localStorage.removeItem(this.place);
      else {
        localStorage.setItem(this.place, JSON.stringify({
          changes: Object.fromEntries(this.changes),
          explanations: Object.fromEntries(this.explanations),
          conflicts: Object.fromEntries(this.conflicts),
          unread: Object.fromEntries(this.unread),
        }));
      }
      this.keeps = true;
    } catch (_error) {
      this.keeps = idle;
    }
  }

  /** A field has this value now. */
  change(key, value) {
    const before = this.changes.get(key);
    const base = before ? before.b : at(this.server, key);
    if (!before && same(base, value) && !(this.flying && key in this.flying)) return this.tell();
    this.changes.set(key, { v: value, b: base ?? null });
    this.conflicts.delete(key);
    this.keep();
    this.tell();
    return this.soon();
  }

  explain(place, text) {
    this.explanations.set(place, text);
    this.keep();
    this.tell();
    this.soon();
  }

  /** What stands in a field cannot be read (null: it can again): it is kept here and not sent. */
  unreadable(place, raw) {
    const known = this.unread.get(place);
    if ((known ?? null) === raw) return;
    if (raw === null) this.unread.delete(place);
    else this.unread.set(place, raw);
    this.keep();
    this.tell();
  }

  /** All that waits differs from what another person has written: it is to be chosen. */
  doubt() {
    this.changes.forEach((change, key) => this.conflicts.set(key, { mine: change.v, theirs: change.b }));
    this.changes.clear();
    this.keep();
  }

  /** The person has chosen between two values. */
  settle(key, mine) {
    const one = this.conflicts.get(key);
    this.conflicts.delete(key);
    if (one && mine) this.changes.set(key, { v: one.mine, b: one.theirs });
    this.keep();
    this.tell();
    if (mine) this.soon(0);
  }

  tell() {
    this.told("state", this);
  }

  soon(delay = SOON) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), delay);
  }

  later() {
    this.soon(WAIT[Math.min(this.tries, WAIT.length - 1)]);
    this.tries += 1;
  }

  async post(body) {
    const patience = new AbortController();
    const bell = setTimeout(() => patience.abort(), PATIENCE);
    try {
      return await fetch(this.url, {
        method: "POST",
        credentials: "same-origin",
        redirect: "manual",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.token, Accept: "application/json" },
        body: JSON.stringify(body),
        signal: patience.signal,
      });
    } finally {
      clearTimeout(bell);
    }
  }

  /** Everything that waits, now; true when nothing waits any more. */
  async flush() {
    for (let round = 0; round < 4 && (this.waiting || this.sending); round += 1) {
      await (this.sending || this.send());
      if (this.trouble) return false;
    }
    return !this.waiting;
  }

  send() {
    if (this.sending) {
      this.again = true;
      return this.sending;
    }
    clearTimeout(this.timer);
    if (!this.waiting || this.trouble === "taken" || this.trouble === "refused") return Promise.resolve();
    this.sending = this.attempt().finally(() => {
      this.sending = null;
      this.flying = null;
      if (this.waiting && this.again && !this.trouble) this.soon(0);
      this.again = false;
      this.tell();
    });
    this.tell();
    return this.sending;
  }

  async attempt() {
    const sent = Object.fromEntries(Array.from(this.changes, ([key, change]) => [key, change.v ?? null]));
    const said = Object.fromEntries(this.explanations);
    this.flying = sent;
    let response, answer;
    try {
      response = await this.post({ number: this.number, changes: sent, explanations: said });
      answer = response.headers.get("Content-Type")?.startsWith("application/json") ? await response.json() : null;
    } catch (_error) {
      this.trouble = "offline";
      return this.later();
    }
    return this.hear(response, answer, sent, said);
  }

  hear(response, answer, sent, said) {
    if (response.status === 200 && answer) {
      this.trouble = "";
      this.tries = 0;
      this.number = answer.number;
      this.saved = answer.saved;
      const refused = new Set(answer.problems.map((one) => one.place));
      Object.entries(sent).forEach(([key, value]) => {
        if (!refused.has(key)) put(this.server, key, copy(value));
        const now = this.changes.get(key);
        if (now && same(now.v, value)) this.changes.delete(key);
        else if (now) this.changes.set(key, { v: now.v, b: at(this.server, key) });
      });
      Object.entries(said).forEach(([place, text]) => {
        this.said[place] = text;
        if (this.explanations.get(place) === text) this.explanations.delete(place);
      });
      this.keep();
      this.told("saved", answer.problems);
      if (this.waiting) this.soon();
      return undefined;
    }
    if (response.status === 409 && answer) {
      this.trouble = "";
      this.fresh(answer);
      if (this.waiting) this.soon(0);
      return undefined;
    }
    if (response.status === 423 && answer) {
      this.trouble = "taken";
      this.detail = { name: answer.busy };
      this.told("busy", answer.busy);
    } else if (response.type === "opaqueredirect" || response.status === 401) {
      this.trouble = "signed_out";
      this.later();
    } else if (response.status === 403 && answer) {
      this.trouble = "refused";
      this.detail = { reason: answer.reason };
    } else if (response.status === 403) {
      this.trouble = "signed_out";
      return this.renew().then(() => this.later());
    } else {
      this.trouble = "broken";
      this.later();
    }
    return undefined;
  }

  /** Who has signed in again, in another tab, has another token against forged requests: the page itself tells it. */
  async renew() {
    try {
      const response = await fetch(window.location.pathname, { credentials: "same-origin", redirect: "manual" });
      if (response.status !== 200) return;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const token = page.querySelector("#fill [name=csrfmiddlewaretoken]");
      if (!token) return;
      this.token = token.value;
      this.told("token", token.value);
    } catch (_error) {
      // the next try asks again
    }
  }

  /** Another person, or this one elsewhere, has saved: what differs from what was typed is to be chosen. */
  fresh(answer) {
    const before = this.server;
    this.server = copy(answer.answers);
    this.said = copy(answer.explanations);
    this.number = answer.number;
    this.saved = answer.saved;
    Array.from(this.changes).forEach(([key, change]) => {
      const now = at(this.server, key);
      if (same(now, change.v)) this.changes.delete(key);
      else if (!same(now, change.b)) {
        this.changes.delete(key);
        this.conflicts.set(key, { mine: change.v, theirs: now });
      }
    });
    this.keep();
    this.told("fresh", before);
  }

  /** A sign of life; hears whether another person types now and whether there is something new. */
  async look(watch) {
    if (this.sending) return;
    try {
      const response = await this.post({ number: this.number, watch });
      const answer = response.headers.get("Content-Type")?.startsWith("application/json") ? await response.json() : null;
      if (!answer) {
        if (response.type === "opaqueredirect") this.trouble = "signed_out";
        else if (response.status === 403) await this.renew();
        return;
      }
      if (answer.answers && answer.number !== this.number) this.fresh(answer);
      this.told("looked", answer);
      if (response.status === 403 && !this.waiting) this.told("closed", answer.reason);
      if (response.status === 423 && !watch) {
        this.trouble = "taken";
        this.detail = { name: answer.busy };
        this.told("busy", answer.busy);
      } else if (response.status === 200 && (this.trouble === "offline" || this.trouble === "broken" || this.trouble === "signed_out")) {
        this.trouble = "";
        this.tries = 0;
        if (this.waiting) this.soon(0);
      }
    } catch (_error) {
      if (this.waiting) this.trouble = "offline";
    } finally {
      this.tell();
    }
  }

  /** The page closes: the next person need not wait. */
  leave() {
    const form = new FormData();
    form.append("csrfmiddlewaretoken", this.token);
    if (navigator.sendBeacon) navigator.sendBeacon(this.url, form);
  }
}
