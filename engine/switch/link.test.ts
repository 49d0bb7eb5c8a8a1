/**
 * The contract of the link, against a scripted switch on a real socket, with a case for each mistake of plain modesl.
 * Tests wait for events of the socket; timers run on a virtual clock.
 */
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SeededIds } from "../../fixtures/seeded-ids.js";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import {
  createLink,
  type LinkOptions,
  type LinkTrouble,
  PENDING_MAX,
  STABLE_MS,
  type TcpLink,
} from "./link.js";
import type { Reply, SwitchEvent, WireCommand } from "./wire.js";

/** A queue of arrivals; readers wait for the next. */
class Inbox<T> {
  readonly #things: T[] = [];
  readonly #waiting: Array<(thing: T) => void> = [];

  push(thing: T): void {
    const first = this.#waiting.shift();
    if (first === undefined) this.#things.push(thing);
    else first(thing);
  }

  next(): Promise<T> {
    if (this.#things.length > 0) return Promise.resolve(this.#things.shift() as T);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  get waiting(): readonly T[] {
    return this.#things;
  }
}

/** The switch's end of one connection. */
class Peer {
  readonly packets = new Inbox<string>();
  readonly nudges = new Inbox<string>();
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  #text = "";

  constructor(socket: Socket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => socket.on("close", () => resolve()));
    socket.on("error", () => {});
    socket.on("data", (chunk) => this.#read(chunk.toString()));
  }

  write(bytes: string | Uint8Array): void {
    this.#socket.write(bytes);
  }

  reply(text: string): void {
    this.write(`Content-Type: command/reply\nReply-Text: ${text}\n\n`);
  }

  answer(text: string): void {
    this.write(`Content-Type: api/response\nContent-Length: ${Buffer.byteLength(text)}\n\n${text}`);
  }

  event(headers: object | string): void {
    const body = typeof headers === "string" ? headers : JSON.stringify(headers);
    this.write(`Content-Length: ${Buffer.byteLength(body)}\nContent-Type: text/event-json\n\n${body}`);
  }

  /** Signs the link in; returns the packets it sent for that. */
  async welcome(coreUuid = "core-1"): Promise<string[]> {
    this.write("Content-Type: auth/request\n\n");
    const auth = await this.packets.next();
    this.reply("+OK accepted");
    const core = await this.packets.next();
    this.answer(coreUuid);
    const subscription = await this.packets.next();
    this.reply("+OK event listener enabled json");
    return [auth, core, subscription];
  }

  /** Ends the connection in order. */
  end(): void {
    this.#socket.end();
  }

