// What this tab looks at. The address holds it, so that it can be kept, reopened and shared; the
// cycle changes what is ready on the page and needs no answer from the server.
"use strict";
(() => {
  const KEYS = ["run", "profile", "readout", "arm"];
  const view = {};
  const asked = new URLSearchParams(location.search);
  for (const key of KEYS) view[key] = asked.get(key) || "";
  let cycle = /^\d{1,4}$/.test(asked.get("cycle") || "") ? Number(asked.get("cycle")) : null;
  let timer = null;

  function tell() {
    const words = new URLSearchParams();
    for (const key of KEYS) if (view[key]) words.set(key, view[key]);
    if (cycle !== null && view.run) words.set("cycle", String(cycle));
    const text = words.toString();
    history.replaceState(null, "", text ? `?${text}` : location.pathname);
  }

  function look(change) {
    stop(); // what is played is about to go
    if ("run" in change && change.run !== view.run) {
      Object.assign(view, { profile: "", arm: "" });
      cycle = null;
    }
    Object.assign(view, change);
    tell();
    Shiny.setInputValue("view", { ...view });
  }

  function show() {
    const slider = document.getElementById("cycle");
    if (!slider) return;
    const last = Number(slider.max);
    const now = cycle === null ? Number(slider.dataset.first) : Math.min(cycle, last);
    slider.value = String(now);
    const month = Math.round(now * Number(slider.dataset.months) * 100) / 100;
    const words = `${now} (month ${month})`;
    document.getElementById("cycle-words").textContent = words;
    slider.setAttribute("aria-valuetext", `cycle ${words}`);
    for (const holder of document.querySelectorAll("[data-frames]")) {
      holder.frames ??= JSON.parse(holder.dataset.frames);
      for (const [id, attribute, values] of holder.frames) {
        const element = document.getElementById(id);
        if (!element) continue;
        if (attribute === "text") element.textContent = values[now];
        else element.setAttribute(attribute, values[now]);
      }
    }
    document.dispatchEvent(new Event("cycle-shown"));
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    const play = document.getElementById("play");
    if (!play) return;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  }

  function start(play) {
    const last = Number(document.getElementById("cycle").max);
    if (cycle === null) cycle = Number(document.getElementById("cycle").value);
    if (cycle >= last) { cycle = 0; show(); }
    play.textContent = "Pause";
    play.setAttribute("aria-pressed", "true");
    timer = setInterval(() => {
      cycle += 1;
      show();
      if (cycle >= last) { stop(); tell(); }
    }, 300);
  }

  document.addEventListener("input", (event) => {
    if (event.target.id !== "cycle") return;
    stop();
    cycle = Number(event.target.value);
    show();
    tell();
  });
  document.addEventListener("change", (event) => {
    const key = event.target.dataset.view;
    if (key) look({ [key]: event.target.value });
  });
  document.addEventListener("click", (event) => {
    const send = event.target.closest("[data-send]");
    if (send) Shiny.setInputValue(send.dataset.send, { run: view.run }, { priority: "event" });
    const play = event.target.closest("#play");
    if (play) timer === null ? start(play) : (stop(), tell());
  });

  // A part that is written anew must not take the keyboard's place with it.
  const result = document.getElementById("result");
  let place = null;
  const placeOf = (element) => (element.dataset.view ? `[data-view="${element.dataset.view}"]`
    : element.dataset.send ? `[data-send="${element.dataset.send}"]` : element.id ? `#${element.id}` : null);
  document.addEventListener("focusin", (event) => {
    place = result.contains(event.target) && event.target !== result ? placeOf(event.target) : null;
  });
  document.addEventListener("pointerdown", (event) => {
    if (place && !event.target.closest(place)) place = null;
  });

  const watch = new MutationObserver((changes) => {
    const added = changes.flatMap((change) => [...change.addedNodes]).filter((node) => node.querySelector);
    if (added.some((node) => node.querySelector("#play"))) stop(); // a new course does not play
    if (place && document.activeElement === document.body) document.querySelector(place)?.focus({ preventScroll: true });
    if (added.some((node) => node.matches("[data-frames]") || node.querySelector("[data-frames], #cycle"))) show();
  });
  watch.observe(result, { childList: true, subtree: true });

  $(document).on("shiny:connected", () => {
    Shiny.addCustomMessageHandler("open-run", ({ run }) => {
      look({ run });
      document.getElementById("result").focus({ preventScroll: true });
      document.getElementById("result-title").scrollIntoView({ block: "nearest" });
    });
    look({});
  });
  $(document).on("shiny:disconnected", () => {
    document.getElementById("status").textContent =
      "The explorer has ended or cannot be reached. Start it again and reload this page.";
  });
})();
