// The trial of a form: what is shown, calculated and said follows what one types; nothing is kept or sent.

import { check, prepare } from "./checking.js";
import { Controls } from "./controls.js";
import { Drawing } from "./drawing.js";
import { grids } from "./grid.js";
import { put, root } from "./reading.js";

class Trial {
  constructor(form) {
    this.form = form;
    this.state = JSON.parse(document.getElementById("fill-state-data").textContent);
    this.ready = prepare(JSON.parse(document.getElementById("fill-form").textContent));
    this.answers = {};
    this.explanations = {};
    this.unread = new Map();
    this.refused = new Map();
    this.conflicts = new Map();
    this.controls = new Controls(form, this.ready, this.state.words, this.state.language);
    this.drawing = new Drawing(form, this.ready, this.state);
    this.ready.fields.forEach((field) => this.take(field));
    form.querySelectorAll("[name^='explain:']").forEach((input) => { this.explanations[input.name.slice(8)] = input.value; });
    form.addEventListener("input", (event) => this.typed(event.target));
    grids(form, this.state.words);
    this.draw();
  }

  typed(input) {
    if (!input.name || input.type === "file") return;
    if (input.name.startsWith("explain:")) this.explanations[input.name.slice(8)] = input.value;
    else {
      const field = this.ready.every.get(root(input.name));
      if (!field) return;
      this.take(field);
    }
    this.draw();
  }

  /** Read a question from its inputs. */
  take(field) {
    const name = field.item.name;
    if (field.item.kind === "calculated" || field.item.kind === "file") return;
    const { value, unread } = this.controls.question(field);
    Array.from(this.unread.keys()).filter((place) => root(place) === name).forEach((place) => this.unread.delete(place));
    unread.forEach((one, place) => this.unread.set(place, one));
    put(this.answers, name, value);
  }

  draw() {
    const { context, words, language } = this.state;
    this.drawing.draw(check(this.ready, this.answers, this.explanations, context, words, language, new Set(this.unread.keys())), this);
  }
}

const form = document.getElementById("trial");
if (form) new Trial(form);
