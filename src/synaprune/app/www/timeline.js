// Arms on a timeline: a button for every cycle and drug. Arrow keys move, space ticks a dose.
"use strict";
(() => {
  const form = document.getElementById("ask");
  const start = JSON.parse(form.dataset.start);
  const list = document.getElementById("arms");

  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  const arms = () => [...list.querySelectorAll(".arm")];
  const nameOf = (arm) => arm.querySelector(".arm-name").value;
  const ticked = (row) => [...row.querySelectorAll("[aria-pressed=true]")].map((b) => Number(b.value));

  function dosesOf(arm) {
    const rows = [...arm.querySelectorAll(".doses")].map((row) => [row.dataset.drug, ticked(row)]);
    return Object.fromEntries(rows.filter(([, days]) => days.length));
  }

  const key = (doses) => JSON.stringify(Object.entries(doses).map(([d, c]) => [d, [...c].sort((a, b) => a - b)]).sort());

  function isTreatment(arm, name) {
    return nameOf(arm) === name && key(dosesOf(arm)) === key(start.treatments[name].doses);
  }

  // The months of a cycle where the chosen profiles agree in them; otherwise time is in cycles.
  function months() {
    const chosen = [...form.querySelectorAll("[name=profile]:checked")].map((box) => start.months[box.value]);
    return new Set(chosen).size === 1 ? chosen[0] : null;
  }

  function tellMonths() {
    const length = months();
    for (const note of list.querySelectorAll(".cycle-length")) note.textContent = length === null ? "" : `; a cycle is ${length} months`;
    for (const dose of list.querySelectorAll(".dose")) {
      const month = length === null ? "" : `, month ${Math.round(dose.value * length * 100) / 100}`;
      dose.setAttribute("aria-label", `${dose.dataset.title}, cycle ${dose.value}${month}`);
    }
  }

  function refresh() {
    tellMonths();
    for (const arm of arms()) {
      const counts = Object.entries(dosesOf(arm)).map(([drug, days]) => {
        const title = start.drugs.find((one) => one.name === drug).title;
        return `${title} × ${days.length}`;
      });
      const name = nameOf(arm);
      const known = name in start.treatments && isTreatment(arm, name);
      arm.querySelector(".summary-name").textContent = known ? start.treatments[name].title : name || "(no name)";
      arm.querySelector(".summary-doses").textContent = counts.join(", ") || "no drug";
    }
    for (const chip of form.querySelectorAll("[data-treatment]")) {
      const there = arms().some((arm) => isTreatment(arm, chip.dataset.treatment));
      chip.setAttribute("aria-pressed", String(there));
    }
    form.dispatchEvent(new Event("arms-changed"));
  }

  function doses(drug, days) {
    const row = make("div", { class: "doses", role: "group", "aria-label": `Doses of ${drug.title}` });
    row.dataset.drug = drug.name;
    for (let cycle = 0; cycle < start.cycles; cycle += 1) {
      row.append(make("button", {
        type: "button", class: "dose", value: cycle, tabindex: cycle ? -1 : 0,
        "aria-pressed": String(days.includes(cycle)), "data-title": drug.title,
      }, String(cycle)));
    }
    return row;
  }

  function add(name, given, open) {
    const arm = make("details", { class: "arm" });
    arm.open = open;
    const field = make("input", { type: "text", class: "arm-name", value: name, spellcheck: "false" });
    const rows = start.drugs.map((drug) => make("div", { class: "drug" },
      make("div", { class: "drug-head" }, make("span", {}, drug.title),
        make("button", { type: "button", class: "chip plain clear", "aria-label": `Clear ${drug.title}` }, "Clear")),
      doses(drug, given[drug.name] || [])));
    arm.append(
      make("summary", {}, make("span", { class: "summary-name" }), " ", make("span", { class: "about summary-doses" })),
      make("div", { class: "row" }, make("label", {}, "Name ", field),
        make("button", { type: "button", class: "chip plain remove" }, "Remove arm")),
      make("p", { class: "about" }, "Click a cycle to give a dose", make("span", { class: "cycle-length" }), "."),
      ...rows);
    list.append(arm);
    if (open) field.focus();
    return arm;
  }

  function freeName() {
    const taken = new Set(arms().map(nameOf));
    let name = "my_arm";
    for (let count = 2; taken.has(name); count += 1) name = `my_arm_${count}`;
    return name;
  }

  function toggleTreatment(name, always) {
    const there = arms().find((arm) => isTreatment(arm, name));
    if (there && !always) there.remove();
    if (!there) {
      arms().filter((arm) => nameOf(arm) === name).forEach((arm) => arm.remove());
      add(name, start.treatments[name].doses, false);
    }
  }

  function press(target) {
    const dose = target.closest(".dose");
    const arm = target.closest(".arm");
    const chip = target.closest("[data-treatment]");
    if (dose) {
      const on = dose.getAttribute("aria-pressed") !== "true";
      dose.setAttribute("aria-pressed", String(on));
      rove(dose);
    } else if (chip) toggleTreatment(chip.dataset.treatment, false);
    else if (target.id === "all-treatments") Object.keys(start.treatments).forEach((name) => toggleTreatment(name, true));
    else if (target.id === "own-arm") add(freeName(), {}, true);
    else if (target.closest(".remove")) { arm.remove(); document.getElementById("own-arm").focus(); }
    else if (target.closest(".clear")) {
      target.closest(".drug").querySelectorAll(".dose").forEach((b) => b.setAttribute("aria-pressed", "false"));
    } else return;
    refresh();
  }

  function rove(dose) {
    for (const one of dose.parentElement.children) one.tabIndex = one === dose ? 0 : -1;
  }

  const STEPS = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 10, ArrowUp: -10, Home: -Infinity, End: Infinity };
  form.addEventListener("keydown", (event) => {
    const dose = event.target.closest(".dose");
    if (!dose || !(event.key in STEPS)) return;
    event.preventDefault();
    const buttons = [...dose.parentElement.children];
    const place = Math.max(0, Math.min(buttons.length - 1, buttons.indexOf(dose) + STEPS[event.key]));
    rove(buttons[place]);
    buttons[place].focus();
  });
  form.addEventListener("click", (event) => press(event.target));
  form.addEventListener("input", (event) => { if (event.target.matches(".arm-name")) refresh(); });
  form.addEventListener("change", (event) => { if (event.target.matches("[name=profile]")) tellMonths(); });
  form.arms = () => arms().map((arm) => ({ name: nameOf(arm), doses: dosesOf(arm) }));
  start.arms.forEach((arm) => add(arm.name, arm.doses, false));
  refresh();
})();
