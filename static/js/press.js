/* A press that gets no answer is pressed again by itself: the same one, known by its key, so that it counts once.
   Without this file the browser says that nobody answered, and whoever goes back and presses does the same. */
"use strict";

const PAUSES = [500, 1000, 2000, 4000, 8000];  // ms before each further try
const NOBODY = [502, 503, 504];                // nobody was there to answer, or the database is away for a moment

for (const form of document.querySelectorAll("form[data-press]")) {
  const again = form.querySelector("[data-press-again]"), over = form.querySelector("[data-press-over]");

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.hasAttribute("aria-busy")) return;
    form.setAttribute("aria-busy", "true");
    over.hidden = true;
    const reply = await pressed(new FormData(form));
    again.hidden = true;
    if (!reply) {
      form.removeAttribute("aria-busy");
      over.hidden = false;
      return;
    }
    const told = reply.ok && reply.headers.get("Content-Type") === "application/json" && await reply.json().catch(() => null);
    // Any other answer is a page, a refusal for one: the browser asks for it once more and shows it.
    if (told) window.location.assign(told.next); else form.submit();
  });
  window.addEventListener("pageshow", () => form.removeAttribute("aria-busy"));  // Back brings the page as it was left

  async function pressed(fields) {
    for (const pause of [0, ...PAUSES]) {
      if (pause) {
        again.hidden = false;
        await new Promise((resolve) => { setTimeout(resolve, pause); });
      }
      const reply = await sent(fields).catch(() => null);
      if (reply && !NOBODY.includes(reply.status)) return reply;
    }
    return null;
  }

  function sent(fields) {
    const asking = { method: "POST", body: new URLSearchParams(fields), credentials: "same-origin", redirect: "manual" };
    return fetch(form.action, { ...asking, headers: { Accept: "application/json" } });
  }
}
