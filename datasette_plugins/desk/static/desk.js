// What scripts add to pages that read without them: suggestions while typing, marks switched off and on by kind,
// the card of a fact kept in view, and keys to go from mark to mark.
(function () {
  "use strict";

  function suggestions() {
    const list = document.getElementById("find-list");
    const address = document.body.dataset.suggest;
    if (!list || !address) return;
    let waiting = 0;
    let last = "";
    function ask(text) {
      if (text === last || text.length < 2) return;
      last = text;
      fetch(address + "?q=" + encodeURIComponent(text), { credentials: "same-origin" })
        .then((answer) => (answer.ok ? answer.json() : []))
        .then((found) => {
          list.replaceChildren(...found.map((item) => Object.assign(document.createElement("option"), { value: item })));
        })
        .catch(() => {});
    }
    for (const input of document.querySelectorAll('input[list="find-list"]')) {
      input.addEventListener("input", () => {
        window.clearTimeout(waiting);
        waiting = window.setTimeout(() => ask(input.value.trim()), 180);
      });
    }
  }

  function kinds() {
    const text = document.getElementById("text");
    if (!text) return;
    for (const box of document.querySelectorAll(".legend input[data-kind]")) {
      const turn = () => text.classList.toggle("off-" + box.dataset.kind, !box.checked);
      box.addEventListener("change", turn);
      turn();
    }
  }

  function marksOf(fact) {
    return document.querySelectorAll('#text a.m[data-f~="' + CSS.escape(fact) + '"]');
  }

  function lit() {
    for (const mark of document.querySelectorAll("a.m.lit")) mark.classList.remove("lit");
    let id = "";
    try {
      id = decodeURIComponent(window.location.hash.slice(1));
    } catch (_) {
      return;
    }
    if (!/^[cf]-/.test(id)) return;
    const fact = id.slice(2);
    let marks = marksOf(fact);
    if (!marks.length) marks = marksOf(fact + "-0");
    for (const mark of marks) mark.classList.add("lit");
    if (id[0] === "f") {
      const card = document.getElementById("c-" + fact) || document.getElementById("c-" + fact.replace(/-\d+$/, ""));
      const rail = card && card.closest(".facts");
      if (rail && rail.scrollHeight > rail.clientHeight) rail.scrollTop = card.offsetTop - rail.offsetTop - 60;
      if (card) card.classList.add("lit");
    }
    for (const card of document.querySelectorAll(".card.lit")) {
      if (!marks.length || (card.id !== "c-" + fact && card.id !== "c-" + fact.replace(/-\d+$/, ""))) {
        card.classList.remove("lit");
      }
    }
  }

  function keys() {
    const text = document.getElementById("text");
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
      if (event.key === "/") {
        const field = [...document.querySelectorAll('input[type="search"]')].find((input) => input.offsetParent);
        if (field) field.focus();
        if (field) event.preventDefault();
        return;
      }
      if (event.key !== "n" && event.key !== "p") return;
      if (!text) {
        const link = document.querySelector(event.key === "n" ? 'a[rel="next"]' : 'a[rel="prev"]');
        if (link) link.click();
        return;
      }
      const hits = Array.from(text.querySelectorAll("a.m-hit"));
      const marks = hits.length ? hits : Array.from(text.querySelectorAll("a.m:not(.m-header)"));
      if (!marks.length) return;
      const at = marks.indexOf(document.activeElement);
      const next = event.key === "n" ? at + 1 : at < 0 ? marks.length - 1 : at - 1;
      const mark = marks[(next + marks.length) % marks.length];
      mark.focus();
      mark.scrollIntoView({ block: "center" });
      event.preventDefault();
    });
  }

  function graph() {
    const svg = document.querySelector(".graph-svg");
    if (!svg) return;
    function show(id) {
      svg.classList.toggle("picked", Boolean(id));
      for (const curve of svg.querySelectorAll(".curve")) {
        curve.classList.toggle("on", Boolean(id) && (curve.dataset.s === id || curve.dataset.t === id));
      }
    }
    for (const dot of svg.querySelectorAll(".dot")) {
      dot.addEventListener("mouseenter", () => show(dot.dataset.n));
      dot.addEventListener("focus", () => show(dot.dataset.n));
      dot.addEventListener("mouseleave", () => show(""));
      dot.addEventListener("blur", () => show(""));
    }
  }

  function narrow() {
    if (!window.matchMedia("(max-width: 860px)").matches) return;
    for (const part of document.querySelectorAll("details.narrowing, .outline > details")) {
      if (!part.querySelector("a.on")) part.open = false;
    }
    const here = document.querySelector(".menu [aria-current]");
    if (here) here.closest(".menu").scrollLeft = here.offsetLeft - 60;
    const root = document.querySelector(".chain-svg .node-root rect");
    const frame = root && root.closest(".scroll");
    if (frame) {
      const box = root.getBoundingClientRect();
      const left = frame.getBoundingClientRect().left;
      frame.scrollLeft += box.left + box.width / 2 - left - frame.clientWidth / 2;
    }
  }

  // A printed page says where its document came from.
  window.addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details.origin")) part.open = true;
  });

  suggestions();
  narrow();
  kinds();
  keys();
  graph();
  lit();
  window.addEventListener("hashchange", lit);
})();
