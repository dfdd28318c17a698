/* The desk under the fingers: keys, reasons, zoom and turn without loading the page anew. All of it also works without. */
"use strict";

const desk = document.querySelector("[data-desk]");
const typing = (target) => target.closest("textarea, select, input:not([type=checkbox])");

if (desk) {
  const ticks = [...desk.querySelectorAll(".ticks input")];
  const marks = [...desk.querySelectorAll(".answer__mark input")];
  const accept = desk.querySelector("[data-accept]");
  const giveBack = desk.querySelector("[data-return]");
  const panel = desk.querySelector("[data-return-panel]");
  const note = desk.querySelector("[data-marked]");
  const marked = () => marks.filter((mark) => mark.checked).length;

  // What cannot be done yet cannot be pressed; the server asks again.
  const refresh = () => {
    const count = marked();
    for (const mark of marks) mark.closest(".answer").classList.toggle("answer--returned", mark.checked);
    if (!panel) return;
    if (accept) accept.disabled = count > 0 || ticks.some((tick) => !tick.checked);
    giveBack.disabled = count === 0;
    for (const place of [note, desk.querySelector("[data-return-count]")]) {
      place.textContent = count ? place.dataset.words.replace("{count}", count) : "";
    }
  };
  refresh();

  // A reason stands before the reviewer's own words; another choice takes its place and leaves the words.
  const said = (choice) => choice.selectedOptions[0]?.dataset.text ?? "";
  const sayReason = (choice) => {
    const field = choice.closest("[data-remark]").querySelector("textarea");
    const before = choice.dataset.said ?? "";
    const words = before && field.value.startsWith(before) ? field.value.slice(before.length) : field.value;
    field.value = [said(choice), words.trim()].filter(Boolean).join("\n");
    choice.dataset.said = said(choice);
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  };
  for (const choice of desk.querySelectorAll("[data-reason]")) choice.dataset.said = said(choice);
  const whole = desk.querySelector("[data-whole]");
  if (whole) whole.value = "1";

  desk.addEventListener("change", (event) => {
    refresh();
    if (event.target.matches("[data-reason]")) sayReason(event.target);
    const mark = event.target.closest(".answer__mark input");
    if (mark?.checked) mark.closest(".answer").querySelector("[data-reason]").focus();
  });
  // A browser that goes back to this page brings its ticks along.
  window.addEventListener("pageshow", refresh);

  const sheets = [...desk.querySelectorAll("[data-scan-page]")];
  const view = desk.querySelector("[data-scan-view]");
  const now = desk.querySelector("[data-scan-now]");
  let current = 0;

  const picture = (sheet) => sheet.querySelector("img");
  // A sheet that lies across gets room as wide as it is.
  const fit = (image) => image.classList.toggle("scan__sheet--wide", image.naturalWidth > image.naturalHeight);
  const load = (sheet) => {
    const image = picture(sheet);
    image.src = `${image.dataset.src}?zoom=${view.dataset.zoom}&turn=${image.dataset.turn}`;
  };
  // The next page is fetched while this one is read.
  const arrive = (index) => {
    current = index;
    now.textContent = current + 1;
    for (const sheet of sheets.slice(current, current + 2)) picture(sheet).loading = "eager";
  };
  // In a pane of its own only the pane moves; on a phone the window does.
  const goTo = (sheet) => {
    if (view.scrollHeight <= view.clientHeight) return sheet.scrollIntoView({ block: "start" });
    view.scrollTop += sheet.getBoundingClientRect().top - view.getBoundingClientRect().top;
  };
  const show = (index) => {
    arrive(Math.min(Math.max(index, 0), sheets.length - 1));
    goTo(sheets[current]);
  };
  const zoomTo = (wanted) => {
    if (wanted === Number(view.dataset.zoom)) return;
    view.dataset.zoom = wanted;
    sheets.forEach(load);
    goTo(sheets[current]);
  };
  const zoom = (step) => zoomTo(Math.min(Math.max(Number(view.dataset.zoom) + step, 0), 2));
  const turn = () => {
    const image = picture(sheets[current]);
    image.dataset.turn = (Number(image.dataset.turn) + 90) % 360;
    load(sheets[current]);
  };

  if (sheets.length) {
    for (const image of sheets.map(picture)) {
      image.addEventListener("load", () => fit(image));
      if (image.complete && image.naturalWidth) fit(image);
    }
    const watcher = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) if (entry.isIntersecting) arrive(sheets.indexOf(entry.target));
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

  // --- Keys. None of them decides: they lead to the button that does. ---
  const help = document.querySelector("[data-keys]");
  const switched = document.querySelector("[data-keys-on]");
  const OFF = "desk-keys-off";
  help.hidden = false;
  switched.checked = !localStorage.getItem(OFF);
  switched.addEventListener("change", () => {
    if (switched.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });

  const goToAccept = () => {
    if (!accept) return;
    if (accept.disabled) note.textContent = note.dataset.notYet;
    else accept.focus();
  };
  const goToReturn = () => {
    if (!panel) return;
    panel.open = true;
    const first = marked() ? giveBack : panel.querySelector("[data-reason]");
    (first ?? panel.querySelector("input")).focus();
  };
  const press = (key) => document.querySelector(`[data-key="${key}"]`)?.click();
  const close = () => {
    const open = [help, panel].find((one) => one?.open);
    if (!open) return false;
    open.open = false;
    open.querySelector("summary").focus();
    return true;
  };
  const KEYS = {
    a: goToAccept,
    r: goToReturn,
    n: () => press("n"),
    p: () => press("p"),
    v: () => press("v"),
    "?": () => (help.open = !help.open),
  };
  const PAGES = {
    j: () => show(current + 1),
    k: () => show(current - 1),
    arrowright: () => show(current + 1),
    arrowleft: () => show(current - 1),
    pagedown: () => show(current + 1),
    pageup: () => show(current - 1),
    z: () => zoomTo((Number(view.dataset.zoom) + 1) % 3),
    "+": () => zoom(1),
    "=": () => zoom(1),
    "-": () => zoom(-1),
    t: turn,
  };
  // An enlarged sheet is pushed about with the arrows.
  const pushes = (event) =>
    event.key.startsWith("Arrow") && view?.dataset.zoom !== "0" && event.target.closest("[data-scan-view]");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && close()) return event.preventDefault();
    if (!switched.checked || typing(event.target) || pushes(event)) return;
    const key = event.key.toLowerCase();
    const work = ticks[Number(key) - 1] ? () => ticks[Number(key) - 1].click() : (KEYS[key] ?? (sheets.length && PAGES[key]));
    if (!work) return;
    event.preventDefault();
    work();
  });
}
