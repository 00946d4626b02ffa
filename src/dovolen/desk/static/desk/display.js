// The screen shows itself anew; while the server does not answer, it says so and keeps what it showed.
"use strict";
(() => {
  const screen = document.getElementById("display");
  async function renew() {
    const gone = screen.querySelector(".gone");
    try {
      const answer = await fetch(location.href, { headers: { "HX-Request": "true", "HX-Target": "display" }, cache: "no-store" });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      screen.querySelectorAll("header, main, footer").forEach((part) => {
        const fresh = page.querySelector(part.tagName);
        if (fresh && fresh.innerHTML !== part.innerHTML) part.replaceChildren(...fresh.childNodes);
      });
    } catch { if (gone) gone.hidden = false; }
  }
  setInterval(renew, Number(screen.dataset.every) * 1000);
})();
