// What was opened, as lines of labels and words; put on the page as text and never as markup.

/** Contact instructions stand first (referral protocol 3.5): the packet is written in that order. */
export function lines(content, labels) {
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

export function made(name, words) {
  const element = document.createElement(name);
  element.textContent = words;
  return element;
}
