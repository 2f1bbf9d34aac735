/* Draws scores over time with uPlot from a part's own data-chart. The table and the sentence beside it say the same. */
(() => {
  "use strict";
  const all = (selector) => [...document.querySelectorAll(selector)];
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const FONT = '12px "Inter", sans-serif';
  const HEIGHT = 210;
  const WORDS = 82; // room for the bands' words
  const MARKS = 14; // room for the sessions' marks under the axis

  function draw(place) {
    const told = JSON.parse(place.dataset.chart);
    const ink = token("--ink"), quiet = token("--ink-2"), line = token("--line"), dusk = token("--dusk"), other = token("--journal"), surface = token("--surface");
    const at = [...new Set(told.lines.flatMap((one) => one.points.map((point) => point[0])).concat(told.sessions.map((s) => s[0])))].sort((a, b) => a - b);
    const values = told.lines.map((one) => { const known = new Map(one.points); return at.map((x) => known.get(x)); });
    const highest = Math.max(20, ...told.lines.flatMap((one) => one.points.map((point) => point[1])));
    const month = new Intl.DateTimeFormat("en-GB", { month: "short", timeZone: told.zone });
    const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: told.zone });
    const year = new Intl.DateTimeFormat("en-GB", { year: "2-digit", timeZone: told.zone });
    const span = at.at(-1) - at[0] || 86400;
    place.replaceChildren();
    const plot = new uPlot({
      width: place.clientWidth, height: HEIGHT,
      padding: [12, WORDS, MARKS, 0],
      cursor: { show: false }, legend: { show: false }, select: { show: false },
      scales: { x: { time: true, range: [at[0] - span * 0.03, at.at(-1) + span * 0.03] }, y: { range: [0, Math.max(20, Math.ceil(highest / 5) * 5) + 1] } },
      axes: [
        { stroke: quiet, font: FONT, grid: { show: false }, ticks: { show: false }, size: 24 + MARKS, gap: MARKS + 4, space: 52,
          values: (_, ticks) => ticks.map((tick, i) => { if (span < 5e6) return day.format(new Date(tick * 1000)); const d = new Date(tick * 1000); const m = month.format(d); const before = i ? month.format(new Date(ticks[i - 1] * 1000)) : ""; return m === before ? "" : (span > 32e6 ? `${m} ${year.format(d)}` : m); }) },
        { stroke: quiet, font: FONT, size: 30, gap: 4, grid: { stroke: line, width: 1 }, ticks: { show: false }, splits: () => [0, 5, 10, 15, 20, 25].filter((n) => n <= highest + 1) },
      ],
      series: [{}, ...told.lines.map((one, i) => ({ stroke: i ? other : dusk, width: 2, spanGaps: true, dash: i ? [6, 4] : undefined, points: { show: true, size: 8, width: 2, stroke: i ? other : dusk, fill: surface } }))],
      hooks: { draw: [(u) => words(u, told, { ink, quiet, dusk, other, line, surface })] },
    }, [at, ...values], place);
    place.plot = plot;
    place.drawnWidth = place.clientWidth;
  }

  /* numbers at the turns, a name at each line's end, bands at the edge, sessions under the axis */
  function words(u, told, colours) {
    const c = u.ctx, r = devicePixelRatio;
    c.save();
    c.font = `${12 * r}px "Inter", sans-serif`;
    c.textBaseline = "middle";
    c.textAlign = "left";
    c.fillStyle = colours.quiet;
    const right = u.bbox.left + u.bbox.width;
    for (const [score, word] of told.bands) {
      const y = u.valToPos(score, "y", true);
      if (y > u.bbox.top) c.fillText(word, right + 8 * r, y);
    }
    const bottom = u.bbox.top + u.bbox.height;
    for (const [when, kind] of told.sessions) {
      const x = u.valToPos(when, "x", true);
      if (kind === "booster") {
        c.strokeStyle = colours.quiet; c.lineWidth = r; c.setLineDash([2 * r, 3 * r]);
        c.beginPath(); c.moveTo(x, u.bbox.top); c.lineTo(x, bottom); c.stroke(); c.setLineDash([]);
      }
      c.beginPath(); c.moveTo(x, bottom + 4 * r); c.lineTo(x + 4.5 * r, bottom + 12 * r); c.lineTo(x - 4.5 * r, bottom + 12 * r); c.closePath();
      c.strokeStyle = colours.dusk; c.fillStyle = kind === "booster" ? colours.dusk : colours.surface; c.lineWidth = 1.5 * r; c.fill(); c.stroke();
    }
    told.lines.forEach((one, i) => {
      c.font = `600 ${12 * r}px "Inter", sans-serif`;
      c.fillStyle = i ? colours.other : colours.ink;
      c.textAlign = "center";
      const points = one.points;
      const lowest = points.reduce((least, p) => (p[1] < least[1] ? p : least), points[0]);
      const turns = new Set([points[0], lowest, points.at(-1)]);
      let last = -1e9;
      for (const p of points) {
        if (!turns.has(p) || i) continue;
        const x = u.valToPos(p[0], "x", true);
        if (x - last < 20 * r) continue;
        last = x;
        c.fillText(String(p[1]), Math.min(Math.max(x, u.bbox.left + 8 * r), right), u.valToPos(p[1], "y", true) - 13 * r);
      }
      if (told.lines.length > 1) {
        const p = points[Math.floor((points.length - 1) / 2)];
        c.fillText(one.name, u.valToPos(p[0], "x", true), u.valToPos(p[1], "y", true) + (i ? 14 : -13) * r);
      }
    });
    c.restore();
  }

  function drawAll() {
    for (const place of all("[data-chart]")) if (place.drawn !== place.dataset.chart || !place.firstChild) { place.drawn = place.dataset.chart; draw(place); watch.observe(place); }
  }
  const watch = new ResizeObserver((changes) => {
    for (const { target } of changes) if (target.plot && target.clientWidth && target.clientWidth !== target.drawnWidth) { target.drawnWidth = target.clientWidth; target.plot.setSize({ width: target.clientWidth, height: HEIGHT }); }
  });
  document.addEventListener("htmx:after:swap", drawAll);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { for (const place of all("[data-chart]")) place.drawn = ""; drawAll(); });
  document.fonts.ready.then(drawAll);
})();
