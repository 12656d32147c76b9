// Keeps the gradebook fresh: asks every second and a half, marks what has just arrived and says it aloud once.
const table = document.querySelector("table[data-poll]");
const news = document.querySelector("[data-news]");

function show(cell, fresh) {
  const link = cell.querySelector(".score");
  link.textContent = fresh.score || "–";
  link.setAttribute("aria-label", `${cell.dataset.name}: ${fresh.score || "no score"}. Type a score`);
  cell.querySelector(".when").textContent = (fresh.typed ? "by hand " : "") + fresh.received;
  cell.querySelector(".work").hidden = !fresh.work;
  cell.dataset.received = fresh.received_at || "";
  cell.classList.remove("arrived");
  void cell.offsetWidth; // starts the highlight anew when a second score follows quickly
  cell.classList.add("arrived");
  news.textContent = `${cell.dataset.name}: ${fresh.score || "no score"}`;
}

async function refresh() {
  const answer = await fetch(table.dataset.poll, { cache: "no-store" });
  const book = await answer.json();
  if (JSON.stringify(book.columns) !== table.dataset.columns) {
    location.reload();
    return;
  }
  for (const [key, fresh] of Object.entries(book.cells)) {
    const cell = document.getElementById(`cell-${key}`);
    if (cell && cell.dataset.received !== (fresh.received_at || "")) show(cell, fresh);
  }
}

if (table) {
  setInterval(() => {
    if (!document.hidden) refresh().catch(() => {});
  }, 1500);
}
