// What does a rule say of an answer? One of two evaluators with one meaning; the other is schema/evaluate.py, whose
// first lines say what the values mean. scope: {answers, context: {today, last, registry, registers}, inside: child →
// its table or repeat, entry, of, itself, position}.

const NUMBER = /^[ \t\n\r]*-?[0-9]+(?:\.[0-9]+)?[ \t\n\r]*$/;
const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const POWERS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
const LONGEST_TEXT = 500, LONGEST_MADE = 20000;
const cut = (made) => (made.length <= LONGEST_MADE ? made : Array.from(made).slice(0, LONGEST_MADE).join(""));
const own = (object, name) => (object != null && Object.prototype.hasOwnProperty.call(object, name) ? object[name] ?? null : null);
const finite = (value) => (value != null && Number.isFinite(value) ? value : null);
const letters = (value) => Array.from(text(value));
const isNumber = (value) => typeof value === "number" || typeof value === "boolean";
const isDate = (value) => typeof value === "string" && DATE.test(value);

export function number(value) {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "number") return finite(value);
  if (typeof value === "string" && Array.from(value).length <= 400 && NUMBER.test(value)) return finite(parseFloat(value));
  return null;
}

function digits(value) {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 1e-4 && size < 1e15) return String(value);
  return value.toExponential();
}

export function text(value) {
  if (value == null) return "";
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value === "number") return digits(value);
  return Array.isArray(value) ? value.map(text).join(" ") : "";
}

export function truthy(value) {
  if (Array.isArray(value)) return value.length > 0;
  return Boolean(value);
}

export const empty = (value) => value == null || value === "" || (Array.isArray(value) && value.length === 0);

function equal(left, right) {
  if (empty(left) || empty(right)) return empty(left) && empty(right);
  if (isNumber(left) || isNumber(right)) {
    const a = number(left), b = number(right);
    return a != null && b != null && a === b;
  }
  return text(left) === text(right);
}

function less(left, right) {
  if (isDate(left) && isDate(right)) return left < right;
  const a = number(left), b = number(right);
  return a == null || b == null ? null : a < b;
}

const items = (values) => values.flatMap((each) => (Array.isArray(each) ? each : [each]));
const words = (value) => (Array.isArray(value) ? value.map(text) : text(value).split(/[ \t\n\r]+/).filter(Boolean));

function numbers(values) {
  return items(values).map(number).filter((each) => each != null);
}

function sum(value) {
  let total = 0;
  for (const each of items([value])) total += number(each) ?? 0;
  return Number.isFinite(total) ? total : 0;
}

const count = (value) => items([value]).filter((each) => !empty(each)).length;

function round(value, places = 0) {
  const a = number(value), b = number(places);
  if (a == null || b == null || b !== Math.floor(b) || b < 0 || b >= POWERS.length) return null;
  return Number.isFinite(a * POWERS[b]) ? finite(Math.floor(a * POWERS[b] + 0.5) / POWERS[b]) : null;
}

function power(base, exponent) {
  const a = number(base), b = number(exponent);
  if (a == null || b == null || b !== Math.floor(b) || b < 0 || b > 64) return null;
  let result = 1;
  for (let step = 0; step < b; step += 1) result *= a;
  return finite(result);
}

function place(value) {
  const found = number(value);
  return found == null || found !== Math.floor(found) || Math.abs(found) > 1e9 ? null : found;
}

function substr(value, start, end = null) {
  const all = letters(value), first = place(start), last = end == null ? all.length : place(end);
  return first == null || last == null || first < 0 || last < 0 ? "" : all.slice(first, last).join("");
}

function translate(value, old, put) {
  const table = new Map(), fresh = letters(put);
  letters(old).forEach((letter, index) => table.has(letter) || table.set(letter, fresh[index] ?? ""));
  return letters(value).map((letter) => table.get(letter) ?? letter).join("");
}

function asDate(value) {
  if (!isDate(value)) return null;
  const [year, month, day] = value.split("-").map(Number);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return year > 0 && month > 0 && month < 13 && day > 0 && day <= days[month - 1] ? value : null;
}

function days(value) {
  const found = asDate(value);
  return found == null ? null : Math.round(Date.parse(`${found}T00:00:00Z`) / 86400000);
}

function formatDate(value, form) {
  const found = asDate(value);
  if (found == null) return "";
  const [year, month, day] = found.split("-");
  const said = { Y: year, y: year.slice(2), m: month, n: String(Number(month)), d: day, e: String(Number(day)), "%": "%" };
  return cut(text(form).replace(/%([\s\S]?)/gu, (_all, letter) => own(said, letter) ?? ""));
}

