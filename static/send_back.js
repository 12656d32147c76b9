// Sends the page's one form at once; without this script its button does the same.
document.querySelector("form[data-submit-now]").requestSubmit();
