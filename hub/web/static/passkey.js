// Asks the browser for a passkey, and hands its answer to the form: the page works the same in every browser that has WebAuthn.
(() => {
  "use strict";
  const form = document.querySelector("[data-passkey]");
  if (!form) return;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const options = JSON.parse(form.dataset.options);
  options.challenge = bytes(options.challenge);
  for (const name of ["allowCredentials", "excludeCredentials"]) {
    options[name] = (options[name] || []).map((one) => ({ ...one, id: bytes(one.id) }));
  }
  if (options.user) options.user.id = bytes(options.user.id);
  const answer = (made) => {
    const given = { clientDataJSON: text(made.response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (made.response[name]) given[name] = text(made.response[name]);
    }
    if (made.response.getTransports) given.transports = made.response.getTransports();
    return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response: given, extensions: "{}" });
  };
  navigator.credentials[form.dataset.passkey]({ publicKey: options }).then((made) => {
    form.elements.credential.value = answer(made);
    form.submit();
  }).catch(() => { form.querySelector("[data-says]").textContent = form.dataset.failed; });
})();
