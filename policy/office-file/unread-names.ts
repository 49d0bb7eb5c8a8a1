/**
 * The names that could not be read, by kind. A user whose username is wrong is probably the very user that a group names:
 * then only the first fault is the operator's.
 */
export class UnreadNames {
  readonly #hints = new Map<string, (readonly string[])[]>();
  readonly #unbounded = new Set<string>();
  #isEverything = false;

  /** One name. @param hints texts that probably say something of it: what was written in its place, a person's name */
  add(kind: string, hints: readonly unknown[] = []): void {
    const texts = hints.filter((hint) => typeof hint === "string" || typeof hint === "number").map(String);
    const before = this.#hints.get(kind);
    if (before === undefined) this.#hints.set(kind, [texts]);
    else before.push(texts);
  }

  /** Any number of names of this kind. */
  all(kind: string): void {
    this.#unbounded.add(kind);
  }

  /** Any number of names of every kind. */
  everything(): void {
    this.#isEverything = true;
  }

  /**
   * Of names that nothing has, those that no unread one can be. An unread name without a hint may be any; when there are
   * more names than such, all of them are told.
   */
  missing(kind: string, names: ReadonlySet<string>): ReadonlySet<string> {
    if (this.#isEverything || this.#unbounded.has(kind)) return new Set();
    const unread = this.#hints.get(kind) ?? [];
    if (unread.length > COMPARED_MAX) return new Set();
    const left = new Set(names);
    let unmatched = 0;
    for (const hints of unread) {
      const meant = [...left].find((name) => hints.some((hint) => resembles(name, hint)));
      if (meant !== undefined) left.delete(meant);
      else if (hints.length === 0) unmatched += 1;
    }
    return left.size <= unmatched ? new Set() : left;
  }
}

/** `bob.stone` resembles `Bob`, and the extension `101` resembles `1`. */
function resembles(name: string, hint: string): boolean {
  const words = hint.toLowerCase().match(/[\p{L}\p{Nd}]+/gu) ?? [];
  return words.some((word) => name.includes(word) && (word.length >= WORD_MIN_CHARS || /^\d+$/.test(word)));
}

const WORD_MIN_CHARS = 3;

/** Each is compared with every name that nothing has. Of a file with more of them it is not known what it means. */
const COMPARED_MAX = 200;
