// The client's page shows itself anew when something happened, unless he is answering; it works without.
"use strict";
(() => {
  const page = document.getElementById("portal"), POLL = 20000;
  if (!page) return;
  const $ = (selector) => page.querySelector(selector);
  const isBusy = () => Boolean($("input[type=radio]:checked, form[aria-busy]")) || [...page.querySelectorAll("textarea, input:not([type=hidden]):not([type=radio])")].some((field) => field.value || field === document.activeElement);

  async function look() {
    if (document.hidden) return;
    const shown = $("[data-etag]").dataset.etag;
    const answer = await fetch(page.dataset.pulse, { headers: { "If-None-Match": `"${shown}"` }, cache: "no-store" }).catch(() => null);
    if (answer?.status === 404) { location.reload(); return; }
    if (answer?.status !== 204) return;
    const [latest, before] = [answer.headers.get("ETag").replaceAll('"', ""), shown].map((mark) => mark.slice(0, mark.lastIndexOf("-")));
    if (isBusy()) { $(".changed").hidden = latest === before; return; }
    const fresh = await fetch(page.dataset.fresh, { headers: { "HX-Request": "true", "HX-Target": "portal" }, cache: "no-store" }).catch(() => null);
    if (!fresh?.ok || isBusy()) return;
    const text = await fresh.text(), open = [...page.querySelectorAll("details[open][id]")].map((one) => one.id);
    page.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  }
  setInterval(look, POLL);
  document.addEventListener("visibilitychange", look);

  // A form goes off once.
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("aria-busy") === "true") event.preventDefault();
    else event.target.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => page.querySelectorAll("form[aria-busy]").forEach((form) => form.removeAttribute("aria-busy")));
})();
