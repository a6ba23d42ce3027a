// This browser's own key and what it may open: kept in IndexedDB for one account, never sent.
//
// The device's private key is not extractable, so no passphrase guards it: a script can use it
// here and cannot carry it off. A unit's private key is another thing: it has to be wrapped for
// each new device, which WebCrypto allows for extractable keys only. So it travels as 32 bytes
// under HPKE, is in memory while it is wrapped or used, and is overwritten afterwards; it is never
// stored here, not even as a key.

import { Asking } from "./asking.js";
import { guestKey } from "./guest.js";
import { keep, kept } from "./kept.js";
import * as seal from "./seal.js";
import { SHEET_BYTES, custodianPair, readSheet, sheetOf } from "./sheets.js";
import { NotTrusted, vouched, wrapped } from "./wraps.js";

export { Refused } from "./asking.js";
export { forget } from "./kept.js";
export { NotTrusted } from "./wraps.js";

export const CUSTODIANS = ["custodian/1", "custodian/2"];

/** One account in this browser. */
export class Member extends Asking {
  // This device

  /**
   * This browser's key, made on first use and when the server knows it no more, as after an
   * account was opened anew; its public half is with the server then.
   */
  async enrol() {
    const known = await kept(this.account, "device");
    if (known && (await this.state()).device) return known;
    const pair = await seal.newPair(false);
    const { id } = await this.ask("/desk/keys/devices", { public: seal.toHex(pair.public) });
    await keep(this.account, "device", { id, ...pair });
    return { id, ...pair };
  }

  /** Everything of the organisation's keys, and whether this device opens the present one. */
  async state() {
    const told = await this.ask("/desk/keys/state");
    const device = await kept(this.account, "device");
    const mine = device ? told.devices.find((one) => one.id === device.id) : undefined;
    const holder = mine ? `device/${mine.id}` : "";
    const present = told.keys.find((one) => one.state === "current");
    return { ...told, device: mine, present, opens: Boolean(present?.holders[holder]) };
  }

  /** Words to read out for a device or key: numbers of pictures. */
  async wordsOfDevice(device) {
    return seal.fingerprint(seal.fromHex(device.public), `device|${device.id}`);
  }

  async wordsOfUnit(unit) {
    const what = `unit|${this.organisation}|${unit.number}`;
    return seal.fingerprint(seal.fromHex(unit.public), what);
  }

  // The unit's key

  /** Do something with the 32 bytes of a key of the organisation; they are overwritten after. */
  async withUnit(unit, work) {
    const device = await kept(this.account, "device");
    const holder = `device/${device?.id}`;
    const mine = unit.holders[holder];
    if (!device || !mine) throw new NotTrusted("no_wrap");
    const info = seal.unitInfo(this.organisation, unit.number, holder);
    const raw = await seal.openWith(device, seal.decoded(mine.wrap), info);
    try {
      return await work(raw);
    } finally {
      raw.fill(0);
    }
  }

  /** The pair of a key, to open with; what it holds cannot be taken out of it. */
  async pairOfUnit(unit) {
    return this.withUnit(unit, async (raw) => {
      const pair = await seal.pairOf(raw);
      if (seal.toHex(pair.public) !== unit.public) throw new NotTrusted("other_key");
      return pair;
    });
  }

  /**
   * Make the organisation's first key, or one that follows the present one. Returns the sheets to
   * print (for a first key) and the words to say to two coordinators.
   */
  async newUnit() {
    const device = await this.enrol();
    const state = await this.state();
    const pair = await seal.newPair(true);
    const raw = await seal.rawPrivate(pair.private);
    const highest = Math.max(0, ...state.keys.map((one) => one.number));
    const unit = { organisation: this.organisation, number: highest + 1 };
    try {
      const holders = state.present
        ? await this.heirs(raw, unit, state)
        : { [`device/${device.id}`]: await wrapped(raw, unit, `device/${device.id}`, device.public) };
      const sheets = [];
      for (const custodian of CUSTODIANS.filter((name) => !holders[name])) {
        const { groups, publicRaw } = await this.sheet();
        sheets.push(groups);
        holders[custodian] = await wrapped(raw, unit, custodian, publicRaw);
      }
      const publicHex = seal.toHex(pair.public);
      await this.ask("/desk/keys/units", { number: unit.number, public: publicHex, holders });
      return { sheets, words: await this.wordsOfUnit({ ...unit, public: publicHex }) };
    } finally {
      raw.fill(0);
    }
  }

