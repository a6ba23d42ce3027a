// Makes or uses a passkey, and posts the browser's answer as a form. Without this script, or in a
// browser that has no passkeys, the number from the authenticator app does the same.
"use strict";

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const named = (keys) => (keys ?? []).map((key) => ({ ...key, id: bytes(key.id) }));

const wanted = (options) => ({
  ...options,
  challenge: bytes(options.challenge),
  ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
  ...(options.allowCredentials && { allowCredentials: named(options.allowCredentials) }),
  ...(options.excludeCredentials && { excludeCredentials: named(options.excludeCredentials) }),
});

const answer = (credential) => {
  const response = { clientDataJSON: text(credential.response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    const value = credential.response[part];
    if (value) response[part] = text(value);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: {},
    response,
  });
};

const offer = (form) => {
  const button = form.querySelector("button");
  const trouble = form.querySelector("[role=alert]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    const field = form.elements.namedItem("answer");
    if (field.value) return;
    event.preventDefault();
    button.disabled = true;
    trouble.hidden = true;
    const publicKey = wanted(JSON.parse(form.dataset.options));
    const asked =
      form.dataset.kind === "make"
        ? navigator.credentials.create({ publicKey })
        : navigator.credentials.get({ publicKey });
    try {
      field.value = answer(await asked);
      form.submit();
    } catch {
      trouble.hidden = false; // refused, timed out, or no such passkey here
    } finally {
      button.disabled = false;
    }
  });
};

if (window.PublicKeyCredential) document.querySelectorAll("form[data-options]").forEach(offer);
