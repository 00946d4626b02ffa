/* Draws the report's charts from plain data: tokens become the theme's colours, names of formats become formatters. */
'use strict';
(function () {
  const page = JSON.parse(document.getElementById('charts').textContent);
  const root = document.documentElement;
  const family = '"Golos Text Variable", system-ui, sans-serif';
  const drawn = new Map();
  root.classList.add('scripted');

  const token = name => getComputedStyle(root).getPropertyValue(name).trim();
  const number = (value, options) =>
    new Intl.NumberFormat(page.lang, options).format(value).replace('-', '\u2212');
  const formats = {
    '@number': value => number(value, { notation: Math.abs(value) >= 1e5 ? 'compact' : 'standard', maximumFractionDigits: 1 }),
    '@percent': value => number(value, { style: 'percent', maximumFractionDigits: 1 }),
  };

  function resolve(value, key) {
    if (typeof value === 'string') return value.startsWith('--dv-') ? token(value) : formats[value] || value;
    if (Array.isArray(value)) return value.map(one => resolve(one));
    if (value === null || typeof value !== 'object') return value;
    const made = {};
    for (const [name, one] of Object.entries(value)) made[name] = resolve(one, name);
    if (key === 'label' || key === 'axisLabel') made.fontFamily = family;
    return made;
  }

  /* Text of the page's own data only, put in as text: nothing a client is called can become markup. */
  function tip(params) {
    const box = document.createElement('div');
    box.textContent = params.data && params.data.tip || '';
    return box.textContent ? box : '';
  }

  function draw(box) {
    const name = box.dataset.chart, chart = page.charts[name];
    if (!box.offsetWidth) return;
    const option = box.offsetWidth < 560 && chart.narrow ? chart.narrow : chart.option;
    if (drawn.has(name)) drawn.get(name).dispose();
    const made = echarts.init(box, null, { renderer: 'svg' });
    drawn.set(name, made);
    made.setOption(Object.assign({
      animation: false,
      textStyle: { fontFamily: family, fontSize: 12.5, color: token('--dv-ink-2') },
      tooltip: {
        confine: true, formatter: tip, backgroundColor: token('--dv-surface'), borderColor: token('--dv-line'),
        textStyle: { color: token('--dv-ink'), fontFamily: family }, extraCssText: 'max-width:320px;white-space:normal',
      },
    }, resolve(option)));
    made.on('click', event => event.data && event.data.opens && open(event.data.opens));
    const svg = box.querySelector('svg');
    if (svg) svg.setAttribute('viewBox', '0 0 ' + box.offsetWidth + ' ' + box.offsetHeight);
  }

  function open(step) {
    const list = document.getElementById('names-' + step.replace('flow=', ''));
    if (!list) return;
    list.open = true;
    list.scrollIntoView({ block: 'start' });
    list.querySelector('summary').focus();
  }

  const boxes = Array.from(document.querySelectorAll('[data-chart]'));
  const drawAll = () => boxes.forEach(draw);

  document.addEventListener('click', event => {
    const button = event.target.closest('[data-view]');
    if (!button) return;
    const panel = button.closest('.dv-panel');
    panel.classList.toggle('as-table', button.dataset.view === 'table');
    for (const one of panel.querySelectorAll('[data-view]')) one.setAttribute('aria-pressed', String(one === button));
    panel.querySelectorAll('[data-chart]').forEach(draw);
  });

  let waiting = 0;
  let width = innerWidth;
  addEventListener('resize', () => {
    if (innerWidth === width) return;
    width = innerWidth;
    clearTimeout(waiting);
    waiting = setTimeout(drawAll, 120);
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
  const contents = document.querySelector('.contents');
  if (contents && matchMedia('(max-width: 1100px)').matches) contents.open = false;
  drawAll();
  document.fonts.ready.then(drawAll);
})();
