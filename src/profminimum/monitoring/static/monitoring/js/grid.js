// A table like a spreadsheet: arrows, Enter, a block to choose with Shift, to copy, to clear, to paste from Excel.

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const field = (cell) => cell && cell.querySelector("input:not([type=hidden]):not([type=checkbox]):not([type=radio]), select");
const typed = (cell) => {
  const input = field(cell);
  if (input) return input.tagName === "SELECT" ? (input.selectedOptions[0] || {}).textContent || "" : input.value;
  return cell ? cell.querySelector("output")?.textContent.replace("—", "") ?? "" : "";
};

const tell = (input) => input.dispatchEvent(new Event("input", { bubbles: true }));

/** «25.08.2023», as Excel copies it, in the way a field for dates takes it; null when it is no date. */
function day(said) {
  const russian = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(said);
  const iso = russian ? `${russian[3]}-${russian[2].padStart(2, "0")}-${russian[1].padStart(2, "0")}` : said;
  return iso === "" || /^\d{4}-\d{2}-\d{2}$/.test(iso) ? iso : null;
}

/** Put a text into a cell as if it had been typed; a list takes the choice of that name or label. False: it does not fit. */
function write(cell, text) {
  const input = field(cell);
  if (!input || input.readOnly || input.disabled) return true;
  const said = text.replace(/\u00a0|\u202f|\s*\n\s*/g, " ").trim();
  let put = said;
  if (input.tagName === "SELECT") {
    const found = Array.from(input.options).find((one) => !one.disabled && (one.value === said || one.textContent.trim().toLowerCase() === said.toLowerCase()));
    put = said === "" ? "" : found ? found.value : null;
  } else if (input.type === "date") put = day(said);
  if (put === null) return false;
  const before = input.value;
  input.value = put;
  if (input.value !== put) {
    input.value = before;
    return false;
  }
  tell(input);
  return true;
}

/** Rows of a copied block: tabs between the cells; quoted cells may hold line ends. */
export function block(text) {
  const rows = [];
  const whole = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  let row = [], cell = "", quoted = false;
  for (let index = 0; index < whole.length; index += 1) {
    const letter = whole[index];
    if (quoted) {
      if (letter === '"' && whole[index + 1] === '"') { cell += '"'; index += 1; }
      else if (letter === '"') quoted = false;
      else cell += letter;
    } else if (letter === '"' && cell === "") quoted = true;
    else if (letter === "\t") { row.push(cell); cell = ""; }
    else if (letter === "\n") { row.push(cell); rows.push(row); row = []; cell = ""; }
    else cell += letter;
  }
  row.push(cell);
  rows.push(row);
  return rows;
}

class Grid {
  constructor(table, words) {
    this.table = table;
    this.words = words;
    this.rows = () => Array.from(table.tBodies[0].rows).map((row) => Array.from(row.cells).slice(1));
    this.anchor = null;
    this.end = null;
    table.addEventListener("keydown", (event) => this.key(event));
    table.addEventListener("paste", (event) => this.paste(event));
    table.addEventListener("copy", (event) => this.copy(event));
    table.addEventListener("cut", (event) => this.copy(event, true));
    table.addEventListener("mousedown", (event) => this.press(event));
    table.addEventListener("mouseover", (event) => this.drag(event));
    table.addEventListener("focusin", (event) => this.enter(event));
    document.addEventListener("mouseup", () => { this.pressed = false; });
    document.addEventListener("mousedown", (event) => { if (!table.contains(event.target)) this.choose(null, null); });
  }

  where(target) {
    const cell = target.closest && target.closest("td");
    if (!cell) return null;
    const rows = this.rows(), row = rows.findIndex((cells) => cells.includes(cell));
    return row < 0 ? null : [row, rows[row].indexOf(cell)];
  }

  cell([row, column]) {
    return (this.rows()[row] || [])[column];
  }

  enter(event) {
    const input = event.target;
    if (!this.pressed && input.matches("input") && input.select) input.select();
    if (!this.extending) this.choose(null, null);
  }

  choose(anchor, end) {
    this.anchor = anchor;
    this.end = end;
    const box = this.box();
    this.rows().forEach((cells, row) => cells.forEach((cell, column) => {
      cell.classList.toggle("picked", Boolean(box) && row >= box.top && row <= box.bottom && column >= box.left && column <= box.right);
    }));
  }

  box() {
    if (!this.anchor || !this.end || (this.anchor[0] === this.end[0] && this.anchor[1] === this.end[1])) return null;
    const [a, b] = [this.anchor, this.end];
    return { top: Math.min(a[0], b[0]), bottom: Math.max(a[0], b[0]), left: Math.min(a[1], b[1]), right: Math.max(a[1], b[1]) };
  }

