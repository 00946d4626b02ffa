// The menu of a client's card closes by Esc and by a click beside it. Without script it closes where it was opened.
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
})();
