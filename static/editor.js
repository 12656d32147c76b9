// The editor without reloading: each button posts the same form, and the pieces that changed are put in place.
// Without this script the same buttons work by loading the page.

const LEAVES = /^(preview|save|confirmed|over:.*)$/; // what leads to another page, or may
const ENDED = [401, 403, 404];

function isTouched(field) {
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  return field.matches("[type=text], textarea") && field.value !== field.defaultValue;
}

class Editor {
  #form;
  #isBusy = false;
  #isLeaving = false;
  #isUnsaved;
  #next = null; // what was pressed while the page still waited for an answer

  constructor(form) {
    this.#form = form;
    // Somebody may have typed before this script came, or the browser filled in what it remembered.
    this.#isUnsaved = "unsaved" in form.dataset || [...form.elements].some(isTouched);
    form.addEventListener("input", () => this.#change());
    form.addEventListener("submit", (event) => this.#submit(event));
    form.addEventListener("keydown", (event) => this.#press(event));
    window.addEventListener("pageshow", () => this.#rest());
    window.addEventListener("beforeunload", (event) => {
      if (this.#isUnsaved && !this.#isLeaving) event.preventDefault();
    });
  }

  #change() {
    this.#isUnsaved = true;
    const total = this.#form.querySelector("[data-total]");
    const typed = [...this.#form.querySelectorAll("[data-points]")].map((field) => Number(field.value.trim().replace(",", ".")));
    const sum = typed.filter((points) => points > 0 && points <= 1000).reduce((all, points) => all + points, 0);
    total.textContent = String(Math.round(sum * 10_000) / 10_000);
  }

  #submit(event) {
    if (this.#isLeaving) return;
    event.preventDefault();
    const button = event.submitter;
    if (!button) return;
    if (this.#isBusy) return (this.#next = button);
    this.#begin();
    if (LEAVES.test(button.value)) this.#leave(button);
    else this.#step(button);
  }

  /** Enter goes on to the next choice instead of pressing whichever button comes first. */
  #press(event) {
    if (event.key !== "Enter" || event.isComposing || event.shiftKey || event.ctrlKey || event.metaKey) return;
    const field = event.target;
    if (field.matches("input:not([type=checkbox], [type=radio])")) event.preventDefault();
    if (!field.matches("textarea[data-line]")) return;
    event.preventDefault();
    const fields = [...field.closest(".parts").querySelectorAll("textarea[data-line]")];
    const next = fields[fields.indexOf(field) + 1];
    if (next) next.focus();
    else if (field.value.trim()) field.closest(".part-field").querySelector("button[value^='add_choice:']")?.click();
  }

  /** A page that can no longer be saved must not take what was typed along with it. */
  async #leave(button) {
    const address = this.#form.action.split("#")[0];
    const answer = await fetch(address, { method: "HEAD" }).catch(() => null);
    if (!answer?.ok) return this.#stumble(answer, button);
    this.#rest();
    this.#isLeaving = true;
    this.#form.requestSubmit(button);
  }

  async #step(button) {
    const body = new URLSearchParams(new FormData(this.#form));
    body.append(button.name, button.value);
    const address = this.#form.action.split("#")[0];
    const answer = await fetch(address, { method: "POST", body }).catch(() => null);
    const text = answer?.ok ? await answer.text().catch(() => null) : null;
    if (text === null) return this.#stumble(answer, button);
    this.#show(new DOMParser().parseFromString(text, "text/html"));
  }

  #show(page) {
    for (const piece of page.querySelectorAll("[data-live]")) document.getElementById(piece.id)?.replaceWith(piece);
    const fresh = page.querySelector("form[data-editor]");
    this.#isUnsaved ||= "unsaved" in fresh.dataset;
    // An address may carry what lets us in for some hours: each answer brings a younger one.
    this.#form.setAttribute("action", fresh.getAttribute("action"));
    const next = this.#next;
    this.#rest();
    this.#say(page.querySelector("[data-notice]").textContent);
    if (next?.isConnected) return this.#form.requestSubmit(next);
    if (document.activeElement !== document.body) return; // the reader went on elsewhere
    const here = document.getElementById("here");
    // Into a new question by its first field; a question that was moved or copied is heard by its head.
    const isNew = here?.matches("section") && !here.querySelector("textarea").value;
    (isNew ? here.querySelector("textarea") : here)?.focus();
  }

  #say(text) {
    const notice = this.#form.querySelector("[data-notice]");
    notice.classList.add("is-silent");
    notice.textContent = text;
  }

  #begin() {
    this.#isBusy = true;
    this.#form.setAttribute("aria-busy", "true");
    this.#form.querySelector("[data-trouble]").hidden = true;
    // Only what the answer replaces: the title can be typed into meanwhile.
    for (const piece of this.#form.querySelectorAll("[data-live]")) piece.inert = true;
  }

  #rest() {
    this.#isBusy = false;
    this.#isLeaving = false;
    this.#form.removeAttribute("aria-busy");
    this.#next = null;
    for (const piece of this.#form.querySelectorAll("[data-live]")) piece.inert = false;
  }

  #stumble(answer, button) {
    this.#rest();
    const trouble = this.#form.querySelector("[data-trouble]");
    const { textAway, textEnded } = this.#form.dataset;
    trouble.querySelector("p").textContent = answer && ENDED.includes(answer.status) ? textEnded : textAway;
    trouble.hidden = false;
    button.focus();
    trouble.scrollIntoView({ block: "nearest" });
  }
}

/** The preview and the question before a change carry what is unsaved along. */
function hold(form) {
  let isLeaving = false;
  form.addEventListener("submit", () => (isLeaving = true));
  window.addEventListener("pageshow", () => (isLeaving = false));
  window.addEventListener("beforeunload", (event) => {
    if (!isLeaving) event.preventDefault();
  });
}

function closeMenus(event) {
  for (const menu of document.querySelectorAll("details.more[open]")) {
    if (event.type === "keydown" && event.key !== "Escape") continue;
    if (event.type === "click" && menu.contains(event.target)) continue;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
}

const form = document.querySelector("form[data-editor]");
if (form) new Editor(form);
document.querySelectorAll("form[data-holding]").forEach(hold);
document.addEventListener("click", closeMenus);
document.addEventListener("keydown", closeMenus);
