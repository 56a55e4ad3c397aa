// Keys for a reviewer's checklist. They act only while the focus is inside the list, and never while one types.
// Without scripts every criterion has its own buttons.
"use strict";

const list = document.querySelector("[data-checklist]");
const VERDICTS = { 0: "open", 1: "met", 2: "not_met", 3: "not_applicable" };

function criteria() {
  return [...list.querySelectorAll("[data-criterion]")];
}

function go(criterion) {
  if (!criterion) return;
  criterion.focus({ preventScroll: true });
  criterion.scrollIntoView({ block: "start" });
}

function conclude(criterion, verdict) {
  const radio = criterion.querySelector(`input[name="verdict"][value="${verdict}"]`);
  if (!radio) return;
  radio.checked = true;
  const note = criterion.querySelector("textarea");
  // What needs a reason is saved with it.
  if ((verdict === "not_met" || verdict === "not_applicable") && !note.value.trim()) note.focus();
  else radio.form.requestSubmit();
}

function onKey(event) {
  const at = event.target.closest("[data-criterion]");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea")) {
    event.preventDefault();
    event.target.form.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("textarea, select")) return;
  const all = criteria();
  const step = { j: 1, k: -1 }[event.key];
  if (step) {
    event.preventDefault();
    go(at ? all[all.indexOf(at) + step] : all[0]);
  } else if (at && event.key in VERDICTS) {
    event.preventDefault();
    conclude(at, VERDICTS[event.key]);
  } else if (at && event.key === "h") {
    const tick = at.querySelector("[data-ask]");
    if (!tick) return;
    event.preventDefault();
    tick.checked = !tick.checked;
  }
}

function prepare(part) {
  for (const button of part.querySelectorAll("[data-reason]")) button.hidden = false;
}

if (list) {
  const help = list.querySelector("[data-keys]");
  help.hidden = false;
  help.querySelector("[data-begin]").addEventListener("click", () => go(criteria()[0]));
  list.addEventListener("keydown", onKey);
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reason]");
    if (!button) return;
    const note = button.closest("form").querySelector("textarea");
    note.value = [note.value.trim(), button.dataset.reason].filter(Boolean).join("\n");
    note.focus();
  });
  // A criterion that was saved comes anew: its ticks stay, and the focus with whoever saved it.
  let asked = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    const old = event.detail.target;
    asked = old.matches("[data-criterion]") && old.querySelector("[data-ask]:checked") ? [old.id] : [];
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const saved = event.detail.target && document.getElementById(event.detail.target.id);
    if (!saved || !saved.matches("[data-criterion]")) return;
    prepare(saved);
    for (const id of asked) document.querySelector(`#${id} [data-ask]`)?.click();
    asked = [];
    const wrong = saved.querySelector(".field--error textarea");
    if (wrong) wrong.focus();
    else saved.focus({ preventScroll: true });
  });
  prepare(list);
}
