/* Pictures go up one by one as they are taken: made smaller, with their progress, tried again when the line breaks.
   Without this file the plain form does the same work. */
"use strict";

const form = document.querySelector("[data-phone]");
if (form) start(form);

function start(form) {
  const words = form.dataset;
  const input = form.querySelector("[data-phone-input]"), plain = form.querySelector("[data-phone-plain]");
  const list = document.querySelector("[data-phone-list]");
  const PAUSES = [2000, 5000, 15000];
  const queue = [];
  let busy = false, count = 0;

  input.disabled = false;
  form.querySelector("[data-phone-label]").hidden = false;
  plain.hidden = true;
  for (const field of plain.querySelectorAll("input, button")) field.disabled = true;

  input.addEventListener("change", () => {
    for (const file of input.files) queue.push(line(file));
    input.value = "";                              // the same picture may be chosen again
    work();
  });
  window.addEventListener("online", () => { for (const one of queue) one.again(); });
  window.addEventListener("beforeunload", (event) => { if (queue.length) event.preventDefault(); });

  async function work() {
    if (busy) return;
    busy = true;
    try {
      for (let one = queue.find(waits); one; one = queue.find(waits)) await carry(one);
    } finally {
      busy = false;
    }
  }

  function waits(one) { return !one.stuck; }

  async function carry(one) {
    one.say(words.wordShrinking);
    one.small ||= await window.shrinkPicture(one.file);
    one.show(one.small);
    while (!one.stuck) {
      try {
        return settle(one, await send(one));
      } catch {
        const pause = PAUSES[one.tries];
        one.tries += 1;
        if (pause === undefined) return giveUp(one);
        one.say(words.wordAgain);
        await new Promise((done) => { setTimeout(done, pause); });
      }
    }
    return null;
  }

  // XMLHttpRequest, because fetch tells nothing of how far an upload is.
  function send(one) {
    return new Promise((done, failed) => {
      const request = new XMLHttpRequest(), body = new FormData();
      body.append("files", one.small, one.small.name);
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "application/json");
      request.responseType = "json";
      request.timeout = 180000;
      request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) one.progress(event.loaded / event.total); });
      request.addEventListener("load", () => (request.response ? done(request) : failed(new Error("no answer"))));
      for (const name of ["error", "timeout", "abort"]) request.addEventListener(name, () => failed(new Error(name)));
      request.send(body);
    });
  }

  function settle(one, reply) {
    queue.splice(queue.indexOf(one), 1);
    const told = reply.status === 200 ? reply.response.files[0] : { state: "refused", sentence: reply.response.sentence };
    one.end(told.state, told.sentence);
    for (const place of document.querySelectorAll("#copy-pages")) window.htmx?.trigger(place, "watch");
  }

  function giveUp(one) {
    one.stuck = true;
    one.say(words.wordFailed);
    const button = make("button", "button button--secondary button--small", words.wordRetry);
    button.type = "button";
    button.addEventListener("click", () => one.again());
    one.item.append(button);
  }

  function line(file) {
    count += 1;
    const item = make("li", "sending__item"), picture = make("span", "thumb");
    const state = make("span", "hint", words.wordWaiting), bar = make("progress", "sending__bar");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", words.wordName.replace("{number}", count));
    item.append(picture, make("b", "", words.wordName.replace("{number}", count)), state, bar);
    list.append(item);
    return {
      file, item, tries: 0, stuck: false, small: null,
      again() { item.querySelector("button")?.remove(); this.stuck = false; this.tries = 0; work(); },
      say(text) { state.textContent = text; },
      progress(share) { bar.value = share; state.textContent = words.wordSending.replace("{percent}", Math.round(100 * share)); },
      show(small) {
        if (picture.firstChild || !small.type.startsWith("image/")) return;
        const image = make("img", "thumb");
        image.alt = "";
        image.src = URL.createObjectURL(small);
        image.addEventListener("error", () => image.remove());
        picture.replaceWith(image);
      },
      end(kind, sentence) {
        bar.remove();
        state.textContent = sentence;
        state.className = kind === "refused" ? "pages__missing" : "pages__ok";
      },
    };
  }

  function make(tag, className = "", text = "") {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  }
}
