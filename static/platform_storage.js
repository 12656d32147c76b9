// Where the browser keeps no cookie of ours, the LMS keeps a login's secret for us until the launch comes back.
// Every message goes to one frame on one origin, and only an answer from that origin to that very message counts.

const ANSWER_WITHIN_MS = 2_000;
// An LMS may begin to listen only after it has shown our frame: the same question again does no harm.
const AGAIN_AFTER_MS = 250;
// Not every LMS that stores says what it can do.
const HESITATES_AFTER_MS = 700;

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function findFrame(name) {
  if (window.parent === window) throw new Error("not in a frame");
  return name === "_parent" ? window.parent : window.parent.frames[name];
}

function makeId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Speaks to the LMS's storage; `place` is what the page knows of it. */
class Storage {
  #frame;
  #origin;
  #key;

  constructor({ frame, origin, key }) {
    this.#frame = findFrame(frame);
    this.#origin = new URL(origin).origin;
    this.#key = key;
  }

  /** Whether it says that it stores; undefined while it says nothing. */
  async saysItStores() {
    const asked = this.#ask({ subject: "lti.capabilities" });
    asked.catch(() => {});
    const answer = await Promise.race([asked, pause(HESITATES_AFTER_MS)]);
    return answer && ["lti.put_data", "lti.get_data"].every((name) => answer.supported_messages?.some((one) => one?.subject === name));
  }

  put(value) {
    return this.#ask({ subject: "lti.put_data", key: this.#key, value });
  }

  async get() {
    return (await this.#ask({ subject: "lti.get_data", key: this.#key })).value;
  }

  #ask(question) {
    const messageId = makeId();
    return new Promise((resolve, reject) => {
      const send = () => this.#frame.postMessage({ ...question, message_id: messageId }, this.#origin);
      const again = setInterval(send, AGAIN_AFTER_MS);
      const end = (settle, outcome) => {
        clearInterval(again);
        removeEventListener("message", listen);
        settle(outcome);
      };
      const listen = ({ origin, data }) => {
        if (origin !== this.#origin || data?.message_id !== messageId) return;
        if (data.subject !== `${question.subject}.response`) return;
        if (data.error) end(reject, new Error("refused"));
        else end(resolve, data);
      };
      addEventListener("message", listen);
      setTimeout(end, ANSWER_WITHIN_MS, reject, new Error("no answer"));
      send();
    });
  }
}

/** At login: what cannot be read back now could not be read at the launch either, when the login is spent. */
async function keep(page) {
  const storage = new Storage(page.dataset);
  if ((await storage.saysItStores()) === false) throw new Error("stores nothing");
  await storage.put(page.dataset.secret);
  if ((await storage.get()) !== page.dataset.secret) throw new Error("gives something else back");
  location.replace(page.dataset.onward);
}

async function keepOrSaySo(page) {
  const waiting = document.querySelector("[data-waiting]");
  [waiting.hidden, page.hidden] = [false, true];
  try {
    await keep(page);
  } catch {
    [waiting.hidden, page.hidden] = [true, false];
  }
}

/** At launch: without an answer the server says what can be done. */
async function ask(form) {
  try {
    const storage = new Storage(form.dataset);
    form.elements.binding.value = (await storage.get()) ?? "";
    storage.put(null).catch(() => {}); // good once: nobody needs it there any more
  } catch {
    form.elements.binding.value = "";
  }
  form.submit();
}

const keeping = document.querySelector("[data-keep]");
const asking = document.querySelector("form[data-ask]");
if (keeping) keepOrSaySo(keeping);
if (asking) ask(asking);
