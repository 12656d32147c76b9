// What was typed and is not on the server yet stays in this browser, so that a closed tab loses nothing. work.js sends;
// this keeps, and puts back when the assignment is opened again.
//
// An entry belongs to one page of one attempt: {at, answers: [{name, number, values, text, known}]}. The server makes the
// name of the attempt, so nobody else finds the entry. `known` holds the server's answers that were typed over: what it
// confirmed, and what was sent last and may have arrived. If it has yet another one now, that was given elsewhere since
// and is never overwritten unasked. Files are not kept.

const PREFIX = "passback.kept.";
const KEPT_FOR_MS = 7 * 24 * 60 * 60 * 1000;

/** This attempt's entries in the browser's storage, which may be refused to a page in a frame. */
class Shelf {
  #mine;
  #own;

  constructor(name) {
    this.#mine = `${PREFIX}${name}.`;
    this.#own = this.#mine + Math.random().toString(36).slice(2);
  }

  /** The newest first. What is too old goes, whosever it is. */
  read() {
    try {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
      const entries = keys.map((key) => this.#open(key)).filter((entry) => entry?.key.startsWith(this.#mine));
      return entries.sort((one, other) => other.at - one.at);
    } catch {
      return [];
    }
  }

  /** Whether the browser really holds them now. */
  write(answers) {
    try {
      if (answers.length === 0) localStorage.removeItem(this.#own);
      else localStorage.setItem(this.#own, JSON.stringify({ at: Date.now(), answers }));
      return true;
    } catch {
      return false;
    }
  }

  /** Those of before; one that another tab has written anew meanwhile stays. */
  drop(entries) {
    try {
      for (const { key, raw } of entries) if (localStorage.getItem(key) === raw) localStorage.removeItem(key);
    } catch {
      // A storage that is refused holds nothing.
    }
  }

  #open(key) {
    const raw = localStorage.getItem(key);
    try {
      const { at, answers } = JSON.parse(raw);
      if (Date.now() - at < KEPT_FOR_MS) return { key, raw, at, answers };
    } catch {
      // Nobody can read it: it goes like an old one.
    }
    localStorage.removeItem(key);
    return null;
  }
}

const tidy = (values) => values.map((value) => value.replaceAll("\r\n", "\n").trim()).filter(Boolean).sort();
const isSame = (some, others) => JSON.stringify(tidy(some)) === JSON.stringify(tidy(others));

const fieldsOf = (question) => [...question.querySelectorAll("input:not([type=file]), textarea")];
const isChoice = (field) => field.matches("[type=radio], [type=checkbox]");
const isFilled = (field) => (isChoice(field) ? field.checked : field.value.trim() !== "");
const inWords = (field) => (isChoice(field) ? field.closest("label").textContent.trim() : field.value);

/** As the server sent the field, whatever was typed before this script came. */
function asServed(field) {
  const served = field.cloneNode();
  if (isChoice(field)) served.checked = field.defaultChecked;
  else served.value = field.defaultValue;
  return served;
}

/** The answers as they stand on the page, by the names of their fields. */
function readAnswers(form, look = (field) => field) {
  const answers = new Map();
  for (const question of form.querySelectorAll("[data-question]")) {
    const fields = fieldsOf(question);
    if (fields.length === 0) continue;
    const filled = fields.filter((field) => isFilled(look(field)));
    const [{ name }] = fields;
    const { question: number } = question.dataset;
    answers.set(name, { name, number, values: filled.map((field) => look(field).value), text: filled.map(inWords).join(", ") });
  }
  return answers;
}

const valuesOn = (form) => Object.fromEntries([...readAnswers(form)].map(([name, { values }]) => [name, values]));

function findQuestion(form, name) {
  return [...form.querySelectorAll("[data-question]")].find((question) => fieldsOf(question)[0]?.name === name);
}

/** False for choices that are no longer there. */
function canHold(question, values) {
  const fields = fieldsOf(question);
  return !isChoice(fields[0]) || values.every((value) => fields.some((field) => field.value === value));
}

function putIn(question, values) {
  for (const field of fieldsOf(question)) {
    if (isChoice(field)) field.checked = values.includes(field.value);
    else field.value = values[0] ?? "";
  }
}

const copyOf = (name) => document.querySelector(`template[${name}]`).content.cloneNode(true);
const tell = (note) => document.querySelector("[data-kept-news]").append(note);

/** What can no longer be added, to be read and copied. */
function showAside(answers, onLeave) {
  const note = copyOf("data-kept-aside").firstElementChild;
  for (const { number, text } of answers) {
    const line = copyOf("data-kept-line");
    line.querySelector("dt").append(number);
    line.querySelector("[data-kept-text]").textContent = text;
    note.querySelector("dl").append(line);
  }
  note.querySelector("[data-kept-leave]").addEventListener("click", () => {
    note.remove();
    onLeave();
  });
  tell(note);
}

/** The page on which the student works. */
class Keeping {
  #form;
  #shelf;
  #confirmed;
  #sent = new Map();
  #waiting = []; // answers of before on which the student has not decided yet

  constructor(form) {
    this.#form = form;
    this.#shelf = new Shelf(form.dataset.kept);
    this.#confirmed = readAnswers(form, asServed);
    // Before work.js hears of it, which tells whether it is kept.
    form.addEventListener("input", () => this.#keep(), { capture: true });
    form.addEventListener("answers-sent", () => (this.#sent = readAnswers(form)));
    form.addEventListener("answers-saved", () => {
      this.#confirmed = this.#sent;
      this.#keep();
    });
    this.#takeBack();
  }

  #keep() {
    const unsaved = [];
    for (const [name, answer] of readAnswers(this.#form)) {
      const known = [this.#confirmed, this.#sent].map((answers) => answers.get(name)?.values).filter(Boolean);
      if (!known.every((values) => isSame(values, answer.values))) unsaved.push({ ...answer, known });
    }
    const isKept = this.#shelf.write([...this.#waiting, ...unsaved]);
    this.#form.dataset.isKept = isKept ? "yes" : "no";
    return isKept;
  }

  #takeBack() {
    const entries = this.#shelf.read();
    const places = entries.flatMap(({ answers }) => answers).map((answer) => this.#place(answer));
    const homeless = this.#waiting.filter((answer) => !this.#hasPlace(answer));
    if (homeless.length > 0) showAside(homeless, () => this.#decide(...homeless));
    if (this.#keep()) this.#shelf.drop(entries);
    if (!places.includes("back")) return;
    tell(copyOf("data-kept-back"));
    this.#change();
  }

  #place(answer) {
    const confirmed = this.#confirmed.get(answer.name)?.values ?? [];
    if (this.#waiting.some(({ name, values }) => name === answer.name && isSame(values, answer.values))) return "known";
    if (!this.#hasPlace(answer)) return this.#waiting.push(answer);
    const question = findQuestion(this.#form, answer.name);
    const there = readAnswers(this.#form).get(answer.name).values;
    if (isSame(answer.values, there) || isSame(answer.values, confirmed)) return "known";
    if (!answer.known.some((values) => isSame(values, there))) return this.#offer(question, answer);
    putIn(question, answer.values);
    return "back";
  }

  #hasPlace({ name, values }) {
    const question = findQuestion(this.#form, name);
    return Boolean(question) && canHold(question, values);
  }

  #offer(question, answer) {
    const note = copyOf("data-kept-offer").firstElementChild;
    note.querySelector("[data-kept-text]").textContent = answer.text || "–";
    const settle = (isWanted) => {
      note.remove();
      question.focus();
      if (isWanted) putIn(question, answer.values);
      this.#decide(answer);
      if (isWanted) this.#change();
    };
    note.querySelector("[data-kept-use]").addEventListener("click", () => settle(true));
    note.querySelector("[data-kept-leave]").addEventListener("click", () => settle(false));
    question.append(note);
    this.#waiting.push(answer);
    return "offered";
  }

  #decide(...answers) {
    this.#waiting = this.#waiting.filter((answer) => !answers.includes(answer));
    this.#keep();
  }

  /** As if it were typed: it is counted, and saved. */
  #change() {
    this.#form.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** Work that can no longer be changed: what is not in it is shown, what arrived is forgotten. */
function showWhatIsMissing(place) {
  const shelf = new Shelf(place.dataset.kept);
  const entries = shelf.read();
  const arrived = place.dataset.arrived ? JSON.parse(place.dataset.arrived) : valuesOn(place);
  const isMissing = ({ name, values }) => !isSame(values, arrived[name] ?? []);
  const missing = entries.flatMap(({ answers }) => answers).filter(isMissing);
  const texts = missing.filter(({ text }) => text.trim() !== "");
  if (texts.length > 0) showAside(texts, () => shelf.drop(entries));
  else shelf.drop(entries);
}

const place = document.querySelector("[data-kept]");
if (place?.dataset.autosave) new Keeping(place);
else if (place) showWhatIsMissing(place);
