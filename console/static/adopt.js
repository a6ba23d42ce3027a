// A demo's printed link carries the key of its fictional organisation behind its #. This browser
// lets itself in with it, and takes it out of the address; the server is never sent it.

import { Member } from "./device.js";
import { fromHex } from "./seal.js";

const given = /^#unit=([0-9a-f]{64})$/.exec(location.hash);
const place = document.getElementById("adopt");
if (given && place) {
  history.replaceState(null, "", location.pathname);
  await new Member(place.dataset).adopt(fromHex(given[1]));
  place.dataset.ready = "yes";
}
