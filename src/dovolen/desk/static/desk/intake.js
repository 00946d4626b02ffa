// The intake by keys alone: looking up while one types, parts drawn anew, a draft of one's own. Without it the same form works by its buttons.
"use strict";
(() => {
  if (document.querySelector("[data-print-now]")) addEventListener("load", () => print());
  const main = document.getElementById("main");
  if (!main.querySelector("#intake")) return;
  const $ = (selector, within = main) => within.querySelector(selector);
  const $$ = (selector, within = main) => [...within.querySelectorAll(selector)];
  const form = () => $("#intake");
  const KEY = `dovolen.intake.${form().dataset.staff}`, LIVES = 12 * 3600 * 1000, WIDEST = 2400;
  const NOT_KEPT = new Set(["csrfmiddlewaretoken", "once", "password", "photos", "look"]);
  const EVERY = ["found", "who", "device", "faults", "estimate", "term", "client", "sum", "bar"];
  const OF_DEVICE = ["device", "faults", "term", "client", "sum", "bar"], OF_WORK = ["estimate", "term", "client", "sum", "bar"];
  const tell = (text, tone) => document.dispatchEvent(new CustomEvent("toast", { detail: { text, tone } }));

  // ── What people do, counted: an answer knows nothing of what was typed, ticked or chosen after its request left ──
  let strokes = 0, isReplacing = false;
  const touched = new WeakMap();
  const touch = (field) => touched.set(field, ++strokes);
  for (const kind of ["input", "change"]) main.addEventListener(kind, (event) => { if (!isReplacing) touch(event.target); }, true);
  main.addEventListener("focusin", () => { if (!isReplacing) strokes += 1; });
  const ROWS = ".lines tbody tr:not([data-offer])";
  const isFilled = (row) => $$("input:not([type=hidden])", row).some((field) => field.value.trim());
  const leaves = () => ({ strokes, rows: $$(ROWS).filter(isFilled), told: $("#id_fault_text").value });
  // Whether he has done nothing since: only then the cursor may be led on.
  function waits() { const before = strokes; return () => strokes === before; }

  // ── Asking the server what it knows of what was typed ──
  const asked = new Map();
  async function ask(values, target) {
    const mine = (asked.get(target) ?? 0) + 1;
    asked.set(target, mine);
    const body = new FormData(form());
    for (const name of NOT_KEPT) if (name !== "csrfmiddlewaretoken") body.delete(name);
    for (const [name, value] of Object.entries(values)) body.set(name, value);
    const left = leaves();
    try {
      const answer = await fetch(form().dataset.draft, { method: "POST", body, headers: { "HX-Request": "true", "HX-Target": target } });
      if (answer.headers.get("HX-Redirect")) location.assign(answer.headers.get("HX-Redirect"));
      if (!answer.ok) { tell(document.body.dataset.failed, "bad"); return null; }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      return asked.get(target) === mine ? { page, left } : null;
    } catch { tell(document.body.dataset.offline, "bad"); return null; }
  }
  // One after another: what a button did is never lost to what was asked after it.
  let queue = Promise.resolve();
  function queued(act) {
    const done = queue.then(act);
    queue = done.catch(() => false);
    return done;
  }
  const refresh = (values, parts) => queued(() => drawAnew(values, parts));
  async function drawAnew(values, parts) {
    const answer = await ask(values, "main");
    if (!answer) return false;
    form().elements.customer.value = $("[name=customer]", answer.page).value;
    for (const part of parts) swap(part, answer);
    if (values.fault) tellFault(answer);
    settle();
    return true;
  }
  // Words of a template go behind what was told, also behind what was told meanwhile.
  function tellFault({ page, left }) {
    const field = $("#id_fault_text"), told = $("[name=fault_text]", page).value, before = left.told.trim();
    if (field.value === left.told) { field.value = told; return; }
    const added = told.startsWith(before) ? told.slice(before.length).trim() : "", { selectionStart, selectionEnd } = field;
    if (!added || field.value.includes(added)) return;
    field.value = [field.value, added].filter((text) => text.trim()).join("\n");
    field.setSelectionRange(selectionStart, selectionEnd);
  }

  // ── Drawing a part anew: what was typed, ticked or chosen since the request left stays, and the cursor with it ──
  // Rows of the estimate come back in the order they were sent in, a blank one after them: a row begun since goes before that, one dropped since goes.
  function matched(old, fresh, left) {
    const found = new Map(), own = new Set(), into = $$(ROWS, fresh), blank = into.pop();
    if (!blank) return { found, own };
    left.rows.forEach((row, place) => { if (!old.contains(row)) into[place]?.remove(); else if (into[place]) found.set(row, into[place]); });
    for (const row of $$(ROWS, old)) {
      if (left.rows.includes(row)) continue;
      own.add(row);
      found.set(row, blank);
      if (!isFilled(row)) continue;
      found.set(row, blank.cloneNode(true));
      blank.before(begun(found.get(row)));
    }
    number(fresh);
    return { found, own };
  }
  // Puts what is newer than the answer into the fresh part; gives what puts the cursor there afterwards.
  function carry(old, fresh, left) {
    const { found, own } = matched(old, fresh, left);
    const like = (element) => {
      const row = element.closest("tr"), [from, into] = found.has(row) ? [row, found.get(row)] : [old, fresh];
      const isLike = (one) => !["checkbox", "radio"].includes(one.type) || one.value === element.value;
      const all = (root) => $$(element.name ? `[name="${CSS.escape(element.name)}"]` : element.localName, root).filter(isLike);
      return all(into)[all(from).indexOf(element)];
    };
    for (const field of $$("input:not([type=hidden], [type=file]), select, textarea", old)) {
      const isNewer = field.name === "password" || (touched.get(field) ?? 0) > left.strokes || own.has(field.closest("tr"));
      const other = isNewer && field.name ? like(field) : null;
      if (!other) continue;
      if (field.type === "checkbox" || field.type === "radio") other.checked = field.checked;
      else if (field.localName !== "select" || [...other.options].some((one) => one.value === field.value)) other.value = field.value;
      touched.set(other, touched.get(field) ?? 0);
    }
    const opened = (root) => [root, ...$$("details", root)].filter((one) => one.localName === "details");
    const now = opened(fresh);
    opened(old).forEach((one, place) => { if (one.open && now[place]) now[place].open = true; });
    const active = old.contains(document.activeElement) ? document.activeElement : null;
    const wanted = active && ((active.id && fresh.querySelector(`#${CSS.escape(active.id)}`)) || like(active));
    const { selectionStart, selectionEnd, selectionDirection } = active ?? {};
    return () => {
      wanted?.focus({ preventScroll: true });
      if (wanted && typeof selectionStart === "number") wanted.setSelectionRange(selectionStart, selectionEnd, selectionDirection);
    };
  }
  function replace(old, fresh, left) {
    const focus = carry(old, fresh, left);
    isReplacing = true; // a field that goes says that it changed, and the cursor is put by us
    old.replaceWith(fresh);
    focus();
    isReplacing = false;
  }
  function swap(id, { page, left }) {
    const old = document.getElementById(id), fresh = page.getElementById(id);
    if (!old || !fresh) return;
    replace(old, document.adoptNode(fresh), left);
    known(old, fresh);
  }
  // What is known of the client is fetched once a client, not at every stroke.
  function known(old, fresh) {
    const [before, now] = [old, fresh].map((root) => root.querySelector("#known"));
    if (!now || !window.htmx) return;
    const isSame = before && before !== now && before.getAttribute("hx-get") === now.getAttribute("hx-get") && !before.querySelector("p.body > a");
    if (isSame) now.replaceWith(before); else window.htmx.process(now);
  }
  function install({ page, left }) {
    const photos = $("#photos"), fresh = document.adoptNode($("#intake", page));
    $("#photos", fresh).replaceWith(photos);
    replace(form(), fresh, left);
    known(fresh, fresh);
    const bar = $(".dv-bar", page);
    if (bar) $(".dv-bar").replaceWith(document.adoptNode(bar));
    settle();
  }

  // ── Who came ──
  let looking = Promise.resolve(), pause = 0;
  function look() {
    clearTimeout(pause);
    pause = 0;
    if (form().elements.customer.value) { looking = refresh({ pick: "" }, EVERY).then(takeCertain); return looking; }
    looking = ask({}, "found").then((answer) => { if (answer) { swap("found", answer); settle(); return takeCertain(); } return null; });
    return looking;
  }
  function takeCertain() {
    const certain = $("#found-list")?.dataset.certain;
    return certain ? refresh({ pick: certain }, EVERY) : null;
  }
  const options = () => $$("#found-list [role=option]");
  function mark(option) {
    for (const other of options()) { other.setAttribute("aria-selected", String(other === option)); other.tabIndex = -1; }
    if (option) $("#q").setAttribute("aria-activedescendant", option.id); else $("#q").removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }
  function step(by) {
    const all = options(), place = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (all.length) mark(all[(place + by + all.length) % all.length]);
  }
  async function choose(option, isWaiting) {
    if (await refresh({ pick: option.value }, EVERY) && isWaiting()) goOn();
  }
  async function enterLookup() {
    const isWaiting = waits();
    if (pause) look();
    await looking;
    const all = options(), option = all.find((one) => one.getAttribute("aria-selected") === "true") ?? all[0];
    if (!form().elements.customer.value && option) await choose(option, isWaiting); else if (isWaiting()) goOn();
  }

  // ── Where the cursor goes: to what is still missing ──
  function goOn() {
    const isEmpty = (selector) => { const element = $(selector); return element && !element.value.trim() ? element : null; };
    const devices = $(".devices");
    const undecided = devices && !$(":checked", devices) ? $("input", devices) : null;
    const isAsked = form().elements.customer.value || $("#q").value.trim().length > 1;
    (isAsked ? null : $("#q"))?.focus();
    if (!isAsked) return;
    (isEmpty("#id_name") ?? isEmpty("#id_phone") ?? undecided ?? isEmpty("#category") ?? isEmpty("#id_model") ?? $("#id_fault_text")).focus();
  }
  function next(element) {
    const all = $$("#intake :is(input, select, textarea, button)").filter((one) => one.tabIndex >= 0 && one.type !== "hidden" && one.checkVisibility()
      && (one.type !== "radio" || one === element || (one.name !== element.name && (one.checked || !$(`[name="${one.name}"]:checked`)))));
    all[all.indexOf(element) + 1]?.focus();
  }
  const block = { 1: () => $("#device :is(.devices :checked, .devices input, select, input:not([type=hidden]))"), 2: () => $("#id_fault_text"), 3: () => $("#term :checked") };

  // ── Sums, marks, the bar of the phone ──
  const units = () => Number($("[data-total]").dataset.units);
  const minor = (text) => { const sum = Number(text.replace(/\s/g, "").replace(",", ".")); return Number.isFinite(sum) ? Math.round(sum * units()) : 0; };
  function total() {
    const typed = $$("[name=line_price]").reduce((sum, field) => sum + minor(field.value), 0);
    return typed + $$("[data-amount]").reduce((sum, cell) => sum + Number(cell.dataset.amount), 0);
  }
  function money(sum) {
    const shown = $("[data-total]"), cents = sum % units() ? 2 : 0;
    return new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: shown.dataset.currency, currencyDisplay: "narrowSymbol", minimumFractionDigits: cents, maximumFractionDigits: cents }).format(sum / units());
  }
  function settle() {
    if (!$("#photos")) return; // a field that is being replaced says that it changed
    const sum = total(), term = $("[name=term]:checked")?.dataset.short;
    $("[data-total]").textContent = money(sum);
    $("#sum").hidden = !sum;
    const bar = $("#bar");
    if (bar) bar.textContent = [sum ? money(sum) : "", term ?? ""].filter(Boolean).map((text) => ` · ${text}`).join("");
    const isWhole = { device: $(".devices :checked:not([value=new])") || ($("#category")?.value && $("#id_model")?.value.trim()), work: $("#id_fault_text").value.trim(), term: false };
    for (const [name, is] of Object.entries(isWhole)) $(`[data-mark=${name}]`)?.classList.toggle("ok", Boolean(is));
    const last = $$(ROWS).at(-1);
    if (last && isFilled(last)) addRow(last);
    const n = $("#photos").files.length;
    for (const place of $$("[data-photos]")) place.textContent = n ? ` ${n}` : "";
    if (!$("#found-list [aria-selected=true]") && options().length) mark(options()[0]);
    const listed = { role: "combobox", "aria-expanded": "true", "aria-controls": "found-list", "aria-autocomplete": "list" };
    if (options().length) for (const [name, value] of Object.entries(listed)) $("#q").setAttribute(name, value);
    else for (const name of [...Object.keys(listed), "aria-activedescendant"]) $("#q").removeAttribute(name);
    keep();
  }
  function addRow(last) {
    const fresh = last.cloneNode(true);
    begun(last);
    for (const field of $$("input", fresh)) field.value = "";
    last.after(fresh);
    number(main);
  }
  function begun(row) {
    row.removeAttribute("data-blank");
    $("[name=line_name]", row).removeAttribute("placeholder");
    return row;
  }
  function number(within) {
    $$(ROWS, within).forEach((row, place) => {
      for (const field of $$("[aria-label]", row)) field.setAttribute("aria-label", field.getAttribute("aria-label").replace(/\d+/, place + 1));
    });
  }

  // ── The draft: kept by this browser for this person, never the password, never the photos ──
  function keep() {
    clearTimeout(keep.later);
    keep.later = setTimeout(() => {
      const values = [...new FormData(form())].filter(([name]) => !NOT_KEPT.has(name));
      const isWorth = values.some(([name, value]) => ["q", "name", "model", "fault_text"].includes(name) && value.trim());
      if (isWorth) localStorage.setItem(KEY, JSON.stringify({ at: Date.now(), values })); else if (keep.isTouched) localStorage.removeItem(KEY);
    }, 300);
  }
  async function restore() {
    for (const key of Object.keys(localStorage)) if (key.startsWith("dovolen.intake.") && key !== KEY) localStorage.removeItem(key);
    const saved = JSON.parse(localStorage.getItem(KEY) ?? "null");
    if (!saved || "isSent" in form().dataset || location.search || Date.now() - saved.at > LIVES) return;
    const body = new FormData(), left = leaves(), isWaiting = waits();
    body.set("csrfmiddlewaretoken", form().elements.csrfmiddlewaretoken.value);
    for (const [name, value] of saved.values) body.append(name, value);
    const answer = await fetch(form().dataset.draft, { method: "POST", body, headers: { "HX-Request": "true", "HX-Target": "main" } }).catch(() => ({ ok: false }));
    if (!answer.ok || $("#q").value || $("#id_fault_text").value) return; // somebody began anew meanwhile
    install({ page: new DOMParser().parseFromString(await answer.text(), "text/html"), left });
    const note = $("#draft"), text = $("[data-text]", note);
    text.textContent = text.dataset.text.replace("{at}", new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short" }).format(saved.at));
    note.hidden = false;
    if (isWaiting()) goOn();
  }
  function forget() { clearTimeout(keep.later); keep.later = 0; localStorage.removeItem(KEY); }

  // ── Sending: photos made small first; what is refused comes back with everything in its place ──
  async function small(file) {
    try {
      const image = await createImageBitmap(file), part = Math.min(1, WIDEST / Math.max(image.width, image.height));
      if (part === 1 && file.size < 1_500_000) return file;
      const canvas = new OffscreenCanvas(Math.round(image.width * part), Math.round(image.height * part));
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      return new File([await canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 })], file.name, { type: "image/jpeg" });
    } catch { return file; }
  }
  async function send(submitter) {
    if (form().getAttribute("aria-busy") === "true") return;
    form().setAttribute("aria-busy", "true");
    await looking;
    await queued(() => post(submitter));
  }
  async function post(submitter) {
    const body = new FormData(form()), left = leaves(), isWaiting = waits();
    if (submitter?.name) body.append(submitter.name, submitter.value);
    body.delete("photos");
    for (const file of $("#photos").files) body.append("photos", await small(file), file.name);
    try {
      const answer = await fetch(form().action, { method: "POST", body, headers: { "HX-Request": "true", "HX-Target": "main" } });
      const there = answer.headers.get("HX-Redirect");
      if (there) { forget(); location.assign(submitter?.name === "no_slip" ? there : `${there}?print=1`); return; }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!$("#intake", page)) { tell($("[data-error]", page)?.textContent.trim() || document.body.dataset.failed, "bad"); form().removeAttribute("aria-busy"); return; }
      install({ page, left });
      if (isWaiting()) ($("[aria-invalid=true]") ?? $("#problems"))?.focus();
    } catch { tell(document.body.dataset.offline, "bad"); form().removeAttribute("aria-busy"); }
  }

  // ── What people do ──
  const closeFaults = () => { const faults = $("#faults"); if (faults?.open) { faults.open = false; return true; } return false; };
  main.addEventListener("submit", (event) => { if (event.target.id === "intake") { event.preventDefault(); send(event.submitter); } });
  main.addEventListener("click", async (event) => {
    const button = event.target.closest("button[formaction], [data-drops], #draft-drop");
    if (!button) { if (!event.target.closest("#faults")) closeFaults(); return; }
    event.preventDefault();
    if (button.id === "draft-drop") { forget(); location.assign(location.pathname); return; }
    if ("drops" in button.dataset) { const row = button.closest("tr"); $("[name=line_name]", row.nextElementSibling ?? row)?.focus(); row.remove(); settle(); return; }
    if (button.name === "look") { await enterLookup(); return; }
    if (button.name === "pick") { const isWaiting = waits(); if (await refresh({ pick: button.value }, EVERY) && isWaiting()) { if (button.value) goOn(); else { $("#q").focus(); $("#q").select(); } } return; }
    if (button.name === "fault") { closeFaults(); const field = $("#id_fault_text"); field.focus(); const isWaiting = waits(); if (await refresh({ fault: button.value }, OF_WORK) && isWaiting()) field.setSelectionRange(field.value.length, field.value.length); return; }
    await refresh({ [button.name]: button.value }, OF_WORK);
  });
  main.addEventListener("change", (event) => {
    const { name, value } = event.target;
    if (["asset", "category"].includes(name)) refresh({}, OF_DEVICE);
    else if (["serial_number", "plate"].includes(name)) refresh({}, EVERY.filter((part) => part !== "estimate"));
    else if (name === "rework") { form().elements.pay_type.value = value ? "warranty" : "customer_pay"; touch(form().elements.pay_type); $(".more").open = Boolean(value); }
    else if (name === "fault_text" || name === "centre") refresh({}, name === "centre" ? EVERY : ["client"]);
    else if (name === "term" && value === "other") $("#id_term_at").focus();
    settle();
  });
  main.addEventListener("input", (event) => {
    const { id } = event.target;
    keep.isTouched = true;
    if (id === "q") { clearTimeout(pause); pause = setTimeout(look, 160); }
    if (id === "id_name" || id === "id_phone") { clearTimeout(event.target.pause); event.target.pause = setTimeout(async () => { const answer = await ask({}, "who"); if (answer) swap("alike", answer); }, 350); }
    settle();
  });
  main.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.id === "q" && (key === "ArrowDown" || key === "ArrowUp")) { event.preventDefault(); step(key === "ArrowDown" ? 1 : -1); return; }
    if (key === "Enter" && target.matches("#intake :is(input, select)")) { event.preventDefault(); if (target.id === "q") enterLookup(); else next(target); return; }
    const faults = target.closest("#faults");
    if (!faults) return;
    const all = $$("button", faults), place = all.indexOf(target);
    if (key === "ArrowDown" || key === "ArrowUp") { event.preventDefault(); all[(place + (key === "ArrowDown" ? 1 : all.length - 1) + all.length) % all.length]?.focus(); }
    else if (key === "Escape") { event.preventDefault(); closeFaults(); $("#id_fault_text").focus(); }
    else if (key.length === 1 && key !== " ") { const begins = (one) => one.innerText.trim().toLowerCase().startsWith(key.toLowerCase()); [...all.slice(place + 1), ...all].find(begins)?.focus(); }
  });
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    if (event.altKey && /^Digit[123]$/.test(event.code)) { event.preventDefault(); block[event.code.at(-1)]()?.focus(); }
    else if (event.key === "F2" && $("#faults button")) { event.preventDefault(); $("#faults").open = true; $("#faults button").focus(); }
    else if (event.key === "F4" && !event.altKey) { event.preventDefault(); $("#photos").click(); }
    else if (event.ctrlKey && event.key === "Enter" && !event.target.closest("form")) { event.preventDefault(); form().requestSubmit(); }
  });
  settle();
  if (document.activeElement === document.body && !("isSent" in form().dataset)) goOn();
  queued(restore);
})();
