/* Lists that fill up while somebody waits: asked again every so many seconds, only as long as the page is in view,
   and not for ever. <div hx-get="…" hx-trigger="watch" data-watch="3">; data-watch-for says how many seconds in all,
   half an hour if it does not. Without this file a link or a reload does the same. */
"use strict";

const HALF_AN_HOUR = 1800;
const opened = Date.now();
const asked = new WeakMap();

setInterval(() => {
  if (document.hidden || !window.htmx) return;
  const now = Date.now();
  for (const place of document.querySelectorAll("[data-watch]")) {
    if (now - opened > (place.dataset.watchFor || HALF_AN_HOUR) * 1000) continue;
    if (!asked.has(place)) asked.set(place, now);
    if (now - asked.get(place) < place.dataset.watch * 1000) continue;
    asked.set(place, now);
    window.htmx.trigger(place, "watch");
  }
}, 500);
