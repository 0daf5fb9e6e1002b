// The reading pane: the pages' pictures follow the text and the text follows them; a fact is lit on both; a copied
// passage is the canonical text, sign for sign; keys go to the next document and change the view.
(function () {
  "use strict";

  const text = document.getElementById("text");
  const scans = document.getElementById("scans");
  const wide = window.matchMedia("(min-width: 861px)");

  function inStep() {
    return Boolean(text && scans && wide.matches && scans.scrollHeight > scans.clientHeight);
  }

  // Places that stand on both sides, as pairs of heights in the text and in the column of pictures.
  let pairs = null;

  function place(textElement, imageElement) {
    const base = scans.getBoundingClientRect().top - scans.scrollTop;
    return [
      textElement.getBoundingClientRect().top + window.scrollY,
      imageElement.getBoundingClientRect().top - base,
    ];
  }

  function measured() {
    if (pairs) return pairs;
    const found = [];
    for (const page of scans.querySelectorAll(".scan")) {
      const begin = document.getElementById("p-" + page.id.slice(2));
      if (begin) found.push(place(begin, page.querySelector(".scan-page")));
    }
    for (const box of scans.querySelectorAll(".bx[id]")) {
      const mark = document.getElementById("f-" + box.id.slice(2));
      if (mark && mark.nextElementSibling) found.push(place(mark.nextElementSibling, box));
    }
    const bottom = text.getBoundingClientRect().bottom + window.scrollY;
    found.push([bottom, scans.scrollHeight]);
    found.sort((one, other) => one[0] - other[0]);
    pairs = found.filter((pair, number) => number === 0 || pair[1] >= Math.max(...found.slice(0, number).map((p) => p[1])) - 1);
    return pairs;
  }

  function across(value, from, to) {
    const list = measured();
    let before = list[0];
    let after = list[list.length - 1];
    for (const pair of list) {
      if (pair[from] <= value) before = pair;
      if (pair[from] > value) {
        after = pair;
        break;
      }
    }
    const length = after[from] - before[from];
    const share = length > 0 ? Math.min(Math.max((value - before[from]) / length, 0), 1) : 0;
    return before[to] + share * (after[to] - before[to]);
  }

  let driver = "text";
  const EYE = 0.35; // the height of the window at which both sides agree

  function followText() {
    if (!inStep() || driver !== "text") return;
    scans.scrollTop = across(window.scrollY + window.innerHeight * EYE, 0, 1) - scans.clientHeight * EYE;
  }

  function followImage() {
    if (!inStep() || driver !== "image") return;
    window.scrollTo({ top: across(scans.scrollTop + scans.clientHeight * EYE, 1, 0) - window.innerHeight * EYE });
  }

  function step() {
    if (!text || !scans) return;
    const drives = (event) => {
      driver = scans.contains(event.target) ? "image" : "text";
    };
    for (const kind of ["wheel", "touchstart", "pointerdown", "focusin"]) {
      document.addEventListener(kind, drives, { passive: true });
    }
    document.addEventListener("keydown", () => {
      driver = scans.contains(document.activeElement) ? "image" : "text";
    });
    window.addEventListener("scroll", () => window.requestAnimationFrame(followText), { passive: true });
    scans.addEventListener("scroll", () => window.requestAnimationFrame(followImage), { passive: true });
    window.addEventListener("resize", () => {
      pairs = null;
      followText();
    });
    followText();
  }

  function boxesOf(fact) {
    return scans ? scans.querySelectorAll('.bx[data-f="' + CSS.escape(fact) + '"]') : [];
  }

  function lit() {
    if (!scans) return;
    for (const box of scans.querySelectorAll(".bx.lit")) box.classList.remove("lit");
    let id = "";
    try {
      id = decodeURIComponent(window.location.hash.slice(1));
    } catch (_) {
      return;
    }
    if (/^i-/.test(id) && inStep()) {
      driver = "none"; // the browser has put the picture in its place, and here its text follows
      scans.scrollTop = document.getElementById(id) ? document.getElementById(id).offsetTop - scans.offsetTop : 0;
      window.scrollTo({ top: across(scans.scrollTop + 1, 1, 0) - window.innerHeight * 0.1 });
    }
    if (/^[ps]-/.test(id)) {
      driver = "text";
      followText();
    }
    if (!/^[bcf]-/.test(id)) return;
    const fact = id.slice(2);
    let boxes = boxesOf(fact);
    if (!boxes.length) boxes = boxesOf(fact + "-0");
    for (const box of boxes) box.classList.add("lit");
    if (id[0] === "b" && text) {
      const mark = text.querySelector('a.m[data-f~="' + CSS.escape(fact) + '"]');
      driver = "image";
      if (mark) {
        for (const piece of text.querySelectorAll('a.m[data-f~="' + CSS.escape(fact) + '"]')) piece.classList.add("lit");
        mark.scrollIntoView({ block: "center" });
      }
    }
    if (boxes.length && wide.matches && text) {
      driver = "none"; // both sides are put in place by hand
      const base = scans.getBoundingClientRect().top - scans.scrollTop;
      scans.scrollTop = boxes[0].getBoundingClientRect().top - base - scans.clientHeight * EYE;
    }
  }

  // The kinds that are switched off in the text are switched off on the pictures.
  function kinds() {
    if (!scans) return;
    for (const box of document.querySelectorAll(".legend input[data-kind]")) {
      const turn = () => scans.classList.toggle("no-" + box.dataset.kind, !box.checked);
      box.addEventListener("change", turn);
      turn();
    }
  }

  function copying() {
    if (!text) return;
    document.addEventListener("copy", (event) => {
      const chosen = window.getSelection();
      if (!chosen || !chosen.rangeCount || !event.clipboardData) return;
      const range = chosen.getRangeAt(0);
      if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return;
      event.clipboardData.setData("text/plain", range.cloneContents().textContent);
      event.preventDefault();
    });
  }

  function keys() {
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
      let link = null;
      if (event.key === "j") link = document.querySelector('.beside a[rel="next"]');
      if (event.key === "k") link = document.querySelector('.beside a[rel="prev"]');
      if (event.key === "v") {
        const views = Array.from(document.querySelectorAll(".view-switch a"));
        const at = views.findIndex((view) => view.hasAttribute("aria-current"));
        link = views.length ? views[(at + 1) % views.length] : null;
      }
      if (link) link.click();
    });
  }

  // Beside wide panes there is room for the outline.
  function outline() {
    const part = document.querySelector(".doc-pages > .outline > details");
    if (part && window.matchMedia("(min-width: 1600px)").matches) part.open = true;
  }

  outline();
  kinds();
  copying();
  keys();
  step();
  lit();
  window.addEventListener("hashchange", lit);
})();
