/**
 * Goal: `top` shows what an engine tells, says when there is none, and finds the next one by itself. Method: a feed on a real
 * socket that tells what the test wants, and a screen that keeps what is drawn.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ringlineIn } from "../../../fixtures/cli/run-program.js";
import { FIGURES, feedCall, snapshotOf } from "../../../fixtures/core/feed-view.js";
import { given } from "../../../policy/office/optional.js";
import { systemClock } from "../../clock.js";
import type { FeedReader, JoinFeed } from "../../feed/feed.js";
import { placeBeside } from "../../feed/place.js";
import { FeedServer } from "../../feed/server.js";
import { systemIds } from "../../ids.js";
import type { Screen } from "../shared/screen.js";

let folder: string;
let db: string;
const servers: FeedServer[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ringline-top-"));
  db = join(folder, "ringline.db");
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  rmSync(folder, { recursive: true });
});

const line = (value: object) => Buffer.from(`${JSON.stringify(value)}\n`);

/** An engine that has one call, and tells its figures right after. */
const oneCall: JoinFeed = (reader) => {
  reader.write(line(snapshotOf({ calls: [feedCall("1")] })));
  reader.write(line({ seq: 2, kind: "figures", figures: { ...FIGURES, callsPerSecond: 2.5 } }));
  return () => undefined;
};

async function engine(join: JoinFeed = oneCall, secret?: string): Promise<FeedServer> {
  const place = placeBeside(db);
  if (place === undefined) throw new Error("no place");
  const log = pino({ level: "silent" });
  const server = new FeedServer({
    place,
    join,
    clock: systemClock,
    ids: systemIds,
    log,
    ...given({ secret }),
  });
  expect(await server.open()).toEqual({ ok: true });
  servers.push(server);
  return server;
}

/** A screen that keeps its lines, as a terminal does that is told where each begins. */
class TestScreen implements Screen {
  columns = 80;
  rows = 16;
  hangUp = (): void => {};
  readonly gone = new Promise<void>((resolve) => {
    this.hangUp = resolve;
  });
  isClosed = false;
  suspended = 0;
  readonly #lines: string[] = [];
  #typed: (text: string) => void = () => {};
  #changed: () => void = () => {};
  #wake: () => void = () => {};

