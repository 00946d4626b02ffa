// Orders by keys and by hand: rows of the list, cards of the board. Everything it does can be done without it.
"use strict";
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const isTyping = (element) => element.closest("input, select, textarea, [contenteditable], summary") !== null;
  const area = () => $("#board > .board");
  let drawn = null, held = "";

  // Cards: one is current; arrows go, Shift with an arrow moves the order.
  const cards = (column) => $$(".card", column);
  const current = () => held && document.getElementById(held);
  function choose(card) {
    $$(".card.on").forEach((other) => other.classList.remove("on"));
    held = card?.id ?? "";
    if (!card) return;
    card.classList.add("on");
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
    $("a", card).focus({ preventScroll: true });
  }
  function beside(card, step) {
    const columns = $$(".column", area()), place = columns.indexOf(card.closest(".column"));
    for (let at = place + step; columns[at]; at += step) {
      const found = cards(columns[at]);
      if (found.length) return found[Math.min(cards(columns[place]).indexOf(card), found.length - 1)];
    }
    return card;
  }
  function go(key) {
    const card = current();
    if (!card) return choose($(".card", area()));
    const column = cards(card.closest(".column")), place = column.indexOf(card);
    if (key === "ArrowDown") choose(column[Math.min(place + 1, column.length - 1)]);
    else if (key === "ArrowUp") choose(column[Math.max(place - 1, 0)]);
    else choose(beside(card, key === "ArrowRight" ? 1 : -1));
  }

  // The form of a move stands once for each centre; every card that may go gets its own copy.
  function dress() {
    $$(".card[data-centre]", area() ?? document).forEach((card) => {
      const ways = $(`template[data-ways="${card.dataset.centre}"]`);
      if (!ways || $("form[data-move]", card)) return;
      const form = ways.content.firstElementChild.cloneNode(true), select = $("select", form);
      const here = card.closest(".column").dataset.stage;
      form.action = `${area().dataset.url}${card.dataset.number}/`;
      form.elements.seen.value = here;
      select.setAttribute("aria-label", select.getAttribute("aria-label").replace("#", card.dataset.number));
      $$("option", select).forEach((option) => option.value === here && option.remove());
      $(".foot", card).append(form);
    });
  }
  document.addEventListener("htmx:afterSwap", dress);
  dress();

  // A move is the card's own form, sent by htmx: the answer is the board as it is now, with what went wrong.
  function move(card, column) {
    if (column.dataset.stage === card.closest(".column").dataset.stage) return;
    if ("told" in column.dataset) { location.assign(card.dataset.toldUrl); return; }
    const form = $("form[data-move]", card);
    if (!form) return;
    const values = Object.fromEntries(new FormData(form));
    htmx.ajax("POST", form.action, { target: "#board", swap: "innerHTML", values: { ...values, to: column.dataset.stage } });
  }
  function push(card, step) {
    const columns = $$(".column", area());
    const next = columns[columns.indexOf(card.closest(".column")) + step];
    if (next) move(card, next);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || $("dialog[open]")) return;
    if (area() && event.key.startsWith("Arrow") && (current() || event.target.closest(".board"))) {
      event.preventDefault();
      const card = current();
      if (!event.shiftKey) go(event.key);
      else if (card && event.key !== "ArrowUp" && event.key !== "ArrowDown") push(card, event.key === "ArrowRight" ? 1 : -1);
    } else if (document.body.dataset.letterKeys === "on" && (event.code === "KeyJ" || event.code === "KeyK")) {
      const rows = $$("tr[data-row]"), step = event.code === "KeyJ" ? 1 : -1;
      if (area()) { event.preventDefault(); go(step > 0 ? "ArrowDown" : "ArrowUp"); return; }
      if (!rows.length) return;
      event.preventDefault();
      const place = rows.findIndex((row) => row.classList.contains("on"));
      const next = rows[Math.min(Math.max(place + step, 0), rows.length - 1)];
      rows.forEach((row) => row.classList.toggle("on", row === next));
      $(".act a", next).focus();
    }
  });
  document.addEventListener("focusin", (event) => {
    const card = event.target.closest(".card");
    if (card && card.id !== held) { $$(".card.on").forEach((other) => other.classList.remove("on")); held = card.id; card.classList.add("on"); }
  });

  // By hand.
  document.addEventListener("dragstart", (event) => {
    drawn = event.target.closest?.(".card") ?? null;
    if (!drawn) return;
    drawn.classList.add("drawn");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", drawn.dataset.number);
  });
  document.addEventListener("dragover", (event) => {
    const column = drawn && event.target.closest(".column");
    $$(".column.over").forEach((other) => other !== column && other.classList.remove("over"));
    if (column) { event.preventDefault(); column.classList.add("over"); }
  });
  document.addEventListener("drop", (event) => {
    const column = drawn && event.target.closest(".column");
    if (column) { event.preventDefault(); move(drawn, column); }
  });
  document.addEventListener("dragend", () => { drawn?.classList.remove("drawn"); $$(".column.over").forEach((column) => column.classList.remove("over")); drawn = null; });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-move]");
    const column = form && $(`.column[data-stage="${CSS.escape(event.target.value)}"]`);
    if (form && event.target.value) { event.stopPropagation(); if (column) move(form.closest(".card"), column); else form.requestSubmit(); }
  });

  // After a swap: say what happened, keep the card that was current.
  document.addEventListener("htmx:afterSettle", () => {
    $$("#board [data-toast]").forEach((said) => {
      document.dispatchEvent(new CustomEvent("toast", { detail: { text: said.textContent, tone: said.dataset.toast } }));
      said.remove();
    });
    const card = current();
    if (card && !isTyping(document.activeElement ?? document.body)) choose(card);
  });

  // The board looks now and then whether anything happened; the answer is mostly "no".
  setInterval(() => {
    const board = area();
    if (!board || document.hidden || drawn || board.contains(document.activeElement?.closest("select") ?? null) || $("details[open]")) return;
    const query = new URLSearchParams(board.dataset.query);
    query.set("mark", board.dataset.mark);
    htmx.ajax("GET", `${board.dataset.url}?${query}`, { target: "#board", swap: "innerHTML" });
  }, 20000);
})();
