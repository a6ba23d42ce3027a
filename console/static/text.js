// While a translation is typed: what is wrong with it, and how much room is left.
// Without this script saving says the same.

const PAUSE = 400; // ms after the last key before the server is asked

const form = document.getElementById("text-form");
if (form) edit(form.querySelector("textarea"));

function edit(box) {
  const list = document.getElementById("faults");
  let timer = 0;
  let asked = 0;
  let changed = false;

  box.addEventListener("input", () => {
    changed = true;
    count(box.value.trim());
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  form.addEventListener("submit", () => (changed = false));
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });

  async function ask() {
    const turn = ++asked;
    const answer = await fetch(form.dataset.check, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Saphan-Csrf": form.dataset.csrf },
      body: JSON.stringify({ draft: form.elements.draft.value, words: box.value }),
      cache: "no-store",
    }).catch(() => null);
    if (!answer?.ok || turn !== asked) return;
    const { faults } = await answer.json();
    list.replaceChildren(
      ...faults.map((words) => {
        const line = document.createElement("li");
        line.textContent = words;
        return line;
      }),
    );
    if (faults.length) box.setAttribute("aria-invalid", "true");
    else box.removeAttribute("aria-invalid");
  }
}

function count(words) {
  const length = [...words].length;
  const { digits } = document.getElementById("rooms").dataset;
  for (const room of document.querySelectorAll("[data-room]")) {
    const left = Number(room.dataset.room) - Number(room.dataset.before) - length;
    room.querySelector("[data-number]").textContent = room.dataset.left.replace(
      "{}",
      String(left).replace(/\d/g, (one) => digits[Number(one)]),
    );
    room.classList.toggle("over", left < 0);
  }
}
