// Answers without a new page, and the quick exit. Without this file everything works by form.
"use strict";
(() => {
  const COVER = "/phrases";
  const SHOW_WAIT_AFTER = 400; // milliseconds
  const GIVE_UP_AFTER = 20000;
  const TRIES = 4; // of a solved puzzle while the server has no place yet
  const PAUSE = 1500;
  const FLOODED = 429;
  let gone = false;
  let asking = null;
  let solver = null;

  const main = () => document.querySelector("main");
  const blank = () => {
    document.documentElement.classList.add("gone");
    document.body.replaceChildren();
  };

  // White at once; the server is told while the page is already being replaced in the history.
  const leave = () => {
    if (gone) return;
    const field = document.querySelector("#answers [name=conversation]");
    const token = field ? field.value : "";
    gone = true;
    blank();
    if (asking) asking.abort();
    if (solver) solver.terminate();
    if (token) {
      const body = new URLSearchParams({ conversation: token, action: "leave" });
      fetch("/", { method: "POST", body, keepalive: true, credentials: "omit", redirect: "manual" })
        .catch(() => {});
    }
    location.replace(COVER);
  };

  const hold = (busy) => {
    main().setAttribute("aria-busy", String(busy));
    for (const button of main().querySelectorAll("button:not(.leave)")) button.disabled = busy;
    for (const field of main().querySelectorAll("input[type=text]")) field.readOnly = busy;
  };

  const show = (id, visible) => {
    const line = document.getElementById(id);
    if (!line) return;
    line.hidden = !visible;
    if (visible) line.scrollIntoView({ block: "nearest" });
  };

  const put = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    main().replaceChildren(...page.querySelector("main").childNodes);
    main().setAttribute("aria-busy", "false");
    document.documentElement.lang = page.documentElement.lang;
    window.scrollTo(0, 0);
    document.getElementById("screen").focus({ preventScroll: true });
  };

  // Empty where it cannot be solved: then the page is shown, and waiting helps as well.
  const solved = (puzzle) => new Promise((resolve) => {
    try {
      const version = document.querySelector("script[src]").getAttribute("src").split("?")[1];
      solver = new Worker(`/static/puzzle.js?${version}`);
      solver.onmessage = (event) => resolve(event.data);
      solver.onerror = () => resolve("");
      solver.postMessage(puzzle);
    } catch {
      resolve("");
    }
  });

  const post = async (body, signal) => {
    const answer = await fetch("/", {
      method: "POST", body, cache: "no-store", credentials: "omit", signal,
    });
    const html = await answer.text();
    const field = answer.status === FLOODED
      && new DOMParser().parseFromString(html, "text/html").querySelector("#answers [name=proof]");
    return { left: answer.redirected, html, puzzle: field ? field.value : "" };
  };

  // While the server is flooded, whoever begins shows that a phone has worked for it.
  const through = async (body, signal) => {
    let answer = await post(body, signal);
    let proof = "";
    for (let tries = 0; answer.puzzle && tries < TRIES && !gone; tries += 1) {
      if (!proof.startsWith(answer.puzzle)) proof = await solved(answer.puzzle);
      else await new Promise((resolve) => { setTimeout(resolve, PAUSE); });
      if (!proof) break;
      body.set("proof", proof);
      answer = await post(body, signal);
    }
    return answer;
  };

  const ask = async (body) => {
    asking = new AbortController();
    const slow = setTimeout(() => show("waiting", true), SHOW_WAIT_AFTER);
    const late = setTimeout(() => asking.abort(), GIVE_UP_AFTER);
    show("broken", false);
    hold(true);
    try {
      const answer = await through(body, asking.signal);
      if (gone) return;
      if (answer.left) leave();
      else put(answer.html);
    } catch {
      if (gone) return;
      hold(false);
      show("waiting", false);
      show("broken", true);
    } finally {
      clearTimeout(slow);
      clearTimeout(late);
      asking = null;
      if (solver) solver.terminate();
    }
  };

  document.addEventListener("click", (event) => {
    if (!event.target.closest(".leave")) return;
    event.preventDefault();
    leave();
  });

  document.addEventListener("submit", (event) => {
    if (!event.submitter) return; // an old browser: the form goes by itself
    event.preventDefault();
    if (asking || gone) return;
    const body = new URLSearchParams(new FormData(event.target));
    if (event.submitter.name) body.append(event.submitter.name, event.submitter.value);
    ask(body);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) leave();
  });

  // Nothing may come out of the browser's store of left pages.
  window.addEventListener("pagehide", blank);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.replace("/");
  });
})();
