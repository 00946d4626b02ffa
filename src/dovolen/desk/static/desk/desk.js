// The frame's own behaviour: palette, keys, menu sheet, toasts, copying. Everything it does can be done without it.
"use strict";
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const isTyping = (element) => element.closest("input, select, textarea, [contenteditable]") !== null;

  // Dialogs: a button with data-opens opens one; a click beside it, Esc or data-closes closes it.
  const show = (id) => { const dialog = document.getElementById(id); if (dialog && !dialog.open) dialog.showModal(); return dialog; };
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) { event.preventDefault(); if (show(opener.dataset.opens)?.id === "palette") startPalette(); }
    if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
    if (event.target instanceof HTMLDialogElement) event.target.close();
    const copier = event.target.closest("[data-copies]");
    if (copier) copy(copier);
    if (event.target.closest("[data-dismisses]")) event.target.closest(".dv-toast")?.remove();
    if (event.target.closest("[data-prints]")) print();
  });

  async function copy(button) {
    const source = document.getElementById(button.dataset.copies);
    await navigator.clipboard.writeText(source.value ?? source.innerText.trim());
    toast(button.dataset.done, "good");
  }

  // Palette: pages he may open, narrowed by what is typed; what the base finds stands above them. Chosen by arrows.
  const palette = $("#palette");
  const options = () => $$("[role=option]", palette).filter((option) => !option.hidden);
  function select(option) {
    $$("[aria-selected=true]", palette).forEach((other) => other.setAttribute("aria-selected", "false"));
    const field = $("input", palette);
    if (!option) { field.removeAttribute("aria-activedescendant"); return; }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option.id);
  }
  function narrow() {
    const wanted = $("input", palette).value.trim().toLowerCase().replaceAll("ё", "е");
    for (const option of $$("[role=option]:not([data-found])", palette)) option.hidden = !option.innerText.toLowerCase().replaceAll("ё", "е").includes(wanted);
    counted();
  }
  function counted() {
    $(".none", palette).hidden = options().length > 0;
    $("[role=status]", palette).textContent = String(options().length);
    select(options()[0]);
  }
  let asked = 0, waiting = 0;
  function look() {
    const text = $("input", palette).value.trim(), mine = ++asked;
    clearTimeout(waiting);
    if (!text) { $$("[data-found]", palette).forEach((one) => one.remove()); return; }
    waiting = setTimeout(async () => {
      const answer = await fetch(`${palette.dataset.finds}?q=${encodeURIComponent(text)}`, { headers: { "HX-Request": "true" } }).catch(() => null);
      if (mine !== asked || !answer?.ok) return;
      const page = new DOMParser().parseFromString(`<ul>${await answer.text()}</ul>`, "text/html");
      if (mine !== asked) return;
      $$("[data-found]", palette).forEach((one) => one.remove());
      $("#palette-list").prepend(...$$("[data-found]:not(#found-all)", page));
      $("#palette-list").append(...$$("#found-all", page));
      counted();
    }, 120);
  }
  function startPalette() { const field = $("input", palette); field.value = ""; look(); for (const option of $$("[role=option]", palette)) option.hidden = false; narrow(); field.focus(); }
  if (palette) {
    $("input", palette).addEventListener("input", () => { narrow(); look(); });
    palette.addEventListener("keydown", (event) => {
      const shown = options(), place = shown.findIndex((option) => option.getAttribute("aria-selected") === "true");
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        select(shown[(place + (event.key === "ArrowDown" ? 1 : shown.length - 1)) % shown.length]);
      } else if (event.key === "Enter" && shown[place]) { event.preventDefault(); location.assign(shown[place].dataset.url); }
    });
    palette.addEventListener("click", (event) => { const option = event.target.closest("[role=option]"); if (option) location.assign(option.dataset.url); });
  }

  // Keys: letters are off inside fields and where the person switched them off.
  let going = false;
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.code === "KeyK" && palette) { event.preventDefault(); show("palette"); startPalette(); return; }
    if (event.ctrlKey && event.key === "Enter") { event.target.closest("form")?.requestSubmit(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || $("dialog[open]")) return;
    if (document.body.dataset.letterKeys !== "on") return;
    if (going) {
      going = false;
      const link = $(`a[data-go="${event.code.replace("Key", "").toLowerCase()}"]`);
      if (link) { event.preventDefault(); link.click(); }
    } else if (event.code === "KeyG") { going = true; setTimeout(() => { going = false; }, 1500);
    } else if (event.key === "/" && palette) { event.preventDefault(); show("palette"); startPalette();
    } else if (event.key === "?") { show("keys");
    } else { pressOwn(event); }
  });

  // A page's own keys: data-key="t" (by place on the keyboard, so that it works in both alphabets), "ArrowRight", "+".
  function pressOwn(event) {
    const name = /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : event.key;
    if (event.repeat || name.startsWith("Arrow") && ![document.body, $("#main")].includes(event.target)) return; // arrows belong to what is focused
    const wanted = $$("[data-key]").find((element) => element.dataset.key === name && element.checkVisibility());
    if (wanted) { event.preventDefault(); wanted.click(); }
  }

  // Toasts: good news leaves by itself after six seconds, errors stay.
  function leaveSoon(element) { if (!element.classList.contains("bad")) setTimeout(() => element.remove(), 6000); }
  function toast(text, tone) {
    const element = $(`#toast-${tone === "bad" ? "bad" : "good"}`)?.content.firstElementChild.cloneNode(true);
    if (!element) return;
    $("[data-text]", element).textContent = text;
    $("#toasts").append(element);
    leaveSoon(element);
  }
  $$(".dv-toasts .dv-toast").forEach(leaveSoon);
  document.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail.tone));
  document.addEventListener("htmx:responseError", (event) => {
    const part = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
    toast($("[data-error]", part)?.textContent.trim() || document.body.dataset.failed, "bad");
  });
  document.addEventListener("htmx:sendError", () => toast(document.body.dataset.offline, "bad"));

  // A form goes off once.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog" || event.defaultPrevented || form.hasAttribute("hx-post") || form.hasAttribute("hx-get")) return;
    if (form.getAttribute("aria-busy") === "true") { event.preventDefault(); return; }
    form.setAttribute("aria-busy", "true");
    if (form.action.endsWith("/log-out/")) for (const key of Object.keys(localStorage)) if (key.startsWith("dovolen.")) localStorage.removeItem(key);
  });
  addEventListener("pageshow", () => $$("form[aria-busy]").forEach((form) => form.removeAttribute("aria-busy")));
})();
