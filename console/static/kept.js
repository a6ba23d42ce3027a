// What this browser keeps for one account: its key, and the newest list of keys it has seen.

function request(work) {
  return new Promise((done, failed) => {
    work.onsuccess = () => done(work.result);
    work.onerror = () => failed(work.error);
  });
}

async function database(account) {
  const opening = indexedDB.open(`saphan-${account}`, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("kept");
  return request(opening);
}

/** What is kept under this name, or undefined. */
export async function kept(account, name) {
  const store = await database(account);
  try {
    return await request(store.transaction("kept").objectStore("kept").get(name));
  } finally {
    store.close();
  }
}

/** Keep it: on the disk before this is done. */
export async function keep(account, name, value) {
  const store = await database(account);
  try {
    const turn = store.transaction("kept", "readwrite", { durability: "strict" });
    turn.objectStore("kept").put(value, name);
    await new Promise((done, failed) => {
      turn.oncomplete = done;
      turn.onabort = turn.onerror = () => failed(turn.error);
    });
  } finally {
    store.close();
  }
}

/** Forget everything of this account in this browser. */
export async function forget(account) {
  await request(indexedDB.deleteDatabase(`saphan-${account}`));
}
