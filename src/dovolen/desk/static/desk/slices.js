"use strict";
/* The pivot of slices: brings Perspective when the panel comes into view, gives it the page's cells, our words and our
   look; bars and lines are drawn by ECharts. Without this script the page shows the same cells as a table. */
(() => {
  const panel = document.querySelector(".slices-pivot");
  if (!panel) return;
  const given = JSON.parse(document.getElementById("pivot").textContent);
  const say = (key) => given.words["slices.pivot." + key] || "";
  const status = panel.querySelector(".slices-say"), frame = panel.querySelector(".slices-frame");
  const fields = panel.querySelector(".slices-fields"), kept = document.getElementById("pivot-view");
  const NARROW = matchMedia("(max-width: 760px)").matches;
  let viewer = null;
  /* Numbers as the page writes them, whatever the browser was set up for. */
  Object.defineProperty(navigator, "languages", { value: [document.documentElement.lang] });

  /* What is kept names columns by code, so that it opens in either language. */
  const titles = given.names;
  const codes = Object.fromEntries(Object.entries(titles).map(([code, title]) => [title, code]));
  function renamed(value, names) {
    if (typeof value === "string") return Object.hasOwn(names, value) ? names[value] : value;
    if (Array.isArray(value)) return value.map((one) => renamed(one, names));
    if (value && typeof value === "object")
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [renamed(key, names), renamed(one, names)]));
    return value;
  }
  const known = (view) => {
    const has = (name) => Object.hasOwn(titles, name);
    const made = { ...view };
    for (const part of ["group_by", "split_by", "columns"]) if (made[part]) made[part] = made[part].filter((one) => one === null || has(one));
    for (const part of ["sort", "filter"]) if (made[part]) made[part] = made[part].filter((one) => has(one[0]));
    return made;
  };

  function usual() {
    const aggregates = {};
    for (const [mean, weight] of Object.entries(given.means)) aggregates[mean] = ["weighted mean", [weight]];
    return { plugin: "Datagrid", group_by: given.rows, split_by: given.columns, columns: given.measures, aggregates };
  }
  function looks() {
    const columns = {};
    for (const [code, digits] of Object.entries(given.digits))
      columns[titles[code]] = { number_format: { minimumFractionDigits: digits, maximumFractionDigits: digits } };
    return columns;
  }

  /* ---- words ---- */
  function spoken() {
    const sheet = new CSSStyleSheet();
    const rules = [];
    for (const [key, text] of Object.entries(given.words)) {
      const [, , kind, name] = key.split(".");
      const content = JSON.stringify(text);
      if (kind === "label") rules.push(`--psp-label--${name}--content:${content}`);
      if (kind === "kind") rules.push(`--psp-plugin-name--${name}--content:${content}`);
    }
    sheet.replaceSync(`perspective-viewer.slices-view,.slices-view [theme]{${rules.join(";")}}`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }
  const HIDDEN = "#plugin_selector_container,#add-expression,#status_bar,#settings_close_button,#settings_tab_bar,"
    + ".expression-edit-button,.group_rollup_wrapper,.split_rollup_wrapper{display:none!important}"
    + "#settings_panel{background:var(--dv-sunken)!important;border:0!important;font-size:var(--dv-t-s)}.split-panel-divider{border-color:var(--dv-line)!important;background:var(--dv-line)!important}"
    + ".pivot-selector-label,.column-selector-column::before,label{font-size:var(--dv-t-xs)!important;color:var(--dv-ink-2)}"
    + "regular-layout-frame::part(titlebar){display:none!important}regular-layout-frame::part(container){inset:0!important;padding:0!important}option[hidden]{display:none}";
  function options(root) {
    for (const option of root.querySelectorAll("select option")) {
      const weighted = option.value.startsWith("weighted mean");
      const text = weighted ? say("sum.weighted mean") : say("sum." + option.value) || say("mode." + option.value);
      const foreign = weighted && !Object.values(given.means).some((name) => option.value.endsWith(titles[name]) && option.value.length > 17);
      if (text && !foreign) { if (option.label !== text) option.label = text; }
      else if (!option.hidden && !option.selected) { option.hidden = true; option.disabled = true; }
    }
    for (const group of root.querySelectorAll("select optgroup")) {
      const hidden = group.label !== "weighted mean" && group.label !== "\u00a0";
      group.hidden = hidden;
      if (group.label === "weighted mean") group.label = "\u00a0";
    }
    reachable(root);
  }
  /* What Perspective leaves without a name for who does not see it. */
  const named = (element, key) => { if (element && !element.ariaLabel) element.ariaLabel = say(key); };
  function reachable(root) {
    for (const part of ["group_by", "split_by", "sort", "filter"]) {
      const list = root.querySelector(`ul[for=${part}]`), key = "label." + part.replace("_", "-");
      if (list && list.role !== "group") list.role = "group";
      named(list, key);
      for (const field of list?.querySelectorAll("input, select") ?? []) named(field, key);
    }
    for (const field of root.querySelectorAll("#active-columns select, #active-columns input")) named(field, "label.column-columns");
    for (const field of root.querySelectorAll("select")) named(field, "label.column-columns");
    for (const part of root.querySelectorAll("#sub-columns, #active-columns")) if (part.tabIndex !== 0) part.tabIndex = 0;
  }
  function watch(root) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(HIDDEN);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    new MutationObserver(() => options(root)).observe(root, { childList: true, subtree: true });
    options(root);
  }
  function total() {
    const grid = viewer.querySelector("perspective-viewer-datagrid"), table = grid?.shadowRoot?.querySelector("regular-table");
    if (!table || table.dataset.spoken) return;
    table.dataset.spoken = "yes";
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("#psp-column-edit-buttons{display:none}regular-table{font-family:inherit}");
    grid.shadowRoot.adoptedStyleSheets = [...grid.shadowRoot.adoptedStyleSheets, sheet];
    const tell = () => {
      for (const head of table.querySelectorAll("th")) {
        for (const one of [head, ...head.querySelectorAll("span")])
          if (one.children.length === 0 && one.textContent === "TOTAL") one.textContent = say("total");
        if (head.textContent.trim()) head.removeAttribute("role"); else head.setAttribute("role", "cell");
      }
    };
    table.addStyleListener(tell);
    tell();
  }

  /* ---- bars and lines ---- */
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const MARKS = ["--dv-good-mark", "--dv-fair-mark", "--dv-warn-mark", "--dv-bad-mark", "--dv-mute-mark", "--dv-seq-2"];
  const DASHES = ["solid", "dashed", "dotted"], FONT = '"Golos Text Variable", sans-serif';
  const MOST_SERIES = 12, MOST_PLACES = 200;
  const number = (value) => value == null ? "—" : new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 }).format(value).replace("-", "\u2212");

  function series(columns, kind) {
    const paths = columns.__ROW_PATH__ || columns.__ROW_PATH_0__?.map((_, place) => [columns.__ROW_PATH_0__[place]]);
    const names = Object.keys(columns).filter((name) => !name.startsWith("__"));
    const first = names[0]?.split("|").at(-1);
    const shown = names.filter((name) => name.split("|").at(-1) === first).slice(0, MOST_SERIES);
    const deep = paths ? Math.max(...paths.map((path) => path.length)) : 0;
    const rows = (paths || (columns[names[0]] || []).map((_, place) => [String(place + 1)]))
      .map((path, place) => [path, place]).filter(([path]) => !paths || (path.length === deep && deep > 0) || deep === 0).slice(0, MOST_PLACES);
    return { measure: first, places: rows.map(([path]) => path.join(" · ") || say("total")), lines: shown.map((name, n) => ({
      name: name.split("|").slice(0, -1).join(" · ") || first, type: kind === "lines" ? "line" : "bar", showSymbol: false,
      data: rows.map(([, place]) => columns[name][place]),
      lineStyle: { type: DASHES[n % 3], width: 2 },
      itemStyle: n >= MARKS.length ? { decal: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: Math.PI / 4 } } : {} })) };
  }
  function drawn(made) {
    const ink = colour("--dv-ink-2"), line = colour("--dv-line"), text = { color: ink, fontFamily: FONT, fontSize: 12 };
    return {
      animation: false, color: MARKS.map(colour), textStyle: { fontFamily: FONT }, aria: { enabled: true },
      legend: { show: made.lines.length > 1, type: "scroll", top: 4, left: 8, textStyle: text, itemWidth: 16, itemHeight: 10, pageTextStyle: text },
      grid: { left: 16, right: 24, top: made.lines.length > 1 ? 68 : 36, bottom: 12, containLabel: true },
      tooltip: { trigger: "axis", renderMode: "richText", confine: true, valueFormatter: number, axisPointer: { type: "shadow" },
        backgroundColor: colour("--dv-surface"), borderColor: colour("--dv-line-strong"), textStyle: { ...text, color: colour("--dv-ink") } },
      xAxis: { type: "category", data: made.places, axisLabel: { ...text, hideOverlap: true }, axisLine: { lineStyle: { color: line } }, axisTick: { show: false } },
      yAxis: { type: "value", name: made.measure, nameTextStyle: { ...text, align: "left" }, axisLabel: { ...text, formatter: number }, splitLine: { lineStyle: { color: line } } },
      series: made.lines,
    };
  }
  function charts(Plugin) {
    for (const [kind, priority] of [["bars", 0], ["lines", 0]]) {
      const tag = "slices-" + kind;
      customElements.define(tag, class extends Plugin {
        get_static_config() {
          return { name: kind === "bars" ? "Bars" : "Lines", category: "Basic", select_mode: "toggle", config_column_names: ["Columns"],
            min_config_columns: 1, max_columns: 400, max_cells: 20000, priority, group_rollup_modes: ["rollup", "flat"], can_render_column_styles: false };
        }
        async draw(view) {
          const columns = await view.to_columns();
          if (!this.chart) {
            this.classList.add("slices-chart");
            this.chart = window.echarts.init(this, null, { renderer: "svg" });
          }
          this.made = series(columns, kind);
          this.show();
        }
        show() { if (this.chart && this.made) { this.chart.setOption(drawn(this.made), true); this.chart.resize(); } }
        async update(view) { await this.draw(view); }
        async resize() { this.chart?.resize(); }
        async clear() { this.chart?.clear(); }
        restyle() { this.show(); }
        restore() {}
        save() { return {}; }
        async delete() { this.chart?.dispose(); this.chart = null; }
      });
      customElements.get("perspective-viewer").registerPlugin(tag);
    }
  }

  /* ---- start ---- */
  async function start() {
    const at = panel.dataset;
    const [client, look] = await Promise.all([import(at.client), import(at.viewer)]);
    await look.init_client(fetch(at.viewerWasm), import(at.glue));
    await import(at.grid);
    if (window.echarts) charts(look.HTMLPerspectiveViewerPluginElement);
    client.default.init_server(() => fetch(at.engine));
    const feed = fetch(at.feed, { credentials: "same-origin" });
    const worker = await client.default.worker();
    const answer = await feed;
    if (!answer.ok) throw new Error(String(answer.status));
    await worker.table(await answer.arrayBuffer(), { name: "cells" });
    spoken();
    viewer = document.createElement("perspective-viewer");
    viewer.className = "slices-view";
    frame.replaceChildren(viewer);
    await viewer.load(worker);
    const view = { ...usual(), ...known(given.view) };
    await viewer.restore({ table: "cells", theme: "Pro Light", settings: false, columns_config: looks(), ...renamed(view, titles) });
    watch(viewer.shadowRoot);
    total();
    viewer.addEventListener("perspective-config-update", () => { total(); keep(); });
    await keep();
    fields.hidden = false;
    panel.querySelector(".slices-kinds").hidden = false;
    status.textContent = "";
    panel.dataset.ready = "yes";
  }
  async function keep() {
    const view = await viewer.save();
    for (const button of kinds) button.setAttribute("aria-pressed", String(button.dataset.kind === view.plugin));
    if (kept) kept.value = JSON.stringify(renamed(view, codes));
  }
  const kinds = [...panel.querySelectorAll("[data-kind]")];
  for (const button of kinds) button.addEventListener("click", () => viewer?.restore({ plugin: button.dataset.kind }));
  fields.addEventListener("click", async () => {
    const open = fields.getAttribute("aria-expanded") !== "true";
    fields.setAttribute("aria-expanded", String(open));
    frame.classList.toggle("open", open);
    await viewer.toggleConfig(open);
  });
  function begin() {
    start().catch((fault) => {
      panel.dataset.ready = "failed";
      status.textContent = say("failed");
      frame.hidden = true;
      console.info(fault);
    });
  }
  new MutationObserver(() => viewer?.restyleElement()).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  if (NARROW) {
    frame.hidden = true;
    status.textContent = "";
    fields.hidden = false;
    fields.addEventListener("click", (click) => {
      click.stopImmediatePropagation();
      frame.hidden = false;
      fields.hidden = true;
      begin();
    }, { once: true, capture: true });
  } else new IntersectionObserver((seen, watcher) => {
    if (seen.some((one) => one.isIntersecting)) { watcher.disconnect(); begin(); }
  }).observe(panel);
})();
