// Seals and opens in the browser what the server must not read: HPKE (RFC 9180, base mode,
// DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM) and the parts of a referral.
// WebCrypto alone; privacy/hpke.py, privacy/sealing.py and privacy/fingerprint.py say the same.

const subtle = globalThis.crypto?.subtle;
const utf8 = new TextEncoder();

export const VERSION = "1";
const SUITE = [0x48, 0x50, 0x4b, 0x45, 0, 0x20, 0, 1, 0, 1]; // "HPKE", KEM, KDF, AEAD
const KEM = [0x4b, 0x45, 0x4d, 0, 0x20]; // "KEM", X25519
const LABEL = "HPKE-v1";
const EMPTY = new Uint8Array(0);
const SIZES = [1024, 2048, 4096, 8192, 16384]; // referrals/padding.py
const FINGERPRINT_ROUNDS = 600000; // privacy/fingerprint.py
// What stands before the 32 bytes of an X25519 private key in PKCS #8 (RFC 8410).
const PKCS8 = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20];

/** Thrown for every failure to open; says nothing of what was sealed. */
export class SealBroken extends Error {
  constructor() {
    super("seal broken");
  }
}

/** Whether this browser has all that is needed (X25519, Ed25519); else the page names those that do. */
export async function supported() {
  try {
    const pair = await subtle.generateKey({ name: "X25519" }, false, ["deriveBits"]);
    await subtle.deriveBits({ name: "X25519", public: pair.publicKey }, pair.privateKey, 256);
    await subtle.importKey("raw", new Uint8Array(32).fill(1), { name: "Ed25519" }, true, ["verify"]);
    return typeof indexedDB !== "undefined";
  } catch {
    return false;
  }
}

export function bytes(...pieces) {
  const parts = pieces.map((p) => (typeof p === "string" ? utf8.encode(p) : Uint8Array.from(p)));
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export function encoded(value) {
  let text = "";
  for (const one of value) text += String.fromCharCode(one);
  return btoa(text);
}

export function decoded(text) {
  return Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
}

export function fromHex(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function toHex(value) {
  return [...value].map((one) => one.toString(16).padStart(2, "0")).join("");
}

export function random(count) {
  return crypto.getRandomValues(new Uint8Array(count));
}

// Keys

/** A fresh pair. A device's private half is never extractable; a unit's must be wrapped once. */
export async function newPair(extractable) {
  const pair = await subtle.generateKey({ name: "X25519" }, extractable, ["deriveBits"]);
  return { private: pair.privateKey, public: await rawPublic(pair.publicKey) };
}

/** The pair of 32 private bytes; the private half cannot be taken out again. */
export async function pairOf(secret) {
  const der = bytes(PKCS8, secret);
  const open = await subtle.importKey("pkcs8", der, { name: "X25519" }, true, ["deriveBits"]);
  const jwk = await subtle.exportKey("jwk", open);
  const base = jwk.x.replaceAll("-", "+").replaceAll("_", "/");
  const closed = await subtle.importKey("pkcs8", der, { name: "X25519" }, false, ["deriveBits"]);
  der.fill(0);
  return { private: closed, public: decoded(base) };
}

/** The 32 bytes of an extractable private key: to be wrapped at once, and overwritten. */
export async function rawPrivate(key) {
  return new Uint8Array(await subtle.exportKey("pkcs8", key)).slice(PKCS8.length);
}

async function rawPublic(key) {
  return new Uint8Array(await subtle.exportKey("raw", key));
}

async function publicKey(raw) {
  return subtle.importKey("raw", raw, { name: "X25519" }, true, []);
}

async function agreed(privateKey, theirs) {
  return new Uint8Array(
    await subtle.deriveBits({ name: "X25519", public: await publicKey(theirs) }, privateKey, 256),
  );
}

// HPKE, with the names of RFC 9180

async function hmac(key, data) {
  const hash = { name: "HMAC", hash: "SHA-256" };
  const imported = await subtle.importKey("raw", key, hash, false, ["sign"]);
  return new Uint8Array(await subtle.sign("HMAC", imported, data));
}

async function labeledExtract(suite, salt, label, ikm) {
  // An HMAC pads its key with zeros, so 32 of them are the empty salt.
  return hmac(salt.length ? salt : new Uint8Array(32), bytes(LABEL, suite, label, ikm));
}

async function labeledExpand(suite, secret, label, info, length) {
  const first = bytes([length >> 8, length & 255], LABEL, suite, label, info, [1]);
  return (await hmac(secret, first)).slice(0, length); // one block of HKDF: never more than 32
}

async function kemSecret(shared, enc, recipient) {
  const prk = await labeledExtract(KEM, EMPTY, "eae_prk", shared);
  return labeledExpand(KEM, prk, "shared_secret", bytes(enc, recipient), 32);
}

async function keySchedule(secret, info) {
  const idHash = await labeledExtract(SUITE, EMPTY, "psk_id_hash", EMPTY);
  const infoHash = await labeledExtract(SUITE, EMPTY, "info_hash", info);
  const context = bytes([0], idHash, infoHash);
  const prk = await labeledExtract(SUITE, secret, "secret", EMPTY);
  const raw = await labeledExpand(SUITE, prk, "key", context, 16);
  return {
    key: await subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]),
    iv: await labeledExpand(SUITE, prk, "base_nonce", context, 12),
  };
}

