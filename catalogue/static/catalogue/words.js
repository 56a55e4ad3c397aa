// Counts the words of a text that has a limit, and says how many are left. Without it the limit itself stands there.
// A word is what the server counts as one: a run without white space that holds a letter or a digit.
"use strict";

for (const line of document.querySelectorAll("[data-words-of]")) {
  const text = document.getElementById(line.dataset.wordsOf);
  const limit = Number(text && text.dataset.words);
  if (!limit) continue;
  const tell = () => {
    const n = text.value.split(/\s+/).filter((run) => /[\p{L}\p{N}]/u.test(run)).length;
    const left = limit - n;
    line.textContent = (left < 0 ? line.dataset.over : line.dataset.left).replace("{n}", String(Math.abs(left)));
    line.classList.toggle("words--over", left < 0);
  };
  let waiting = 0;
  text.addEventListener("input", () => {
    // A screen reader is told once one stops typing, not with every key.
    clearTimeout(waiting);
    waiting = setTimeout(tell, 300);
  });
  line.setAttribute("aria-live", "polite");
  tell();
}
