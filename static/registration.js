// The registration in a frame of the LMS: the button is pressed once, and at the end the frame may close.

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    const button = form.querySelector("button");
    if (button.getAttribute("aria-disabled") === "true") event.preventDefault();
    button.setAttribute("aria-disabled", "true");
  });
}

for (const button of document.querySelectorAll("[data-close-frame]")) {
  const lms = window.opener || window.parent;
  if (lms === window) continue;
  button.hidden = false;
  // To any origin, as the standard has it: there is nothing in it, and the LMS may stand under another name.
  button.addEventListener("click", () => lms.postMessage({ subject: "org.imsglobal.lti.close" }, "*"));
}
