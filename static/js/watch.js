/* Lists that fill up while somebody waits: asked again every so many seconds, only as long as the page is in view, and not
   for ever. <div hx-get="…" hx-trigger="watch" data-watch="3">; data-watch-for says how many seconds after the last sign of
   somebody being there, half an hour if it does not. Without this file a link or a reload does the same. */
"use strict";

const HALF_AN_HOUR = 1800;
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "focus"];
const asked = new WeakMap();
let seen = Date.now();

for (const sign of SIGNS) window.addEventListener(sign, () => { seen = Date.now(); }, { capture: true, passive: true });
document.addEventListener("visibilitychange", () => { if (!document.hidden) seen = Date.now(); });

setInterval(() => {
  if (document.hidden || !window.htmx) return;
  const now = Date.now();
  for (const place of document.querySelectorAll("[data-watch]")) {
    if (now - seen > (place.dataset.watchFor || HALF_AN_HOUR) * 1000) continue;
    if (!asked.has(place)) asked.set(place, now);
    if (now - asked.get(place) < place.dataset.watch * 1000) continue;
    asked.set(place, now);
    window.htmx.trigger(place, "watch");
  }
}, 500);
