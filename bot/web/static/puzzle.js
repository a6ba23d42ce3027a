// Solves the puzzle that a flooded server gives (bot/webpuzzle.py), beside the page, so that
// leaving is never slower for it.
"use strict";
const PARTS = 16;
const DIGITS = 7; // of each number, with zeros in front
const PRIMES = [];
for (let n = 2; PRIMES.length < 64; n += 1) {
  if (PRIMES.every((prime) => n % prime)) PRIMES.push(n);
}
const fraction = (number) => ((number - Math.floor(number)) * 4294967296) | 0;
const START = Int32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
const ROUNDS = Int32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));
const words = new Int32Array(64);

// The first 32 bits of SHA-256 (FIPS 180-4) of the one block of 16 words that stands in `words`.
const firstOfHash = () => {
  for (let t = 16; t < 64; t += 1) {
    const x = words[t - 15];
    const y = words[t - 2];
    const small = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const large = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    words[t] = (words[t - 16] + small + words[t - 7] + large) | 0;
  }
  let a = START[0];
  let b = START[1];
  let c = START[2];
  let d = START[3];
  let e = START[4];
  let f = START[5];
  let g = START[6];
  let h = START[7];
  for (let t = 0; t < 64; t += 1) {
    const one = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const first = (h + one + ((e & f) ^ (~e & g)) + ROUNDS[t] + words[t]) | 0;
    const two = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const second = (two + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  return (START[0] + a) >>> 0;
};

// One block: at most 55 characters. What stands before the number is written once for each part.
const write = (text) => {
  words.fill(0, 0, 16);
  for (let at = 0; at < text.length; at += 1) {
    words[at >> 2] |= text.charCodeAt(at) << (24 - 8 * (at & 3));
  }
  words[text.length >> 2] |= 128 << (24 - 8 * (text.length & 3));
  words[15] = text.length * 8;
};
const ZERO = 48;
const writeNumber = (number, before) => {
  let left = number;
  for (let at = before + DIGITS - 1; at >= before; at -= 1) {
    const shift = 24 - 8 * (at & 3);
    words[at >> 2] = (words[at >> 2] & ~(255 << shift)) | ((ZERO + (left % 10)) << shift);
    left = (left / 10) | 0;
  }
};

// The first byte of a puzzle says how many bits must be zero.
const bitsOf = (puzzle) => atob(puzzle.slice(0, 4).replace(/-/g, "+").replace(/_/g, "/")).charCodeAt(0);

const solve = (puzzle) => {
  const free = 32 - bitsOf(puzzle);
  const numbers = [];
  for (let part = 0; part < PARTS; part += 1) {
    const before = `${puzzle}.${part}.`;
    write(before + "0".repeat(DIGITS));
    let number = 0;
    while (firstOfHash() >>> free) {
      number += 1;
      writeNumber(number, before.length);
    }
    numbers.push(String(number).padStart(DIGITS, "0"));
  }
  return `${puzzle}.${numbers.join("-")}`;
};

if (typeof document === "undefined") {
  self.onmessage = (event) => self.postMessage(solve(event.data));
}
