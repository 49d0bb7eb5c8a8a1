/** `ringline top`: what the engine does at this moment, on the whole screen, by its live feed (`engine/feed`). */
import { given } from "../../../policy/office/optional.js";
import type { Clock, TimerHandle } from "../../clock.js";
import { FeedClient } from "../../feed/client.js";
import { type FeedPlace, placeBeside, placeText } from "../../feed/place.js";
import type { FeedLine } from "../../feed/protocol.js";
import { FeedView } from "../../feed/reading.js";
import { livePlace } from "../run/run-options.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import type { Screen } from "../shared/screen.js";
import { LIVE_SECRET_VARIABLE, readLiveSecret } from "../shared/secret.js";
import type { Terminal } from "../shared/terminal.js";
import { Drawing } from "./top-drawing.js";
import { plainText, type Standing } from "./top-screen.js";

const HELP = `
The engine is found beside its database. Without a screen to draw on (TERM=dumb, or a pipe) all is printed once a
second. When the engine is gone, that is said, and what it was like stays until another one is there.

Keys: q quit, left and right the next view, up and down scroll, / filter, s sort, ? help.

With --json each line of the feed is printed as it comes: a snapshot, then changes (docs/monitoring.md).
A feed on a TCP address needs its secret: ${LIVE_SECRET_VARIABLE}, or the first line of --live-secret-file.

Examples:
  ringline top --db ringline.db
  ringline top --db ringline.db --once
  ringline top --live 127.0.0.1:9101 --live-secret-file /run/secrets/live --json`;

interface TopOptions {
  readonly db?: string;
  readonly live?: FeedPlace | "off";
  readonly liveSecretFile?: string;
  readonly once?: boolean;
  readonly json?: boolean;
}

export const registerTop: RegisterCommand = (program, terminal) => {
  program
    .command("top")
    .summary("watch calls, phones, groups and load, live")
    .description(
      "Shows the calls in progress, who rings, phones, groups, carriers and the engine's load, live.",
    )
    .option("--db <file>", "the database of the engine")
    .option("--live <file|host:port>", "where the engine's feed is, if not beside the database", livePlace)
    .option("--live-secret-file <file>", "file whose first line is the secret of a feed on host:port")
    .option("--once", "print what is now, and end")
    .option("--json", "print the feed's lines; with --once one object: { ok, v, seq, calls, phones, ... }")
    .addHelpText("after", HELP)
    .action((options: TopOptions) => top(options, terminal));
};

async function top(options: TopOptions, terminal: Terminal): Promise<void> {
  const json = options.json ?? false;
  const place = placeIn(options, terminal);
  if (typeof place === "string") return failed(terminal, place, json);
  const secret = await readLiveSecret(options.liveSecretFile, terminal.env);
  if (secret?.ok === false) return failed(terminal, secret.why, json);
  const reader = new Reader(place, secret?.secret, terminal);
  try {
    if (options.once === true) await once(reader, place, json, terminal);
    else if (json) await lines(reader, terminal);
    else await watch(reader, terminal);
  } finally {
    reader.close();
  }
}

/** A text: why there is none. */
function placeIn({ live, db }: TopOptions, { env }: Terminal): FeedPlace | string {
  if (live === "off") return "--live: there is nothing to read where the feed is off";
  const database = db ?? (env["RINGLINE_DB"] || undefined);
  if (live === undefined && database === undefined) return "name the engine's database with --db";
  const place = live ?? placeBeside(database ?? "");
  return place ?? "a database in memory has no live feed";
}

/** Reads the feed, and knows how things stand. */
class Reader {
  readonly view = new FeedView();
  /** The engine has refused for good; resolves with why. */
  readonly refused: Promise<string>;
  readonly #client: FeedClient;
  readonly #terminal: Terminal;
  #away: Standing["away"] = null;
  #heardMs: number;
  #onLine: (text: string, line: FeedLine) => void = () => {};
  #onAway: (why: string) => void = () => {};

  constructor(place: FeedPlace, secret: string | undefined, terminal: Terminal) {
    this.#terminal = terminal;
    this.#heardMs = terminal.clock.nowMs();
    let refuse = (_why: string): void => {};
    this.refused = new Promise((resolve) => {
      refuse = resolve;
    });
    this.#client = new FeedClient({
      place,
      clock: terminal.clock,
      onLine: (line, text) => this.#line(line, text),
      onAway: (why, isForGood) => {
        this.#away = { why, sinceMs: this.#away?.sinceMs ?? terminal.clock.nowMs() };
        this.#onAway(why);
        if (isForGood) refuse(`${placeText(place)}: ${why}`);
      },
      ...given({ secret }),
    });
  }

  /** @param onAway called at each attempt that fails */
  open(onLine: (text: string, line: FeedLine) => void, onAway: (why: string) => void): void {
    this.#onLine = onLine;
    this.#onAway = onAway;
    this.#client.open();
  }

  close(): void {
    this.#client.close();
  }

  get standing(): Standing {
    return { away: this.#away, heardMs: this.#heardMs, nowMs: this.#terminal.clock.nowMs() };
  }

  #line(line: FeedLine, text: string): boolean {
    if (line.is === "refused" || !this.view.take(line)) return false;
    this.#away = null;
    this.#heardMs = this.#terminal.clock.nowMs();
    this.#onLine(text, line);
    return true;
  }
}

