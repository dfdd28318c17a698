/* What was written and is not stored yet, kept in this browser: each page keeps its own, so that two pages of one form
   never write over each other. A page that is gone leaves what it kept to the next one, or to one that is still open. */
"use strict";

window.keptAnswers = (form) => {
  const mine = `${form}:${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
  const asked = new Set();                           // keys whose pages are waited for

  hold();
  window.addEventListener("pageshow", (event) => { if (event.persisted) hold(); });

  // Held as long as this page lives; without locks (plain http) pages cannot tell, and take over at once.
  function hold() {
    navigator.locks?.request(mine, () => new Promise((gone) => { window.addEventListener("pagehide", gone, { once: true }); }));
  }

  return {
    keep(queue) {
      try {
        store(mine, Object.fromEntries(queue));
        return true;
      } catch { return false; }
    },
    // take(question, answers) says whether it took them; what it leaves stays for the next call.
    adopt(take) {
      for (const key of others()) {
        if (asked.has(key)) continue;
        asked.add(key);
        const handOver = () => { asked.delete(key); give(key, take); };
        if (navigator.locks) navigator.locks.request(key, handOver); else handOver();
      }
    },
  };

  function others() {
    try {
      return Object.keys(localStorage).filter((key) => key === form || (key.startsWith(`${form}:`) && key !== mine));
    } catch { return []; }
  }

  function give(key, take) {
    store(key, Object.fromEntries(Object.entries(read(key)).filter(([question, answers]) => !take(question, answers))));
  }

  function store(key, answers) {
    if (Object.keys(answers).length) localStorage.setItem(key, JSON.stringify(answers));
    else localStorage.removeItem(key);
  }

  function read(key) {
    try { return JSON.parse(localStorage.getItem(key)) || {}; } catch { return {}; }
  }
};
