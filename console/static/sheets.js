// Recovery sheets: 30 random bytes as 24 groups, two characters and a third that checks them.

import * as seal from "./seal.js";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // base 32 without I, L, O, U
const GROUPS = 24;
export const SHEET_BYTES = 30;

async function checkOf(place, two) {
  const said = seal.bytes(`saphan sheet 1|${place}|${two}`);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", said));
  return ALPHABET[hash[0] & 31];
}

/** The groups that are printed for a custodian. */
export async function sheetOf(secret) {
  let number = secret.reduce((sum, one) => (sum << 8n) | BigInt(one), 0n);
  const groups = [];
  for (let place = GROUPS - 1; place >= 0; place -= 1) {
    const two = ALPHABET[Number((number >> 5n) & 31n)] + ALPHABET[Number(number & 31n)];
    groups[place] = two + (await checkOf(place, two));
    number >>= 10n;
  }
  return groups;
}

/** The secret of a typed sheet, or the numbers (from 1) of the groups that cannot be right. */
export async function readSheet(text) {
  const plain = text.toUpperCase().replaceAll("O", "0").replace(/[IL]/g, "1");
  const spaced = plain.trim().split(/[\s,;.-]+/);
  const joined = plain.replace(/[^0-9A-Z]/g, "").match(/.{1,3}/g) ?? [];
  const groups = spaced.length === GROUPS ? spaced : joined;
  const wrong = [];
  let number = 0n;
  for (let place = 0; place < Math.max(GROUPS, groups.length); place += 1) {
    const group = groups[place] ?? "";
    const digits = [...group].map((one) => ALPHABET.indexOf(one));
    const whole = group.length === 3 && !digits.includes(-1) && place < GROUPS;
    if (whole && group[2] === (await checkOf(place, group.slice(0, 2)))) {
      number = (number << 10n) | BigInt(digits[0] * 32 + digits[1]);
    } else {
      wrong.push(place + 1);
    }
  }
  if (wrong.length) return { wrong };
  const secret = new Uint8Array(SHEET_BYTES);
  for (let at = SHEET_BYTES - 1; at >= 0; at -= 1, number >>= 8n) {
    secret[at] = Number(number & 255n);
  }
  return { secret };
}

/** The pair of a sheet's secret. */
export async function custodianPair(organisation, secret) {
  const said = seal.bytes(`saphan custodian 1|${organisation}|`, secret);
  return seal.pairOf(new Uint8Array(await crypto.subtle.digest("SHA-256", said)));
}
