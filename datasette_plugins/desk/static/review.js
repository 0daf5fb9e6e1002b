// Keys on the page of a finding that someone may decide on. Everything they do, the forms do without them.
(function () {
  "use strict";

  const STORED = "kehoach-keys";
  const box = document.getElementById("keys");

  function remembered() {
    try {
      return window.localStorage.getItem(STORED) !== "off";
    } catch (_) {
      return true;
    }
  }

  function on() {
    return !box || box.checked;
  }

  if (box) {
    box.checked = remembered();
    box.addEventListener("change", () => {
      try {
        window.localStorage.setItem(STORED, box.checked ? "on" : "off");
      } catch (_) {
        // The choice then holds for this page alone.
      }
    });
  }

  function act(target) {
    if (target.tagName === "SUMMARY") {
      target.parentElement.open = true;
      const first = target.parentElement.querySelector("select, input:not([type=hidden])");
      (first || target).focus();
    } else if (target.tagName === "BUTTON") {
      target.click();
    } else {
      target.focus();
      target.scrollIntoView({ block: "nearest" });
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !on()) return;
    if (event.key === "Escape" && event.target.closest && event.target.closest(".panel")) {
      event.target.blur();
      return;
    }
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    const target = document.querySelector('[data-key="' + CSS.escape(event.key.toLowerCase()) + '"]');
    if (!target) return;
    event.preventDefault();
    act(target);
  });

  // A form that is under way is not sent twice.
  for (const form of document.querySelectorAll('form[method="post"]')) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "1";
    });
  }
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
})();
