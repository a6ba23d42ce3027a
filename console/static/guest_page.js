// The page of a partner without an account: link and PIN make the key here, the card is shown, one
// answer is sent, and what was sealed is opened in this browser, one time (guest.js).

import { guest, openForGuest } from "./guest.js";
import { lines, made } from "./content_lines.js";
import { supported } from "./seal.js";

const page = document.getElementById("guest");
const given = /^#([0-9a-f]{32})([0-9a-f]{32})$/.exec(location.hash);
const part = (id) => document.getElementById(id);
const held = {};

for (const link of document.querySelectorAll("footer a")) link.href += location.hash;
if (!given) say("no_link");
else if (!(await supported())) say("browser");
else part("pin-form").hidden = false;

part("pin-form").addEventListener("submit", (event) => doing(event, unlocked));
part("accept").addEventListener("submit", (event) => doing(event, accepted));
part("decline").addEventListener("submit", (event) => doing(event, declined));

async function doing(event, work) {
  event.preventDefault();
  say("");
  const buttons = [...event.target.querySelectorAll("button")];
  for (const one of buttons) one.disabled = true;
  try {
    await work();
  } catch (fault) {
    say(fault.reason ?? "trouble");
  }
  for (const one of buttons) one.disabled = false;
}

async function unlocked() {
  const pin = part("pin").value.replace(/\D/g, "");
  held.key = await guest(given[1], given[2], pin);
  const told = await ask("/desk/guest/unlock", { link: given[1], proof: held.key.proof });
  Object.assign(held, told);
  part("pin").value = "";
  part("head").textContent = told.head.filter(Boolean).join(" · ");
  list(part("card"), told.card);
  part("pin-form").hidden = true;
  part("shown").hidden = false;
}

async function accepted() {
  const told = await ask("/desk/guest/answer", { answer: held.accept });
  part("answers").hidden = true;
  for (const one of document.querySelectorAll("footer")) one.hidden = true; // a tap would lose it
  part("opened").hidden = false;
  const parts = await openForGuest(told, held.key);
  list(part("content"), lines(parts.map((one) => one.content), held.labels));
}

async function declined() {
  const chosen = new FormData(part("decline"));
  const reason = { decline: chosen.get("decline"), words: chosen.get("words").trim() };
  await ask("/desk/guest/answer", { answer: held.decline, ...reason });
  part("shown").hidden = true;
  part("declined").hidden = false;
}

async function ask(path, content) {
  const answer = await fetch(path + location.search, {
    method: "POST",
    cache: "no-store",
    headers: {
      Accept: "application/json",
      "Content-Type": "application/json",
      "X-Saphan-Csrf": page.dataset.csrf,
    },
    body: JSON.stringify(content),
  });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Error("refused"), { reason: told.error });
  return told;
}

function list(place, pairs) {
  place.replaceChildren(...pairs.flatMap(({ label, words }) => [made("dt", label), made("dd", words)]));
}

function say(code) {
  const line = part("told");
  line.textContent = code ? (line.dataset[code] ?? line.dataset.trouble) : "";
  line.hidden = !code;
}
