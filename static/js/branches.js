/* A cause opens the fields that belong to it and closes the others. Without this file all of them stand there. */
"use strict";

const form = document.querySelector("[data-branches-form]");

if (form) {
  const groups = [...form.querySelectorAll("[data-branch]")];
  const show = () => {
    const cause = form.querySelector("[name=cause]:checked")?.value ?? "";
    for (const group of groups) group.hidden = !group.dataset.branch.split(" ").includes(cause);
  };
  form.addEventListener("change", (event) => { if (event.target.name === "cause") show(); });
  show();
}
