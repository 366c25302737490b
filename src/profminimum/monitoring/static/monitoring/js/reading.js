// What did a person mean by what is in a field? The same as schema/values.py says on the server, whose word is final.

const NUMBER = /^[-−]?\d+(?:[.,]\d+)?$/;
const DAY = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/;
const ISO = /^(\d{4})-(\d{2})-(\d{2})$/;
const LARGEST = 1e15;
export const PARTS = ["name", "post", "phone", "email"];
export const say = (words, language) => (words && (words[language] || words.ru)) || "";
export const fill = (text, given) => text.replace(/%\((\w+)\)s/g, (_all, name) => String(given[name] ?? ""));
export const blank = (value) =>
  value == null || value === "" || (typeof value === "string" && !value.trim()) ||
  (Array.isArray(value) && value.length === 0) || (typeof value === "object" && !Array.isArray(value) && Object.keys(value).length === 0);

function figure(raw) {
  const tight = String(raw).replace(/[\s\u00a0\u2009\u202f]+/g, "");
  return tight.length <= 40 && NUMBER.test(tight) ? parseFloat(tight.replace(",", ".").replace("−", "-")) : null;
}

function numeric(item, raw, words) {
  const found = figure(raw);
  if (item.kind === "integer") {
    if (found == null || found !== Math.floor(found)) return { error: words.whole };
  } else {
    if (found == null) return { error: words.number };
    const places = item.decimals ?? 2;
    if (Number(found.toFixed(places)) !== found) return { error: fill(words.decimals, { n: places }) };
  }
  return Math.abs(found) >= LARGEST ? { error: words.large } : { value: found };
}

function day(raw, words) {
  const russian = DAY.exec(raw.trim());
  const text = russian ? `${russian[3]}-${russian[2].padStart(2, "0")}-${russian[1].padStart(2, "0")}` : raw.trim();
  const iso = ISO.exec(text);
  if (iso) {
    const made = new Date(Date.UTC(Number(iso[1]), Number(iso[2]) - 1, Number(iso[3])));
    if (made.getUTCMonth() === Number(iso[2]) - 1 && made.getUTCDate() === Number(iso[3])) return { value: text };
  }
  return { error: words.date };
}

function written(item, raw, words) {
  let found = String(raw).replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g, "").trim().replace(/\r\n/g, "\n");
  if (item.kind === "text") found = found.split(/\s+/).join(" ");
  const longest = item.longest || (item.kind === "long" ? 10000 : 500);
  return Array.from(found).length > longest ? { error: fill(words.long, { n: longest }) } : { value: found };
}

/** {value} (null: nothing is answered) or {error}: `raw` is the text, or the list of ticked boxes. */
export function read(item, raw, words) {
  if (blank(raw)) return { value: null };
  switch (item.kind) {
    case "integer": case "decimal": case "amount": return numeric(item, raw, words);
    case "date": return day(raw, words);
    case "yesno": return { value: raw === true || raw === "yes" };
    case "many": return { value: item.choices.map((one) => one.name).filter((name) => raw.includes(name)) };
    case "text": case "long": return written(item, raw, words);
    default: return { value: raw };
  }
}

/** A part of a person as the server keeps it. */
export const part = (raw) => Array.from(String(raw ?? "").split(/\s+/).filter(Boolean).join(" ")).slice(0, 200).join("") || null;

/** What stands in the input for a value. */
export function shown(item, value, language) {
  if (value == null) return "";
  if (typeof value === "number") return language === "ru" ? String(value).replace(".", ",") : String(value);
  return String(value);
}

/** A value as people read it: figures in groups, choices by their labels. */
export function said(item, value, language) {
  if (value == null || value === "") return "";
  if (typeof value === "boolean") return value ? (language === "ru" ? "да" : "yes") : (language === "ru" ? "нет" : "no");
  if (item.kind === "one" || item.kind === "many") {
    const labels = new Map((item.choices || []).map((one) => [one.name, say(one.label, language)]));
    return [].concat(value).map((name) => labels.get(name) || name).join(", ");
  }
  if (typeof value === "number") {
    const digits = Math.max(6, item.decimals || 0), format = new Intl.NumberFormat(language, { maximumFractionDigits: digits, useGrouping: true });
    return format.format(value).replace(/\u00a0/g, "\u202f").replace("-", "−");
  }
  const iso = typeof value === "string" && ISO.exec(value);
  if (iso) return `${iso[3]}.${iso[2]}.${iso[1]}`;
  if (item.kind === "person") return PARTS.map((name) => value[name]).filter(Boolean).join(", ");
  if (item.kind === "file") return value.name || "";
  if (Array.isArray(value)) return String(value.length);
  return String(value);
}

/** Are two values the same, whatever the order of their names? */
export function same(left, right) {
  if (blank(left) || blank(right)) return blank(left) && blank(right);
  if (typeof left !== "object" || typeof right !== "object") return left === right;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return Array.from(names).every((name) => same(left[name], right[name]));
}

const PLACE = /^(\w+)(?:\[(\d+)\])?(?:\.(\w+))?(?:\.(\w+))?$/;
export const root = (place) => place.split(/[.[]/)[0];

/** The value at a place: «name», «table.row.column», «person.phone», «repeat[0].child». */
export function at(answers, place) {
  const match = PLACE.exec(place);
  if (!match) return null;
  let found = answers[match[1]];
  for (const step of [match[2], match[3], match[4]]) {
    if (step !== undefined) found = found == null ? undefined : found[step];
  }
  return found ?? null;
}

/** Put a value at a place of a question that is no repeat; null takes it away, with what has become empty. */
export function put(answers, place, value) {
  const [name, ...steps] = place.split(".");
  if (!steps.length) {
    if (blank(value)) delete answers[name];
    else answers[name] = value;
    return;
  }
  const held = answers[name] && typeof answers[name] === "object" ? answers[name] : {};
  if (steps.length === 1) {
    if (blank(value)) delete held[steps[0]];
    else held[steps[0]] = value;
  } else {
    const row = held[steps[0]] || {};
    if (blank(value)) delete row[steps[1]];
    else row[steps[1]] = value;
    if (Object.keys(row).length) held[steps[0]] = row;
    else delete held[steps[0]];
  }
  if (Object.keys(held).length) answers[name] = held;
  else delete answers[name];
}

export const copy = (value) => JSON.parse(JSON.stringify(value ?? null));
