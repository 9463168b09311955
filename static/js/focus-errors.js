// Moves the reader to the summary of errors when the page opens, so that a screen reader begins there.
export default function focusErrors(summary) {
  summary.focus();
}
