/**
 * Goal: who may read the live feed reads it, whoever else connects; and no engine takes another one's socket. Method: real
 * sockets in a folder of their own.
 */
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { given } from "../../policy/office/optional.js";
import { systemClock } from "../clock.js";
import { systemIds } from "../ids.js";
import { FeedClient } from "./client.js";
import { type FeedReader, type JoinFeed, READERS_MAX } from "./feed.js";
import { type FeedPlace, placeBeside, placeText, readPlace } from "./place.js";
import { type FeedLine, HELLO_BYTES_MAX, type Refusal } from "./protocol.js";
import { FeedServer, type Opened } from "./server.js";

const cleanUps: Array<() => Promise<void> | void> = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "ringline-feed-"));
  cleanUps.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const SNAPSHOT = {
  v: 1,
  kind: "snapshot",
  seq: 0,
  atMs: 1,
  engine: { id: "e", startedMs: 1 },
  office: { name: "O", timezone: "UTC" },
};

/** A feed that tells each reader a snapshot at once, and keeps the readers. */
function feed() {
  const readers = new Set<FeedReader>();
  const joins: Array<readonly string[]> = [];
  const join: JoinFeed = (reader, topics) => {
    readers.add(reader);
    joins.push(topics);
    reader.write(Buffer.from(`${JSON.stringify(SNAPSHOT)}\n`));
    return () => readers.delete(reader);
  };
  return { join, readers, joins };
}

async function serve(
  place: FeedPlace,
  join: JoinFeed,
  secret?: string,
): Promise<{ server: FeedServer; opened: Opened }> {
  const server = new FeedServer({
    place,
    join,
    clock: systemClock,
    ids: systemIds,
    log: pino({ level: "silent" }),
    ...given({ secret }),
  });
  const opened = await server.open();
  if (opened.ok) cleanUps.push(() => server.close());
  return { server, opened };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

/** What comes until the other side closes, or until so many lines are there. */
function say(place: FeedPlace, text: string, lines = Number.POSITIVE_INFINITY): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const socket = place.kind === "tcp" ? connect(place.port, place.host) : connect(place.path);
    let got = "";
    const done = () => resolve(got.split("\n").slice(0, -1));
    socket.setEncoding("utf8");
    socket.on("data", (piece: string) => {
      got += piece;
      if (got.split("\n").length > lines) {
        socket.destroy();
        done();
      }
    });
    socket.on("close", done);
    socket.on("error", reject);
    socket.write(text);
  });
}

/** Why the engine refuses who says this. */
async function refusal(place: FeedPlace, text: string): Promise<Refusal["why"]> {
  const [line = "{}"] = await say(place, text);
  return (JSON.parse(line) as Refusal).why;
}

describe("a socket", () => {
  it("is the engine's user's alone, tells who says a line, and is gone with the engine", async () => {
    const place: FeedPlace = { kind: "socket", path: join(folder(), "ringline.db.live") };
    const { join: joinFeed, joins } = feed();
    const { server } = await serve(place, joinFeed);
    expect(statSync(place.path).mode & 0o777).toBe(0o600);
    expect(await say(place, '{"v":1,"topics":["calls"]}\n', 1)).toEqual([JSON.stringify(SNAPSHOT)]);
    expect(joins).toEqual([["calls"]]);
    await server.close();
    expect(existsSync(place.path)).toBe(false);
  });

  it("of an engine that is gone is replaced; one that is in use is left alone, and so is a file", async () => {
    const place: FeedPlace = { kind: "socket", path: join(folder(), "ringline.db.live") };
    // Another name for a socket that was closed: nobody listens, and the file stays.
    const left = createServer();
    await new Promise<void>((resolve) => left.listen(`${place.path}.old`, resolve));
    linkSync(`${place.path}.old`, place.path);
    await new Promise<void>((resolve) => left.close(() => resolve()));
    expect(lstatSync(place.path).isSocket()).toBe(true);
    const first = await serve(place, feed().join);
    expect(first.opened).toEqual({ ok: true });
    const second = await serve(place, feed().join);
    expect(second.opened).toEqual({ ok: false, why: `another program listens at ${place.path}` });
    expect(await say(place, "{}\n", 1)).toHaveLength(1);

    const file: FeedPlace = { kind: "socket", path: join(folder(), "a-file") };
    writeFileSync(file.path, "precious");
    expect((await serve(file, feed().join)).opened).toEqual({
      ok: false,
      why: "there is a file, and no socket",
    });
  });

  it("that another engine has made meanwhile is not removed", async () => {
    const place: FeedPlace = { kind: "socket", path: join(folder(), "ringline.db.live") };
    const first = await serve(place, feed().join);
    rmSync(place.path);
    await serve(place, feed().join);
    await first.server.close();
    expect(await say(place, "{}\n", 1)).toHaveLength(1);
  });

  it("may have a path that is too long for a socket", async () => {
    const deep = join(folder(), ...Array.from({ length: 12 }, () => "a-folder-with-a-name"));
    mkdirSync(deep, { recursive: true });
    const place = placeBeside(join(deep, "ringline.db"));
    if (place?.kind !== "socket") throw new Error("no socket");
    expect(place.path.length).toBeGreaterThan(108);
    const { server, opened } = await serve(place, feed().join);
    expect(opened).toEqual({ ok: true });
    expect(statSync(place.path).mode & 0o777).toBe(0o600);
    const lines: FeedLine[] = [];
    const client = await connected(place, lines);
    expect(lines).toHaveLength(1);
    client.close();
    await server.close();
    expect(existsSync(place.path)).toBe(false);
  });

  it("whose name alone is too long is said to be", async () => {
    const path = join(folder(), `${"n".repeat(120)}.db.live`);
    expect((await serve({ kind: "socket", path }, feed().join)).opened).toEqual({
      ok: false,
      why: "its path is too long for a socket; --live names another place",
    });
  });
});

