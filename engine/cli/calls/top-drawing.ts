/** Draws `ringline top` on a screen, line by line: over a slow connection only what has changed is sent. */
import type { FeedView } from "../../feed/reading.js";
import type { Screen } from "../shared/screen.js";
import { pressed, readKeys, TOP_BEGUN, type TopState } from "./top-keys.js";
import { countRows, type Line, rowsShown, type Standing, screenLines, type Tone } from "./top-screen.js";

/** Select Graphic Rendition (ECMA-48, 8.3.117). */
const COLOURS: Readonly<Record<Tone, string>> = {
  plain: "",
  good: "\u001b[32m",
  bad: "\u001b[1;31m",
  faint: "\u001b[2m",
  head: "\u001b[7m",
  bold: "\u001b[1m",
};
/** Without colours the head of the table is still told apart. */
const WITHOUT: Readonly<Record<Tone, string>> = { ...COLOURS, good: "", bad: "\u001b[1m", faint: "" };

export class Drawing {
  readonly #screen: Screen;
  readonly #view: FeedView;
  readonly #tones: Readonly<Record<Tone, string>>;
  readonly #standing: () => Standing;
  #state: TopState = TOP_BEGUN;
  /** What stands on the screen, line by line. */
  #drawn: string[] = [];
  /** The beginning of a key whose rest has not come. */
  #begun = "";

  constructor(screen: Screen, view: FeedView, hasColours: boolean, standing: () => Standing) {
    this.#screen = screen;
    this.#view = view;
    this.#tones = hasColours ? COLOURS : WITHOUT;
    this.#standing = standing;
  }

  /** What was typed; `quit`: that the command is to end. */
  typed(text: string): "quit" | undefined {
    const { keys, rest } = readKeys(this.#begun + text);
    this.#begun = rest;
    for (const key of keys) {
      const rows = countRows(this.#view, this.#state);
      const after = pressed(this.#state, key, rowsShown(this.#screen.rows), rows);
      if (after === "quit") return "quit";
      if (after === "stop") this.#screen.suspend();
      else this.#state = after;
    }
    this.draw();
    return undefined;
  }

  /** What stands on the screen is not known: it has another size, or was somebody else's. */
  anew(): void {
    this.#drawn = [];
    this.#screen.write("\u001b[0m\u001b[2J");
    this.draw();
  }

  draw(): void {
    const lines = screenLines(this.#view, this.#state, this.#standing(), this.#screen).map((line) =>
      this.#painted(line),
    );
    // Erased first: a terminal may draw a letter narrower than it counts here. Behind the last column nothing is erased.
    const changed = lines.flatMap((line, row) =>
      line === this.#drawn[row] ? [] : [`\u001b[${row + 1};1H\u001b[K${line}`],
    );
    this.#drawn = lines;
    if (changed.length > 0) this.#screen.write(changed.join(""));
  }

  #painted({ text, tone }: Line): string {
    const paint = this.#tones[tone];
    return paint === "" ? text : `${paint}${text}\u001b[0m`;
  }
}
