// Values at the points of figures. A mark's accessible name is its value in words; the read-out
// shows the same words beside the mark that is pointed at, or else has the keyboard.
"use strict";
(() => {
  const NEAR = 24; // pixels within which the pointer means a mark
  const STEPS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };

  const marksOf = (plot) => [...plot.querySelectorAll(".mark")];
  const wordsOf = (mark) => mark.getAttribute("aria-label");

  function placesOf(mark) {
    const all = mark.dataset.at.split(" ").map(Number);
    mark.places ??= all.flatMap((x, place) => (place % 2 ? [] : [[x, all[place + 1]]]));
    return mark.places;
  }

  function lay(plot) {
    for (const mark of marksOf(plot)) {
      const [[x, y]] = placesOf(mark);
      Object.assign(mark.style, { left: `${x}%`, top: `${y}%` });
    }
  }

  // Marks are many and are put in place when a figure comes, so that the server sends less.
  new MutationObserver((changes) => {
    for (const node of changes.flatMap((change) => [...change.addedNodes])) {
      if (node.querySelectorAll) node.querySelectorAll(".plot").forEach(lay);
    }
  }).observe(document.getElementById("result"), { childList: true, subtree: true });

  function hide(plot) {
    plot.querySelectorAll(".ring").forEach((ring) => ring.remove());
    const readOut = plot.querySelector(".read-out");
    if (readOut) readOut.replaceChildren();
    plot.shown = null;
  }

  function show(plot, mark, spoken) {
    if (plot.shown === mark && plot.words === wordsOf(mark)) return;
    hide(plot);
    if (!mark) return;
    plot.shown = mark;
    plot.words = wordsOf(mark);
    for (const [x, y] of placesOf(mark)) {
      const ring = document.createElement("i");
      ring.className = "ring";
      Object.assign(ring.style, { left: `${x}%`, top: `${y}%` });
      plot.append(ring);
    }
    const readOut = plot.querySelector(".read-out");
    readOut.setAttribute("aria-live", spoken ? "polite" : "off"); // the name of a focused mark is read anyway
    const [what, ...rest] = wordsOf(mark).split(": ");
    const [title, ...where] = what.split(", ");
    readOut.append(line("strong", title), line("span", where.join(", ")));
    readOut.append(...rest.join(": ").split("; ").map((words) => line("span", words)));
    place(plot);
  }

  function line(tag, words) {
    const element = document.createElement(tag);
    element.textContent = words;
    return element;
  }

  // Above the mark where there is room, within what can be seen of the figure.
  function place(plot) {
    const readOut = plot.querySelector(".read-out");
    const x = plot.shown.offsetLeft;
    const y = plot.shown.offsetTop;
    const seen = plot.parentElement.getBoundingClientRect();
    const start = plot.getBoundingClientRect().left;
    const from = Math.max(0, seen.left - start + 4);
    const to = Math.min(plot.offsetWidth, seen.right - start - 4);
    const right = x + 14 + readOut.offsetWidth <= to;
    const left = right ? x + 14 : Math.max(from, x - 14 - readOut.offsetWidth);
    const above = y - 12 - readOut.offsetHeight;
    const top = above >= 0 ? above : Math.max(0, Math.min(y + 12, plot.offsetHeight - readOut.offsetHeight));
    Object.assign(readOut.style, { left: `${left}px`, top: `${top}px` });
  }

  function nearest(plot, event) {
    const box = plot.getBoundingClientRect();
    let best = null;
    let least = NEAR;
    for (const mark of marksOf(plot)) {
      for (const [x, y] of placesOf(mark)) {
        const far = Math.hypot(box.left + (x * box.width) / 100 - event.clientX, box.top + (y * box.height) / 100 - event.clientY);
        if (far < least) [best, least] = [mark, far];
      }
    }
    return best;
  }

  const focused = (plot) => (document.activeElement.matches(".mark") && plot.contains(document.activeElement) ? document.activeElement : null);

  document.addEventListener("pointermove", (event) => {
    const plot = event.target.closest(".plot");
    for (const other of document.querySelectorAll(".plot")) {
      if (other !== plot && other.shown && !focused(other)) hide(other);
    }
    if (plot) show(plot, nearest(plot, event) || focused(plot), true);
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.matches(".mark")) show(event.target.closest(".plot"), event.target, false);
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.matches(".mark")) hide(event.target.closest(".plot"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.querySelectorAll(".plot").forEach(hide);
    const mark = event.target.closest(".mark");
    if (!mark) return;
    const plot = mark.closest(".plot");
    const row = marksOf(plot).filter((one) => one.dataset.row === mark.dataset.row);
    let next = { Home: row[0], End: row[row.length - 1] }[event.key];
    if (event.key in STEPS) {
      const [down, along] = STEPS[event.key];
      next = plot.querySelector(`.mark[data-row="${Number(mark.dataset.row) + down}"][data-column="${Number(mark.dataset.column) + along}"]`) || mark;
    }
    if (!next) return;
    event.preventDefault();
    mark.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
  document.addEventListener("scroll", () => {
    for (const plot of document.querySelectorAll(".plot")) if (plot.shown) place(plot);
  }, true);
  document.addEventListener("cycle-shown", () => {
    for (const plot of document.querySelectorAll(".plot")) if (plot.shown) show(plot, plot.shown, false);
  });
})();
