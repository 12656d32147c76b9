// Sends the page's one form at once; without scripts its button does the same.
document.querySelector("form[data-submit-now]").submit();
