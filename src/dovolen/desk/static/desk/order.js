// The order page: forms open over it, photos too; it asks by itself whether anything happened. All of it works without.
"use strict";
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const POLL = 15000, PLACE = "order.scroll";
  const dialog = $("#sheet-dialog"), photos = $("#photo-dialog"), order = $("#order");

  // Forms: a link with data-sheet, or a form with data-sheet-form, is answered in a dialog.
  const open = () => {
    if (!dialog.open) dialog.showModal();
    $("input:not([type=hidden]):not([type=radio]), input:checked, select, textarea, button.btn-primary", $(".body", dialog))?.focus();
  };
  if (dialog) {
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-sheet]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      link.closest("details")?.removeAttribute("open");
      htmx.ajax("GET", link.href, { target: "#sheet", swap: "innerHTML" });
    });
    dialog.addEventListener("click", (event) => { if (event.target.closest("a[data-closes]")) event.preventDefault(); });
    dialog.addEventListener("close", () => { $("#sheet").replaceChildren(); });
    document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target.id === "sheet") open(); });
  }
  document.addEventListener("htmx:configRequest", (event) => { if (event.detail.verb === "post") remember(); });

  // Back on the page after a form: where one was before.
  const remember = () => sessionStorage.setItem(PLACE, JSON.stringify([location.pathname, scrollY]));
  document.addEventListener("submit", (event) => { if (order?.contains(event.target)) remember(); });
  const [path, top] = JSON.parse(sessionStorage.getItem(PLACE) ?? "[]");
  if (path === location.pathname && order && !location.hash) { scrollTo(0, top); sessionStorage.removeItem(PLACE); }
  if (!order) return;

  // Menus close as menus do; tabs of the timeline show which one is chosen.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.dv-more[open]")) if (!menu.contains(event.target)) menu.open = false;
    const tab = event.target.closest(".dv-seg a[hx-get]");
    if (!tab) return;
    $("[aria-current]", tab.parentElement)?.removeAttribute("aria-current");
    tab.setAttribute("aria-current", "true");
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && $("details.dv-more[open]");
    if (menu) { menu.open = false; $("summary", menu).focus(); }
  });

  // Photos: seen where one is.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-photo]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const picture = $("img", photos);
    picture.src = link.href;
    picture.alt = $("img", link).alt;
    $("p", photos).textContent = link.dataset.photo;
    photos.showModal();
  });
  photos.addEventListener("close", () => { $("img", photos).removeAttribute("src"); });

  // Fresh by itself: asked for by its mark, drawn anew only when something happened and nobody is typing.
  const isBusy = () => dialog.open || photos.open || $("details[open]", order) || [...order.querySelectorAll("textarea")].some((field) => field.value);
  let told = false;
  async function look() {
    if (document.hidden) return;
    const etag = `"${$("[data-etag]", order).dataset.etag}"`;
    const answer = await fetch(order.dataset.pulse, { headers: { "If-None-Match": etag }, cache: "no-store" }).catch(() => null);
    if (answer?.status !== 204) return;
    if (!isBusy()) { await htmx.ajax("GET", location.href, { target: "#order", swap: "innerHTML" }); told = false; return; }
    const [latest, shown] = [answer.headers.get("ETag").replaceAll('"', ""), $("[data-etag]", order).dataset.etag].map((mark) => mark.split("-")[0]);
    if (!told && latest !== shown) document.dispatchEvent(new CustomEvent("toast", { detail: { text: order.dataset.changed, tone: "good" } }));
    told = latest !== shown;
  }
  setInterval(look, POLL);
  document.addEventListener("visibilitychange", look);
})();
