// What was opened, as lines of labels and words; put on the page as text and never as markup.

/** How to reach her and her name stand first (referral protocol 3.5), then what is needed. */
export function lines(contents, labels) {
  const typed = new Map(contents.filter((one) => "item" in one).map((one) => [one.item, one.value]));
  const packets = contents.filter((one) => !("item" in one));
  const contact = packets.flatMap((one) => one.contact ?? []);
  const rest = packets.flatMap((one) => Object.entries(one).filter(([name]) => name !== "contact"));
  const pairs = [...contact, ["number", typed.get("contact")], ["name", typed.get("name")], ...rest];
  return pairs
    .map(([field, told]) => ({ label: labels.fields[field], words: said(field, told, labels) }))
    .filter(({ label, words }) => label && words);
}

/** An element with this text. */
export function made(name, words) {
  const element = document.createElement(name);
  element.textContent = words;
  return element;
}

function said(field, value, labels) {
  if (value === undefined || value === null || value === "" || value === false) return "";
  const known = labels.values[field] ?? {};
  const all = Array.isArray(value) ? value : [value];
  return all.map((one) => known[one] ?? String(one)).join(" · ");
}
