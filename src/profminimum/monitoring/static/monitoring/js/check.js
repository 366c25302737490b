/* The check by keyboard: j k next and previous answer, n p differences, a accept, r return, e remark, ? the keys.
   Russian letters of the same keys do the same; everything works by mouse, and without this file. */
(function () {
  "use strict";
  var SAME = { "о": "j", "л": "k", "т": "n", "з": "p", "ф": "a", "к": "r", "у": "e" };
  var dialog = document.getElementById("check-keys");
  var hint = document.querySelector("[data-keys-hint]");
  var footer = document.querySelector("[data-keys]");
  if (footer) { footer.hidden = true; }
  if (hint && dialog && dialog.showModal) {
    hint.hidden = false;
    hint.querySelector("button").addEventListener("click", function () { dialog.showModal(); });
  }

  function typing(target) { return target.closest && target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]"); }
  function go(name) {
    var link = document.querySelector("a[data-go=" + name + "]");
    if (link) { link.click(); }
  }
  function lines() { return Array.prototype.slice.call(document.querySelectorAll("tbody.line")); }
  function current() {
    var here = document.activeElement && document.activeElement.closest("tbody.line");
    if (here) { return here; }
    var top = 120;
    return lines().find(function (line) { return line.getBoundingClientRect().bottom > top; }) || null;
  }
  function show(line) {
    line.focus({ preventScroll: true });
    line.scrollIntoView({ block: "center" });
  }
  function difference(step) {
    var found = lines().filter(function (line) { return line.hasAttribute("data-differs"); });
    if (!found.length) { return; }
    var focused = document.activeElement && document.activeElement.closest("tbody.line");
    var at = focused ? found.indexOf(focused) : -1;
    if (focused && at < 0) {
      at = found.findIndex(function (line) { return focused.compareDocumentPosition(line) & Node.DOCUMENT_POSITION_FOLLOWING; });
      at = step > 0 ? (at < 0 ? found.length - 1 : at - 1) : (at < 0 ? found.length : at);
    }
    show(found[Math.max(0, Math.min(found.length - 1, at + step))]);
  }
  function accept() {
    var button = document.querySelector("button[data-go=accept]");
    if (!button) { return; }
    if (document.activeElement === button) { button.click(); return; }
    button.focus();
  }
  function back() {
    var fold = document.querySelector("details[data-go=return]");
    if (!fold) { return; }
    fold.open = true;
    fold.querySelector("textarea").focus();
  }
  function remark() {
    var line = current();
    var pen = line && line.querySelector("[data-go=remark]");
    if (pen) { pen.click(); }
  }
  var DOES = {
    j: function () { go("next"); },
    k: function () { go("previous"); },
    n: function () { difference(1); },
    p: function () { difference(-1); },
    a: accept,
    r: back,
    e: remark,
    "?": function () { if (dialog && dialog.showModal) { dialog.open ? dialog.close() : dialog.showModal(); } }
  };
  /* before the keys of all pages, which would walk the rows of tables */
  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) {
      event.preventDefault();
      var button = event.target.form.querySelector("button:not([type=button])");
      event.target.form.requestSubmit(button || undefined);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) { return; }
    if (dialog && dialog.open && event.key !== "?") { return; }
    var does = DOES[SAME[event.key] || event.key];
    if (!does) { return; }
    event.preventDefault();
    event.stopPropagation();
    does();
  }, true);
  /* the form for a remark that has just come takes the cursor */
  document.addEventListener("htmx:afterSettle", function (event) {
    var within = event.target.closest ? event.target : document;
    var field = within.querySelector && within.querySelector(".remark-form textarea");
    if (field) { field.focus(); return; }
    if (within.matches && within.matches("tbody.line")) { within.focus({ preventScroll: true }); }
  });
})();
