// The sealed form of a referral: what is typed here is sealed before it leaves the browser, and
// what was sealed is opened here and nowhere else (device.js). Nothing is kept on the page.

import { lines, made } from "./content_lines.js";
import { Member } from "./device.js";
import { supported } from "./seal.js";

const place = document.getElementById("sealed");
if (place) await begin(place);

async function begin(form) {
  if (!(await supported())) return tell(form, "trouble");
  const { account, organisation, csrf } = form.dataset;
  const member = new Member({ account, organisation, csrf });
  form.hidden = false;
  for (const button of form.querySelectorAll("[data-do]")) {
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        await { seal: sealed, open: opened, guest: linked }[button.dataset.do](form, member);
      } catch (fault) {
        tell(form, fault.reason ?? "trouble");
      }
      button.disabled = false;
    });
  }
}

/** A link for a receiver without an account; what was locked before has to be locked anew. */
async function linked(form, member) {
  const { link, fragment, pin } = await member.guestLink(form.dataset.referral);
  form.querySelector("[data-link]").value = `${location.origin}/desk/guest#${link}${fragment}`;
  form.querySelector("[data-pin]").textContent = `${pin.slice(0, 3)} ${pin.slice(3)}`;
  form.querySelector("[data-guest]").hidden = false;
  tell(form, "");
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
  const reason = form.querySelector("[data-reason]")?.value ?? "";
  const parts = await member.readContent(form.dataset.referral, reason);
  list.replaceChildren();
  for (const { label, words } of lines(parts.map((part) => part.content), labels)) {
    list.append(made("dt", label), made("dd", words));
  }
  tell(form, "");
}

function tell(form, code) {
  const line = form.querySelector("[data-told]");
  form.hidden = false;
  line.textContent = code ? (line.dataset[code] ?? line.dataset.trouble) : "";
}