/** The one-time key (32 bytes) and the ciphertext. */
export async function sealTo(recipient, value, info, additional = EMPTY) {
  return sealFrom(await newPair(false), recipient, value, { info, additional });
}

/** The same with a given one-time pair: for the test vectors of the RFC. */
export async function sealFrom(oneTime, recipient, value, { info, additional = EMPTY }) {
  const shared = await agreed(oneTime.private, recipient);
  const secret = await kemSecret(shared, oneTime.public, recipient);
  const { key, iv } = await keySchedule(secret, bytes(info));
  const how = { name: "AES-GCM", iv, additionalData: additional };
  return bytes(oneTime.public, new Uint8Array(await subtle.encrypt(how, key, value)));
}

/** The value, for the pair it was sealed to. Throws SealBroken. */
export async function openWith(pair, sealed, info, additional = EMPTY) {
  try {
    const enc = sealed.slice(0, 32);
    const secret = await kemSecret(await agreed(pair.private, enc), enc, pair.public);
    const { key, iv } = await keySchedule(secret, bytes(info));
    const how = { name: "AES-GCM", iv, additionalData: additional };
    return new Uint8Array(await subtle.decrypt(how, key, sealed.slice(32)));
  } catch {
    throw new SealBroken();
  }
}

// Parts of a referral

export function padded(content) {
  const size = SIZES.find((one) => content.length + 4 <= one);
  if (!size) throw new RangeError("too large");
  const whole = new Uint8Array(size);
  new DataView(whole.buffer).setUint32(0, content.length);
  whole.set(content, 4);
  return whole;
}

export function unpadded(sent) {
  if (!SIZES.includes(sent.length)) throw new SealBroken();
  const count = new DataView(sent.buffer, sent.byteOffset).getUint32(0);
  const rest = sent.slice(4 + count);
  if (4 + count > sent.length || rest.some((one) => one !== 0)) throw new SealBroken();
  return sent.slice(4, 4 + count);
}

export function wrapInfo(referral, part, holder) {
  return ["share", referral, part.binding, part.recipient, VERSION, holder].join("|");
}

export function unitInfo(organisation, number, to) {
  return ["unit", organisation, String(number), VERSION, to].join("|");
}

async function partKey(referral, part, share, theirs) {
  const info = bytes(["ref", referral, part.binding, VERSION].join("|"));
  const from = await subtle.importKey("raw", theirs, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: share, info };
  const key = { name: "AES-GCM", length: 256 };
  return subtle.deriveKey(how, from, key, false, ["encrypt", "decrypt"]);
}

