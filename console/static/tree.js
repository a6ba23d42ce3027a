// The picture of a tree: drag, zoom, search, choose a target by tapping; problems while typing.
// Without this script the picture is scrolled, its nodes are links, and saving says what is wrong.

const STEP = 1.25;
const LEAST = 0.15;
const MOST = 2;
const PAUSE = 350; // ms after the last key before the server is asked
const MOVED = 4; // px from which a press is a drag and no tap

const pane = document.querySelector(".pane");
const picture = document.getElementById("picture");
const form = document.getElementById("node-form");

if (pane && picture) draw();
if (form && !("reads" in form.dataset)) edit();

function draw() {
  const [, , width, height] = picture.getAttribute("viewBox").split(" ").map(Number);
  let scale = 1;
  document.querySelector("[data-tools]").hidden = false;

  function zoom(to, x = pane.clientWidth / 2, y = pane.clientHeight / 2) {
    const next = Math.min(MOST, Math.max(LEAST, to));
    const left = (pane.scrollLeft + x) / scale;
    const top = (pane.scrollTop + y) / scale;
    scale = next;
    picture.setAttribute("width", width * scale);
    picture.setAttribute("height", height * scale);
    pane.scrollTo(left * scale - x, top * scale - y);
  }

  function whole() {
    zoom(Math.min(pane.clientWidth / width, pane.clientHeight / height));
    pane.scrollTo(0, 0);
  }

  function show(link) {
    const box = link.getBoundingClientRect();
    const frame = pane.getBoundingClientRect();
    pane.scrollBy(
      box.left - frame.left - (pane.clientWidth - box.width) / 2,
      box.top - frame.top - (pane.clientHeight - box.height) / 2,
    );
  }

  const buttons = { in: () => zoom(scale * STEP), out: () => zoom(scale / STEP), all: whole };
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", buttons[button.dataset.zoom]);
  }
  pane.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const frame = pane.getBoundingClientRect();
      const to = scale * (event.deltaY < 0 ? STEP : 1 / STEP);
      zoom(to, event.clientX - frame.left, event.clientY - frame.top);
    },
    { passive: false },
  );
  pane.addEventListener("keydown", (event) => {
    const act = { "+": buttons.in, "=": buttons.in, "-": buttons.out, 0: whole }[event.key];
    if (act && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      act();
    }
  });
  picture.addEventListener("focusin", (event) => {
    // A press focuses too, and must not move what lies under the pointer.
    if (event.target.matches(":focus-visible")) show(event.target);
  });
  drag();
  search(show);
  const here = picture.querySelector("a.here") ?? picture.querySelector("a");
  if (here) show(here);
}

function drag() {
  let held = null;
  pane.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button !== 0) return;
    held = { x: event.clientX, y: event.clientY, moved: false };
  });
  window.addEventListener("pointermove", (event) => {
    if (!held) return;
    const x = event.clientX - held.x;
    const y = event.clientY - held.y;
    if (!held.moved && Math.hypot(x, y) < MOVED) return;
    pane.classList.add("held");
    pane.scrollBy(-x, -y);
    held = { x: event.clientX, y: event.clientY, moved: true };
  });
  window.addEventListener("pointerup", () => {
    pane.classList.remove("held");
    if (held?.moved) pane.addEventListener("click", stop, { capture: true, once: true });
    setTimeout(() => pane.removeEventListener("click", stop, { capture: true }));
    held = null;
  });
  picture.addEventListener("dragstart", (event) => event.preventDefault());
}

function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}

function search(show) {
  const field = document.getElementById("find");
  const count = document.querySelector("[data-count]");
  const links = [...picture.querySelectorAll("a")].map((link) => [link, link.textContent.toLowerCase()]);
  let found = [];
  let at = -1;
  field.addEventListener("input", () => {
    const words = field.value.trim().toLowerCase();
    found = [];
    at = -1;
    for (const [link, text] of links) {
      const is = words !== "" && text.includes(words);
      link.classList.toggle("dim", words !== "" && !is);
      if (is) found.push(link);
    }
    count.textContent = words ? field.dataset.none.replace("0", found.length) : "";
    if (found.length) show(found[0]);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !found.length) return;
    event.preventDefault();
    at = (at + 1) % found.length;
    found[at].focus();
  });
}

function edit() {
  let timer = 0;
  let asked = 0;
  let changed = false;
  const told = form.querySelector("[data-told]");
  form.addEventListener("input", () => {
    changed = true;
    told.textContent = told.dataset.unsaved;
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  form.addEventListener("submit", () => (changed = false));
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });

  async function ask() {
    const turn = ++asked;
    const fields = {};
    for (const [name, value] of new FormData(form)) (fields[name] ??= []).push(value);
    delete fields.before;
    const answer = await fetch(form.dataset.check, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Saphan-Csrf": form.dataset.csrf },
      body: JSON.stringify(fields),
      cache: "no-store",
    }).catch(() => null);
    if (!answer?.ok || turn !== asked) return;
    tell(await answer.json());
  }
  if (picture) choose();
}

function tell(said) {
  for (const place of document.querySelectorAll("[data-fault]")) {
    const words = said.problems[place.dataset.fault] ?? [];
    place.replaceChildren(
      ...words.map((one) => {
        const line = document.createElement("span");
        line.textContent = one;
        return line;
      }),
    );
    const field = document.getElementById(place.dataset.fault);
    if (words.length) field?.setAttribute("aria-invalid", "true");
    else field?.removeAttribute("aria-invalid");
  }
  number("[data-text-left]", "left", said.text, said.text < 0);
  number("[data-grade]", "grade", said.grade, said.hard);
  for (const place of document.querySelectorAll("[data-answer]")) {
    const left = said.answers[Number(place.dataset.answer)];
    place.textContent = left === undefined ? "" : place.dataset.left.replace("{}", left);
    place.classList.toggle("over", left < 0);
  }
}

function number(place, name, value, over) {
  const element = document.querySelector(place);
  if (!element) return;
  element.textContent = element.dataset[name].replace("{}", value);
  element.classList.toggle("over", over);
}

// Beside each field for a target stands a button: the next tap on the picture fills it in.
function choose() {
  const line = document.querySelector("[data-choosing]");
  let field = null;
  const end = () => {
    field?.focus();
    field = null;
    line.hidden = true;
    document.body.classList.remove("choosing");
  };
  for (const target of form.querySelectorAll("[data-target]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "choose";
    button.textContent = "◎";
    button.title = line.querySelector("[data-cancel]").dataset.choose;
    button.setAttribute("aria-label", button.title);
    button.addEventListener("click", () => {
      field = target;
      line.hidden = false;
      document.body.classList.add("choosing");
      pane.scrollIntoView({ block: "nearest" });
      pane.focus({ preventScroll: true });
    });
    target.after(button);
  }
  line.querySelector("[data-cancel]").addEventListener("click", end);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && field) end();
  });
  picture.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest("a");
      if (!field || !link) return;
      stop(event);
      field.value = new URLSearchParams(link.getAttribute("href").split("#")[0]).get("node");
      field.dispatchEvent(new Event("input", { bubbles: true }));
      end();
    },
    { capture: true },
  );
}
