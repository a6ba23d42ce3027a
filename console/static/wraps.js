// A unit's private key as wrapped for a device or a custodian, and who vouches for that holder.

import * as seal from "./seal.js";

/** Thrown when a key, a list or a voucher is not what it has to be: nothing may be sealed. */
export class NotTrusted extends Error {
  constructor(reason) {
    super("not trusted");
    this.reason = reason;
  }
}

// Vouchers: whoever has a unit's key open says which public keys it was sealed to. A public key
// that was exchanged in the database has no voucher, and no new key is wrapped to it.

/** What stands for that, in hex. */
export async function vouched(raw, { organisation, number }, holder, publicHex) {
  const from = await crypto.subtle.importKey("raw", raw, "HKDF", false, ["deriveKey"]);
  const info = seal.bytes(`saphan vouch 1|${organisation}|${number}`);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info };
  const hmac = { name: "HMAC", hash: "SHA-256", length: 256 };
  const key = await crypto.subtle.deriveKey(how, from, hmac, false, ["sign"]);
  const message = seal.bytes(`${holder}|${publicHex}`);
  return seal.toHex(new Uint8Array(await crypto.subtle.sign("HMAC", key, message)));
}

/** A unit's 32 bytes as sealed for one holder, with its voucher. */
export async function wrapped(raw, unit, holder, publicRaw) {
  const info = seal.unitInfo(unit.organisation, unit.number, holder);
  const publicHex = seal.toHex(publicRaw);
  return {
    public: publicHex,
    wrap: seal.encoded(await seal.sealTo(publicRaw, raw, info)),
    vouch: await vouched(raw, unit, holder, publicHex),
  };
}
