// The key of a partner without an account, made of link and PIN, and what it opens (decisions 27).

import * as seal from "./seal.js";

const ROUNDS = 600000;

/**
 * The key of a partner without an account: from the secret in the link's fragment (16 bytes), the
 * PIN told by voice and the name of the link. `proof` shows the server that the PIN is right.
 */
export async function guestKey(fragment, pin, link) {
  const salt = seal.bytes(`saphan guest 1|${link}|`, fragment);
  const made = await seal.stretched(seal.bytes(pin), salt, ROUNDS, 512);
  const pair = await seal.pairOf(made.slice(0, 32));
  const proof = seal.toHex(made.slice(32));
  made.fill(0);
  return { ...pair, proof };
}

/** What a guest's page does: with the link's fragment (hex) and the PIN, its key and proof. */
export async function guest(link, fragment, pin) {
  return guestKey(seal.fromHex(fragment), pin, link);
}

/** Open what a guest was given: {referral, holder, parts, share}. */
export async function openForGuest(told, key) {
  const share = seal.decoded(told.share);
  const from = { holder: told.holder, unit: key };
  const opened = [];
  for (const part of told.parts) {
    opened.push({ ...part, content: await seal.openPart(told.referral, part, share, from) });
  }
  share.fill(0);
  return opened;
}
