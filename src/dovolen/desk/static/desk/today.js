// The first screen: rows by J and K, the row's action by Enter, a call by C; it looks again by itself and keeps the row.
"use strict";
(() => {
  const every = 20000;
  const screen = () => document.getElementById("today");
  const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.checkVisibility());
  const current = () => document.querySelector("[data-row].on");
  const isBusy = (target) => target.closest("input, select, textarea, [contenteditable]") || document.querySelector("dialog[open]");

  function choose(row) {
    current()?.classList.remove("on");
    row.classList.add("on");
    (row.querySelector("[data-act]") ?? row.querySelector("a, button"))?.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isBusy(event.target)) return;
    const letters = document.body.dataset.letterKeys === "on";
    const step = (letters && event.code === "KeyJ") || event.key === "ArrowDown" ? 1 : (letters && event.code === "KeyK") || event.key === "ArrowUp" ? -1 : 0;
    const isOutside = event.target === document.body || event.target.id === "main";
    if (step && (letters || !isOutside)) {
      const all = rows(), place = all.indexOf(document.activeElement?.closest("[data-row]") ?? current());
      const next = all[Math.min(all.length - 1, Math.max(0, place + step))];
      if (next) { event.preventDefault(); choose(next); }
    } else if (event.key === "Enter" && isOutside) {
      const act = current()?.querySelector("[data-act]");
      if (act) { event.preventDefault(); act.click(); }
    } else if (letters && event.code === "KeyC") {
      const call = (document.activeElement?.closest("[data-row]") ?? current())?.querySelector("[data-call], a[href^='tel:']");
      if (call) { event.preventDefault(); call.click(); }
    }
  });
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-row]");
    if (row && !row.classList.contains("on")) { current()?.classList.remove("on"); row.classList.add("on"); }
  });

  // Look again: the server says 204 while nothing has changed.
  const placeOf = (element) => element?.closest("#today")?.querySelectorAll("a, button") ? [...screen().querySelectorAll("a, button")].indexOf(element) : -1;
  const nameOf = (element) => element?.getAttribute?.("aria-label") || element?.textContent?.trim() || "";
  async function look() {
    const shown = screen();
    if (!shown || document.hidden || document.querySelector("dialog[open], form[aria-busy=true]")) return;
    const focused = document.activeElement, place = placeOf(focused), name = nameOf(focused);
    await window.htmx?.ajax("GET", location.href, { target: "#today", swap: "outerHTML", headers: { "X-Seen": shown.dataset.stamp } });
    if (place < 0 || document.contains(focused)) return;
    const all = [...screen().querySelectorAll("a, button")];
    (all.find((element) => nameOf(element) === name) ?? all[Math.min(place, all.length - 1)])?.focus({ preventScroll: true });
  }
  setInterval(look, every);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
})();
