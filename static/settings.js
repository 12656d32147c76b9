// Times in the teacher's own zone. Without this script the fields hold UTC, and say so.

const MINUTE_MS = 60_000;
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The text of a `datetime-local` field for a moment, in the zone whose offset is given in minutes. */
function fieldText(moment, offsetMinutes) {
  return new Date(moment.getTime() - offsetMinutes * MINUTE_MS).toISOString().slice(0, 16);
}

/** Shows the field's UTC value in the own zone, and gives its name to a hidden field that stays in UTC. */
function localize(field, untouched) {
  const sent = Object.assign(document.createElement("input"), { type: "hidden", name: field.name, value: untouched });
  field.after(sent);
  field.removeAttribute("name");
  const moment = untouched ? new Date(`${untouched}Z`) : null;
  if (moment) field.value = fieldText(moment, moment.getTimezoneOffset());
  field.addEventListener("input", () => {
    const typed = field.value ? new Date(field.value) : null;
    sent.value = typed ? fieldText(typed, 0) : "";
  });
}

function start(form) {
  for (const field of form.querySelectorAll("[data-utc]")) localize(field, field.defaultValue);
  for (const place of form.querySelectorAll("[data-zone]")) place.textContent = form.dataset.zoneText.replace("{zone}", zone);
}

const form = document.querySelector("form[data-zone-text]");
if (form && zone) start(form);