  async sheet() {
    const secret = seal.random(SHEET_BYTES);
    const pair = await custodianPair(this.organisation, secret);
    const groups = await sheetOf(secret);
    secret.fill(0);
    return { groups, publicRaw: pair.public };
  }

  /** Everybody who holds the present key and is vouched for holds the new one: sheets stay good. */
  async heirs(raw, unit, { present }) {
    const from = { organisation: this.organisation, number: present.number };
    return this.withUnit(present, async (old) => {
      const holders = {};
      for (const [holder, one] of Object.entries(present.holders)) {
        if (one.vouch !== (await vouched(old, from, holder, one.public))) {
          throw new NotTrusted("not_vouched");
        }
        holders[holder] = await wrapped(raw, unit, holder, seal.fromHex(one.public));
      }
      return holders;
    });
  }

  /** Let a colleague's device in: `heard` are the picture numbers she said by voice. */
  async confirm(device, heard) {
    const words = await this.wordsOfDevice(device);
    if (heard.length !== words.length || heard.some((one, at) => one !== words[at])) {
      throw new NotTrusted("words");
    }
    const { keys, device: own } = await this.state();
    const wraps = {};
    for (const key of keys.filter((one) => one.holders[`device/${own?.id}`])) {
      if (key.state !== "proposed") wraps[key.number] = await this.passOn(key, device);
    }
    return this.ask(`/desk/keys/devices/${device.id}/confirm`, { heard, wraps });
  }

  async passOn(key, device) {
    const unit = { organisation: this.organisation, number: key.number };
    return this.withUnit(key, (raw) =>
      wrapped(raw, unit, `device/${device.id}`, seal.fromHex(device.public)),
    );
  }

  /** Let this device in with a custodian's sheet; the numbers of wrong groups, or none. */
  async recover(text) {
    const read = await readSheet(text);
    if (read.wrong) return read.wrong;
    const device = await this.enrol();
    const pair = await custodianPair(this.organisation, read.secret);
    read.secret.fill(0);
    const custodian = seal.toHex(pair.public);
    const { keys } = await this.state();
    const wraps = {};
    for (const key of keys.filter((one) => one.state !== "proposed")) {
      const holder = CUSTODIANS.find((name) => key.holders[name]?.public === custodian);
      if (!holder) continue;
      const info = seal.unitInfo(this.organisation, key.number, holder);
      const raw = await seal.openWith(pair, seal.decoded(key.holders[holder].wrap), info);
      const unit = { organisation: this.organisation, number: key.number };
      wraps[key.number] = await wrapped(raw, unit, `device/${device.id}`, device.public);
      raw.fill(0);
    }
    await this.ask(`/desk/keys/devices/${device.id}/recover`, { wraps });
    return [];
  }

  /** Let this device in with the key itself: only the demo's printed links carry one. */
  async adopt(raw) {
    const device = await this.enrol();
    const { present } = await this.state();
    const pair = await seal.pairOf(raw);
    if (!present || seal.toHex(pair.public) !== present.public) throw new NotTrusted("other_key");
    const unit = { organisation: this.organisation, number: present.number };
    const holder = `device/${device.id}`;
    const wraps = { [present.number]: await wrapped(raw, unit, holder, device.public) };
    raw.fill(0);
    await this.ask(`/desk/keys/devices/${device.id}/recover`, { wraps });
  }

  /** Another sheet in the place of a lost one; the groups to print. */
  async newSheet(custodian) {
    const { keys } = await this.state();
    const { groups, publicRaw } = await this.sheet();
    const wraps = {};
    for (const key of keys.filter((one) => one.state !== "proposed")) {
      const unit = { organisation: this.organisation, number: key.number };
      wraps[key.number] = await this.withUnit(key, (raw) =>
        wrapped(raw, unit, custodian, publicRaw),
      );
    }
    await this.ask("/desk/keys/sheets", { custodian, wraps });
    return groups;
  }

