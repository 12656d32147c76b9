// Inside an LMS: the frame is told how high the page is, so that there is one scroll bar and not two. Canvas calls the
// message lti.frameResize; others leave unread what they do not know.

const MOST = 20_000;

/** What the page needs, however high the frame is now: where its last piece ends, and the footer below. */
function neededHeight() {
  const main = document.querySelector("main");
  const footer = document.querySelector("footer");
  const last = main?.lastElementChild;
  if (!last) return 0;
  const bottom = Math.max(...[...main.children].map((one) => one.getBoundingClientRect().bottom)) + window.scrollY;
  const below = parseFloat(getComputedStyle(main).paddingBlockEnd) || 0;
  return Math.ceil(bottom + below + (footer?.offsetHeight ?? 0));
}

if (window.parent !== window) {
  let told = 0;
  const tell = () => {
    const height = Math.min(neededHeight(), MOST);
    if (height < 1 || Math.abs(height - told) < 2) return;
    told = height;
    // The height is no secret, and a launch does not say which page of the LMS holds the frame.
    window.parent.postMessage({ subject: "lti.frameResize", height }, "*");
  };
  const watch = new ResizeObserver(tell);
  for (const one of document.querySelectorAll("main, main > *")) watch.observe(one);
  new MutationObserver(() => {
    for (const one of document.querySelectorAll("main > *")) watch.observe(one);
    tell();
  }).observe(document.querySelector("main") ?? document.body, { childList: true });
  tell();
}
