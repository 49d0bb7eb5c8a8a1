/**
 * Writes words in the letters a to z, because usernames and ids have no others. Umlauts are written out as their languages do
 * (`ü` as `ue`), and marks on letters are left out. Cyrillic and Greek letters are written as passports write them.
 */

/** Letters of which Unicode does not say that they are a plain letter with a mark, or that are written with two letters. */
const WRITTEN_OUT: Readonly<Record<string, string>> = {
  ä: "ae",
  ö: "oe",
  ü: "ue",
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "oe",
  å: "aa",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ħ: "h",
  ı: "i",
  ŋ: "n",
  ŧ: "t",
  ...pairs("абвгдезийклмнопрстуфыэґіў", "a b v g d e z i i k l m n o p r s t u f y e g i u"),
  ...pairs("ёжхцчшщъьюяєїћђљњџј", "e zh kh ts ch sh shch   iu ia ie i c d lj nj dz j"),
  ...pairs("αβγδεζηθικλμνξοπρσςτυφχψω", "a v g d e z i th i k l m n x o p r s s t y f ch ps o"),
};

function pairs(letters: string, written: string): Record<string, string> {
  const texts = written.split(" ");
  return Object.fromEntries([...letters].map((letter, index) => [letter, texts[index] ?? ""]));
}

/** The text in small letters a to z, with everything that is no letter left as it is. */
export function plainLetters(text: string): string {
  const small = text.normalize("NFC").toLowerCase().normalize("NFC");
  const written = small.replace(/[^\u0000-\u007f]/g, (letter) => WRITTEN_OUT[letter] ?? letter);
  const bare = written.normalize("NFKD").replace(/\p{M}/gu, "");
  return bare.replace(/[^\u0000-\u007f]/g, (letter) => WRITTEN_OUT[letter] ?? letter);
}
