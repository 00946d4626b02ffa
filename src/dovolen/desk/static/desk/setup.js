// Settings: on a phone the current tab is scrolled into sight; a row that was added is where one types on.
"use strict";
(() => {
  const tab = document.querySelector(".dv-tabs [aria-current]");
  if (tab) tab.parentElement.scrollLeft = tab.offsetLeft - (tab.parentElement.clientWidth - tab.offsetWidth) / 2;
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.requestConfig?.triggeringEvent?.submitter?.value !== "add" && event.detail.requestConfig?.elt?.value !== "add") return;
    const rows = document.querySelectorAll("#rows .one");
    rows[rows.length - 1]?.querySelector("input[type=text]")?.focus();
  });
})();
