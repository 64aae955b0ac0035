// What is asked: fields are sent as the text that stands in them, and checked by the server.
"use strict";
(() => {
  const form = document.getElementById("ask");
  const constants = [...form.querySelectorAll("[data-constant]")];

  const same = (one, other) => one.trim() === other || (one.trim() !== "" && Number(one) === Number(other));

  // what the study sets acts in every profile, even at the value that is usual in most
  const isChanged = (field) => "fixed" in field.dataset || !same(field.value, field.dataset.usual);

  function mark() {
    let count = 0;
    for (const field of constants) {
      const changed = isChanged(field);
      count += changed;
      field.classList.toggle("changed", changed);
      form.querySelector(`[data-reset="${field.dataset.constant}"]`).hidden = !changed;
    }
    document.getElementById("changed").textContent = count ? `(${count} changed)` : "";
  }

  const counted = (number, what) => `${number} ${what}${number === 1 ? "" : "s"}`;

  function size() {
    const profiles = form.querySelectorAll("[name=profile]:checked").length;
    const arms = document.querySelectorAll("#arms .arm").length;
    const patients = document.getElementById("patients").value.trim();
    const whole = /^\d+$/.test(patients) ? Number(patients) : 0;
    document.getElementById("size").textContent = profiles && arms && whole
      ? `${counted(whole, "patient")} in ${counted(profiles, "profile")} and ${counted(arms, "arm")}: ${counted(whole * profiles * arms, "course")}.`
      : "";
  }

  function reset(field) {
    field.value = field.dataset.usual;
    delete field.dataset.fixed;
  }

  form.addEventListener("input", () => { mark(); size(); });
  form.addEventListener("arms-changed", size);
  form.addEventListener("click", (event) => {
    const one = event.target.closest("[data-reset]");
    if (one) {
      const field = document.getElementById(`constant-${one.dataset.reset}`);
      reset(field);
      field.focus();
    }
    if (event.target.id === "reset-constants") constants.forEach(reset);
    mark();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const changed = constants.filter(isChanged);
    Shiny.setInputValue("ask", {
      name: document.getElementById("name").value,
      patients: document.getElementById("patients").value,
      seed: document.getElementById("seed").value,
      profiles: [...form.querySelectorAll("[name=profile]:checked")].map((box) => box.value),
      arms: form.arms(),
      constants: Object.fromEntries(changed.map((field) => [field.dataset.constant, field.value])),
    }, { priority: "event" });
  });
  mark();
  document.addEventListener("DOMContentLoaded", size);
})();
