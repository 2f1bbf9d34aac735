/* The patient's page: four lists of what happened become one, and alerts of other services stand in the head. Without
   this file each list stands on its own. */
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const FIRST = 14;
  let shown = "All";
  let everything = false;

  async function merge() {
    const card = one("#timeline");
    const merged = one("#merged");
    if (!card || !merged) return;
    const zone = card.dataset.zone;
    const day = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone: zone });
    const dayAndYear = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: zone });
    const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: zone });
    const year = (at) => new Intl.DateTimeFormat("en-GB", { year: "numeric", timeZone: zone }).format(at);
    const lists = all("ul[data-source]", one("#sources"));
    const entries = lists.flatMap((list) => all("li[data-at]", list).map((item) => ({ item, source: list.dataset.source, at: new Date(item.dataset.at) })));
    entries.sort((a, b) => b.at - a.at);
    const wanted = entries.filter((entry) => shown === "All" || entry.source === shown);
    const visible = everything ? wanted : wanted.slice(0, FIRST);
    const fresh = document.createDocumentFragment();
    let heading = "";
    let list = null;
    const newest = entries[0] ? year(entries[0].at) : "";
    for (const { item, at } of visible) {
      const title = (year(at) === newest ? day : dayAndYear).format(at).replace(",", "");
      if (title !== heading) {
        heading = title;
        const head = document.createElement("h3");
        head.textContent = title;
        list = document.createElement("ul");
        list.className = "timeline";
        fresh.append(head, list);
      }
      const copy = item.cloneNode(true);
      const time = one("time", copy);
      if (time) time.textContent = clock.format(at);
      list.append(copy);
    }
    if (!wanted.length) {
      const none = document.createElement("p");
      none.className = "empty";
      none.textContent = "Nothing yet. What happens to this patient appears here.";
      fresh.append(none);
    }
    if (wanted.length > visible.length) {
      const oldest = wanted.at(-1).at;
      const more = document.createElement("button");
      more.type = "button";
      more.className = "button link";
      more.textContent = `Show ${wanted.length - visible.length} earlier entries, back to ${day.format(oldest).replace(",", "").replace(/^\S+ /, "")} ${year(oldest)}`;
      fresh.append(more);
    }
    const told = document.createElement("div");
    told.append(fresh);
    merged.hidden = false;
    // changed in place, so that focus and scroll stay; what it already says is left alone, or a swap would follow itself
    if (merged.innerHTML !== told.innerHTML) await htmx.swap({ sourceElement: merged, target: merged, swap: "innerMorph", text: told.innerHTML });
    // a list that is merged is not shown twice; one that couldn't be had says so itself
    for (const source of all(".timeline-source", card)) source.classList.toggle("merged", Boolean(one("ul[data-source]", source)));
    filters(card, ["All", "Clinic", "Recovery", "Integration", "Maintenance"].filter((word) => word === "All" || lists.some((l) => l.dataset.source === word)));
  }

  function filters(card, words) {
    const box = one(".timeline-filters", card);
    const now = all("button", box).map((button) => button.textContent);
    if (now.join() !== words.join()) {
      box.replaceChildren(...words.map((word) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "button link";
        button.textContent = word;
        button.addEventListener("click", () => { shown = word; everything = false; merge(); });
        return button;
      }));
    }
    for (const button of all("button", box)) button.setAttribute("aria-pressed", String(button.textContent === shown));
    box.hidden = words.length < 3;
  }

  function alerts() {
    const place = one("#alerts");
    if (!place) return;
    place.replaceChildren(...all("[data-alert]").filter((from) => from !== place).flatMap((from) => [...from.children].map((chip) => chip.cloneNode(true))));
  }

  async function showEverything() {
    const at = all("li", one("#merged")).length;
    everything = true;
    await merge();
    const next = all("li", one("#merged"))[at];
    next?.setAttribute("tabindex", "-1");
    next?.focus();
  }

  function joined() { merge(); alerts(); }

  document.addEventListener("click", ({ target }) => { if (target.closest?.("#merged > button")) showEverything(); });
  document.addEventListener("htmx:after:swap", joined);
  document.addEventListener("afterglow:parts", joined);
  joined();
})();
