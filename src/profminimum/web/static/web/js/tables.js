/* Rows of a table: choose all with a count, walk with j and k, open with Enter. */
(function () {
  "use strict";
  function boxes(form) { return Array.prototype.slice.call(form.querySelectorAll("tbody input[type=checkbox][name], li input[type=checkbox][name]")); }

  /* <form data-select> with <input data-select-all> and <output data-selected> */
  function count(form) {
    var all = boxes(form);
    var chosen = all.filter(function (box) { return box.checked; }).length;
    var master = form.querySelector("[data-select-all]");
    if (master) {
      master.checked = chosen > 0 && chosen === all.length;
      master.indeterminate = chosen > 0 && chosen < all.length;
    }
    form.querySelectorAll("[data-selected]").forEach(function (out) { out.textContent = String(chosen); });
    form.querySelectorAll("[data-needs-selection]").forEach(function (button) { button.disabled = chosen === 0; });
  }
  document.addEventListener("change", function (event) {
    var form = event.target.closest && event.target.closest("[data-select]");
    if (!form) { return; }
    if (event.target.matches("[data-select-all]")) {
      boxes(form).forEach(function (box) { box.checked = event.target.checked; });
    }
    count(form);
  });
  function start(within) {
    within.querySelectorAll("[data-select]").forEach(count);
  }
  start(document);
  document.addEventListener("htmx:load", function (event) { start(event.target); });

  /* a table that fits its place keeps its heading in sight while the page scrolls */
  function fit() {
    document.querySelectorAll(".table-box").forEach(function (box) {
      var table = box.querySelector("table");
      box.classList.remove("fits");
      box.classList.toggle("fits", Boolean(table) && table.scrollWidth <= box.clientWidth);
    });
  }
  var waiting = 0;
  function fitSoon() { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(fit); }
  fit();
  window.addEventListener("resize", fitSoon);
  window.addEventListener("load", fitSoon);
  document.addEventListener("htmx:afterSettle", fitSoon);

  function typing(target) { return target.closest("input, select, textarea, [contenteditable]"); }
  function rows() {
    return Array.prototype.filter.call(document.querySelectorAll("main tbody tr, .duties .duty"), function (row) { return row.querySelector("a[href]"); });
  }
  var keys = document.querySelector("[data-keys]");
  if (keys && rows().length) { keys.hidden = false; }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) { return; }
    if (event.key === "?") {
      if (keys && !keys.hidden) { keys.open = !keys.open; keys.querySelector("summary").focus(); }
      return;
    }
    var step = { j: 1, k: -1, "о": 1, "л": -1 }[event.key];
    if (!step) { return; }
    var list = rows();
    if (!list.length) { return; }
    var at = list.findIndex(function (row) { return row.classList.contains("current"); });
    var next = list[Math.max(0, Math.min(list.length - 1, at + step))];
    list.forEach(function (row) { row.classList.toggle("current", row === next); });
    next.querySelector("a[href]").focus();
    next.scrollIntoView({ block: "nearest" });
  });
})();
