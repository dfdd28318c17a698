/* The upload begins as soon as a picture is taken or a file dropped. Without this file a button does it. */
"use strict";

const form = document.querySelector("[data-upload]");

if (form) {
  const input = form.querySelector("[data-upload-input]");
  const state = form.querySelector("[data-upload-state]");
  const plain = form.querySelector("[data-upload-plain]");

  // One large button in place of the browser's own file field and a second button.
  input.disabled = false;
  form.querySelector("[data-upload-label]").hidden = false;
  plain.hidden = true;
  for (const field of plain.querySelectorAll("input, button")) field.disabled = true;

  const send = async () => {
    if (!input.files.length || form.hasAttribute("aria-busy")) return;
    state.textContent = state.dataset.busy;
    form.setAttribute("aria-busy", "true");
    await shrink();
    form.requestSubmit();
  };

  // Photographs travel smaller where the browser can do that; otherwise the files go as they are.
  const shrink = async () => {
    try {
      const smaller = new DataTransfer();
      for (const file of input.files) smaller.items.add(await window.shrinkPicture(file));
      input.files = smaller.files;
    } catch { /* an older browser */ }
  };
  input.addEventListener("change", send);
  window.addEventListener("pageshow", () => form.removeAttribute("aria-busy"));    // Back brings the page as it was left

  for (const kind of ["dragenter", "dragover"]) {
    form.addEventListener(kind, (event) => {
      event.preventDefault();
      form.classList.add("is-over");
    });
  }
  for (const kind of ["dragleave", "drop"]) {
    form.addEventListener(kind, () => form.classList.remove("is-over"));
  }
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    input.files = event.dataTransfer.files;
    send();
  });

  // 重拍 and 补拍 open the same chooser; they come and go with the list of pages.
  const showAgain = () => {
    for (const label of document.querySelectorAll("[data-upload-again]")) label.hidden = false;
  };
  showAgain();
  document.addEventListener("htmx:afterSwap", showAgain);
  document.addEventListener("htmx:oobAfterSwap", showAgain);
}
