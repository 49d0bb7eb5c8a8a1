/** Goal: a body that trickles in occupies the server for seconds, not for ever. Method: a real socket, a virtual clock. */
import { connect } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { untilTrue } from "../../../fixtures/until-true.js";
import { WEB_OFFICE, type WebWorld, webWorld } from "../../../fixtures/web/world.js";
import { ok, route } from "./route.js";

const ACTOR = JSON.stringify({ username: "carol.diaz", keyPowers: null });
const about = { method: "POST", tag: "Test", summary: "Test", access: { needs: "own" } } as const;

let world: WebWorld;
let port: number;

beforeEach(async () => {
  world = await webWorld(WEB_OFFICE, {}, [
    route({
      ...about,
      path: "/form",
      body: z.object({ name: z.string() }),
      answer: z.object({ name: z.string() }),
      handle: async ({ body }) => ok({ name: body.name }),
    }),
    route({
      ...about,
      path: "/table",
      body: { rawTypes: ["text/csv"] },
      answer: z.object({ bytes: z.number() }),
      handle: async ({ body }) => ok({ bytes: body.bytes.length }),
    }),
  ]);
  const bound = await world.server.listen();
  if (!bound.ok) throw new Error(bound.why);
  port = bound.port;
});
afterEach(() => world.close());

/** Sends the head and the beginning of a body of 20 bytes. */
function begun(path: string, type: string) {
  const socket = connect(port, "127.0.0.1");
  const seen = { text: "", closed: false };
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    seen.text += chunk;
  });
  socket.on("error", () => undefined);
  socket.once("close", () => {
    seen.closed = true;
  });
  socket.write(
    `POST /api/v1${path} HTTP/1.1\r\nHost: localhost\r\nX-Test-Actor: ${ACTOR}\r\nContent-Type: ${type}\r\nContent-Length: 20\r\n\r\n`,
  );
  socket.write('{"name":');
  return { socket, seen };
}

const pending = async () => {
  await untilTrue(() => world.pendingTimers() > 0);
};

it("a form that is not complete after ten seconds is given up", async () => {
  const { socket, seen } = begun("/form", "application/json");
  await pending();
  world.pass(9_999);
  socket.write('"x"');
  world.pass(1);
  await untilTrue(() => seen.closed);
  expect(seen.text).not.toContain("200 OK");
});

it("a form that comes in pieces in time is taken", async () => {
  const { socket, seen } = begun("/form", "application/json");
  await pending();
  world.pass(9_000);
  socket.write('"123456789"}');
  await untilTrue(() => seen.text.includes("200 OK"));
  expect(world.pendingTimers()).toBe(0);
});

it("a table may take longer", async () => {
  const { socket, seen } = begun("/table", "text/csv");
  world.pass(60_000);
  socket.write('"123456789"}');
  await untilTrue(() => seen.text.includes('{"bytes":20}'));
});
