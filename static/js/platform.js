/* What every page may use. All of it is comfort: without scripts the same pages do the same work. */
"use strict";

// A page that came back with errors says so first, also to a screen reader.
document.querySelector("[data-focus]")?.focus();

// A link in the error summary puts the cursor into the field itself.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".error-summary a");
  const target = link && document.getElementById(link.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  (target.matches("fieldset") ? target.querySelector("input, select, textarea") || target : target).focus();
  target.scrollIntoView({ block: "center" });
});

// <button data-print hidden>: shown only where it can work.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