function bound(referral, part) {
  const { binding, recipient, made_by: madeBy, items } = part;
  return bytes([referral, binding, recipient, VERSION, madeBy, items.join(",")].join("|"));
}

/** One typed item as a part: for each holder ({"organisation/number": public}) its share. */
export async function sealItem(referral, { recipient, item, value }, share, holders) {
  const theirs = random(32);
  const nonce = random(12);
  const frame = {
    made_by: "browser",
    items: [item],
    recipient,
    binding: `${recipient}/${item}`,
  };
  const wraps = {};
  for (const [holder, key] of Object.entries(holders)) {
    wraps[holder] = encoded(await sealTo(key, theirs, wrapInfo(referral, frame, holder)));
  }
  const content = padded(bytes(JSON.stringify({ item, value })));
  const how = { name: "AES-GCM", iv: nonce, additionalData: bound(referral, frame) };
  const key = await partKey(referral, frame, share, theirs);
  const blob = encoded(new Uint8Array(await subtle.encrypt(how, key, content)));
  theirs.fill(0);
  return { ...frame, wraps, nonce: encoded(nonce), blob };
}

/** What a part holds, as an object. `holder` names the wrap, `unit` is the organisation's pair. */
export async function openPart(referral, part, share, { holder, unit }) {
  const theirs = await unwrapShare(referral, part, holder, unit);
  try {
    const key = await partKey(referral, part, share, theirs);
    const iv = decoded(part.nonce);
    const how = { name: "AES-GCM", iv, additionalData: bound(referral, part) };
    const content = new Uint8Array(await subtle.decrypt(how, key, decoded(part.blob)));
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(unpadded(content)));
  } catch {
    throw new SealBroken();
  } finally {
    theirs.fill(0);
  }
}

/** The same share for another holder: how a part gets a new wrap when a unit's key changes. */
export async function rewrap(referral, part, from, to) {
  const theirs = await unwrapShare(referral, part, from.holder, from.unit);
  const wrap = await sealTo(to.public, theirs, wrapInfo(referral, part, to.holder));
  theirs.fill(0);
  return encoded(wrap);
}

async function unwrapShare(referral, part, holder, unit) {
  const wrap = part.wraps?.[holder];
  if (typeof wrap !== "string") throw new SealBroken();
  return openWith(unit, decoded(wrap), wrapInfo(referral, part, holder));
}

// Fingerprints, the signed list of keys

/** Six numbers of picture words; `what` is `unit|organisation|number` or `device|id`. */
export async function fingerprint(key, what) {
  const salt = bytes(`saphan fingerprint 1|${what}`);
  const made = await stretched(key, salt, FINGERPRINT_ROUNDS, 64);
  const whole = made.reduce((sum, one) => (sum << 8n) | BigInt(one), 0n);
  return Array.from({ length: 6 }, (_, place) => Number((whole >> BigInt(6 * place)) & 63n));
}

/** PBKDF2: makes each guess at a short secret dear. */
export async function stretched(secret, salt, iterations, bits) {
  const from = await subtle.importKey("raw", secret, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return new Uint8Array(await subtle.deriveBits(how, from, bits));
}

/** The content of a signed list of keys, checked with `signer` (hex). Throws SealBroken. */
export async function readDirectory(document, signer, now) {
  const { content, key, signature } = JSON.parse(document);
  if (key !== signer) throw new SealBroken();
  const public_ = await subtle.importKey("raw", fromHex(key), { name: "Ed25519" }, true, ["verify"]);
  const message = bytes(`saphan keys 1|directory|${content}`);
  const holds = await subtle.verify({ name: "Ed25519" }, public_, fromHex(signature), message);
  const list = JSON.parse(content);
  if (!holds || list.until <= now) throw new SealBroken();
  return list;
}