const WORK = {
  abs: (a) => (number(a) == null ? null : Math.abs(number(a))),
  boolean: truthy,
  "boolean-from-string": (a) => text(a) === "true" || text(a) === "1",
  coalesce: (a, b) => (empty(a) ? b : a),
  concat: (...values) => cut(items(values).map(text).join("")),
  contains: (a, b) => text(a).includes(text(b)),
  count,
  "count-non-empty": count,
  "count-selected": (a) => words(a).length,
  date: asDate,
  "decimal-date-time": days,
  "ends-with": (a, b) => text(a).endsWith(text(b)),
  false: () => false,
  "format-date": formatDate,
  int: (a) => (number(a) == null ? null : Math.trunc(number(a))),
  max: (...values) => numbers(values).reduce((a, b) => (a == null || b > a ? b : a), null),
  min: (...values) => numbers(values).reduce((a, b) => (a == null || b < a ? b : a), null),
  "normalize-space": (a) => text(a).replace(/[ \t\n\r]+/g, " ").replace(/^ +| +$/g, ""),
  number,
  pow: power,
  regex: (a, pattern) => letters(a).length <= LONGEST_TEXT && new RegExp(pattern, "u").test(text(a)),
  round,
  selected: (a, b) => words(a).includes(text(b)),
  "selected-at": (a, b) => (place(b) == null || place(b) < 0 ? null : words(a)[place(b)] ?? null),
  "starts-with": (a, b) => text(a).startsWith(text(b)),
  string: text,
  "string-length": (a) => letters(a).length,
  substr,
  "substring-after": (a, b) => (text(b) === "" ? text(a) : text(a).includes(text(b)) ? text(a).slice(text(a).indexOf(text(b)) + text(b).length) : ""),
  "substring-before": (a, b) => (text(b) !== "" && text(a).includes(text(b)) ? text(a).slice(0, text(a).indexOf(text(b))) : ""),
  sum,
  translate,
  true: () => true,
};

const ARITHMETIC = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => (b === 0 ? null : a / b),
  "%": (a, b) => (b === 0 ? null : a % b),
};

function look(scope, name) {
  const parent = own(scope.inside, name);
  if (parent == null) return own(scope.answers, name);
  if (scope.entry != null && parent === scope.of) return own(scope.entry, name);
  const held = own(scope.answers, parent);
  const rows = Array.isArray(held) ? held : Object.values(held ?? {});
  return rows.map((row) => own(row, name)).filter((each) => each != null);
}

function call(name, parts, scope) {
  if (name === "if") return value(truthy(value(parts[0], scope)) ? parts[1] : parts[2], scope);
  if (name === "today" || name === "now") return scope.context.today;
  if (name === "position") return scope.position ?? 0;
  if (name === "string-length" && parts.length === 0) return letters(scope.itself).length;
  if (name === "once") return empty(scope.itself) ? value(parts[0], scope) : scope.itself;
  return WORK[name](...parts.map((part) => value(part, scope)));
}

export function value(tree, scope) {
  if (!Array.isArray(tree)) return tree ?? null;
  const [kind, first, second, third] = tree;
  switch (kind) {
    case "lit": return first;
    case "ref": return look(scope, first);
    case "self": return scope.itself ?? null;
    case "last": return own(scope.context.last, first);
    case "registry": return own(scope.context.registry, first);
    case "register": return own(own(scope.context.registers, first), second);
    case "cell": return own(own(own(scope.answers, first), second), third);
    case "call": return call(first, tree.slice(2), scope);
    case "not": return !truthy(value(first, scope));
    case "neg": { const found = number(value(first, scope)); return found == null ? null : 0 - found; }
    case "and": return truthy(value(first, scope)) && truthy(value(second, scope));
    case "or": return truthy(value(first, scope)) || truthy(value(second, scope));
    case "=": return equal(value(first, scope), value(second, scope));
    case "!=": return !equal(value(first, scope), value(second, scope));
    case "<": return less(value(first, scope), value(second, scope)) === true;
    case ">": return less(value(second, scope), value(first, scope)) === true;
    case "<=": return less(value(second, scope), value(first, scope)) === false;
    case ">=": return less(value(first, scope), value(second, scope)) === false;
    default: {
      const a = number(value(first, scope)), b = number(value(second, scope));
      return a == null || b == null ? null : finite(ARITHMETIC[kind](a, b));
    }
  }
}

export const truth = (tree, scope) => truthy(value(tree, scope));
