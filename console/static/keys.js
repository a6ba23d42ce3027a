// The page of keys: shows what there is to do in this browser, and does it (device.js).

import { CUSTODIANS, Member, NotTrusted, Refused } from "./device.js";
import { supported } from "./seal.js";

const page = document.getElementById("keys");
const member = new Member(page.dataset);
const part = (id) => document.getElementById(id);
const pictures = [...part("pictures").content.querySelectorAll("li")];

function show(id, wanted = true) {
  part(id).hidden = !wanted;
}

function say(reason) {
  const known = part("reasons").content.querySelector(`[data-reason="${CSS.escape(reason)}"]`);
  const other = part("reasons").content.querySelector('[data-reason="trouble"]');
  part("trouble").textContent = (known ?? other).textContent;
  show("trouble");
}

function words(list, numbers) {
  part(list).replaceChildren(...numbers.map((number) => pictures[number].cloneNode(true)));
}

function printed(sheets) {
  const written = sheets.map(({ name, groups }) => {
    const sheet = document.createElement("pre");
    const lines = [0, 6, 12, 18].map((from) => groups.slice(from, from + 6).join(" "));
    sheet.textContent = [`${member.organisation} ${name}`, ...lines].join("\n");
    return sheet;
  });
  part("printed").replaceChildren(...written);
  show("sheets", sheets.length > 0);
}

/** Do something; afterwards the page shows how it stands then, or why it did not go. */
function on(id, event, work) {
  part(id).addEventListener(event, (happened) => doing(happened, work));
}

async function doing(happened, work) {
  happened.preventDefault();
  show("trouble", false);
  show("done", false);
  page.setAttribute("aria-busy", "true");
  try {
    const done = await work();
    await look();
    if (done !== false) show("done");
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return confirmFirst(error.reason);
    say(error instanceof Refused || error instanceof NotTrusted ? error.reason : "trouble");
  } finally {
    page.removeAttribute("aria-busy");
  }
}

function confirmFirst(reason) {
  location.assign(reason === "confirm_first" ? "/desk/confirm?back=/desk/keys" : "/desk/sign-in");
}

function colleague(device) {
  const form = part("colleague").content.firstElementChild.cloneNode(true);
  form.querySelector("legend").textContent = device.account;
  form.addEventListener("submit", (happened) =>
    doing(happened, () => {
      const chosen = [...form.querySelectorAll("select")].map((one) => one.value);
      if (chosen.includes("")) throw new NotTrusted("words");
      return member.confirm(device, chosen.map(Number));
    }),
  );
  return form;
}

async function look() {
  const { devices, keys, device, present, opens } = await member.state();
  const proposed = keys.find((one) => one.state === "proposed");
  show("device-none", !device);
  show("device-waits", Boolean(device && present && !opens));
  show("device-opens", opens);
  show("unit-none", Boolean(device && !present && !proposed));
  show("unit-proposed", Boolean(proposed));
  show("unit-change", Boolean(opens && !proposed));
  show("unit-wanted", Boolean(present?.to_change));
  show("renew-sheets", opens);
  show("recover", Boolean(present && !opens));
  if (device && present && !opens) words("device-words", await member.wordsOfDevice(device));
  if (proposed) words("unit-words", await member.wordsOfUnit(proposed));
  const strangers = devices.filter(
    (one) => !present?.holders[`device/${one.id}`] && one.account !== member.account,
  );
  show("waiting", opens && strangers.length > 0);
  part("colleagues").replaceChildren(...strangers.map(colleague));
  const old = keys.some((one) => one.state === "old");
  show("rewrap", opens && old && (await member.ask("/desk/keys/waiting")).waiting.length > 0);
}

async function unit() {
  const { sheets } = await member.newUnit();
  printed(sheets.map((groups, at) => ({ name: String(at + 1), groups })));
}

async function sheet(at) {
  printed([{ name: String(at + 1), groups: await member.newSheet(CUSTODIANS[at]) }]);
}

async function recover() {
  const wrong = await member.recover(part("sheet").value);
  part("sheet").value = "";
  if (!wrong.length) return true;
  say("sheet");
  part("trouble").append(` ${wrong.join(", ")}`);
  return false;
}

if (await supported()) {
  on("enrol", "click", () => member.enrol());
  on("make-unit", "click", unit);
  on("change-unit", "click", unit);
  on("use-sheet", "click", recover);
  on("sheet-1", "click", () => sheet(0));
  on("sheet-2", "click", () => sheet(1));
  on("rewrap-all", "click", () => member.rewrapAll());
  part("print").addEventListener("click", () => print());
  await doing(new Event("look"), () => false);
} else {
  show("unsupported");
}
page.dataset.ready = "yes";
