// On the check page the button that sends counts what is not left out.
// Without this script it still sends exactly that.

const button = document.querySelector("[data-rest]");
const boxes = [...document.querySelectorAll("input[name=leave_out]")];

function show() {
  const count = boxes.filter((box) => !box.checked).length;
  const { textNone, textOne, textMany } = button.dataset;
  button.textContent = [textNone, textOne][count] ?? textMany.replace("{count}", count);
  button.disabled = count === 0;
}

if (button) for (const box of boxes) box.addEventListener("change", show);
