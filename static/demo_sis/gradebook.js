// Keeps the gradebooks fresh: asks every second and a half, puts new tables in place, marks what has just arrived and
// says it aloud once.
const books = document.querySelector("[data-books]");
const news = document.querySelector("[data-news]");

function read(cell) {
  return cell ? cell.textContent.replace(/\s+/g, " ").trim() : "";
}

async function refresh() {
  const answer = await fetch(books.dataset.poll, { cache: "no-store" });
  const { revision } = await answer.json();
  if (revision === books.dataset.revision) return;
  const page = await (await fetch(location.pathname, { cache: "no-store" })).text();
  const fresh = new DOMParser().parseFromString(page, "text/html").querySelector("[data-books]");
  const before = new Map([...books.querySelectorAll("td[id]")].map((cell) => [cell.id, read(cell)]));
  const scrolled = [...books.querySelectorAll(".scroller")].map((one) => one.scrollLeft);
  books.replaceChildren(...fresh.childNodes);
  books.dataset.revision = fresh.dataset.revision;
  books.querySelectorAll(".scroller").forEach((one, place) => (one.scrollLeft = scrolled[place] || 0));
  const changed = [...books.querySelectorAll("td[id]")].filter((cell) => read(cell) !== (before.get(cell.id) ?? "–"));
  for (const cell of changed) cell.classList.add("arrived");
  news.textContent = changed.slice(0, 3).map((cell) => `${cell.dataset.name}: ${read(cell)}`).join(". ");
}

if (books) {
  setInterval(() => {
    if (!document.hidden) refresh().catch(() => {});
  }, 1500);
}
