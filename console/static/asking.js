// Asks the desk as one account: JSON both ways, with the token of the page.

const HEADERS = { "Content-Type": "application/json", Accept: "application/json" };

/** Thrown when the server refuses; `reason` is its word for it, `status` the number. */
export class Refused extends Error {
  constructor(status, reason) {
    super("refused");
    this.status = status;
    this.reason = reason;
  }
}

/** Who asks. `csrf` is the page's token, `root` where the desk is. */
export class Asking {
  constructor({ account, organisation, csrf, root = "" }) {
    this.account = account;
    this.organisation = organisation;
    this.csrf = csrf;
    this.root = root;
  }

  async ask(path, content) {
    const how =
      content === undefined
        ? { headers: { Accept: "application/json" } }
        : {
            method: "POST",
            headers: { ...HEADERS, "X-Saphan-Csrf": this.csrf },
            body: JSON.stringify(content),
          };
    const answer = await fetch(this.root + path, { ...how, cache: "no-store" });
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Refused(answer.status, told.error ?? "");
    return told;
  }
}
