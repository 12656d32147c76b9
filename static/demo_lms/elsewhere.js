// Says to the tool whatever it is handed, from a frame whose origin is not the LMS's.
addEventListener("message", (event) => {
  if (event.source === parent) parent.frames.tool.postMessage(event.data, "*");
});
