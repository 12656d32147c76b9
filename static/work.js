// The student's page saves itself. Without this script the same form works by its two buttons.

const QUIET_MS = 800;
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;
const ANSWER_WITHIN_MS = 15_000;
const KEEPALIVE_LIMIT = 60_000;
const FINAL = [401, 403, 404, 409, 410];

/** POST the answers. Gives {kind: "saved", data} or {kind: "later" | "refused" | "final", message}. */
async function post(url, answers, { keepalive = false } = {}) {
  const body = answers.toString();
  try {
    const response = await fetch(url, {
      method: "POST",
      body: answers,
      headers: { "X-Passback-Autosave": "1", Accept: "application/json" },
      keepalive: keepalive && body.length < KEEPALIVE_LIMIT,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const data = await response.json().catch(() => ({}));
    if (response.ok) return { kind: "saved", data };
    const isPassing = response.status >= 500 || response.status === 429 || response.status === 408;
    if (isPassing) return { kind: "later" };
    const isOver = response.status === 401; // the launch has ended: reloading leads nowhere, what was saved is kept
    return { kind: FINAL.includes(response.status) ? "final" : "refused", message: data.message, isOver };
  } catch {
    return { kind: "later" };
  }
}

/** Sends what changed, one request at a time, the newest answers always last. */
class Autosave {
  #form;
  #show;
  #unsent = null; // the newest answers the server has not confirmed; a lost connection loses none
  #running = null;
  #timer = 0;
  #wait = FIRST_RETRY_MS;
  #end = null; // the outcome after which nothing can be sent any more

  constructor(form, show) {
    this.#form = form;
    this.#show = show;
  }

  get hasUnsent() {
    return this.#unsent !== null;
  }

  /** Nothing more can be sent from here, and kept.js has it all: closing the page loses nothing. */
  get mayBeLeft() {
    return !this.hasUnsent || (this.#end !== null && this.#form.dataset.isKept === "yes");
  }

  get settled() {
    return this.#running;
  }

  note() {
    this.#unsent = new URLSearchParams(new FormData(this.#form));
    if (this.#end) return this.#show(this.#end);
    this.#show({ kind: "saving" });
    this.#sendIn(QUIET_MS);
  }

  sendNow(options) {
    clearTimeout(this.#timer);
    if (!this.#running && this.hasUnsent && !this.#end) {
      this.#running = this.#sendAll(options).finally(() => (this.#running = null));
    }
  }

  rest() {
    clearTimeout(this.#timer);
  }

  #sendIn(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.sendNow(), milliseconds);
  }

  async #sendAll(options) {
    while (this.hasUnsent) {
      const answers = this.#unsent;
      answers.set("revision", this.#form.elements.revision.value);
      this.#form.dispatchEvent(new Event("answers-sent"));
      const outcome = await post(this.#form.dataset.autosave, answers, options);
      if (outcome.kind !== "saved") return this.#stumble(outcome);
      this.#form.elements.revision.value = outcome.data.revision ?? this.#form.elements.revision.value;
      this.#form.dispatchEvent(new Event("answers-saved"));
      this.#wait = FIRST_RETRY_MS;
      if (this.#unsent === answers) this.#unsent = null;
      if (!this.hasUnsent) this.#show(outcome);
    }
  }

  #stumble(outcome) {
    if (outcome.kind === "final") this.#end = outcome;
    this.#show(outcome);
    if (outcome.kind !== "later") return;
    this.#sendIn(this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST_RETRY_MS);
  }
}

/** The line in the bar. Only what a person must hear goes to the live region: not every "Saving…". */
function makeStateLine(form) {
  const line = form.querySelector("[data-save-state]");
  const news = form.querySelector("[data-save-news]");
  const reload = form.querySelector("[data-reload]");
  const texts = form.dataset;

  const near = Object.assign(document.createElement("p"), { className: "near-news" });

  /** In a frame as high as its page the bar may be far below what one looks at: trouble is told where one types. What
   * passes by itself moves nothing: whoever is pressing a choice of the next question would press another one. */
  function sayNear(state) {
    if (state === "saved") near.remove();
    if (window.parent === window || !["trouble", "refused"].includes(state)) return;
    near.classList.toggle("near-news--passing", state === "trouble");
    near.replaceChildren(...[...line.children].map((part) => part.cloneNode(true)));
    document.activeElement?.closest("[data-question]")?.append(near);
  }

  function say(state, picture, ...content) {
    line.dataset.state = state;
    line.querySelector("use").setAttribute("href", `${texts.icons}#${picture}`);
    line.querySelector("span").replaceChildren(...content);
    sayNear(state);
    if (state !== "saving" && news.textContent !== line.textContent) news.textContent = line.textContent;
  }

  function savedText({ saved_at: savedAt, saved_text: savedText }) {
    if (!savedAt) return [savedText ?? ""];
    const time = Object.assign(document.createElement("time"), { className: "when", dateTime: savedAt });
    const parts = { hour: "numeric", minute: "2-digit" };
    time.textContent = new Date(savedAt).toLocaleTimeString(document.documentElement.lang, parts);
    const [before, after = ""] = texts.textSaved.split("{time}");
    return [before, time, after];
  }

  /** What happened, and what becomes of what was typed: kept.js says whether the browser holds it. */
  function refusal({ kind, message, isOver }) {
    const fate = texts.isKept === "yes" ? texts.textKeptHere : texts.textCopyFirst;
    return [message ?? texts.textTrouble, isOver && texts.textKept, kind === "final" && fate].filter(Boolean).join(" ");
  }

  return (outcome) => {
    if (outcome.kind === "saving") say("saving", "in_progress", texts.textSaving);
    else if (outcome.kind === "saved") say("saved", "successful", ...savedText(outcome.data));
    else if (outcome.kind === "later") say("trouble", "offline", texts.textTrouble);
    else say("refused", "changed_in_lms", refusal(outcome));
    reload.hidden = outcome.kind !== "final" || outcome.isOver;
  };
}

function isAnswered(question) {
  const isFilled = (field) => (field.matches("[type=radio], [type=checkbox]") ? field.checked : field.value.trim() !== "");
  return [...question.querySelectorAll("input, textarea")].some(isFilled);
}

/** The count, its line, and the list of blanks follow what stands in the form. */
function countAnswers(form) {
  const questions = [...form.querySelectorAll("[data-question]")];
  let answered = 0;
  for (const question of questions) {
    const has = isAnswered(question);
    answered += has ? 1 : 0;
    question.classList.toggle("is-answered", has);
    const links = form.querySelectorAll(`.blanks a[href="#${question.id}"]`);
    links.forEach((link) => link.classList.toggle("is-answered", has));
  }
  form.querySelector("[data-answered]").textContent = answered;
  form.querySelector(".bar progress").value = answered;
  if (answered === questions.length) forgetBlanks(form);
}

/** Nothing is blank any more: the warning goes, and the button says "Submit" again. */
function forgetBlanks(form) {
  const submit = form.querySelector("[data-when-complete]");
  if (!submit) return;
  form.querySelectorAll("[data-blanks], [data-go-back]").forEach((element) => element.remove());
  submit.textContent = submit.dataset.whenComplete;
  submit.classList.add("button--main");
  delete submit.dataset.whenComplete;
}

/** One hand-in for one press, sent after a save that is still on its way so that both know the same revision. */
class Submitting {
  #form;
  #autosave;
  #isLeaving = false;

  constructor(form, autosave) {
    this.#form = form;
    this.#autosave = autosave;
    form.addEventListener("submit", (event) => this.#decide(event));
    window.addEventListener("pageshow", (event) => event.persisted && this.#comeBack());
    window.addEventListener("beforeunload", (event) => {
      if (!autosave.mayBeLeft && !this.#isLeaving) event.preventDefault();
    });
  }

  #decide(event) {
    const button = event.submitter;
    if (this.#isLeaving) return event.preventDefault();
    if (!button || button.matches("[data-save]")) {
      event.preventDefault();
      this.#autosave.note();
      return this.#autosave.sendNow();
    }
    this.#isLeaving = true;
    this.#autosave.rest();
    button.setAttribute("aria-disabled", "true");
    if (this.#autosave.settled) {
      event.preventDefault();
      this.#submitAfterSave(button);
    }
  }

  async #submitAfterSave(button) {
    await this.#autosave.settled;
    this.#autosave.rest();
    this.#isLeaving = false;
    this.#form.requestSubmit(button);
  }

  /** The page was taken out of the browser's memory by "Back". */
  #comeBack() {
    this.#isLeaving = false;
    this.#form.querySelectorAll("button[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  }
}

/** Whether somebody was quicker than this script. */
function isTouched(form) {
  const fields = [...form.querySelectorAll("[data-question] :is(input, textarea)")];
  return fields.some((field) => field.checked !== field.defaultChecked || field.value !== field.defaultValue);
}

function start(form) {
  const autosave = new Autosave(form, makeStateLine(form));
  form.addEventListener("input", () => {
    countAnswers(form);
    autosave.note();
  });
  window.addEventListener("online", () => autosave.sendNow());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") autosave.sendNow({ keepalive: true });
  });
  new Submitting(form, autosave);
  if (isTouched(form)) {
    countAnswers(form);
    autosave.note();
  }
  document.querySelector("[data-focus-first]")?.focus();
}

const form = document.querySelector("form[data-autosave]");
if (form) start(form);
