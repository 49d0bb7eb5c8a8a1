/**
 * Goal: whoever holds connections open cannot keep the switch's look-ups out. Method: the server on a real socket of the
 * loopback, hundreds of connections of each idle and slow kind, more than the server takes, and a look-up as the switch
 * makes it.
 */
import { connect, type Socket } from "node:net";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "./clock.js";
import { LookUpServer } from "./look-up-server.js";

const SECRET = "a-secret-of-the-test";
/** More than the server takes. */
const HELD = 700;
/** The switch waits so long (xml_curl/by_url_binding.xml). An idle machine answers within some milliseconds. */
const PROMPT_MS = 3_000;

let server: LookUpServer;
let port: number;
const held: Socket[] = [];

beforeEach(async () => {
  server = new LookUpServer({
    host: "127.0.0.1",
    port: 0,
    secret: SECRET,
    log: pino({ level: "silent" }),
    answer: (body) => {
      if (body === "a mistake") throw new Error("a mistake of ours");
      return `<answer>${body}</answer>`;
    },
    aboutCall: () => undefined,
    clock: systemClock,
    facts: {},
  });
  const listening = await server.listen();
  if (!listening.ok) throw new Error(listening.why);
  port = listening.port;
});
afterEach(async () => {
  for (const socket of held.splice(0)) socket.destroy();
  await server.close();
});

const authorization = (secret: string) => `Basic ${Buffer.from(`ringline:${secret}`).toString("base64")}`;
const head = (...headers: readonly string[]) =>
  ["POST / HTTP/1.1", "Host: 127.0.0.1", ...headers, "", ""].join("\r\n");

/** Opens a connection that sends this and then nothing. */
function hold(sends: string): Promise<Socket> {
  return new Promise((opened) => {
    const socket = connect(port, "127.0.0.1", () => {
      if (sends !== "") socket.write(sends);
      opened(socket);
    });
    // The server may close it at any time.
    socket.on("error", () => undefined);
    socket.resume();
    held.push(socket);
  });
}

/** As the switch asks: a new connection, closed after the answer. */
async function lookUp(body = "section=directory"): Promise<{ readonly text: string; readonly ms: number }> {
  const beganMs = systemClock.nowMs();
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: "POST",
    body,
    headers: { Authorization: authorization(SECRET), Connection: "close" },
  });
  const text = `${response.status} ${await response.text()}`;
  return { text, ms: systemClock.nowMs() - beganMs };
}

const KINDS: ReadonlyArray<readonly [what: string, sends: string]> = [
  ["that send nothing", ""],
  ["that send half a line", "POST / HT"],
  ["that send half of their headers", head().slice(0, -2)],
  ["that announce a body and know no secret", head("Content-Length: 1000")],
  ["that send half a body and know no secret", `${head("Content-Length: 1000")}section=`],
  ["that send a wrong secret", head(`Authorization: ${authorization("wrong")}`, "Content-Length: 1000")],
  [
    "that send endless pieces and know no secret",
    `${head("Transfer-Encoding: chunked")}3\r\nabc\r\n3\r\nabc\r\n`,
  ],
];

it("a look-up that a mistake of ours spoils is not found, and the next one is answered", async () => {
  expect((await lookUp("a mistake")).text).toContain('<result status="not found"/>');
  expect((await lookUp()).text).toBe("200 <answer>section=directory</answer>");
});

describe(`the directory beside ${HELD} connections`, () => {
  it.each(KINDS)(
    "%s answers the switch at once",
    async (_what, sends) => {
      await Promise.all(Array.from({ length: HELD }, () => hold(sends)));
      const { text, ms } = await lookUp();
      expect(text).toBe("200 <answer>section=directory</answer>");
      expect(ms).toBeLessThan(PROMPT_MS);
    },
    20_000,
  );

  it("of which more are opened all the time answers every look-up", async () => {
    let isFlooding = true;
    const flood = async () => {
      while (isFlooding) await hold("POST / HT");
    };
    const floods = Array.from({ length: 20 }, flood);
    for (let time = 0; time < 50 || held.length <= HELD; time++)
      expect((await lookUp()).text).toBe("200 <answer>section=directory</answer>");
    isFlooding = false;
    await Promise.all(floods);
  }, 20_000);
});

describe("a connection that is idle or slow", () => {
  it.each(KINDS)(
    "%s is closed within seconds",
    async (_what, sends) => {
      const socket = await hold(sends);
      const beganMs = systemClock.nowMs();
      await new Promise((closed) => socket.once("close", closed));
      expect(systemClock.nowMs() - beganMs).toBeLessThan(5_000);
    },
    20_000,
  );

  it("does not end a look-up of the switch whose body is late", async () => {
    const slow = await hold(head(`Authorization: ${authorization(SECRET)}`, "Content-Length: 17"));
    await lookUp();
    await Promise.all(Array.from({ length: HELD }, () => hold("POST / HT")));
    let answer = "";
    slow.on("data", (piece) => {
      answer += String(piece);
    });
    slow.write("section=directory");
    await new Promise((closed) => slow.once("data", closed));
    expect(answer).toContain("200 OK");
  }, 20_000);
});
