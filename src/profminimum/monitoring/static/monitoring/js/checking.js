// Is an answer right? The same steps as schema/settling.py and schema/answers.py; the server's word is final.

import { empty, number, text, truthy, value as evaluate } from "./rules.js";
import { blank, copy, fill, root, said, say } from "./reading.js";

const ROUNDS = 5;
const LEAST_WORDS = 5;
const EMAIL = /^[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+$/;
const PHONE = /^[+0-9(][0-9()\-\s,доб.]{4,}$/;
const CALCULATED = "calculated";
const holds = (rule) => Array.isArray(rule);
export const UNANSWERED = new Set(["required", "explanation-missing", "entries"]);

/** The form with its fields by name. `fields` hold a value; `children` of tables and repeats. */
export function prepare(form) {
  const fields = [], groups = [], every = new Map(), order = new Map();
  const walk = (items, above) => items.forEach((item) => {
    const field = { item, groups: above, children: item.kind === "table" || item.kind === "repeat" ? item.items : [] };
    every.set(item.name, field);
    order.set(item.name, order.size);
    if (item.kind === "group") {
      groups.push(field);
      walk(item.items || [], [...above, item.name]);
    } else if (item.kind !== "note") fields.push(field);
    field.typed = field.children.filter((one) => one.kind !== CALCULATED && one.kind !== "note").map((one) => one.name);
    field.children.forEach((child) => every.set(child.name, { item: child, groups: [], children: [], holder: field }));
  });
  walk(form.items, []);
  return { form, fields, groups, every, order };
}

class Work {
  constructor(ready, answers, explanations, context, words, language) {
    Object.assign(this, { ready, context, explanations, words, language });
    this.answers = copy(answers);
    this.hidden = new Set();
    this.found = [];
  }

  scope(itself = null) {
    return { answers: this.answers, context: this.context, inside: this.ready.form.inside, itself };
  }

  within(holder, entry, position, itself = null) {
    return { ...this.scope(itself), entry, of: holder.item.name, position };
  }

  true(tree, scope) {
    return truthy(evaluate(tree, scope));
  }

  say(place, code, severity, message) {
    this.found.push({ place, code, severity, message });
  }
}

function rows(holder, held) {
  const name = holder.item.name;
  if (holder.item.kind === "table") return holder.item.rows.map((row) => [`${name}.${row.name}`, (held || {})[row.name] || {}]);
  return (held || []).map((entry, index) => [`${name}[${index}]`, entry]);
}

function keep(values, name, given) {
  const value = given !== null && typeof given === "object" ? text(given) : given;
  if (value == null || value === "") delete values[name];
  else values[name] = value;
}

function settleRows(work, name, holderName) {
  const holder = work.ready.every.get(holderName), child = work.ready.every.get(name).item;
  if (work.hidden.has(holderName)) return;
  rows(holder, work.answers[holderName]).forEach(([place, entry], index) => {
    const scope = work.within(holder, entry, index + 1);
    if (holds(child.relevant) && !work.true(child.relevant, scope)) {
      work.hidden.add(`${place}.${name}`);
      delete entry[name];
    } else if (holds(child.calculation) && (!holder.typed.length || holder.typed.some((each) => each in entry))) {
      keep(entry, name, evaluate(child.calculation, scope));
      if (Object.keys(entry).length && holder.item.kind === "table") {
        work.answers[holderName] = work.answers[holderName] || {};
        work.answers[holderName][holder.item.rows[index].name] = entry;
      }
    }
  });
}

function settleOne(work, name, members) {
  const item = work.ready.every.get(name).item;
  if (holds(item.relevant) && !work.true(item.relevant, work.scope())) {
    [name, ...members].forEach((gone) => {
      work.hidden.add(gone);
      delete work.answers[gone];
    });
  } else if (holds(item.calculation)) keep(work.answers, name, evaluate(item.calculation, work.scope()));
}

function thinned(work) {
  let again = false;
  work.ready.fields.filter((field) => field.children.some((child) => holds(child.relevant))).forEach((holder) => {
    const held = work.answers[holder.item.name];
    if (blank(held)) return;
    const idle = (entry) => holder.typed.length > 0 && !holder.typed.some((each) => each in entry);
    if (Array.isArray(held)) {
      while (held.length && !holder.typed.some((each) => each in held[held.length - 1])) {
        held.pop();
        again = true;
      }
    } else {
      Object.keys(held).filter((row) => idle(held[row])).forEach((row) => {
        delete held[row];
        again = true;
      });
    }
    if (blank(held)) delete work.answers[holder.item.name];
  });
  return again;
}

function settle(work) {
  for (let round = 0; round < ROUNDS; round += 1) {
    work.hidden.clear();
    work.ready.form.steps.forEach(([name, holder, members]) => {
      if (holder) settleRows(work, name, holder);
      else if (!work.hidden.has(name)) settleOne(work, name, members);
    });
    if (!thinned(work)) return;
  }
}

function broken(work, place, one) {
  work.say(place, "rule", one.severity, say(one.message, work.language));
  const missing = one.severity === "warning" && (work.explanations[place] || "").trim().length < LEAST_WORDS;
  if (missing && !work.found.some((each) => each.place === place && each.code === "explanation-missing")) {
    work.say(place, "explanation-missing", "error", work.words.explain);
  }
}

/** The names of the choices that the filter lets through. */
export function offered(item, scope) {
  if (!holds(item.choice_filter)) return new Set(item.choices.map((one) => one.name));
  const nothing = {};
  item.choices.forEach((one) => Object.keys(one.extra || {}).forEach((column) => { nothing[column] = null; }));
  const fit = item.choices.filter((one) => truthy(evaluate(item.choice_filter, { ...scope, answers: { ...scope.answers, ...nothing, ...one.extra } })));
  return new Set(fit.map((one) => one.name));
}

function limits(work, item, value, place) {
  const size = number(value);
  if (size == null) return;
  const bound = (given) => said(item, given, work.language);
  if (item.least != null && size < item.least) work.say(place, "limit", "error", fill(work.words.least, { n: bound(item.least) }));
  else if (item.most != null && size > item.most) work.say(place, "limit", "error", fill(work.words.most, { n: bound(item.most) }));
}

function person(work, value, place) {
  if (!value.name) work.say(`${place}.name`, "required", "error", work.words.person_name);
  if (!value.post) work.say(`${place}.post`, "required", "error", work.words.person_post);
  if (value.email && !EMAIL.test(value.email)) work.say(`${place}.email`, "email", "error", work.words.email);
  if (value.phone && !PHONE.test(value.phone)) work.say(`${place}.phone`, "phone", "error", work.words.phone);
}

function single(work, item, value, place, scope) {
  limits(work, item, value, place);
  if (holds(item.choice_filter)) {
    const fit = offered(item, scope);
    if (![].concat(value).every((name) => fit.has(name))) work.say(place, "choice", "error", work.words.choice);
  }
  if (item.kind === "person") person(work, value, place);
  (item.checks || []).forEach((one) => { if (!work.true(one.tree, scope)) broken(work, place, one); });
}

const wants = (work, item, scope) => (holds(item.required) ? work.true(item.required, scope) : Boolean(item.required));
const wanted = (work, item) => say((work.ready.form.wanted || {})[item.name], work.language) || work.words.required;

function inRows(work, field, held, unread) {
  rows(field, held).forEach(([place, entry], index) => field.children.forEach((child) => {
    if (child.kind === "note") return;
    const here = `${place}.${child.name}`, value = entry[child.name];
    if (work.hidden.has(here) || unread.has(here)) return;
    if (value != null) single(work, child, value, here, work.within(field, entry, index + 1, value));
    else if (wants(work, child, work.within(field, entry, index + 1))) work.say(here, "required", "error", wanted(work, child));
  }));
}

const entries = (work, item) => fill(work.words.entries, { least: item.at_least || 0, most: item.at_most ?? 50 });

function one(work, field, unread) {
  const item = field.item, name = item.name, value = work.answers[name];
  if (value == null) {
    if (wants(work, item, work.scope())) work.say(name, "required", "error", wanted(work, item));
    else if (item.kind === "table") inRows(work, field, {}, unread);
    else if (item.kind === "repeat" && item.at_least) work.say(name, "entries", "error", entries(work, item));
  } else if (field.children.length) {
    if (item.kind === "repeat" && (value.length < (item.at_least || 0) || value.length > (item.at_most ?? 50))) {
      work.say(name, "entries", "error", entries(work, item));
    }
    inRows(work, field, value, unread);
    (item.checks || []).forEach((each) => { if (!work.true(each.tree, work.scope(value))) broken(work, name, each); });
  } else single(work, item, value, name, work.scope(value));
}

/** {answers, problems, hidden}: `unread` are the places whose text could not be read. */
export function check(ready, answers, explanations, context, words, language, unread = new Set()) {
  const work = new Work(ready, answers, explanations, context, words, language);
  settle(work);
  ready.fields.forEach((field) => {
    if (!work.hidden.has(field.item.name) && !unread.has(field.item.name)) one(work, field, unread);
  });
  (ready.form.checks || []).forEach((each) => { if (!work.true(each.tree, work.scope())) broken(work, "", each); });
  return { answers: work.answers, problems: work.found, hidden: work.hidden, scope: work.scope(), within: (holder, entry, position) => work.within(holder, entry, position) };
}

/** Each section: how many of its fields are filled, how many are asked, is all that is wanted there. */
export function progress(ready, answers, outcome) {
  const wrong = new Set(outcome.problems.filter((each) => each.severity === "error").map((each) => root(each.place)));
  const found = new Map();
  ready.fields.forEach((field) => {
    const item = field.item;
    if (outcome.hidden.has(item.name) || item.kind === CALCULATED) return;
    const name = field.groups[0] || "";
    const section = found.get(name) || { filled: 0, asked: 0, wrong: false };
    section.asked += 1;
    if (!empty(answers[item.name])) section.filled += 1;
    if (wrong.has(item.name)) section.wrong = true;
    found.set(name, section);
  });
  return found;
}
