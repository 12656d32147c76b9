// Keeps words for the tool as long as this page stands, or lies about it in the way its setting says.
const { how, toolOrigin } = document.currentScript.dataset;
const LONGEST = 4096;
const MOST = 500;
const kept = new Map();
let timesAsked = 0;

const answers = {
  "lti.capabilities"() {
    const subjects = ["lti.capabilities", ...(how === "unable" ? ["lti.frameResize"] : ["lti.put_data", "lti.get_data"])];
    return { supported_messages: subjects.map((subject) => ({ subject })) };
  },
  "lti.put_data"({ key, value }) {
    if (value === null || value === undefined) kept.delete(key);
    else if (String(value).length > LONGEST || kept.size >= MOST) return { error: { code: "storage_exhaustion", message: "No room for it" } };
    else kept.set(key, value);
    return { key, value };
  },
  "lti.get_data"({ key }) {
    timesAsked += 1;
    const isChanged = how === "changed" || (how === "changed_later" && timesAsked > 1);
    return { key, value: isChanged ? `${kept.get(key)}x` : (kept.get(key) ?? null) };
  },
};

addEventListener("message", (event) => {
  const question = event.data ?? {};
  if (event.origin !== toolOrigin || !(question.subject in answers) || how === "silent") return;
  const isAble = how !== "unable" || question.subject === "lti.capabilities";
  const refused = { error: { code: isAble ? "bad_request" : "unsupported_subject", message: "Not here" } };
  const answer = {
    ...(how === "error" || !isAble ? refused : answers[question.subject](question)),
    subject: `${question.subject}.response`,
    message_id: how === "other_message" ? `${question.message_id}x` : question.message_id,
  };
  if (how === "other_origin") frames.elsewhere.postMessage(answer, "*");
  else event.source.postMessage(answer, event.origin);
});
