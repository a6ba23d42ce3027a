// The sealed form of a referral: what is typed here is sealed before it leaves the browser, and
// what was sealed is opened here and nowhere else (device.js). Nothing is kept on the page.

import { Member } from "./device.js";
import { supported } from "./seal.js";

const place = document.getElementById("sealed");
if (place) await begin(place);

async function begin(form) {
  if (!(await supported())) return tell(form, "trouble");
  const { account, organisation, csrf } = form.dataset;
  const member = new Member({ account, organisation, csrf });
  form.hidden = false;
  const button = form.querySelector("[data-do]");
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await (button.dataset.do === "seal" ? sealed : opened)(form, member);
    } catch (fault) {
      tell(form, fault.reason ?? "trouble");
    }
    button.disabled = false;
  });
}

async function sealed(form, member) {
  for (const field of form.querySelectorAll("[data-item]")) {
    const value = field.value.trim();
    if (!value) continue;
    await member.sealTyped(form.dataset.referral, field.dataset.item, value);
    field.value = "";
  }
  tell(form, "done");
}

async function opened(form, member) {
  const labels = JSON.parse(form.querySelector("[data-labels]").content.textContent);
  const list = form.querySelector("[data-content]");
  const parts = await member.readContent(form.dataset.referral);
  list.replaceChildren();
  for (const { label, words } of parts.flatMap((part) => lines(part.content, labels))) {
    list.append(made("dt", label), made("dd", words));
  }
  tell(form, "");
}

/** Contact instructions stand first (referral protocol 3.5): the packet is written in that order. */
function lines(content, labels) {
  if ("item" in content) return [{ label: labels.fields[content.item], words: content.value }];
  const found = [];
  for (const [name, value] of Object.entries(content)) {
    const pairs = name === "contact" ? value : [[name, value]];
    for (const [field, told] of pairs) {
      const words = said(field, told, labels);
      if (words && labels.fields[field]) found.push({ label: labels.fields[field], words });
    }
  }
  return found;
}

function said(field, value, labels) {
  if (value === null || value === "" || value === false) return "";
  const known = labels.values[field] ?? {};
  const all = Array.isArray(value) ? value : [value];
  return all.map((one) => known[one] ?? String(one)).join(" · ");
}

function made(name, words) {
  const element = document.createElement(name);
  element.textContent = words;
  return element;
}

function tell(form, code) {
  const line = form.querySelector("[data-told]");
  form.hidden = false;
  line.textContent = code ? (line.dataset[code] ?? line.dataset.trouble) : "";
}