/** What is now, or why that is not known. The engine measures its load while somebody reads, so that takes a second. */
async function once(reader: Reader, place: FeedPlace, json: boolean, terminal: Terminal): Promise<void> {
  const why = await new Promise<string | undefined>((resolve) => {
    reader.open((_text, line) => {
      if (line.is === "change" && line.change.kind === "figures") resolve(undefined);
    }, resolve);
  });
  if (why !== undefined) return failed(terminal, `${placeText(place)}: ${why}`, json);
  if (json) terminal.out(`${JSON.stringify({ ok: true, ...reader.view.asSnapshot() })}\n`);
  else terminal.out(plainText(reader.view, reader.standing, terminal.columns));
  terminal.exit(EXIT_OK);
}

/** The feed's lines as they come, for a program. Why none come is said on standard error. */
async function lines(reader: Reader, terminal: Terminal): Promise<void> {
  let said = "";
  reader.open(
    (text) => {
      said = "";
      terminal.out(`${text}\n`);
    },
    (why) => {
      if (why !== said) terminal.err(`${why}\n`);
      said = why;
    },
  );
  await untilOver(reader, terminal);
}

async function watch(reader: Reader, terminal: Terminal): Promise<void> {
  const screen = terminal.openScreen();
  if (screen === undefined) return print(reader, terminal);
  const why = await draw(reader, screen, terminal).finally(() => screen.close());
  end(why, terminal);
}

/** Resolves when the command is told to end; with a text when the engine has refused for good. */
function isOver(reader: Reader, terminal: Terminal): Promise<string | undefined> {
  const told = Promise.race([terminal.stopSignal(), terminal.outClosed]).then(() => undefined);
  return Promise.race([reader.refused, told]);
}

async function untilOver(reader: Reader, terminal: Terminal): Promise<void> {
  end(await isOver(reader, terminal), terminal);
}

/** On standard error, where it is in no program's way. */
function end(why: string | undefined, terminal: Terminal): void {
  if (why === undefined) terminal.exit(EXIT_OK);
  else failed(terminal, why, false);
}

/** How often a screen is drawn at most. */
const DRAW_MS = 200;
const SECOND_MS = 1_000;

async function draw(reader: Reader, screen: Screen, terminal: Terminal): Promise<string | undefined> {
  const { clock } = terminal;
  const drawing = new Drawing(screen, reader.view, terminal.hasColours, () => reader.standing);
  const quit = new Promise<undefined>((resolve) => {
    screen.onTyped((text) => {
      if (drawing.typed(text) === "quit") resolve(undefined);
    });
  });
  screen.onChanged(() => drawing.anew());
  let isDue = true;
  const due = (): void => {
    isDue = true;
  };
  reader.open(due, due);
  let drawnMs = 0;
  const stop = repeat(clock, DRAW_MS, () => {
    // Clocks on the screen go on when nothing comes.
    if (!isDue && clock.nowMs() - drawnMs < SECOND_MS) return;
    drawing.draw();
    drawnMs = clock.nowMs();
    isDue = false;
  });
  const gone = screen.gone.then(() => undefined);
  return Promise.race([quit, gone, isOver(reader, terminal)]).finally(stop);
}

async function print(reader: Reader, terminal: Terminal): Promise<void> {
  const asItIs = () => terminal.out(`${plainText(reader.view, reader.standing, terminal.columns)}\n`);
  // The first text waits for the snapshot, or for why there is none.
  await new Promise<void>((resolve) => {
    reader.open(
      () => resolve(),
      () => resolve(),
    );
  });
  const stop = repeat(terminal.clock, SECOND_MS, asItIs);
  await untilOver(reader, terminal).finally(stop);
}

/** Does it now and then again and again; returns what ends that. */
function repeat(clock: Clock, everyMs: number, act: () => void): () => void {
  let timer: TimerHandle | undefined;
  const again = (): void => {
    timer = clock.after(everyMs, again);
    act();
  };
  again();
  return () => {
    if (timer !== undefined) clock.cancel(timer);
  };
}
