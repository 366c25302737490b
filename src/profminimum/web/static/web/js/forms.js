/* Forms: filters send themselves, a file may be dropped, unsaved work is not lost by a slip. */
(function () {
  "use strict";
  /* <form data-autosubmit> or <select data-autosubmit> */
  document.addEventListener("change", function (event) {
    var holder = event.target.closest("[data-autosubmit]");
    if (!holder || event.target.type === "search" || event.target.type === "text") { return; }
    var form = event.target.form;
    if (form) { form.requestSubmit ? form.requestSubmit() : form.submit(); }
  });

  /* an empty field of a filter does not burden the address */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.matches(".filter")) { return; }
    Array.prototype.forEach.call(form.elements, function (field) {
      if (field.name && field.value === "" && !field.disabled) {
        field.disabled = true;
        setTimeout(function () { field.disabled = false; }, 0);
      }
    });
  }, true);

  /* <div data-drop data-max="bytes"><input type=file>…<output class="drop-name"> */
  function size(bytes) {
    var lang = document.documentElement.lang;
    var mb = bytes / 1048576;
    return new Intl.NumberFormat(lang, { maximumFractionDigits: mb < 10 ? 1 : 0 }).format(mb) + "\u00a0" + (lang === "ru" ? "МБ" : "MB");
  }
  function show(drop) {
    var input = drop.querySelector("input[type=file]");
    var out = drop.querySelector(".drop-name");
    var files = Array.prototype.slice.call(input.files);
    var limit = Number(drop.dataset.max);
    var large = files.filter(function (file) { return limit && file.size > limit; });
    drop.classList.toggle("bad", large.length > 0);
    input.setCustomValidity(large.length ? large[0].name + ": " + size(large[0].size) + " > " + size(limit) : "");
    out.textContent = files.map(function (file) { return file.name + ", " + size(file.size); }).join("; ");
    if (large.length) { out.textContent += " > " + size(limit); }
  }
  function prepare(within) {
    within.querySelectorAll("[data-drop] .drop-hint[hidden]").forEach(function (hint) { hint.hidden = false; });
  }
  prepare(document);
  document.addEventListener("htmx:load", function (event) { prepare(event.target); });
  ["dragover", "dragleave", "drop"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      var drop = event.target.closest && event.target.closest("[data-drop]");
      if (!drop) { return; }
      event.preventDefault();
      drop.classList.toggle("over", kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length) {
        drop.querySelector("input[type=file]").files = event.dataTransfer.files;
        drop.querySelector("input[type=file]").dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  });
  document.addEventListener("change", function (event) {
    var drop = event.target.type === "file" && event.target.closest("[data-drop]");
    if (drop) { show(drop); }
  });

  /* <form data-guard>: the browser asks before unsaved changes are left */
  var dirty = false;
  document.addEventListener("input", function (event) {
    if (event.target.closest && event.target.closest("form[data-guard]")) { dirty = true; }
  });
  document.addEventListener("submit", function (event) {
    dirty = false;
    var button = event.submitter;
    if (event.target.method === "post" && button && !event.defaultPrevented) {
      /* a second press of the same button sends nothing twice */
      setTimeout(function () { button.setAttribute("aria-disabled", "true"); }, 0);
      setTimeout(function () { button.removeAttribute("aria-disabled"); }, 5000);
    }
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest && event.target.closest("[aria-disabled=true]")) { event.preventDefault(); }
  });
  window.addEventListener("beforeunload", function (event) { if (dirty) { event.preventDefault(); event.returnValue = ""; } });
})();
