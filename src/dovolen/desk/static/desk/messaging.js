"use strict";
/* A placeholder goes into the text where the cursor stands. */
document.addEventListener("click", (event) => {
  const hole = event.target.closest("[data-hole]");
  if (!hole) return;
  const form = hole.closest("form");
  const field = form.querySelector("textarea");
  field.setRangeText(hole.dataset.hole, field.selectionStart, field.selectionEnd, "end");
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
