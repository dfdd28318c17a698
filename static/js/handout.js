/* Copies the message with the link. Without this file the text stands there to be marked and copied by hand. */
"use strict";

const copy = document.querySelector("[data-copy]");
if (copy) {
  const text = document.querySelector("[data-copy-text]"), state = document.querySelector("[data-copy-state]");
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.value);
    } catch {
      // Chat apps and plain http know only the old way.
      text.focus();
      text.select();
      document.execCommand("copy");
    }
    state.textContent = copy.dataset.copied;
  });
}
