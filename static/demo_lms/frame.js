// The frame of the tool becomes as high as the tool says it needs (Canvas: lti.frameResize).
addEventListener("message", (event) => {
  const frame = document.querySelector("iframe.tool");
  const { subject, height } = typeof event.data === "object" && event.data ? event.data : {};
  if (event.source !== frame?.contentWindow || subject !== "lti.frameResize" || !Number.isFinite(height)) return;
  const border = frame.offsetHeight - frame.clientHeight;
  frame.style.height = `${Math.min(Math.max(height, 200), 20000) + border}px`;
});