  /** Wrap what is open to the present key, until nothing is left; how many referrals. */
  async rewrapAll(told = () => {}) {
    const { present, keys } = await this.state();
    const pairs = new Map();
    let done = 0;
    for (;;) {
      const { waiting } = await this.ask("/desk/keys/waiting");
      if (!waiting.length) return done;
      const referrals = {};
      for (const { referral, parts } of waiting) {
        referrals[referral] = {};
        for (const part of parts) {
          const holder = Object.keys(part.wraps)[0];
          const old = keys.find((one) => `${this.organisation}/${one.number}` === holder);
          if (!pairs.has(holder)) pairs.set(holder, await this.pairOfUnit(old));
          const from = { holder, unit: pairs.get(holder) };
          const to = {
            holder: `${this.organisation}/${present.number}`,
            public: seal.fromHex(present.public),
          };
          referrals[referral][part.binding] = await seal.rewrap(referral, part, from, to);
        }
      }
      const { taken } = await this.ask("/desk/keys/rewrapped", { referrals });
      if (!taken) return done;
      done += taken;
      told(done);
    }
  }

  // Referrals

  /** The signed list of keys: true to the first signer seen here, and never an older one. */
  async list() {
    const told = await this.ask("/desk/keys/list");
    const known = (await kept(this.account, "list")) ?? { signer: told.signer, version: 0 };
    const list = await seal
      .readDirectory(told.document, known.signer, Date.now() / 1000)
      .catch(() => {
        throw new NotTrusted("list");
      });
    if (list.version < known.version) throw new NotTrusted("older_list");
    await keep(this.account, "list", { signer: known.signer, version: list.version });
    return list;
  }

  /** Seal one typed item ("name" or "contact") of a draft of ours, and hand it over. */
  async sealTyped(referral, item, value) {
    const told = await this.ask(`/desk/referrals/${referral}/sealed`);
    const holders = {};
    if (told.guest) holders[told.guest.holder] = seal.fromHex(told.guest.public);
    for (const key of (await this.list()).keys) {
      const named = key.organisation === told.sender || key.organisation === told.receiver;
      if (named) holders[`${key.organisation}/${key.number}`] = seal.fromHex(key.public);
    }
    const of = { recipient: told.receiver, item, value: value.normalize("NFC") };
    const share = seal.decoded(told.share);
    const part = await seal.sealItem(referral, of, share, holders);
    share.fill(0);
    return this.ask(`/desk/referrals/${referral}/sealed`, { part });
  }

  /** Everything sealed of a referral that this organisation may read now, opened. */
  async readContent(referral, reason = "") {
    const told = await this.ask(`/desk/referrals/${referral}/content`, { reason });
    const { keys } = await this.state();
    const share = seal.decoded(told.share);
    const opened = [];
    for (const part of told.parts) {
      const key = keys.find((one) => part.wraps[`${this.organisation}/${one.number}`]);
      if (!key) throw new NotTrusted("no_wrap");
      const holder = `${this.organisation}/${key.number}`;
      const from = { holder, unit: await this.pairOfUnit(key) };
      opened.push({ ...part, content: await seal.openPart(referral, part, share, from) });
    }
    share.fill(0);
    return opened;
  }

  /** A link with its PIN for the receiver of a draft, who has no account and no key. */
  async guestLink(referral) {
    const link = seal.toHex(seal.random(16));
    const fragment = seal.random(16);
    const pin = String(crypto.getRandomValues(new Uint32Array(1))[0] % 1000000).padStart(6, "0");
    const key = await guestKey(fragment, pin, link);
    const offer = { link, public: seal.toHex(key.public), proof: key.proof };
    const { until } = await this.ask(`/desk/referrals/${referral}/guest`, offer);
    return { link, fragment: seal.toHex(fragment), pin, until };
  }
}
