// The tool says when its registration is done: then its frame makes way for the list of tools.
addEventListener("message", (event) => {
  if (event.data?.subject === "org.imsglobal.lti.close") location.assign(location.pathname);
});
