/**
 * Goal: events reach their reader as they come; the stream ends within a second of the reader's right, and a reader who
 * does not keep up does not fill the memory. Method: the real server on a socket, with a virtual clock.
 */
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { untilTrue } from "../../../fixtures/until-true.js";
import { WEB_OFFICE, type WebWorld, webWorld } from "../../../fixtures/web/world.js";
import { route, type ServerEvent } from "./route.js";

const ACTOR = JSON.stringify({ username: "carol.diaz", keyPowers: null });

/** Events that a test gives one by one. */
class Source implements AsyncIterable<ServerEvent> {
  readonly #given: ServerEvent[] = [];
  #wake: (() => void) | undefined;
  taken = 0;
  ended = false;

  give(event: ServerEvent): void {
    this.#given.push(event);
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ServerEvent> {
    try {
      for (;;) {
        const next = this.#given.shift();
        if (next !== undefined) {
          this.taken += 1;
          yield next;
        } else
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
      }
    } finally {
      this.ended = true;
    }
  }
}

let world: WebWorld;
let source: Source;
let signal: AbortSignal | undefined;
let port: number;

beforeEach(async () => {
  source = new Source();
  signal = undefined;
  world = await webWorld(WEB_OFFICE, {}, [
    route({
      method: "GET",
      path: "/live",
      tag: "Test",
      summary: "Read events",
      access: { needs: "permission", permission: "live_reports", others: "groups" },
      answer: { raw: "events", contentType: "text/event-stream" },
      handle: async (request) => {
        signal = request.signal;
        return { kind: "events", events: source };
      },
    }),
  ]);
  const bound = await world.server.listen();
  if (!bound.ok) throw new Error(bound.why);
  port = bound.port;
});
afterEach(() => world.close());

/** A client that reads what comes. */
function reader(actor = ACTOR): {
  readonly socket: Socket;
  text: () => string;
  readonly closed: Promise<void>;
} {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  const closed = new Promise<void>((resolve) => void socket.once("close", () => resolve()));
  socket.on("error", () => undefined);
  socket.write(`GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\nX-Test-Actor: ${actor}\r\n\r\n`);
  return { socket, text: () => text, closed };
}

const live = () => world.store.loadOffice().then((office) => office ?? WEB_OFFICE);

describe("a stream of events", () => {
  it("gives each event as it comes, with its number", async () => {
    const { text } = reader();
    await untilTrue(() => text().includes("retry: 1000"));
    source.give({ id: "41", event: "call", data: { text: "a\nb" } });
    await untilTrue(() => text().includes('id: 41\nevent: call\ndata: {"text":"a\\nb"}\n\n'));
    expect(text()).toMatch(/content-type: text\/event-stream/i);
    expect(text()).toMatch(/cache-control: no-store/i);
  });

  it("is refused to a person who has fifty open, and to nobody else; one that is closed makes room", async () => {
    const readers = Array.from({ length: 50 }, () => reader());
    await untilTrue(() => readers.every(({ text }) => text().includes("retry: 1000")));
    const more = reader();
    await untilTrue(() => more.text().includes('"too_many"'));
    expect(more.text()).toMatch(/^HTTP\/1.1 429 /);
    const other = reader(JSON.stringify({ username: "dave.kim1", keyPowers: null }));
    await untilTrue(() => other.text().includes("retry: 1000"));
    readers[0]?.socket.destroy();
    let again = reader();
    await untilTrue(() => {
      if (again.text().includes('"too_many"')) again = reader();
      return again.text().includes("retry: 1000");
    });
  });

  it("says something now and then when nothing happens", async () => {
    const { text } = reader();
    await untilTrue(() => text().includes("retry: 1000"));
    world.pass(15_000);
    await untilTrue(() => text().includes("\n:\n\n"));
  });

  it("ends within a second when the reader is suspended, and says why", async () => {
    const { text, closed } = reader();
    await untilTrue(() => text().includes("retry: 1000"));
    const office = await live();
    const users = office.users.map((each) =>
      each.username === "carol.diaz" ? { ...each, suspended: true as const } : each,
    );
    await world.apply({ ...office, users });
    world.pass(1_000);
    await untilTrue(() => text().includes("event: ended"));
    expect(text()).toContain('"type":"suspended"');
    expect(signal?.aborted).toBe(true);
    await untilTrue(() => text().endsWith("0\r\n\r\n"));
    source.give({ event: "call", data: 1 });
    await untilTrue(() => source.ended);
    expect(text()).not.toContain("event: call");
    await world.server.close();
    await closed;
  });

  it("ends when the reader is removed, and when what they may see becomes less or more", async () => {
    const first = reader();
    await untilTrue(() => first.text().includes("retry: 1000"));
    const office = await live();
    const users = office.users.map((each) =>
      each.username === "carol.diaz" ? { ...each, permissions: { live_reports: true } } : each,
    );
    await world.apply({ ...office, users });
    world.pass(1_000);
    await untilTrue(() => first.text().includes('"type":"no_permission"'));
    const second = reader();
    await untilTrue(() => second.text().includes("retry: 1000"));
    await world.apply({
      ...office,
      users: office.users.filter(({ username }) => username !== "carol.diaz"),
      groups: office.groups.map((group) => ({
        ...group,
        members: group.members.filter(({ username }) => username !== "carol.diaz"),
      })),
    });
    world.pass(1_000);
    await untilTrue(() => second.text().includes('"type":"signed_out"'));
  });

  it("goes on while nothing changes", async () => {
    const { text } = reader();
    await untilTrue(() => text().includes("retry: 1000"));
    for (let second = 0; second < 5; second += 1) world.pass(1_000);
    source.give({ event: "call", data: 1 });
    await untilTrue(() => text().includes("event: call"));
  });

  it("ends its source when the reader is gone", async () => {
    const { socket, text } = reader();
    await untilTrue(() => text().includes("retry: 1000"));
    socket.destroy();
    await untilTrue(() => signal?.aborted === true);
    source.give({ event: "call", data: 1 });
    await untilTrue(() => source.ended);
  });

  it("is cut off from a reader who does not read, and takes no more from its source meanwhile", async () => {
    const { socket, text, closed } = reader();
    await untilTrue(() => text().includes("retry: 1000"));
    socket.pause();
    const data = "x".repeat(1_000_000);
    for (let count = 0; count < 100; count += 1) source.give({ event: "big", data });
    let before = -1;
    await untilTrue(() => {
      const still = source.taken === before && before > 0;
      before = source.taken;
      return still;
    });
    expect(source.taken).toBeLessThan(50);
    world.pass(10_000);
    await untilTrue(() => signal?.aborted === true);
    socket.resume();
    await closed;
  });
});
