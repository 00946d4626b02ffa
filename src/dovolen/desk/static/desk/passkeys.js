// Passkeys: fetch the challenge, let the device answer, hand the answer to the form.
"use strict";
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const withIds = (keys) => (keys ?? []).map((key) => ({ ...key, id: bytes(key.id) }));

  async function make(options) {
    const publicKey = { ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) }, excludeCredentials: withIds(options.excludeCredentials) };
    const made = await navigator.credentials.create({ publicKey });
    return answer(made, { attestationObject: text(made.response.attestationObject), transports: made.response.getTransports?.() ?? [] });
  }
  async function use(options) {
    const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: withIds(options.allowCredentials) };
    const used = await navigator.credentials.get({ publicKey });
    const { authenticatorData, signature, userHandle } = used.response;
    return answer(used, { authenticatorData: text(authenticatorData), signature: text(signature), userHandle: userHandle ? text(userHandle) : null });
  }
  const answer = (key, response) => ({ id: key.id, rawId: text(key.rawId), type: key.type, clientExtensionResults: {}, authenticatorAttachment: key.authenticatorAttachment, response: { clientDataJSON: text(key.response.clientDataJSON), ...response } });

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!window.PublicKeyCredential) continue;
    form.hidden = false;
    document.querySelectorAll("[data-passkey-frame]").forEach((frame) => { frame.hidden = false; });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const problem = form.querySelector("[data-problem]");
      problem.hidden = true;
      try {
        const asked = await fetch(form.dataset.challenge, { method: "POST", body: new FormData(form), headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value } });
        if (!asked.ok) throw new Error((await asked.json()).error);
        const { publicKey } = await asked.json();
        form.elements.answer.value = JSON.stringify(await (form.dataset.passkey === "new" ? make(publicKey) : use(publicKey)));
        form.submit();
      } catch (error) {
        problem.querySelector("[data-text]").textContent = error instanceof DOMException ? form.dataset.failed : error.message || form.dataset.failed;
        problem.hidden = false;
        form.removeAttribute("aria-busy");
      }
    });
  }
})();