  write(text: string): void {
    if (text.includes("\u001b[2J")) this.#lines.length = 0;
    for (const [, row, shown = ""] of text.matchAll(
      /\u001b\[(\d+);1H\u001b\[K([^\u001b]*(?:\u001b\[[0-9;]*m[^\u001b]*)*)/g,
    ))
      this.#lines[Number(row) - 1] = shown.replace(/\u001b\[[0-9;]*m/g, "");
    this.#wake();
  }

  onTyped(listener: (text: string) => void): void {
    this.#typed = listener;
  }

  onChanged(listener: () => void): void {
    this.#changed = listener;
  }

  suspend(): void {
    this.suspended += 1;
  }

  close(): void {
    this.isClosed = true;
  }

  type(text: string): void {
    this.#typed(text);
  }

  resize(columns: number, rows: number): void {
    Object.assign(this, { columns, rows });
    this.#changed();
  }

  get text(): string {
    return this.#lines.map((each) => each.trimEnd()).join("\n");
  }

  /** Resolves when these words stand on the screen. */
  async shows(words: string): Promise<string> {
    while (!this.text.includes(words)) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.text;
  }
}

const top = (parts: Parameters<typeof ringlineIn>[0], ...args: string[]) =>
  ringlineIn({ clock: systemClock, ...parts }, "top", "--db", db, ...args);

describe("on a screen", () => {
  function begin() {
    const screen = new TestScreen();
    return { screen, ended: top({ openScreen: () => screen }) };
  }

  it("shows the calls, obeys keys, and ends with q", async () => {
    await engine();
    const { screen, ended } = begin();
    expect(await screen.shows("2.5 calls/s")).toContain("+13105550123 Jane Roe");
    screen.type("/nobody\r");
    expect(screen.text).not.toContain("Jane Roe");
    screen.type("\u001b2");
    expect(screen.text).toContain("[phones 0]");
    screen.type("\u001a");
    expect(screen.suspended).toBe(1);
    screen.resize(120, 30);
    expect(screen.text.split("\n")).toHaveLength(30);
    screen.type("q");
    expect(await ended).toEqual({ out: "", err: "", code: 0 });
    expect(screen.isClosed).toBe(true);
  });

  it("says that the engine is gone, and goes on with the next one", async () => {
    const first = await engine();
    const { screen, ended } = begin();
    await screen.shows("Jane Roe");
    await first.close();
    expect(await screen.shows("NO ENGINE")).toContain("Jane Roe");
    await engine((reader) => {
      reader.write(line(snapshotOf({ calls: [feedCall("2", { name: "John Doe" })] })));
      return () => undefined;
    });
    expect(await screen.shows("John Doe")).not.toContain("NO ENGINE");
    expect(screen.text).not.toContain("Jane Roe");
    screen.hangUp();
    await ended;
    expect(screen.isClosed).toBe(true);
  });

  it("takes a snapshot anew when a line is missing", async () => {
    const readers: FeedReader[] = [];
    await engine((reader) => {
      readers.push(reader);
      reader.write(line(snapshotOf({ calls: [feedCall("1", { name: `Reader ${readers.length}` })] })));
      return () => undefined;
    });
    const { screen, ended } = begin();
    await screen.shows("Reader 1");
    readers[0]?.write(line({ seq: 3, kind: "alive" }));
    await screen.shows("Reader 2");
    screen.type("q");
    await ended;
  });

  it("waits for an engine that is not there yet", async () => {
    const { screen, ended } = begin();
    await screen.shows("NO ENGINE for 0s: no engine runs there");
    await engine();
    await screen.shows("Jane Roe");
    screen.type("\u0003");
    await ended;
  });

  it("ends, and gives the screen back, when the engine refuses for good", async () => {
    await engine(oneCall, "a-secret-of-16-characters");
    const { screen, ended } = begin();
    const { err, code } = await ended;
    expect(err).toContain("the secret is missing or wrong");
    expect(code).toBe(1);
    expect(screen.isClosed).toBe(true);
  });
});

describe("--once", () => {
  it("prints what is now", async () => {
    await engine();
    const { out, code } = await top({}, "--once");
    expect(out).toContain("2.5 calls/s   3 in progress");
    expect(out).toContain("+13105550123 Jane Roe");
    expect(out).not.toMatch(/\u001b/);
    expect(code).toBe(0);
  });

  it("prints one object with --json", async () => {
    await engine();
    const { out } = await top({}, "--once", "--json");
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      v: 1,
      seq: 2,
      calls: [{ id: "1" }],
      figures: { callsPerSecond: 2.5 },
      carriers: [{ id: "main" }],
    });
  });

  it("fails when no engine runs", async () => {
    const { err, code } = await top({}, "--once");
    expect(err).toContain("ringline.db.live: no engine runs there");
    expect(code).toBe(1);
    expect(JSON.parse((await top({}, "--once", "--json")).out)).toMatchObject({ ok: false });
  });
});

it("--json prints the lines as they come", async () => {
  await engine();
  let out = "";
  let stop = (): void => {};
  const stopped = new Promise<NodeJS.Signals>((resolve) => {
    stop = () => resolve("SIGTERM");
  });
  const { code } = await top(
    {
      stopSignal: () => stopped,
      out: (text) => {
        out += text;
        if (out.split("\n").length === 3) stop();
      },
    },
    "--json",
  );
  expect(
    out
      .split("\n")
      .slice(0, 2)
      .map((text) => JSON.parse(text).kind),
  ).toEqual(["snapshot", "figures"]);
  expect(code).toBe(0);
});

it("without a screen prints all once a second, until it is told to stop", async () => {
  await engine();
  let out = "";
  let stop = (): void => {};
  const stopped = new Promise<NodeJS.Signals>((resolve) => {
    stop = () => resolve("SIGINT");
  });
  await top({
    stopSignal: () => stopped,
    out: (text) => {
      out += text;
      if (out.split("Jane Roe").length > 2) stop();
    },
  });
  expect(out).not.toMatch(/\u001b/);
});

it.each([
  [["--live", "off"], "there is nothing to read"],
  [["--live", "192.0.2.1:9101"], "HOST:PORT on the loopback"],
  [[], "name the engine's database with --db"],
])("%j is a mistake", async (args, words) => {
  const { err, code } = await ringlineIn({}, "top", ...args);
  expect(err).toContain(words);
  expect(code).toBe(1);
});
