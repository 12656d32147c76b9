// Times in the reader's own zone and language. The server cannot know that zone;
// without this script its own words stay.

const language = document.documentElement.lang || undefined;
const full = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" });
const DAYS_NAMED_BY_WEEKDAY = 6;

function daysBetween(one, other) {
  const midnight = (date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.abs(midnight(one) - midnight(other)) / 86_400_000;
}

/** "10:14" today, "Tue 10:14" within the week, "3 Mar, 10:14" this year, with the year beyond. */
function readable(date, now) {
  const parts = { hour: "numeric", minute: "2-digit" };
  const days = daysBetween(date, now);
  if (days > DAYS_NAMED_BY_WEEKDAY) Object.assign(parts, { day: "numeric", month: "short" });
  else if (days > 0) parts.weekday = "short";
  if (date.getFullYear() !== now.getFullYear() && days > DAYS_NAMED_BY_WEEKDAY) parts.year = "numeric";
  return new Intl.DateTimeFormat(language, parts).format(date);
}

function localize() {
  const now = new Date();
  for (const element of document.querySelectorAll("time.when[datetime]")) {
    const date = new Date(element.dateTime);
    if (Number.isNaN(date.getTime())) continue;
    const text = readable(date, now);
    if (element.textContent === text) continue;
    element.textContent = text;
    element.title = full.format(date);
  }
}

localize();
// Pieces that arrive later are put right before they are painted.
new MutationObserver(localize).observe(document.body, { childList: true, subtree: true, characterData: true });
