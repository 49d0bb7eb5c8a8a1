/** The few pieces of SVG that plots are made of. */

export function svgText(x: number, y: number, words: string, more = ""): string {
  return `<text x="${fixed(x)}" y="${fixed(y)}"${more === "" ? "" : ` ${more}`}>${escaped(words)}</text>`;
}

/** Text between tags. */
export function escaped(words: string): string {
  return words.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** A tenth of a pixel is enough. */
export function fixed(value: number): string {
  return String(Number(value.toFixed(1)));
}
