// Draws charts from plain data beside them: tokens become the theme's colours, names of formats become formatters.
// A part of a chart that has names behind it opens their list. Without script the tables stand there.
"use strict";
(() => {
  const root = document.documentElement;
  if (!window.echarts) return;
  root.classList.add("scripted");
  const family = '"Golos Text Variable", system-ui, sans-serif';
  const drawn = new Map();
  const token = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const number = (value, options) => new Intl.NumberFormat(root.lang, options).format(value).replace("-", "\u2212");
  const formats = {
    "@number": (value) => number(value, { notation: Math.abs(value) >= 1e5 ? "compact" : "standard", maximumFractionDigits: 1 }),
    "@percent": (value) => number(value, { style: "percent", maximumFractionDigits: 1 }),
  };

  function resolve(value, key) {
    if (typeof value === "string") return value.startsWith("--dv-") ? token(value) : formats[value] || value;
    if (Array.isArray(value)) return value.map((one) => resolve(one));
    if (value === null || typeof value !== "object") return value;
    const made = {};
    for (const [name, one] of Object.entries(value)) made[name] = resolve(one, name);
    if (key === "label" || key === "axisLabel") made.fontFamily = family;
    if (made.opens) made.cursor = "pointer";
    return made;
  }

  // Text of the page's own data, put in as text: nothing a client is called can become markup.
  function tip(params) {
    const box = document.createElement("div");
    box.textContent = (params.data && params.data.tip) || "";
    return box.textContent ? box : "";
  }

  const about = () => ({
    animation: false,
    textStyle: { fontFamily: family, fontSize: 12.5, color: token("--dv-ink-2") },
    tooltip: {
      confine: true, formatter: tip, backgroundColor: token("--dv-surface"), borderColor: token("--dv-line"),
      textStyle: { color: token("--dv-ink"), fontFamily: family }, extraCssText: "max-width:320px;white-space:normal",
    },
  });

  function draw(box) {
    const data = document.getElementById(box.dataset.chart);
    if (!box.offsetWidth || !data) return;
    const chart = JSON.parse(data.textContent);
    const isNarrow = box.parentElement.clientWidth < 560 && chart.narrow;
    box.style.minWidth = chart.least && !isNarrow ? `${chart.least}px` : "";
    drawn.get(box)?.dispose();
    const made = echarts.init(box, null, { renderer: "svg" });
    drawn.set(box, made);
    made.setOption({ ...about(), ...resolve(isNarrow ? chart.narrow : chart.option) });
    made.on("click", (event) => { if (event.data?.opens) location.assign(event.data.opens); });
    const svg = box.querySelector("svg");
    if (svg) svg.setAttribute("viewBox", `0 0 ${box.offsetWidth} ${box.offsetHeight}`); // for paper
  }

  // A table wider than its panel is scrolled by keys as well.
  function reach() {
    for (const box of document.querySelectorAll(".study-twin, .study-scroll, .know-scroll")) {
      if (box.scrollWidth <= box.clientWidth || box.hasAttribute("tabindex")) continue;
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      const title = box.closest("[aria-labelledby]")?.getAttribute("aria-labelledby");
      if (title) box.setAttribute("aria-labelledby", title);
    }
  }

  const boxes = () => [...document.querySelectorAll("[data-chart]")];
  const drawAll = () => { boxes().forEach(draw); reach(); };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-view]");
    if (!button) return;
    const panel = button.closest(".dv-panel");
    panel.classList.toggle("as-table", button.dataset.view === "table");
    for (const one of panel.querySelectorAll("[data-view]")) one.setAttribute("aria-pressed", String(one === button));
    panel.querySelectorAll("[data-chart]").forEach(draw);
    reach();
  });

  let waiting = 0, width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    clearTimeout(waiting);
    waiting = setTimeout(drawAll, 120);
  });
  new MutationObserver(drawAll).observe(root, { attributes: true, attributeFilter: ["data-bs-theme"] });
  document.addEventListener("htmx:afterSwap", () => {
    for (const box of drawn.keys()) if (!box.isConnected) { drawn.get(box).dispose(); drawn.delete(box); }
    boxes().filter((box) => !drawn.has(box)).forEach(draw);
    reach();
  });
  drawAll();
  document.fonts.ready.then(drawAll);
})();