  /** Breaks the connection. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  #read(text: string): void {
    this.#text += text;
    for (;;) {
      if (this.#text.startsWith("\n")) {
        this.nudges.push("\n");
        this.#text = this.#text.slice(1);
        continue;
      }
      const end = this.#text.indexOf("\n\n");
      if (end < 0) return;
      this.packets.push(this.#text.slice(0, end));
      this.#text = this.#text.slice(end + 2);
    }
  }
}

const api = (line: string): WireCommand => ({ verb: "api", line });
const message: WireCommand = { verb: "sendmsg", uuid: "u", headers: [["call-command", "execute"]] };

describe("the link to a switch", () => {
  let clock: VirtualClock;
  let server: Server;
  let port: number;
  let connections: Inbox<Peer>;
  let link: TcpLink;
  let story: Inbox<string>;
  let troubles: Inbox<LinkTrouble>;
  let events: Inbox<SwitchEvent>;
  let onEvent: (event: SwitchEvent) => void;

  const listen = (onPort: number) =>
    new Promise<void>((resolve) => {
      server = createServer((socket) => connections.push(new Peer(socket)));
      server.listen(onPort, "127.0.0.1", () => {
        port = (server.address() as AddressInfo).port;
        resolve();
      });
    });

  const make = (more: Partial<LinkOptions> = {}) => {
    link = createLink({
      host: "127.0.0.1",
      port,
      password: "secret",
      clock,
      ids: new SeededIds(1),
      log: pino({ level: "silent" }),
      events: ["CHANNEL_ANSWER", "HEARTBEAT"],
      customEvents: ["sofia::register"],
      onTrouble: (trouble) => troubles.push(trouble),
      ...more,
    });
    link.open({
      up: (coreUuid) => story.push(`up ${coreUuid}`),
      down: (reason) => story.push(`down: ${reason}`),
      event: (event) => onEvent(event),
    });
  };

  const connect = async (more: Partial<LinkOptions> = {}) => {
    make(more);
    const peer = await connections.next();
    await peer.welcome();
    await story.next();
    return peer;
  };

  const send = (command: WireCommand) => new Promise<Reply>((resolve) => link.send(command, resolve));

  beforeEach(async () => {
    clock = new VirtualClock();
    connections = new Inbox();
    story = new Inbox();
    troubles = new Inbox();
    events = new Inbox();
    onEvent = (event) => events.push(event);
    await listen(0);
  });

  afterEach(async () => {
    await link.close();
    await new Promise((resolve) => server.close(resolve));
    expect(clock.pending).toBe(0);
  });

  describe("signing in", () => {
    it("sends the password, asks which run of the switch it is, subscribes, and is up", async () => {
      make();
      const peer = await connections.next();
      expect(await peer.welcome("core-7")).toEqual([
        "auth secret",
        "api global_getvar core_uuid",
        "event json CHANNEL_ANSWER HEARTBEAT CUSTOM sofia::register",
      ]);
      expect(await story.next()).toBe("up core-7");
      expect(link.trouble()).toBeNull();
    });

    it("says that the password was refused, and waits long before it tries again", async () => {
      make();
      const peer = await connections.next();
      peer.write("Content-Type: auth/request\n\n");
      await peer.packets.next();
      peer.reply("-ERR invalid");
      expect(await troubles.next()).toEqual({ kind: "password_refused", text: "-ERR invalid" });
      clock.advanceBy(29_999);
      expect(clock.pending).toBe(1);
      clock.advanceBy(30_001);
      await (await connections.next()).welcome();
      expect(await story.next()).toBe("up core-1");
      expect(link.trouble()).toBeNull();
    });

    it("says that this address is not let in", async () => {
      make();
      const peer = await connections.next();
      peer.write("Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n");
      expect(await troubles.next()).toEqual({ kind: "address_refused", text: "Access Denied, go away." });
    });

    it("does not hold an old refusal against a switch that cannot be reached now", async () => {
      make();
      const peer = await connections.next();
      peer.write("Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n");
      await troubles.next();
      await peer.closed;
      await new Promise((resolve) => server.close(resolve));
      clock.advanceBy(60_000);
      expect((await troubles.next()).kind).toBe("unreachable");
      await listen(port);
    });

    it.each([
      ["the subscription is refused", "-ERR no keywords supplied", "not_ready"],
      ["the subscription is answered as if it were another command", null, "not_ready"],
    ])("is not up when %s", async (_what, reply, kind) => {
      make();
      const peer = await connections.next();
      peer.write("Content-Type: auth/request\n\n");
      await peer.packets.next();
      peer.reply("+OK accepted");
      await peer.packets.next();
      peer.answer("core-1");
      await peer.packets.next();
      if (reply === null) peer.answer("+OK");
      else peer.reply(reply);
      expect((await troubles.next()).kind).toBe(kind);
      expect(story.waiting).toEqual([]);
    });

    it("is not up when a filter is refused: it would hear of everything", async () => {
      make({ filters: [["Caller-Context", "inbound"]] });
      const peer = await connections.next();
      peer.write("Content-Type: auth/request\n\n");
      await peer.packets.next();
      peer.reply("+OK accepted");
      await peer.packets.next();
      peer.answer("core-1");
      expect(await peer.packets.next()).toBe("filter Caller-Context inbound");
      peer.reply("-ERR command not found");
      expect(await troubles.next()).toEqual({
        kind: "not_ready",
        text: "filter refused: -ERR command not found",
      });
      expect(story.waiting).toEqual([]);
    });

    it("is not up on a switch that does not say which run it is", async () => {
      make();
      const peer = await connections.next();
      peer.write("Content-Type: auth/request\n\n");
      await peer.packets.next();
      peer.reply("+OK accepted");
      await peer.packets.next();
      peer.answer("-ERR no reply");
      expect(await troubles.next()).toEqual({ kind: "not_ready", text: "no core_uuid: -ERR no reply" });
    });

    it("starts anew when it is asked for the password twice", async () => {
      make();
      const peer = await connections.next();
      peer.write("Content-Type: auth/request\n\nContent-Type: auth/request\n\n");
      expect(await troubles.next()).toEqual({
        kind: "not_ready",
        text: "the switch asked for the password twice",
      });
    });

    it("gives up on a switch that does not greet, as one with a blocked event thread", async () => {
      make({ handshakeMs: 4_000 });
      const peer = await connections.next();
      clock.advanceBy(4_000);
      expect((await troubles.next()).kind).toMatch(/not_ready|unreachable/);
      await peer.closed;
    });

    it("keeps trying while nothing listens, ever more slowly, and is up once something does", async () => {
      await new Promise((resolve) => server.close(resolve));
      make({ retryFirstMs: 200, retryMaxMs: 5_000 });
      for (const longestMs of [200, 400, 800, 1_600, 3_200, 5_000, 5_000]) {
        expect((await troubles.next()).kind).toBe("unreachable");
        clock.advanceBy(Math.ceil(longestMs / 2) - 1);
        expect(troubles.waiting).toEqual([]);
        clock.advanceBy(longestMs - Math.ceil(longestMs / 2) + 1);
      }
      await troubles.next();
      await listen(port);
      clock.advanceBy(5_000);
      await (await connections.next()).welcome();
      expect(await story.next()).toBe("up core-1");
    });

    it.each([
      ["every event", { events: ["ALL"] }],
      ["CUSTOM among the names", { events: ["CUSTOM"] }],
      ["a line break in a name", { events: ["DTMF\n\napi x"] }],
      ["a space in a subclass", { customEvents: ["a b"] }],
      ["a line break in the password", { password: "a\nb" }],
      ["nothing at all", { events: [], customEvents: [] }],
    ])("refuses to be made with %s", async (_what, options) => {
      expect(() => make(options)).toThrow();
      await connect();
    });
  });

  describe("commands", () => {
    it("get their own replies, messages to channels included", async () => {
      const peer = await connect();
      const replies = Promise.all([send(message), send(api("one")), send(message), send(api("two"))]);
      for (let n = 0; n < 4; n += 1) await peer.packets.next();
      peer.reply("-ERR invalid session id [u]");
      peer.answer("1\n");
      peer.reply("+OK");
      peer.answer("-ERR no reply\n");
      expect(await replies).toEqual([
        { outcome: "refused", text: "-ERR invalid session id [u]" },
        { outcome: "ok", text: "1" },
        { outcome: "ok", text: "+OK" },
        { outcome: "refused", text: "-ERR no reply" },
      ]);
    });

    it("that the writer refuses are answered, later, and nothing is written", async () => {
      const peer = await connect();
      let returned = false;
      const refused = new Promise<Reply>((resolve) => {
        link.send(api("a\n\napi system x"), (reply) => {
          expect(returned).toBe(true);
          resolve(reply);
        });
        returned = true;
      });
      expect((await refused).outcome).toBe("refused");
      const after = send(api("status"));
      expect(await peer.packets.next()).toBe("api status");
      peer.answer("fine");
      expect((await after).text).toBe("fine");
    });

    it("without a link are answered unknown, after send has returned", async () => {
      make();
      let returned = false;
      const reply = new Promise<Reply>((resolve) => {
        link.send(api("status"), (answer) => {
          expect(returned).toBe(true);
          resolve(answer);
        });
        returned = true;
      });
      expect((await reply).outcome).toBe("unknown");
    });

    it("whose reply is late end unknown, and the late reply goes to nobody", async () => {
      const peer = await connect({ replyMs: 1_000 });
      const slow = send(api("slow"));
      await peer.packets.next();
      clock.advanceBy(1_000);
      expect((await slow).outcome).toBe("unknown");
      const next = send(api("next"));
      await peer.packets.next();
      peer.answer("slow's");
      peer.answer("next's");
      expect((await next).text).toBe("next's");
    });

    it("that are never answered bring the link down, and up again", async () => {
      const peer = await connect({ replyMs: 1_000 });
      const lost = send(api("lost"));
      await peer.packets.next();
      clock.advanceBy(3_000);
      expect((await lost).outcome).toBe("unknown");
      expect(await story.next()).toBe("down: the switch stopped answering commands");
      await peer.closed;
      clock.advanceBy(200);
      await (await connections.next()).welcome();
      expect(await story.next()).toBe("up core-1");
    });

    it("a reply that fits no command is a reason to start anew", async () => {
      const peer = await connect();
      peer.reply("+OK what");
      expect(await story.next()).toMatch(/^down: a reply that no command asked for/);
    });

    it("are not sent when too many wait, which is never taken for a refusal of the switch", async () => {
      const peer = await connect();
      for (let n = 0; n < PENDING_MAX; n++) link.send({ verb: "api", line: "version" }, () => undefined);
      expect(await send({ verb: "api", line: "version" })).toEqual({
        outcome: "unknown",
        text: "not sent: too many commands wait for their reply",
      });
      peer.end();
      expect(await story.next()).toContain("down");
    });

    it("ten thousand at once are all answered, in order", async () => {
      const peer = await connect();
      const answered: string[] = [];
      const all = new Promise<void>((resolve) => {
        for (let n = 0; n < 10_000; n += 1)
          link.send({ verb: "bgapi", line: `job ${n}`, jobId: `id-${n}` }, (reply) => {
            answered.push(reply.text);
            if (answered.length === 10_000) resolve();
          });
      });
      for (let n = 0; n < 10_000; n += 1) {
        expect(await peer.packets.next()).toBe(`bgapi job ${n}\nJob-UUID: id-${n}`);
        peer.reply(`+OK ${n}`);
      }
      await all;
      expect(answered).toEqual(Array.from({ length: 10_000 }, (_, n) => `+OK ${n}`));
    });
  });

  describe("events", () => {
    it("come as plain objects, in order, after the reply they follow", async () => {
      const peer = await connect();
      const order: string[] = [];
      onEvent = (event) => {
        order.push(event["n"] ?? "");
        events.push(event);
      };
      link.send(api("x"), () => order.push("reply"));
      await peer.packets.next();
      peer.event({ n: "1", name: "Zoë 🙂" });
      peer.answer("y");
      peer.event({ n: "2", many: ["a", "b"], _body: "+OK\n\nx" });
      expect((await events.next())["name"]).toBe("Zoë 🙂");
      expect(await events.next()).toEqual({ n: "2", many: "ARRAY::a|:b", _body: "+OK\n\nx" });
      expect(order).toEqual(["1", "reply", "2"]);
    });

    it("go on after one that is not JSON, one nobody knows, and one whose handler throws", async () => {
      const peer = await connect();
      onEvent = (event) => {
        if (event["bad"] !== undefined) throw new Error("a mistake of ours");
        events.push(event);
      };
      peer.event('{"half":');
      peer.write("Content-Type: log/data\nContent-Length: 1\nUser-Data: %E9\n\nx");
      peer.event({ bad: "yes" });
      peer.event({ good: "yes" });
      expect(await events.next()).toEqual({ good: "yes" });
    });

    it("are read from a stream that comes byte by byte", async () => {
      const peer = await connect();
      const body = JSON.stringify({ n: "ü\n\n" });
      const bytes = Buffer.from(
        `Content-Length: ${Buffer.byteLength(body)}\nContent-Type: text/event-json\n\n${body}`,
      );
      for (const byte of bytes) peer.write(Uint8Array.of(byte));
      expect(await events.next()).toEqual({ n: "ü\n\n" });
    });
  });

  describe("a connection that goes", () => {
    it.each([
      ["ends", (peer: Peer) => peer.end()],
      ["is reset", (peer: Peer) => peer.reset()],
      [
        "is announced to end",
        (peer: Peer) => peer.write("Content-Type: text/disconnect-notice\nContent-Length: 9\n\nGoodbye.\n"),
      ],
      ["makes no sense any more", (peer: Peer) => peer.write("Content-Length: -5\n\n")],
    ])(
      "because it %s: pending commands are unknown, then it is down, and nothing is sent again",
      async (_what, go) => {
        const peer = await connect();
        const order: string[] = [];
        for (const command of [
          api("a"),
          message,
          { verb: "bgapi", line: "originate x", jobId: "j" } as const,
        ])
          link.send(command, (reply) => order.push(`${command.verb} ${reply.outcome}`));
        for (let n = 0; n < 3; n += 1) await peer.packets.next();
        go(peer);
        expect(await story.next()).toMatch(/^down: /);
        expect(order).toEqual(["api unknown", "sendmsg unknown", "bgapi unknown"]);
        expect(link.trouble()?.kind).toBe("lost");
        clock.advanceBy(200);
        const again = await connections.next();
        expect(await again.welcome("core-2")).toHaveLength(3);
        expect(await story.next()).toBe("up core-2");
        const after = send(api("after"));
        expect(await again.packets.next()).toBe("api after");
        again.answer("mine");
        expect((await after).text).toBe("mine");
        expect(story.waiting).toEqual([]);
      },
    );

    it("again and again makes the waits longer, until one has lasted", async () => {
      let peer = await connect({ retryFirstMs: 200, retryMaxMs: 5_000 });
      for (const longestMs of [200, 400, 800]) {
        peer.reset();
        expect(await story.next()).toMatch(/^down/);
        clock.advanceBy(Math.ceil(longestMs / 2) - 1);
        expect(clock.pending).toBe(1);
        clock.advanceBy(longestMs);
        peer = await connections.next();
        await peer.welcome();
        await story.next();
      }
      clock.advanceBy(STABLE_MS);
      peer.reset();
      await story.next();
      clock.advanceBy(200);
      await (await connections.next()).welcome();
      expect(await story.next()).toBe("up core-1");
    });

    it("silently is asked for a sign of life, and dropped without one", async () => {
      const peer = await connect({ silenceMs: 45_000, replyMs: 5_000 });
      clock.advanceBy(45_000);
      expect(await peer.packets.next()).toBe("api global_getvar core_uuid");
      clock.advanceBy(5_000);
      expect(await story.next()).toBe("down: silent for more than 45000 ms");
    });

    it("stays when the switch does answer, and when it sends events", async () => {
      const peer = await connect({ silenceMs: 45_000, replyMs: 5_000 });
      clock.advanceBy(45_000);
      await peer.packets.next();
      peer.answer("core-1");
      peer.event({ n: "heartbeat" });
      await events.next();
      clock.advanceBy(5_000);
      clock.advanceBy(39_000);
      expect(story.waiting).toEqual([]);
      expect(peer.packets.waiting).toEqual([]);
    });
  });

  describe("nudging", () => {
    it("writes an empty line at every period while it is on, never inside a packet", async () => {
      const peer = await connect({ nudgeEveryMs: 3 });
      link.nudging(true);
      expect(await peer.nudges.next()).toBe("\n");
      clock.advanceBy(3);
      const reply = send(api("status"));
      expect(await peer.nudges.next()).toBe("\n");
      expect(await peer.packets.next()).toBe("api status");
      peer.answer("fine");
      expect((await reply).text).toBe("fine");
      link.nudging(false);
      const pendingBefore = clock.pending;
      clock.advanceBy(30);
      expect(clock.pending).toBeLessThan(pendingBefore);
      expect(peer.nudges.waiting.length).toBeLessThanOrEqual(1);
    });

    it("is taken up again by the next connection", async () => {
      const peer = await connect();
      link.nudging(true);
      await peer.nudges.next();
      peer.reset();
      await story.next();
      clock.advanceBy(200);
      const again = await connections.next();
      await again.welcome();
      expect(await again.nudges.next()).toBe("\n");
    });
  });

  describe("closing", () => {
    it("answers what is pending, says nothing more, and connects no more", async () => {
      const peer = await connect();
      const pending = send(api("pending"));
      await peer.packets.next();
      await link.close();
      expect(await pending).toEqual({ outcome: "unknown", text: "the link was closed" });
      await peer.closed;
      clock.advanceBy(60_000);
      expect(connections.waiting).toEqual([]);
      expect(story.waiting).toEqual([]);
      expect((await send(api("after"))).outcome).toBe("unknown");
    });

    it("still writes the last commands", async () => {
      const peer = await connect();
      link.send(api("last"), () => {});
      const closed = link.close();
      expect(await peer.packets.next()).toBe("api last");
      await closed;
    });

    it("ends the wait for the next attempt", async () => {
      const peer = await connect();
      peer.reset();
      await story.next();
      await link.close();
      expect(clock.pending).toBe(0);
    });

    it("is for good", async () => {
      await connect();
      await link.close();
      expect(() => link.open({ up: () => {}, down: () => {}, event: () => {} })).toThrow();
    });
  });
});
