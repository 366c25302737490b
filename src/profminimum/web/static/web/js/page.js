/* Small comforts of every page; nothing here is needed to work. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");

  var top = document.querySelector(".top");
  function measure() {
    var stays = top && getComputedStyle(top).position === "sticky";
    root.style.setProperty("--top", (stays ? top.offsetHeight : 0) + "px");
  }
  measure();
  window.addEventListener("resize", measure);
  window.addEventListener("load", measure);

  function reveal(within) {
    within.querySelectorAll("[data-done][hidden], [data-print][hidden]").forEach(function (button) {
      button.hidden = false;
    });
  }
  reveal(document);
  document.addEventListener("htmx:load", function (event) { reveal(event.target); });

  document.addEventListener("click", function (event) {
    var print = event.target.closest("[data-print]");
    if (print) { window.print(); return; }
    var copy = event.target.closest("[data-copy], [data-copy-from]");
    if (copy && navigator.clipboard) {
      navigator.clipboard.writeText(copy.dataset.copy || document.getElementById(copy.dataset.copyFrom).textContent).then(function () {
        var before = copy.innerHTML;
        copy.textContent = copy.dataset.done;
        setTimeout(function () { copy.innerHTML = before; }, 1600);
      });
      return;
    }
    document.querySelectorAll("details[data-menu][open]").forEach(function (menu) {
      if (!menu.contains(event.target)) { menu.open = false; }
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    document.querySelectorAll("details[data-menu][open]").forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  /* what htmx could not send or the server refused is said, and taken back at the next success */
  function trouble(kind) {
    document.querySelectorAll("[data-trouble]").forEach(function (note) {
      note.hidden = note.dataset.trouble.split(" ").indexOf(kind) < 0;
      if (!note.hidden) { note.scrollIntoView({ block: "center" }); }
    });
  }
  ["sendError", "timeout", "responseError"].forEach(function (kind) {
    document.addEventListener("htmx:" + kind, function () { trouble(kind); });
  });
  document.addEventListener("htmx:afterOnLoad", function (event) { if (event.detail.successful) { trouble(""); } });

  /* the summary of errors takes the focus, the current section is seen in the phone's bar */
  var errors = document.querySelector(".alert.errors");
  if (errors) { errors.focus(); }
  document.querySelectorAll(".side, .tabs").forEach(function (bar) {
    var current = bar.querySelector("[aria-current]");
    if (current && bar.scrollWidth > bar.clientWidth) {
      bar.scrollLeft += current.getBoundingClientRect().left - bar.getBoundingClientRect().left - 16;
    }
  });
})();
