// A button beside each value that copies it. Without this script a click selects the value whole.

const SHOWN_MS = 2_000;

async function copy(place, button, words, said) {
  const text = place.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Not allowed here (plain http): the value is selected, for the keyboard's own copy.
    getSelection().selectAllChildren(place);
    return;
  }
  button.textContent = words.copied;
  said.textContent = `${words.copied}: ${place.dataset.copyName}`;
  setTimeout(() => {
    button.textContent = words.copy;
    said.textContent = "";
  }, SHOWN_MS);
}

for (const guide of document.querySelectorAll("[data-copy-word]")) {
  const words = { copy: guide.dataset.copyWord, copied: guide.dataset.copiedWord };
  const said = guide.querySelector("[data-copy-said]");
  for (const place of guide.querySelectorAll("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--small copy";
    button.textContent = words.copy;
    button.setAttribute("aria-label", `${words.copy}: ${place.dataset.copyName}`);
    button.addEventListener("click", () => copy(place, button, words, said));
    place.after(button);
  }
}
