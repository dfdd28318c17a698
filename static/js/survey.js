/* Saves each answer as it changes. Without this file the page's button does the same work.
   A field's answers leave one after the other, so that a lost connection never looks like a second device:
   what was sent and got no reply is sent again first (the server takes the same answer twice without harm). */
"use strict";

const SAVE_AFTER = 1000;   // ms from the first keystroke not yet sent; who types on and on is saved while typing
const QUIET_AFTER = 1500;  // ms without a keystroke; then an answer may be judged, not in the middle of a word

const form = document.querySelector("form[data-survey]");
if (form) start(form);

function start(form) {
  const words = form.dataset;
  const bar = document.querySelector("[data-savebar]");
  const stateBox = document.querySelector("[data-save-state]");
  const kept = window.keptAnswers(`survey:${words.user}:${words.reference}`);
  const queue = new Map();                           // question → answers not yet stored, oldest first
  const timers = new Map();                          // field → its next saving
  const typing = new Map(), advice = new Map();      // field → its end of quiet; what was said of it meanwhile
  let sending = false, retry = null, pause = 2000, loggedOut = false, over = false, leaving = false, submitted = false;

  form.addEventListener("input", (event) => {
    const field = fieldOf(event.target);
    if (!field || !event.target.matches("[data-answer]")) return;
    chooseChange(field, event.target);
    showLength(field);
    clearTimeout(typing.get(field));
    typing.set(field, setTimeout(() => judge(field), QUIET_AFTER));
    if (!timers.has(field)) timers.set(field, setTimeout(() => note(field), SAVE_AFTER));
  });
  form.addEventListener("change", (event) => {
    const field = fieldOf(event.target);
    if (!field) return;
    if (event.target.matches("[data-prefill]")) return event.target.value === "keep" ? note(field, true) : openNew(field);
    if (event.target.matches("[data-answer]")) { chooseChange(field, event.target); note(field); showConditions(); }
  });
  form.addEventListener("focusout", (event) => {
    const field = fieldOf(event.target);
    if (field && timers.has(field)) note(field);
    if (field && typing.has(field)) judge(field);
  });
  // The button sends everything itself: nothing of the queue is wanted any more once the page was accepted.
  form.addEventListener("submit", () => { submitted = true; noteAll(); });
  // Whoever leaves between a keystroke and its saving loses nothing; phones only say that the page is hidden.
  document.addEventListener("visibilitychange", () => { if (document.hidden) noteAll(); });
  window.addEventListener("online", () => { pause = 2000; send(); });
  window.addEventListener("beforeunload", (event) => {
    noteAll();
    if (queue.size && !keep()) return event.preventDefault();
    // The next page may have been drawn before the last answer arrived: it is told of it and sends it again.
    // The button is no such case, and a page that stays after all (a download) goes on as before.
    leaving = !submitted;
    setTimeout(() => { leaving = false; keep(); }, 5000);
  });

  showConditions();
  takeOver();
  takeUp();
  tellOpened();

  // What was typed before this file had come, on a slow line, counts like what is typed now.
  function takeUp() {
    for (const input of form.querySelectorAll("[data-answer]")) {
      const field = fieldOf(input);
      if (!field || timers.has(field) || !isTouched(input)) continue;
      chooseChange(field, input);
      timers.set(field, setTimeout(() => note(field), SAVE_AFTER));
    }
  }

  function isTouched(input) {
    if (input.type === "radio" || input.type === "checkbox") return input.checked !== input.defaultChecked;
    if (input.tagName !== "SELECT") return input.value !== input.defaultValue;
    const drawn = [...input.options].find((option) => option.defaultSelected) ?? input.options[0];
    return input.value !== drawn?.value;
  }

  // The association sees who has the form before them; the address is there only as long as that is not known.
  function tellOpened() {
    if (!words.opened) return;
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    fetch(words.opened, { method: "POST", body, credentials: "same-origin", keepalive: true }).catch(() => {});
  }

  function fieldOf(element) { return element.closest("[data-question]"); }

  function fieldNamed(name) { return form.querySelector(`[data-question="${CSS.escape(name)}"]`); }

  function answerOf(field) {
    const values = [];
    for (const input of field.querySelectorAll("[data-answer]")) {
      if ((input.type === "radio" || input.type === "checkbox") && !input.checked) continue;
      values.push(input.value);
    }
    return values;
  }

  // Typing into the box of a prefilled answer, or into a date box, chooses "change" or "at these times" by itself.
  function chooseChange(field, input) {
    const radio = field.querySelector('[data-prefill][value="change"]');
    if (radio) radio.checked = true;
    const some = field.querySelector('[data-answer][type="radio"][value="some"]');
    if (some && input.type === "text" && input.value.trim()) some.checked = true;
    if (input.type === "radio" && input.value === "none") {
      for (const box of field.querySelectorAll('.dates [data-answer]')) box.value = "";
    }
  }

  function openNew(field) { field.querySelector(".prefill__new [data-answer]")?.focus(); }

  function noteAll() { for (const field of [...timers.keys()]) note(field); }

  function note(field, kept = false) {
    clearTimeout(timers.get(field));
    timers.delete(field);
    const name = field.dataset.question;
    // Each answer carries the revision it was written over: one sent days later can never overwrite in silence.
    const entry = { values: answerOf(field), keep: kept ? "1" : "", seen: field.querySelector("[data-seen]").value };
    const waiting = queue.get(name) || [];
    const last = waiting.at(-1);
    if (last && JSON.stringify([last.values, last.keep]) === JSON.stringify([entry.values, entry.keep])) return;
    // The first may be on its way already; only what has never left is replaced.
    queue.set(name, [...waiting.filter((one) => one.tried), entry]);
    keep();
    send();
  }

  async function send() {
    if (sending || loggedOut || over || !queue.size) return;
    clearTimeout(retry);
    sending = true;
    try {
      while (queue.size && !loggedOut) {
        const [name, waiting] = queue.entries().next().value;
        say("saving");
        await sendOne(name, waiting[0]);
      }
      if (!queue.size && bar.dataset.state !== "unsaved") pause = 2000;
    } catch {
      say("unsaved", words.wordUnsaved);
      retry = setTimeout(send, pause);
      pause = Math.min(pause * 2, 30000);
    } finally {
      sending = false;
    }
  }

  async function sendOne(name, entry) {
    const field = fieldNamed(name);
    if (!field) return drop(name);
    entry.tried = true;
    keep();
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.append("question", name);
    body.append("seen", entry.seen);
    body.append("keep", entry.keep);
    for (const value of entry.values) body.append("value", value);
    const reply = await fetch(words.url, { method: "POST", body, credentials: "same-origin", redirect: "manual" });
    if (reply.status === 401 || reply.status === 403 || reply.type === "opaqueredirect") return askLogin();
    if (![200, 409, 422].includes(reply.status)) throw new Error(String(reply.status));
    const told = await reply.json();
    drop(name);
    if (reply.status === 200) return stored(field, name, told);
    advice.delete(field);
    if (reply.status === 409) return clash(field, entry, told);
    sayError(field, [told.sentence]);
    over = told.codes.some((code) => code !== "shape");
    say("unsaved", over ? told.sentence : words.wordOver);
  }

  function drop(name) {
    const rest = (queue.get(name) || []).slice(1);
    if (rest.length) queue.set(name, rest); else queue.delete(name);
    keep();
  }

  function stored(field, name, told) {
    field.querySelector("[data-seen]").value = told.token;
    for (const later of queue.get(name) || []) later.seen = told.token;
    advice.set(field, told.advice);
    if (!typing.has(field)) judge(field);
    field.querySelector(".conflict")?.remove();
    if (!queue.size && !form.querySelector(".conflict")) say("saved", words.wordSaved.replace("{time}", told.saved_at));
    showProgress(told);
    showUnconfirmed(field.closest(".form-section"));
    takeOver();
  }

  // The button that confirms a whole section goes when nothing of it waits any more.
  function showUnconfirmed(section) {
    const button = section?.querySelector("[data-confirm-section]");
    const waiting = [...(section?.querySelectorAll(".prefill__choices") || [])].filter((choices) => !choices.querySelector(":checked"));
    if (button) button.hidden = !waiting.length;
  }

  function judge(field) {
    clearTimeout(typing.get(field));
    typing.delete(field);
    if (advice.has(field)) sayError(field, advice.get(field));
    advice.delete(field);
  }

  // Both are shown and the reader chooses; nothing is overwritten in silence.
  function clash(field, entry, told) {
    field.querySelector(".conflict")?.remove();
    sayError(field, [told.sentence]);
    const box = make("div", "conflict");
    const who = words.wordTheirs.replace("{who}", told.theirs.who).replace("{at}", told.theirs.at);
    box.append(make("p", "conflict__theirs", who.replace("{text}", told.theirs.text || words.wordEmpty)));
    const mine = make("button", "button button--secondary button--small", words.wordUseMine);
    const theirs = make("button", "button button--secondary button--small", words.wordUseTheirs);
    mine.type = theirs.type = "button";
    const take = () => { field.querySelector("[data-seen]").value = told.theirs.token; box.remove(); };
    mine.addEventListener("click", () => { take(); note(field); });
    theirs.addEventListener("click", () => { take(); fill(field, told.theirs.raw); sayError(field, []); say("saved", ""); showConditions(); takeOver(); });
    box.append(mine, theirs);
    field.querySelector("[data-errors]").after(box);
    say("unsaved", told.sentence);
  }

  function fill(field, raw) {
    const boxes = [...field.querySelectorAll("[data-answer]")];
    const texts = raw.filter((value) => value !== "none" && value !== "some");
    for (const box of boxes) {
      if (box.type === "radio" || box.type === "checkbox") {
        box.checked = raw.includes(box.value) || (box.value === "some" && texts.length > 0 && !raw.includes("none"));
      } else box.value = texts.shift() ?? "";
    }
    showLength(field);
  }

  function sayError(field, sentences) {
    const place = field.querySelector("[data-errors]");
    place.replaceChildren(...sentences.map((sentence) => make("p", "field__error", sentence)));
    field.classList.toggle("field--error", sentences.length > 0);
    for (const box of field.querySelectorAll("[data-answer]:not([type=radio]):not([type=checkbox])")) {
      if (sentences.length) box.setAttribute("aria-invalid", "true"); else box.removeAttribute("aria-invalid");
    }
  }

  function say(state, text) {
    if (state === "saving") { if (bar.dataset.state !== "unsaved") stateBox.textContent = words.wordSaving; return; }
    bar.dataset.state = state;
    if (text) stateBox.textContent = text;
  }

  function askLogin() {
    loggedOut = true;
    keep();
    say("unsaved", words.wordLogin);
    const link = make("a", "", words.wordLoginLink);
    link.href = words.login;
    stateBox.append(" ", link);
  }

  function showProgress(told) {
    const share = told.total ? (100 * told.done / told.total).toFixed(1) : "0";
    bar.querySelector(".progress rect").setAttribute("width", `${share}%`);
    bar.querySelector("[data-progress]").textContent =
      words.wordProgress.replace("{done}", told.done).replace("{total}", told.total);
    bar.querySelector("[data-missing-count]").textContent =
      told.missing.length ? `　${words.wordMissing.replace("{count}", told.missing.length)}` : "";
    for (const [id, part] of Object.entries(told.sections)) {
      for (const place of document.querySelectorAll(`[data-count="${CSS.escape(id)}"]`)) {
        place.textContent = `${part.done} / ${part.total}`;
        const ring = place.parentElement.querySelector(".ring use");
        if (ring) ring.setAttribute("href", ring.getAttribute("href").replace(/#r-.*/, `#r-${part.ring}`));
      }
    }
    for (const list of document.querySelectorAll("[data-missing]")) {
      list.replaceChildren(...told.missing.map((question) => {
        const item = make("li"), link = make("a", "", question.label);
        link.href = `#q-${question.id}`;
        item.append(link);
        return item;
      }));
    }
    for (const head of document.querySelectorAll("[data-missing-head], [data-missing-notice]")) head.hidden = !told.missing.length;
  }

  function showConditions() {
    for (const field of form.querySelectorAll("[data-shown-if]")) {
      const chosen = form.querySelector(`[name="${CSS.escape(field.dataset.shownIf)}"]:checked`);
      field.hidden = chosen?.value !== field.dataset.shownValue;
      const note = field.querySelector("[data-condition]");
      if (note) note.hidden = true;
    }
  }

  function showLength(field) {
    const box = field.querySelector("textarea"), place = field.querySelector("[data-length]");
    if (box && place) place.textContent = words.wordCount.replace("{count}", [...box.value].length);
  }

  // What a lost connection, an ended session or another page of this form left behind is put back into the page and sent,
  // under the revision it was written over; where something else waits for a word here, it waits too.
  function takeOver() {
    kept.adopt((name, waiting) => {
      const field = fieldNamed(name), last = waiting.at(-1);
      if (!field) return true;
      if (leaving || queue.has(name) || timers.has(field) || field.querySelector(".conflict")) return false;
      queue.set(name, waiting);
      if (!keep()) { queue.delete(name); return false; }
      field.querySelector("[data-seen]").value = last.seen;
      if (!last.keep) { chooseChangeIfPrefilled(field); fill(field, last.values); showConditions(); }
      send();
      return true;
    });
  }
  function chooseChangeIfPrefilled(field) {
    const radio = field.querySelector('[data-prefill][value="change"]');
    if (radio) radio.checked = true;
  }

  function keep() { return leaving || kept.keep(queue); }
  function make(tag, className = "", text = "") {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  }
}
