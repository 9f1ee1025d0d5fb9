/** Whether a text has so many words of letters in a row, one space between them: then a person is speaking. */
export function hasSentence(text: string, wanted: number): boolean {
  let words = 0;
  let letters = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isLetter(code)) letters++;
    else {
      const isWord = letters >= 2 && (code === 0x20 || code === 0x2c);
      // A comma belongs to the word before it; the space behind it does not begin another count.
      if (isWord) words++;
      else if (!(code === 0x20 && text[at - 1] === ",")) words = 0;
      letters = 0;
    }
    if (words + (letters >= 2 ? 1 : 0) >= wanted) return true;
  }
  return false;
}

function isLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code > 0xbf;
}
