// The count of the drawer: notes and coins come to a sum while they are typed. The server reckons it too.
"use strict";
(() => {
  const form = document.querySelector("form.count"), shown = form?.querySelector("[data-sum]");
  if (!shown) return;
  const pieces = [...form.querySelectorAll("[data-worth]")];
  const money = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: form.dataset.minor, minimumFractionDigits: 0 });
  const tell = () => {
    const counted = pieces.filter((one) => one.value);
    shown.textContent = counted.length ? money.format(counted.reduce((sum, one) => sum + one.dataset.worth * one.value, 0) / 100) : "";
  };
  form.addEventListener("input", tell);
  tell();
})();