  press(event) {
    const at = this.where(event.target);
    if (!at || event.button !== 0) return;
    if (event.shiftKey && this.where(document.activeElement)) {
      event.preventDefault();
      this.choose(this.anchor || this.where(document.activeElement), at);
      return;
    }
    this.pressed = true;
    this.choose(at, null);
  }

  drag(event) {
    if (!this.pressed || !this.anchor) return;
    const at = this.where(event.target);
    if (at) this.choose(this.anchor, at);
  }

  /** The nearest cell in that direction in which one can type. */
  next([row, column], [down, right]) {
    const rows = this.rows();
    let at = [row + down, column + right];
    while (rows[at[0]] && rows[at[0]][at[1]]) {
      const input = field(rows[at[0]][at[1]]);
      if (input && !input.disabled && !rows[at[0]][at[1]].classList.contains("closed")) return at;
      at = [at[0] + down, at[1] + right];
    }
    return null;
  }

  key(event) {
    const input = event.target, at = this.where(input);
    if (!at || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" && input.matches("input, select")) {
      event.preventDefault();
      this.go(this.next(at, [event.shiftKey ? -1 : 1, 0]));
    } else if (ARROWS[event.key]) this.arrow(event, input, at);
    else if ((event.key === "Delete" || event.key === "Backspace") && this.box()) {
      event.preventDefault();
      this.each((cell) => write(cell, ""));
    } else if (event.key === "Escape") this.choose(null, null);
  }

  arrow(event, input, at) {
    const step = ARROWS[event.key];
    if (event.shiftKey) {
      const from = this.end || at, rows = this.rows();
      const to = [from[0] + step[0], from[1] + step[1]];
      if (!rows[to[0]] || !rows[to[0]][to[1]] || (step[1] && !this.box() && !this.edge(input, step[1]))) return;
      event.preventDefault();
      this.choose(this.anchor || at, to);
      return;
    }
    if (input.tagName === "SELECT" && step[0]) return;
    if (step[1] && !this.edge(input, step[1])) return;
    const to = this.next(at, step);
    if (to) {
      event.preventDefault();
      this.go(to);
    }
  }

  /** Is the caret where an arrow would leave the cell? */
  edge(input, right) {
    if (input.selectionStart === null || input.selectionStart === undefined) return true;
    const all = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    return all || (input.selectionStart === input.selectionEnd && input.selectionEnd === (right > 0 ? input.value.length : 0));
  }

  go(at) {
    const input = at && field(this.cell(at));
    if (!input) return;
    this.choose(null, null);
    input.focus();
    if (input.select) input.select();
  }

  each(act) {
    const box = this.box();
    this.rows().slice(box.top, box.bottom + 1).forEach((cells) => cells.slice(box.left, box.right + 1).forEach(act));
  }

  copy(event, cut = false) {
    const box = this.box();
    if (!box || !event.clipboardData) return;
    const lines = this.rows().slice(box.top, box.bottom + 1).map((cells) => cells.slice(box.left, box.right + 1).map(typed).join("\t"));
    event.clipboardData.setData("text/plain", lines.join("\n"));
    event.preventDefault();
    if (cut) this.each((cell) => write(cell, ""));
  }

  /** What of a pasted block has found no place. */
  say(lost) {
    if (!this.told) {
      this.told = document.createElement("p");
      this.told.className = "q-warning";
      this.told.setAttribute("role", "status");
      this.table.parentElement.after(this.told);
    }
    this.told.hidden = !lost;
    this.told.textContent = lost ? this.words.pasted.replace("%(n)s", lost) : "";
  }

  paste(event) {
    const text = event.clipboardData && event.clipboardData.getData("text/plain");
    const at = this.where(event.target);
    if (!text || !at || !/[\t\n]/.test(text.replace(/\r?\n$/, ""))) return;
    event.preventDefault();
    const box = this.box(), start = box ? [box.top, box.left] : at, rows = this.rows(), given = block(text);
    let lost = 0;
    given.forEach((cells, down) => cells.forEach((value, right) => {
      const cell = (rows[start[0] + down] || [])[start[1] + right];
      if (value.trim() && !(cell && write(cell, value))) lost += 1;
      else if (cell && !value.trim()) write(cell, value);
    }));
    this.say(lost);
    this.choose(start, [Math.min(start[0] + given.length, rows.length) - 1, Math.min(start[1] + given[0].length, rows[0].length) - 1]);
  }
}

export function grids(within, words) {
  within.querySelectorAll("table[data-grid]").forEach((table) => new Grid(table, words));
  within.querySelectorAll(".grid-hint").forEach((hint) => { hint.hidden = false; });
}
