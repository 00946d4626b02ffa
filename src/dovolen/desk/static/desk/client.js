// The card of a client: its menu closes by Esc and by a click beside it; a conversation is noted in place.
"use strict";
(() => {
  const open = () => document.querySelector(".client-more[open]");
  document.addEventListener("click", (event) => { const menu = open(); if (menu && !menu.contains(event.target)) menu.open = false; });
  document.addEventListener("keydown", (event) => {
    const menu = open();
    if (!menu || event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // The form opens above the timeline and goes without leaving the page; the button that opened it has the focus again.
  const sheet = document.querySelector("#sheet");
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === sheet) sheet.querySelector("[aria-invalid=true], select")?.focus();
  });
  sheet?.addEventListener("click", (event) => {
    if (!event.target.closest("a[data-closes]")) return;
    event.preventDefault();
    sheet.replaceChildren();
    document.querySelector("[hx-target='#sheet']").focus();
  });
})();
