// Ticks with their count on the button, and panels that open in place.
// Without this script the page works by its links and buttons.

function opensElsewhere(event) {
  return event.ctrlKey || event.metaKey || event.shiftKey || event.button > 0;
}

/** Changes only what differs, so that a watcher of the page comes to rest. */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** The tick boxes of a list: one box for all, a way back to what changed, and the count on the button that sends. */
class Choice {
  #form;
  #all;
  #line;
  #isLeaving = false;

  constructor(form) {
    this.#form = form;
    form.addEventListener("change", () => this.show());
    form.addEventListener("submit", (event) => this.#submit(event));
    window.addEventListener("pageshow", () => (this.#isLeaving = false));
    this.show();
  }

  get #boxes() {
    return [...this.#form.querySelectorAll("input[name=student], input[name=item]")];
  }

  show() {
    this.#addTools();
    const boxes = this.#boxes;
    const count = boxes.filter((box) => box.checked).length;
    if (this.#all) {
      this.#all.hidden = boxes.length === 0;
      this.#all.checked = count > 0 && count === boxes.length;
      this.#all.indeterminate = count > 0 && count < boxes.length;
    }
    this.#showLine(boxes, count);
    for (const button of this.#form.querySelectorAll("[data-send], [data-needs-choice]")) {
      if (button.disabled !== (count === 0)) button.disabled = count === 0;
    }
    const send = this.#form.querySelector("[data-send]");
    if (!send) return;
    const { textNone, textOne, textMany } = send.dataset;
    setText(send, [textNone, textOne][count] ?? textMany.replace("{count}", count));
    send.classList.toggle("button--main", count > 0);
    const isHidden = count === 0 && "hideEmpty" in send.dataset;
    if (send.hidden !== isHidden) send.hidden = isHidden;
  }

  #showLine(boxes, count) {
    if (!this.#line) return;
    const { textChosen } = this.#form.dataset;
    const text = textChosen.replace("{count}", count).replace("{total}", boxes.length);
    setText(this.#line.firstElementChild, count ? text : "");
    const isAsChanged = boxes.every((box) => box.checked === box.defaultChecked);
    const back = this.#line.lastElementChild;
    if (back.hidden !== isAsChanged) back.hidden = isAsChanged;
  }

  /** Made here and not on the server: without this script they could do nothing. */
  #addTools() {
    const head = this.#form.querySelector("[data-all]");
    if (head && !head.querySelector("input")) {
      this.#all = Object.assign(document.createElement("input"), { type: "checkbox" });
      this.#all.setAttribute("aria-label", this.#form.dataset.textAll);
      this.#all.addEventListener("change", () => this.#tick(() => this.#all.checked));
      const label = document.createElement("label");
      label.append(this.#all);
      head.append(label);
    }
    const line = this.#form.querySelector("[data-chosen]");
    if (line && !line.firstElementChild) {
      const back = Object.assign(document.createElement("button"), { type: "button", className: "word-button" });
      back.textContent = this.#form.dataset.textChanged;
      back.addEventListener("click", () => this.#tick((box) => box.defaultChecked));
      line.append(document.createElement("span"), back);
      this.#line = line;
    }
  }

  #tick(isWanted) {
    this.#boxes.forEach((box) => (box.checked = isWanted(box)));
    this.show();
  }

  /** One press is one run, also for an impatient hand. */
  #submit(event) {
    if (this.#isLeaving) event.preventDefault();
    this.#isLeaving = true;
  }
}

/** Panels open and close under their row without moving the page. */
async function openInPlace(live, link) {
  const address = new URL(link.href);
  const row = address.hash.slice(1);
  const isClosing = link.hasAttribute("data-close");
  try {
    const news = live.dataset.news + address.search;
    // News that is asked for meanwhile is dropped, and what was asked before: it knows nothing of this panel.
    link.setAttribute("hx-sync", "#live:replace");
    await window.htmx.ajax("GET", news, { source: link, target: live, swap: "outerMorph" });
  } catch {
    // Whatever went wrong, the link itself still leads there.
  }
  const panel = document.getElementById(row.replace("student", "panel"));
  if (isClosing === Boolean(panel)) {
    window.location.assign(link.href);
    return;
  }
  (panel ?? document.getElementById(row))?.querySelector(panel ? "[data-panel-first]" : "a[data-in-place]")?.focus();
}

/** Extra credit is asked about only where it is meant. */
function showAbove() {
  const score = document.getElementById("panel-score");
  const question = document.querySelector("[data-above]");
  if (!score || !question) return;
  const isAbove = Number(score.value.replace(",", ".")) > Number(score.dataset.maximum);
  if (question.hidden === isAbove) question.hidden = !isAbove;
  question.querySelector("input").required = isAbove;
}

/** The button that copies is made where copying can work; the text can always be marked by hand. */
function addCopying() {
  const place = document.querySelector("[data-copy]");
  if (!place || place.firstElementChild) return;
  const look = { type: "button", className: "button button--small", textContent: place.dataset.textCopy };
  const button = Object.assign(document.createElement("button"), look);
  button.addEventListener("click", async () => {
    const text = document.getElementById(place.dataset.copy);
    text.select();
    // An LMS's frame may forbid the clipboard to us; the old way asks nobody.
    const copyTheOldWay = () => document.execCommand("copy");
    const copying = navigator.clipboard?.writeText(text.value) ?? Promise.reject(new Error("no clipboard here"));
    const isDone = await copying.then(() => true, copyTheOldWay);
    if (isDone) button.textContent = place.dataset.textCopied;
  });
  place.append(button);
}

function closeMenus(event) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (event.type === "keydown" && event.key !== "Escape") continue;
    if (event.type === "click" && menu.contains(event.target)) continue;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
}

function start() {
  const live = document.getElementById("live");
  let choice = null;
  const show = () => {
    const form = document.querySelector("form[data-choosing]");
    if (form && !choice) choice = new Choice(form);
    choice?.show();
    showAbove();
    addCopying();
  };
  show();
  document.addEventListener("click", closeMenus);
  document.addEventListener("keydown", closeMenus);
  if (!live) return;
  live.addEventListener("input", showAbove);
  live.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-in-place]");
    if (!link || opensElsewhere(event) || !window.htmx) return;
    event.preventDefault();
    openInPlace(live, link);
  });
  new MutationObserver(show).observe(live, { childList: true, subtree: true, characterData: true });
}

start();
