// Import: how much of a file is sent, and columns that are left out grow pale at once. All works without it.
"use strict";
(() => {
  const bring = document.getElementById("bring"), sent = document.getElementById("sent");
  bring?.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !window.FormData) return;
    const button = bring.querySelector("button.btn-primary");
    event.preventDefault();
    const request = new XMLHttpRequest();
    sent.hidden = false;
    request.upload.addEventListener("progress", (told) => { if (told.lengthComputable) sent.value = (100 * told.loaded) / told.total; });
    request.addEventListener("load", () => {
      if (request.status === 200 && request.responseURL !== location.href) { location.assign(request.responseURL); return; }
      document.open(); document.write(request.responseText); document.close();
    });
    request.addEventListener("error", () => { sent.hidden = true; button.disabled = false; bring.submit(); });
    request.open("POST", bring.action || location.href);
    request.send(new FormData(bring));
    button.disabled = true;
  });

  document.getElementById("meanings")?.addEventListener("change", (event) => {
    const row = event.target.closest(".import-sheet li");
    if (row && event.target.name?.startsWith("m")) row.classList.toggle("left", event.target.value === "");
  });
})();
