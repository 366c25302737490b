// A file goes up as soon as it is chosen; without a line it waits on this device (IndexedDB) until there is one.

import { fill } from "./reading.js";
import { make } from "./drawing.js";

const STORE = "files";

function base() {
  return new Promise((resolve, reject) => {
    if (!window.indexedDB) return reject(new Error("no store"));
    const opening = indexedDB.open("profminimum", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
    return undefined;
  });
}

async function within(mode, act) {
  const opened = await base();
  try {
    return await new Promise((resolve, reject) => {
      const asked = act(opened.transaction(STORE, mode).objectStore(STORE));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  } finally {
    opened.close();
  }
}

export class Files {
  /** `done(place, value)`, `refused(place, reason)`. */
  constructor({ form, state, token, done, refused, told }) {
    Object.assign(this, { form, state, token, done, refused, told });
    this.waiting = new Map();
    form.addEventListener("change", (event) => {
      const holder = event.target.closest("[data-file]");
      if (!holder) return;
      if (event.target.type === "file" && event.target.files.length && !holder.classList.contains("bad")) {
        this.take(holder.dataset.file, event.target.files[0]);
        event.target.value = "";
      } else if (event.target.type === "checkbox" && event.target.checked) {
        this.show(holder, null);
        this.done(holder.dataset.file, null);
      }
    });
    this.start(form);
  }

  start(around) {
    around.querySelectorAll("[data-file]").forEach((holder) => {
      holder.addEventListener("fill:file", (event) => this.show(holder, event.detail));
    });
  }

  show(holder, value) {
    holder.fileValue = value;
    const before = holder.querySelector("[data-attached]");
    if (before) before.remove();
    if (!value) return;
    const small = value.size < 1e6, figure = new Intl.NumberFormat(this.state.language, { maximumFractionDigits: small ? 0 : 1 });
    const unit = this.state.language === "ru" ? (small ? "КБ" : "МБ") : small ? "KB" : "MB";
    const size = `${figure.format(Math.max(value.size / (small ? 1024 : 1048576), small ? 1 : 0))}\u00a0${unit}`;
    const box = make("input", { type: "checkbox", name: `remove:${holder.dataset.file}`, value: "1" });
    holder.prepend(make("p", { class: "attached", "data-attached": true },
      make("a", { href: `${this.state.urls.files}${value.file}/` }, value.name), " ",
      make("span", { class: "mute" }, size), " ",
      make("label", { class: "drop-off" }, box, ` ${this.state.words.remove}`),
      make("input", { type: "hidden", name: `file:${holder.dataset.file}`, value: String(value.file) })));
  }

  say(place, text) {
    const holder = this.form.querySelector(`[data-file="${place}"]`);
    if (holder) holder.querySelector(".drop-name").textContent = text;
  }

  key(place) {
    return `${this.state.key}:${place}`;
  }

  async take(place, file) {
    this.waiting.set(place, file);
    try {
      await within("readwrite", (store) => store.put(file, this.key(place)));
    } catch (_error) {
      // the file stays in the memory of the page
    }
    await this.send(place, file);
  }

  /** The files that earlier pages could not send. */
  async restore() {
    try {
      const keys = await within("readonly", (store) => store.getAllKeys());
      for (const key of keys.filter((one) => String(one).startsWith(`${this.state.key}:`))) {
        const file = await within("readonly", (store) => store.get(key));
        const place = String(key).slice(this.state.key.length + 1);
        this.waiting.set(place, file);
        await this.send(place, file);
      }
    } catch (_error) {
      // nothing was kept
    }
  }

  async again() {
    for (const [place, file] of Array.from(this.waiting)) await this.send(place, file);
  }

  async send(place, file) {
    this.say(place, fill(this.state.words.file_sending, { name: file.name }));
    const body = new FormData();
    body.append("place", place);
    body.append("file", file, file.name);
    let response, answer;
    try {
      response = await fetch(this.state.urls.files, { method: "POST", body, credentials: "same-origin", redirect: "manual", headers: { "X-CSRFToken": this.token, Accept: "application/json" } });
      answer = response.headers.get("Content-Type")?.startsWith("application/json") ? await response.json() : null;
    } catch (_error) {
      answer = null;
    }
    if (response && response.status === 201 && answer) {
      await this.forget(place);
      this.say(place, "");
      const holder = this.form.querySelector(`[data-file="${place}"]`);
      if (holder) this.show(holder, answer.value);
      this.done(place, answer.value);
    } else if (response && (response.status === 422 || response.status === 413 || response.status === 403) && (answer || response.status === 413)) {
      await this.forget(place);
      this.say(place, "");
      this.refused(place, answer ? answer.reason : this.state.words.large_file);
    } else this.say(place, fill(this.state.words.file_waits, { name: file.name }));
    this.told();
  }

  async forget(place) {
    this.waiting.delete(place);
    try {
      await within("readwrite", (store) => store.delete(this.key(place)));
    } catch (_error) {
      // it was never kept
    }
  }
}
