/* What a page does beyond plain links and forms: live boards, names from intake, a lock when idle. Every action works
   without this file; nothing here knows a clinic rule. */
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const page = () => one("#page");
  const csrf = () => one('meta[name="csrf-token"]');

  // ---- requests ------------------------------------------------------------------------------------------------

  htmx.registerExtension("afterglow", {
    htmx_config_request: (element, { ctx }) => {
      if (ctx.request.method !== "GET") ctx.request.headers["X-CSRF-Token"] = csrf().content;
    },
    htmx_before_request: (element) => {
      // a second press while the first is on its way is the same press
      if (element.getAttribute("aria-busy") === "true") return false;
      if (waits(element)) return false;
      if (element.matches("form, [data-section]")) element.setAttribute("aria-busy", "true");
    },
    htmx_finally_request: (element) => { if (element.dataset.waits === undefined) element.removeAttribute("aria-busy"); },
    htmx_before_swap: (element, { ctx }) => {
      const response = ctx.response?.raw;
      if (!response) return; // a live part, not an answer
      if (response.status === 401) return lock(), false;
      if (element.matches("[data-section]") && !response.ok && !response.headers.has("Afterglow-Section")) return sectionFailed(element), false;
      if (!response.headers.get("Content-Type")?.includes("text/html")) return unreachable(), false;
      // a page with scripts or styles of its own (or of a newer release) is loaded whole
      if (ctx.request.method === "GET" && isPage(ctx.target) && needsMore(ctx.text)) return location.assign(response.url), false;
      if (element.matches("[data-section]") && !mayChange(element, ctx.text)) return false;
      // a form that somebody is filling stays as it is, also when it was opened while this answer was on its way
      if (element.matches("[data-refresh]")) for (const filled of all("details[open]", element)) filled.setAttribute("data-kept", "");
    },
    // a part that is read again has its panels closed; whoever opened one here keeps it open
    htmx_before_morph_attr: (element, { attrName }) => !(attrName === "open" && element.closest("[data-section]")),
    htmx_after_swap: (element, { ctx }) => {
      if (!ctx.response) return;
      for (const filled of all("[data-kept]", element)) filled.removeAttribute("data-kept");
      // what was sent and kept isn't typed any more; other half-filled forms stay
      if (ctx.response.raw?.redirected && element.matches?.("form") && element.isConnected) element.reset();
      if (ctx.target?.matches?.("[data-section]") && ctx.target !== element) answered(ctx.target, ctx.request, ctx.response.raw);
      warn();
      settle(ctx.target === page() || ctx.target?.id === "page");
    },
    htmx_error: (element, { ctx }) => {
      if (ctx?.sourceElement?.matches?.("[data-section]")) sectionFailed(ctx.sourceElement);
      else if (ctx?.request && !element.matches("#live *")) unreachable();
    },
  });

  /* the server's clock went on since it drew the page, at the site and not where this browser thinks it is */
  let drawnAt = performance.now();
  const clinicTime = () => new Date(Date.parse(page().dataset.now) + performance.now() - drawnAt)
    .toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: page().dataset.zone });
  window.afterglow = { clinicTime }; // for the scripts that only some pages ask for

  const isPage = (element) => element?.id === "page";
  const plain = (address) => address.split("/").at(-1);

  function needsMore(text) {
    const here = new Set(all("head script[src], head link[rel=stylesheet]").map((part) => plain(part.src || part.href)));
    const read = new DOMParser().parseFromString(text, "text/html");
    return all("head script[src], head link[rel=stylesheet]", read).some((part) => !here.has(plain(part.src || part.href)));
  }

  function settle(wholePage) {
    if (wholePage) {
      drawnAt = performance.now();
      one("#page [data-takes-focus]")?.focus();
      if (matchMedia("(max-width: 1100px)").matches) for (const menu of all("details.menu")) menu.open = false;
    }
    label(document);
    needs();
    if (wholePage) follow();
    if (wholePage) for (const section of all("[data-section][hx-get]")) if (one(":scope > .quiet:last-child > a", section)) htmx.trigger(section, "again");
  }

  /* scripts and styles that only some pages ask for, each loaded once, whenever a part that needs them appears */
  const nonce = document.currentScript?.nonce ?? "";
  const loaded = new Set();
  function needs() {
    for (const part of all("[data-needs]")) {
      for (const url of part.dataset.needs.split(" ")) {
        if (loaded.has(url)) continue;
        loaded.add(url);
        const style = url.endsWith(".css");
        const file = Object.assign(document.createElement(style ? "link" : "script"), style ? { rel: "stylesheet", href: url } : { src: url, async: false, nonce });
        document.head.append(file);
      }
    }
  }

  function bar(words) {
    const found = one("#stale");
    if (!found) return;
    found.hidden = !words;
    found.textContent = words;
  }

  function unreachable() {
    bar("Afterglow can’t be reached right now. Nothing was saved; what you typed is kept here. Try again in a moment.");
  }

  function sectionFailed(section) {
    const service = section.dataset.section;
    const name = service[0].toUpperCase() + service.slice(1);
    const title = one("h2", section)?.textContent ?? "";
    section.innerHTML = '<h2></h2><div class="degraded" role="status"><p></p><button type="button" class="button">Try again</button><p class="quiet"></p></div>';
    one("h2", section).textContent = title;
    one("p", section).textContent = `${name} can’t be reached right now; showing nothing rather than something old.`;
    one(".quiet", section).textContent = `Last tried ${clinicTime()}`;
    one("button", section).addEventListener("click", () => htmx.trigger(section, "again"));
  }

  // ---- names: asked from intake with the reader's own rights, kept only in this page's memory ---------------------

  const looks = [
    fromIntake("label-of", "labels", "patient_id", fillName),
    fromIntake("escort-of", "escort-labels", "session_id", fillEscort),
  ];

  function label(root) {
    for (const look of looks) look(root);
    fillSlots(root);
  }

  /* fills every [data-<mark>] with what intake's <list> knows of that <id>; until then the page's own words stand */
  function fromIntake(mark, list, id, fill) {
    const known = new Map();
    const asked = new Set();
    return function look(root) {
      const missing = new Set();
      for (const place of all(`[data-${mark}]`, root)) {
        const of = place.getAttribute(`data-${mark}`);
        if (known.has(of)) fill(place, known.get(of));
        else if (!asked.has(of)) missing.add(of);
      }
      if (missing.size) ask([...missing]);
    };

    async function ask(ids) {
      ids.forEach((each) => asked.add(each));
      for (let start = 0; start < ids.length; start += 50) {
        const some = ids.slice(start, start + 50);
        try {
          const answer = await fetch(`/intake/v1/${list}?${some.map((each) => `${id}=${each}`).join("&")}`);
          if (!answer.ok) throw new Error(answer.status);
          for (const found of (await answer.json()).items) known.set(found[id], found);
        } catch {
          // intake is away: what the page says by itself stays; ask again by and by
          setTimeout(() => { some.forEach((each) => asked.delete(each)); label(document); }, 10000);
        }
      }
      label(document);
    }
  }

  function fillName(place, found) {
    const name = one(".name", place);
    if (name.textContent !== found.name) name.textContent = found.name;
    const identity = one(".identity", place);
    if (identity) identity.textContent = [found.record_number, found.birth_year && `b. ${found.birth_year}`].filter(Boolean).join(" · ");
  }

  /* who takes the patient home, as the desk had it before dosing: whoever was named in recovery since comes first */
  function fillEscort(place, found) {
    const { kind, named } = place.dataset;
    if (found.kind !== kind || (named && named !== found.name)) return;
    const name = one(".escort-name", place);
    if (name && name.textContent !== found.name) name.textContent = found.name;
    const says = one(".escort-says", place);
    const more = says?.dataset.before && !named ? [found.name, found.relationship].filter(Boolean).join(", ") : found.relationship ?? "";
    if (says && says.textContent !== more) says.textContent = more;
    const phone = one(".escort-phone", place);
    if (phone && found.phone && !phone.firstElementChild) {
      const link = document.createElement("a");
      link.href = `tel:${found.phone.replace(/[^+\d]/g, "")}`;
      link.textContent = found.phone;
      link.className = "nowrap";
      phone.replaceChildren(link);
    }
  }

  /* what another service says of a session, repeated in this service's row: its own part stays the one that acts */
  function fillSlots(root) {
    for (const slot of all("[data-slot]", root)) {
      const says = all("[data-slotted]", document.getElementById(slot.dataset.slot) ?? slot);
      const fresh = says.map((part) => part.innerHTML).join(" ");
      if (slot.dataset.filled !== fresh) { slot.innerHTML = fresh; slot.dataset.filled = fresh; }
    }
  }

  // ---- live boards -----------------------------------------------------------------------------------------------

  const QUIET_MS = 25000;
  const POLL_MS = 10000;
  const heardAt = new WeakMap();
  const streams = () => all("[hx-sse\\:connect]");
  const line = () => one("#live [hx-sse\\:connect]");
  const silence = (stream) => { if (!heardAt.has(stream)) heardAt.set(stream, Date.now()); return Date.now() - heardAt.get(stream); };
  let stamp = one("#clock")?.textContent ?? "";
  let pollAt = 0;
  const lastHeard = () => stamp.split(", ").at(-1) || clinicTime();

  document.addEventListener("board", (event) => {
    heard(event.target);
    const change = JSON.parse(event.detail.data);
    stamp = change.stamp;
    apply(change, event.target);
  });
  document.addEventListener("beat", (event) => {
    heard(event.target);
    stamp = event.detail.data;
    const clock = one("#clock");
    if (clock && clock.textContent !== stamp) clock.textContent = stamp;
  });
  document.addEventListener("htmx:sse:error", ({ target }) => { if (target === line() && silence(target) > 3000) stale(); });
  document.addEventListener("htmx:sse:after:connection", ({ target }) => heard(target));

  function heard(stream) {
    heardAt.set(stream, Date.now());
    if (stream === line()) isHeard();
  }

  function isHeard() {
    const live = one("#live");
    if (!live?.classList.contains("stale")) return;
    live.classList.remove("stale");
    one(".words", live).textContent = "Live";
    bar("");
  }

  function stale() {
    const live = one("#live");
    if (!live || document.hidden || live.classList.contains("stale")) return;
    const time = lastHeard();
    live.classList.add("stale");
    one(".words", live).textContent = `Stale since ${time}`;
    bar(`Showing ${time}. Trying again.`);
  }

  setInterval(() => {
    const live = one("#live");
    for (const stream of document.hidden ? [] : streams()) {
      if (silence(stream) <= QUIET_MS) continue;
      if (stream === line()) stale();
      else if (stream.closest("[data-section]")) sectionFailed(stream.closest("[data-section]"));
    }
    if (live?.classList.contains("stale") && Date.now() > pollAt) poll();
    if (!showing) place();
  }, 1000);

  async function poll() {
    // the stream is lost but pages may still come through: read this one again
    pollAt = Date.now() + POLL_MS;
    if (line() && await readAgain(line())) bar(`The live line is down; read again at ${lastHeard()}. Trying again.`);
  }

  /* true when the page could be read, and its parts are what they are now */
  async function readAgain(from) {
    try {
      const answer = await fetch(location.href, { headers: { "HX-Request": "true" } });
      if (answer.status === 401) return lock();
      if (!answer.ok) return false;
      const read = new DOMParser().parseFromString(await answer.text(), "text/html");
      const parts = {};
      for (const part of all("[data-part]", read)) parts[part.id] = part.outerHTML;
      stamp = one("#clock", read)?.textContent ?? stamp;
      const order = {};
      for (const box of all("[data-list]", read)) order[box.id] = all(":scope > [data-part]", box).map((part) => part.id);
      apply({ parts, order, acted: false }, from);
      return true;
    } catch {
      return false; // still away
    }
  }

  /* Forty rows that all say a minute less would hold the page for as long as it takes to change them: they change in
     slices, between which the page answers whoever uses it. A part's later word takes its earlier one's place. */
  const SLICE_MS = 8;
  const news = new Map(); // part → what it says now, and the line that said so
  const orders = new Map(); // line → how its parts stand
  const arrivals = new Map();
  let showing = false;

  function apply({ parts, order, acted }, from) {
    for (const [id, html] of Object.entries(parts)) news.set(id, { html, from, acted: acted || Boolean(news.get(id)?.acted) });
    orders.set(from, order);
    if (!showing) show();
  }

  async function show() {
    showing = true;
    try {
      let began = performance.now();
      for (const [id, { html, from, acted }] of news) {
        news.delete(id);
        if (from.isConnected) showPart(id, html, acted); // else another page has taken this one's place
        if (performance.now() - began < SLICE_MS) continue;
        await new Promise((next) => setTimeout(next));
        began = performance.now();
      }
    } finally {
      showing = false;
    }
    place();
    fillSlots(document);
    document.dispatchEvent(new Event("afterglow:parts"));
  }

  function showPart(id, html, acted) {
    const template = document.createElement("template");
    template.innerHTML = html;
    const fresh = template.content.firstElementChild;
    const known = document.getElementById(id);
    label(template.content);
    if (!known) return void arrivals.set(id, fresh);
    const row = known.tagName === "TR";
    if (row && known.dataset.open === "true") keepOpen(known, fresh);
    if (drawn(known) === drawn(fresh)) return;
    if (row && known.cells.length === fresh.cells.length) exchangeCells(known, fresh); else exchange(known, fresh);
    if (acted && row) tint(known);
    if (acted && /(^|-)counts$/.test(id)) announce(document.getElementById(id));
    if (row) openedRowChanged(id);
  }

  /* as the server drew it: not what htmx marks, nor the secret that a page has in its forms */
  const drawn = (element) => element.outerHTML.replace(/ data-htmx-powered="true"|(?<=name="csrf_token" value=")[^"]*/g, "");

  function exchangeCells(known, fresh) {
    for (const { name } of [...known.attributes]) if (!fresh.hasAttribute(name)) known.removeAttribute(name);
    for (const { name, value } of fresh.attributes) if (known.getAttribute(name) !== value) known.setAttribute(name, value);
    const cells = [...fresh.cells];
    [...known.cells].forEach((cell, at) => { if (drawn(cell) !== drawn(cells[at])) exchange(cell, cells[at]); });
  }

  /* What nobody is using is exchanged. htmx's morph keeps focus, panels and half-filled fields, but whatever it changes,
     the browser then looks at the whole page's style again: with a hundred rows that takes longer than all else. */
  const IN_USE = '[aria-busy="true"], details, dialog, select, textarea, input:not([type="hidden"]), [data-kept], [hx-morph-skip]';

  function exchange(known, fresh) {
    if (known.matches(":focus-within, :active") || one(IN_USE, known)) {
      htmx.swap({ sourceElement: known, target: known, swap: "outerMorph", text: fresh.outerHTML });
    } else {
      known.replaceWith(fresh);
      htmx.process(fresh);
    }
  }

  function place() {
    for (const [from, order] of orders) {
      if (!from.isConnected) orders.delete(from);
      else if (!touched(order)) { orders.delete(from); arrange(order); }
      if (from.isConnected) insertArrivals(order);
    }
    arrivals.clear();
  }

  function insertArrivals(order) {
    for (const [box, ids] of Object.entries(order)) {
      const list = document.getElementById(box);
      if (!list) continue;
      ids.forEach((id, at) => {
        const fresh = arrivals.get(id);
        if (!fresh || document.getElementById(id)) return;
        const next = ids.slice(at + 1).map((other) => document.getElementById(other)).find((other) => other?.parentNode === list);
        list.insertBefore(fresh, next ?? null);
        htmx.process(fresh);
        if (fresh.tagName === "TR") tint(fresh);
      });
    }
  }

  /* rows never move under the pointer or the focus; what they say is changed all the same */
  function touched(order) {
    return Object.keys(order).some((id) => {
      const list = document.getElementById(id);
      return list && (list.matches(":hover") || (list.contains(document.activeElement) && document.activeElement !== document.body) || one(".sheet", list));
    });
  }

  function arrange(order) {
    const wanted = new Set(Object.values(order).flat());
    for (const [box, ids] of Object.entries(order)) {
      const list = document.getElementById(box);
      if (!list) continue;
      for (const child of all(":scope > [data-part]", list)) if (!wanted.has(child.id)) child.remove();
      let at = list.firstElementChild;
      for (const id of ids) {
        const row = document.getElementById(id);
        if (!row) continue;
        if (row === at) at = at.nextElementSibling;
        else list.insertBefore(row, at);
      }
    }
  }

  function keepOpen(known, fresh) {
    // the server draws rows closed; this reader has this one open
    for (const name of ["data-open", "class"]) if (known.hasAttribute(name)) fresh.setAttribute(name, known.getAttribute(name));
    const mine = one(".opens", known), theirs = one(".opens", fresh);
    if (mine && theirs) theirs.replaceWith(mine.cloneNode(true));
  }

  function openedRowChanged(id) {
    const sheet = document.getElementById(`sheet-${id}`);
    // what stands beside the form is read again; the form itself is never touched
    if (sheet) for (const part of all("[data-refresh]", sheet)) htmx.trigger(part, "refresh");
  }

  function tint(row) {
    row.classList.add("changed");
    setTimeout(() => row.classList.remove("changed"), 2000);
  }

  function announce(counts) {
    const words = all("a", counts).map((link) => link.innerText.replace(/\s+/g, " ").trim()).join(", ");
    if (one("#said").textContent !== words) one("#said").textContent = words;
  }

  // ---- one patient's page: what a service wrote of the patient is asked for, and its parts are read again ------------

  const ASK_MS = 2000;
  const SAYS_MS = 10000;
  const says = new WeakMap(); // part → until when it says what was just done on it
  const followed = () => one("#live [data-follows]");
  let marks = new Map(); // service → the number of its last entry about this patient; "" while it can't be reached
  let marksOf = null;
  let following = 0;

  const sections = (service) => all(`[data-section="${service}"][hx-get]`);

  /* nothing may be written between a part's drawing and the first number: the number is asked for first */
  function waits(element) {
    const patient = followed(), service = element.dataset.section;
    if (!patient?.dataset.services.split(" ").includes(service) || (marksOf === patient && marks.has(service))) return false;
    element.setAttribute("aria-busy", "true");
    element.dataset.waits = "";
    return true;
  }

  async function follow() {
    clearTimeout(following);
    const patient = followed();
    if (!patient) return;
    if (marksOf !== patient) { marksOf = patient; marks = new Map(); }
    if (!document.hidden && !one("#lock").open) {
      const heard = await Promise.all(patient.dataset.services.split(" ").map((service) => lookAt(patient, service)));
      if (!patient.isConnected) return;
      if (heard.every(Boolean)) isHeard(); else stale();
    }
    following = setTimeout(follow, ASK_MS);
  }

  async function lookAt(patient, service) {
    let number = "";
    try {
      const answer = await fetch(`/${service}/written?patient_id=${patient.dataset.follows}`, { headers: { "HX-Request": "true" } });
      if (answer.status === 401) return lock(), false;
      if (answer.ok) number = await answer.text();
    } catch { /* its parts say so themselves */ }
    if (!patient.isConnected) return false;
    const before = marks.get(service);
    marks.set(service, number);
    if (before === undefined) for (const section of sections(service)) { if (section.dataset.waits === undefined) continue; delete section.dataset.waits; section.removeAttribute("aria-busy"); htmx.trigger(section, "again"); }
    else if (number && number !== before) {
      for (const section of sections(service)) section.dataset.due = "";
      if (service === "intake") readAgain(patient);
    }
    for (const section of sections(service)) {
      if (section.dataset.due === undefined || Date.now() < (says.get(section) ?? 0)) continue;
      delete section.dataset.due;
      htmx.trigger(section, "again");
    }
    const clock = one("#clock");
    if (number && clock) stamp = clock.textContent;
    return number !== "";
  }

  /* a part that says what its reader just did goes on saying so for a while; one that opened a form keeps it open */
  function answered(section, request, response) {
    if (request.method !== "GET" && response?.redirected) says.set(section, Date.now() + SAYS_MS);
    if (request.method === "GET" && request.action !== section.getAttribute("hx-get")) section.dataset.opened = "";
    else delete section.dataset.opened;
    one("[data-takes-focus]", section)?.focus();
  }

  /* what somebody is filling is kept and the rest changes around it; where it would have no place any more, nothing does */
  function mayChange(section, text) {
    const fillings = all("form", section).filter(isFilled);
    if (section.dataset.opened !== undefined || one(".errors", section) || fillings.some((form) => !text.includes(`action="${form.getAttribute("action")}"`))) {
      bar(`${one("h2", section)?.textContent ?? "A part of this page"} was changed elsewhere. What you typed is kept; once it is sent or the page loaded again, the change shows.`);
      return false;
    }
    for (const form of fillings) form.setAttribute("data-kept", "");
    return true;
  }

  function isFilled(form) {
    return form.contains(document.activeElement) || [...form.elements].some((field) => {
      if (field.matches("[type=radio], [type=checkbox]")) return field.checked !== field.defaultChecked;
      if (field.matches("select")) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
      return field.matches("input, textarea") && field.value !== field.defaultValue;
    });
  }

  document.addEventListener("visibilitychange", () => { if (!document.hidden) follow(); });

  // ---- sign-in: renewed while used, locked when idle --------------------------------------------------------------

  const RENEW_MS = 4 * 60 * 1000;
  const ACTIVE = "afterglow-active-at";
  let renewedAt = Date.now();

  const idleMs = () => Number(page()?.dataset.idleSeconds ?? 0) * 1000;
  const activeAt = () => Number(localStorage.getItem(ACTIVE) ?? 0);
  const touch = () => { if (!one("#lock").open && Date.now() - activeAt() > 1000) localStorage.setItem(ACTIVE, String(Date.now())); };
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, touch, { passive: true, capture: true });
  touch();

  setInterval(() => {
    if (!idleMs()) return;
    if (one("#lock").open) return void unlock();
    if (Date.now() - activeAt() >= idleMs()) return void leave();
    if (Date.now() - renewedAt > RENEW_MS && activeAt() > renewedAt) renew();
  }, 5000);

  async function renew() {
    renewedAt = Date.now();
    try {
      const answer = await fetch("/intake/sign-in/renewal", { method: "POST", headers: { "X-CSRF-Token": csrf().content } });
      if (answer.status === 401 || answer.status === 403) lock();
    } catch { /* intake is away: the sign-in stays good for a while, the next try is in some minutes */ }
  }

  async function leave() {
    lock();
    try { await fetch("/intake/sign-out", { method: "POST", redirect: "manual", headers: { "X-CSRF-Token": csrf().content } }); } catch { /* it ends by itself */ }
  }

  function lock() {
    const dialog = one("#lock");
    if (dialog.open) return;
    document.body.classList.add("locked");
    dialog.showModal();
  }
  one("#lock").addEventListener("cancel", (event) => event.preventDefault());

  async function unlock() {
    try {
      const answer = await fetch(location.href, { headers: { "HX-Request": "true" } });
      if (!answer.ok) return;
      const read = new DOMParser().parseFromString(await answer.text(), "text/html");
      // what was typed belongs to who typed it
      if (one("#page", read)?.dataset.me !== page().dataset.me) return location.reload();
      csrf().content = one('meta[name="csrf-token"]', read).content;
      for (const field of all('input[name="csrf_token"]')) field.value = csrf().content;
      localStorage.setItem(ACTIVE, String(Date.now()));
      renewedAt = Date.now();
      document.body.classList.remove("locked");
      one("#lock").close();
    } catch { /* still away */ }
  }

  // ---- small things ------------------------------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    for (const menu of all("details.drop[open], details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
    const refused = event.target.closest?.('[aria-disabled="true"]');
    if (refused) {
      event.preventDefault();
      event.stopImmediatePropagation();
      one(refused.dataset.goesTo ?? "")?.focus();
    }
    if (event.target.closest?.("[data-prints]")) window.print();
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest?.("details.drop[open], details.menu[open]");
    if (menu) { menu.open = false; one("summary", menu).focus(); return; }
    one(".sheet .closes, [data-open] .closes")?.click();
  });

  /* a value past a limit that the page names is warned of under its field, and may be saved all the same */
  function warn() {
    const past = new Map();
    for (const field of all("[data-warning]")) {
      const value = field.value.trim() === "" ? NaN : Number(field.value);
      const is = value > Number(field.dataset.warnsAbove ?? Infinity) || value < Number(field.dataset.warnsBelow ?? -Infinity);
      past.set(field.dataset.warning, past.get(field.dataset.warning) || is);
    }
    for (const [id, is] of past) {
      const line = document.getElementById(id);
      if (line && line.hidden === is) line.hidden = !is;
    }
  }
  document.addEventListener("input", (event) => { if (event.target.matches?.("[data-warning]")) warn(); });

  for (const wide of all("details.menu")) wide.open = matchMedia("(min-width: 1101px)").matches;
  label(document);
  needs();
  warn();
  follow();
  one("#page [data-takes-focus]")?.focus();
})();
