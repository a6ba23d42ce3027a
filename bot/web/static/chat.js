// Answers without a new page, and the quick exit. Without this file everything works by form.
"use strict";
(() => {
  const AWAY = "/away";
  const SHOW_WAIT_AFTER = 400; // milliseconds
  const GIVE_UP_AFTER = 20000;
  let gone = false;
  let asking = null;

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
    if (token) {
      const body = new URLSearchParams({ conversation: token, action: "leave" });
      fetch("/", { method: "POST", body, keepalive: true, credentials: "omit", redirect: "manual" })
        .catch(() => {});
    }
    location.replace(AWAY);
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

  const ask = async (body) => {
    asking = new AbortController();
    const slow = setTimeout(() => show("waiting", true), SHOW_WAIT_AFTER);
    const late = setTimeout(() => asking.abort(), GIVE_UP_AFTER);
    show("broken", false);
    hold(true);
    try {
      const answer = await fetch("/", {
        method: "POST", body, cache: "no-store", credentials: "omit", signal: asking.signal,
      });
      const html = await answer.text();
      if (gone) return;
      if (answer.redirected) leave();
      else put(html);
    } catch {
      if (gone) return;
      hold(false);
      show("waiting", false);
      show("broken", true);
    } finally {
      clearTimeout(slow);
      clearTimeout(late);
      asking = null;
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