/** A client that has got its first line. */
function connected(place: FeedPlace, lines: FeedLine[], secret?: string): Promise<FeedClient> {
  return new Promise((resolve, reject) => {
    const client: FeedClient = new FeedClient({
      place,
      clock: systemClock,
      onLine: (line) => {
        lines.push(line);
        resolve(client);
        return true;
      },
      onAway: (why) => {
        client.close();
        reject(new Error(why));
      },
      ...given({ secret }),
    });
    client.open();
  });
}

describe("who says something else", () => {
  it.each<[what: string, text: string, why: Refusal["why"]]>([
    ["a web browser", "GET / HTTP/1.1\n", "not_understood"],
    ["no object", "[]\n", "not_understood"],
    ["a topic that there is not", '{"topics":["passwords"]}\n', "not_understood"],
    ["no topic", '{"topics":[]}\n', "not_understood"],
    ["a later version", '{"v":2}\n', "version"],
    ["a line without an end", "x".repeat(HELLO_BYTES_MAX + 1), "not_understood"],
  ])("%s is refused", async (_what, text, why) => {
    const place: FeedPlace = { kind: "socket", path: join(folder(), "live") };
    const { join: joinFeed, readers } = feed();
    await serve(place, joinFeed);
    expect(await refusal(place, text)).toBe(why);
    expect(readers.size).toBe(0);
  });

  it("more readers than there may be are told so", async () => {
    const place: FeedPlace = { kind: "socket", path: join(folder(), "live") };
    await serve(place, () => "too_many_readers");
    expect(await refusal(place, "{}\n")).toBe("too_many_readers");
  });

  it("as many as may read may come at one moment", async () => {
    const place: FeedPlace = { kind: "socket", path: join(folder(), "live") };
    const { join: joinFeed, readers } = feed();
    await serve(place, joinFeed);
    const all = Array.from({ length: READERS_MAX }, () => say(place, "{}\n", 1));
    expect((await Promise.all(all)).map((lines) => lines.length)).toEqual(all.map(() => 1));
    expect(readers.size).toBeLessThanOrEqual(READERS_MAX);
  });

  it("many who say nothing do not keep out one who does", async () => {
    const place: FeedPlace = { kind: "socket", path: join(folder(), "live") };
    await serve(place, feed().join);
    const silent = Array.from({ length: 100 }, () => connect(place.kind === "socket" ? place.path : ""));
    for (const socket of silent) socket.on("error", () => {});
    expect(await say(place, "{}\n", 1)).toHaveLength(1);
    for (const socket of silent) socket.destroy();
  });
});

describe("a TCP address", () => {
  it("needs the secret", async () => {
    const place: FeedPlace = { kind: "tcp", host: "127.0.0.1", port: await freePort() };
    await serve(place, feed().join, "a-secret-of-16-characters");
    expect(await refusal(place, "{}\n")).toBe("secret");
    expect(await refusal(place, '{"secret":"wrong"}\n')).toBe("secret");
    expect(await say(place, '{"secret":"a-secret-of-16-characters"}\n', 1)).toHaveLength(1);
    const lines: FeedLine[] = [];
    (await connected(place, lines, "a-secret-of-16-characters")).close();
    expect(lines).toMatchObject([{ is: "snapshot" }]);
  });

  it.each([
    ["127.0.0.1:9101", "127.0.0.1:9101"],
    ["[::1]:9101", "[::1]:9101"],
    ["localhost:9101", "localhost:9101"],
    ["/run/ringline.live", "/run/ringline.live"],
    ["0.0.0.0:9101", undefined],
    ["192.0.2.1:9101", undefined],
    ["[::]:9101", undefined],
    ["127.0.0.1.example.net:9101", undefined],
    ["127.0.0.1:0", undefined],
    ["ringline.live", undefined],
  ])("%s is %s", (text, place) => {
    const read = readPlace(text);
    expect(read && placeText(read)).toBe(place);
  });
});
