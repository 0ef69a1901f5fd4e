// How text is compared by `~` and by completion: without regard to case, diacritics and width.

const ascii = /^[\x20-\x7e]*$/;
const beyondAscii = /[^\x20-\x7e]+/g;
// Vowel signs of Indic scripts are marks too, but letters to a reader: only what is a diacritic is dropped.
const diacritics = /[\p{M}&&[\p{Diacritic}\p{Script=Inherited}\p{Script=Arabic}\p{Script=Hebrew}]]/gv;

/** Stretches beyond ASCII come again and again in a language: each is decomposed once. */
const stretches = new Map<string, string>();
const KEPT_STRETCHES = 20_000;

function foldStretch(stretch: string): string {
  let folded = stretches.get(stretch);
  if (folded === undefined) {
    // Compatibility forms may decompose to upper case.
    folded = stretch.normalize('NFKD').replace(diacritics, '').toLowerCase();
    if (stretches.size >= KEPT_STRETCHES) stretches.clear();
    stretches.set(stretch, folded);
  }
  return folded;
}

/** Lower case, compatibility-decomposed (NFKD), diacritics removed. `foldText('Café')` = `cafe`. */
export function foldText(text: string): string {
  const lower = text.toLowerCase();
  return ascii.test(lower) ? lower : lower.replace(beyondAscii, foldStretch);
}
