/* Photographs in an ordinary form are made smaller as soon as they are chosen, while the rest is typed. A form that is
   sent before they are ready waits for them. Without this file they go as they are. */
"use strict";

const form = document.querySelector("[data-pictures-form]");
const input = form?.querySelector("[data-pictures]");

if (input) {
  const state = form.querySelector("[data-pictures-state]");
  let busy = null;

  const shrink = async (files) => {
    const smaller = new DataTransfer();
    for (const file of files) smaller.items.add(await window.shrinkPicture(file));
    input.files = smaller.files;
  };

  input.addEventListener("change", async () => {
    const work = busy = shrink([...input.files]).catch(() => { /* an older browser */ });
    state.textContent = form.dataset.wordBusy;
    await work;
    if (busy !== work) return;                     // others were chosen meanwhile
    busy = null;
    state.textContent = input.files.length ? `${form.dataset.wordReady} (${input.files.length})` : "";
  });

  form.addEventListener("submit", async (event) => {
    if (!busy) return;
    event.preventDefault();
    await busy;
    busy = null;
    form.requestSubmit();
  });
}
