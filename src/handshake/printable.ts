/** Text that a peer had a hand in, fit for one line of a terminal: names may hold anything, also what moves the cursor or begins a line. */
export function printable(text: string): string {
  return text.replaceAll(controlCharacters, '?');
}

const controlCharacters = /[\u{0}-\u{1f}\u{7f}-\u{9f}]/gu;
