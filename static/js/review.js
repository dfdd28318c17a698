/* The desk under the fingers: keys, zoom and turn without loading the page anew. All of it also works by links. */
"use strict";

const desk = document.querySelector("[data-desk]");
const typing = (target) => target.closest("textarea, select, input:not([type=checkbox])");

if (desk) {
  const ticks = [...desk.querySelectorAll(".ticks input")];
  const marks = [...desk.querySelectorAll(".answer__mark input")];
  const accept = desk.querySelector("[data-accept]");
  const giveBack = desk.querySelector("[data-return]");
  const note = desk.querySelector("[data-marked]");

  // What cannot be done yet cannot be pressed; the server asks again.
  const refresh = () => {
    const marked = marks.filter((mark) => mark.checked).length;
    for (const mark of marks) mark.closest(".answer").classList.toggle("answer--returned", mark.checked);
    if (!accept) return;
    accept.disabled = marked > 0 || ticks.some((tick) => !tick.checked);
    giveBack.disabled = marked === 0;
    for (const place of [note, desk.querySelector("[data-return-count]")]) {
      place.textContent = marked ? place.dataset.words.replace("{count}", marked) : "";
    }
  };
  refresh();
  desk.addEventListener("change", (event) => {
    refresh();
    const mark = event.target.closest(".answer__mark input");
    if (mark?.checked) mark.closest(".answer").querySelector("textarea").focus();
  });
  // A browser that goes back to this page brings its ticks along.
  window.addEventListener("pageshow", refresh);

  const sheets = [...desk.querySelectorAll("[data-scan-page]")];
  const view = desk.querySelector("[data-scan-view]");
  const now = desk.querySelector("[data-scan-now]");
  let current = 0;

  const load = (sheet) => {
    const image = sheet.querySelector("img");
    image.src = `${image.dataset.src}?zoom=${view.dataset.zoom}&turn=${image.dataset.turn}`;
  };
  const show = (index) => {
    current = Math.min(Math.max(index, 0), sheets.length - 1);
    sheets[current].scrollIntoView({ block: "start" });
    now.textContent = current + 1;
  };
  const zoom = (step) => {
    const wanted = Math.min(Math.max(Number(view.dataset.zoom) + step, 0), 2);
    if (wanted === Number(view.dataset.zoom)) return;
    view.dataset.zoom = wanted;
    sheets.forEach(load);
  };
  const turn = () => {
    const image = sheets[current].querySelector("img");
    image.dataset.turn = (Number(image.dataset.turn) + 90) % 360;
    load(sheets[current]);
  };

  if (sheets.length) {
    const watcher = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          if (!entry.isIntersecting) continue;
          current = sheets.indexOf(entry.target);
          now.textContent = current + 1;
        }
      },
      { root: view, rootMargin: "-40% 0px -55% 0px" },
    );
    sheets.forEach((sheet) => watcher.observe(sheet));

    desk.addEventListener("click", (event) => {
      const tool = event.target.closest("[data-scan-step], [data-scan-zoom], [data-scan-turn]");
      if (!tool) return;
      event.preventDefault();
      if (tool.dataset.scanStep) show(current + Number(tool.dataset.scanStep));
      else if (tool.dataset.scanZoom) zoom(Number(tool.dataset.scanZoom));
      else turn();
    });
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const tick = ticks[Number(event.key) - 1];
    if (tick) tick.click();
    else if (event.key === "[" || event.key === "]") document.querySelector(`[data-key="${event.key}"]`)?.click();
    else if (!sheets.length) return;
    else if (event.key.toLowerCase() === "r") turn();
    else if (event.key === "+" || event.key === "=") zoom(1);
    else if (event.key === "-") zoom(-1);
    else if (event.key === "PageDown") show(current + 1);
    else if (event.key === "PageUp") show(current - 1);
    else return;
    event.preventDefault();
  });
}
