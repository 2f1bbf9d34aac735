/* The Operations page: what four services say of the bus stands in one set of tables. Without this file each service
   has a page of its own. A table's part is left alone while somebody works in it. */
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const STALE_MS = 15000;
  const seenAt = new WeakMap();
  let heard = afterglow.clinicTime();

  function join() {
    const sources = one("#bus-sources");
    if (!sources) return;
    const parts = [];
    const away = [];
    for (const section of all("[data-section]", sources)) {
      const part = one("[data-bus]", section);
      section.classList.toggle("merged", Boolean(part));
      if (part) {
        if (!seenAt.has(part)) { seenAt.set(part, Date.now()); heard = afterglow.clinicTime(); }
        parts.push(part);
      } else if (one(".degraded", section)) away.push(section.dataset.section);
      fill(section.dataset.section, part);
    }
    one("#bus").hidden = !parts.length;
    if (parts.length) {
      counts(parts, away);
      worst(parts);
      for (const none of all("[data-none]")) {
        none.dataset.words ??= none.textContent;
        none.hidden = all(`[data-joined="${none.dataset.none}"] tr`).length > 0;
        none.textContent = away.length ? `None in the other services; not known of ${away.join(" and ")}.` : none.dataset.words;
      }
    }
    fresh(parts, away);
  }

  function fill(service, part) {
    if (!part && !one(`#bus-${service} .degraded`)) return;
    for (const place of all(`[data-joined][data-of="${service}"]:not([data-line])`)) {
      if (part) copy(one(`[data-kind="${place.dataset.joined}"]`, part), place);
      else {
        place.replaceChildren();
        delete place.dataset.from; // what it says when it is back may be what it said before
      }
    }
    lines(service, part ? all('[data-kind="parked"]', part) : []);
  }

  // each parked line is a body of its own, so that those of all services stand oldest first
  function lines(service, found) {
    const table = one("#bus table.bus-parked");
    const before = new Map(all(`[data-of="${service}"]`, table).map((body) => [body.dataset.line, body]));
    for (const from of found) {
      let place = before.get(from.dataset.line);
      before.delete(from.dataset.line);
      if (!place) {
        place = from.cloneNode(false);
        Object.assign(place.dataset, { joined: "parked", of: service });
        table.insertBefore(place, [...table.tBodies].find((body) => Number(body.dataset.since) > Number(from.dataset.since)) || null);
      }
      copy(from, place);
    }
    for (const gone of before.values()) if (!inUse(gone)) gone.remove();
  }

  const inUse = (place) => one("details[open]", place) || place.contains(document.activeElement);

  const taken = new WeakSet();

  function copy(from, place) {
    if (taken.has(from) || inUse(place)) return;
    taken.add(from);
    const says = from.innerHTML;
    if (place.dataset.from !== says) {
      place.dataset.from = says;
      place.replaceChildren(...[...from.children].map((row) => document.importNode(row, true)));
      htmx.process(place);
    }
    // the same ids stand in the source, which is hidden: those that are seen keep them
    for (const marked of all("[id]", from)) marked.removeAttribute("id");
  }

  function counts(parts, away) {
    const number = (name) => parts.reduce((sum, part) => sum + Number(part.dataset[name] || 0), 0);
    const most = (name) => parts.reduce((a, b) => (Number(b.dataset[name] || -1) > Number(a.dataset[name] || -1) ? b : a));
    const lag = most("lag"), box = most("outbox"), parked = number("parked"), dead = number("dead");
    const tone = (name) => ["stop", "warn"].find((worse) => parts.some((part) => part.dataset[name] === worse)) || "";
    const behind = Number(lag.dataset.lag) > 0;
    const unknown = parts.filter((part) => part.dataset.lag === "").map((part) => part.dataset.bus);
    const without = away.length ? `, without ${away.join(" and ")}` : "";
    const of = [behind ? lag.dataset.lagOf : "", unknown.length ? `not known of ${unknown.join(" and ")}` : ""].filter(Boolean);
    set("lag", behind ? lag.dataset.lagWords : unknown.length ? "not known" : "none", ["Longest lag", ...of].join(", ") + without, tone("lagTone"));
    set("outbox", box.dataset.outboxWords, (Number(box.dataset.outbox) ? `Oldest outbox row, ${box.dataset.bus}` : "Oldest outbox row") + without, tone("outboxTone"));
    set("parked", parked, (dead ? `Parked keys, ${dead} dead` : "Parked keys") + without, dead ? "stop" : parked ? "warn" : "");
    set("quarantined", number("quarantined"), `Quarantined${without}`, "");
    set("per-minute", `${number("perMinute")} / min`, `Events applied${without}`, "");
  }

  function set(id, value, label, tone) {
    const box = one(`#count-${id}`);
    const strong = one("b", box);
    strong.className = tone;
    for (const glyph of all(".glyph", box)) glyph.hidden = glyph.dataset.tone !== tone;
    one(".value", box).textContent = value;
    one("dt", box).textContent = label;
  }

  function worst(parts) {
    const found = parts.flatMap((part) => all("[data-rank]", part)).sort((a, b) => b.dataset.rank - a.dataset.rank);
    const place = one("#bus-problem");
    const told = found.slice(0, 1).map((problem) => problem.outerHTML).join("") + (found.length > 1 ? `<p class="quiet more-problems">${found.length - 1} more ${found.length === 2 ? "thing needs" : "things need"} a look; the tables below show ${found.length === 2 ? "it" : "them"}.</p>` : "");
    if (place.dataset.from !== told) { place.dataset.from = told; place.innerHTML = told; htmx.process(place); }
  }

  function fresh(parts, away) {
    const chip = one("#fresh");
    if (!chip) return;
    const oldest = Math.max(0, ...parts.map((part) => Date.now() - seenAt.get(part)));
    const stale = away.length > 0 || oldest > STALE_MS;
    chip.hidden = !parts.length && !stale;
    chip.classList.toggle("stale", stale);
    one(".words", chip).textContent = !stale ? "Measured every 5 s" : away.length && parts.length ? `Without ${away.join(" and ")}` : `Stale since ${heard}`;
  }

  document.addEventListener("htmx:after:swap", join);
  setInterval(join, 1000);
  join();
})();
