/**
 * Goal: a command's session with the switch ends, however the switch behaves, and says what is wrong. Method: the
 * simulated event socket, and servers that answer with bytes of the test's choice.
 */
import { createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { openInstallation } from "../../fixtures/core/installation.js";
import * as commands from "./commands.js";
import type { LinkTrouble } from "./link.js";
import { type SwitchTarget, troubleInWords, withSwitch } from "./session.js";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

/** A server that does this to every connection. */
async function listening(greet: (socket: Socket) => void): Promise<SwitchTarget> {
  const server = createServer(greet);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { host: "127.0.0.1", port: address.port, password: "x" };
}

describe("a session with a switch", () => {
  it("asks, in order, and is closed at its end", async () => {
    const { port, password, sw, close } = await openInstallation();
    const target = { host: "127.0.0.1", port, password };
    const ended = await withSwitch(target, async ({ ask }) => {
      const [core, none] = await Promise.all([
        ask(commands.globalVariable("core_uuid")),
        ask(commands.globalVariable("none")),
      ]);
      return { core, none };
    });
    expect(ended).toEqual({
      ok: true,
      value: {
        core: { outcome: "ok", text: sw.coreUuid },
        none: { outcome: "refused", text: "-ERR no reply" },
      },
    });
    await close();
  });

  it("rejects with what the work threw, since that is a mistake of ours", async () => {
    const { port, password, close } = await openInstallation();
    const target = { host: "127.0.0.1", port, password };
    const work = withSwitch(target, () => Promise.reject(new Error("a mistake")));
    await expect(work).rejects.toThrow("a mistake");
    await close();
  });

  it("that breaks while it is used ends without an answer to the pending command", async () => {
    const { port, password, sw, close } = await openInstallation();
    const target = { host: "127.0.0.1", port, password };
    const ended = await withSwitch(target, async ({ ask }) => {
      sw.cutLinks();
      return ask(commands.version());
    });
    expect(ended).toMatchObject({ ok: true, value: { outcome: "unknown" } });
    await close();
  });

  it.each<[string, (socket: Socket) => void, LinkTrouble["kind"], RegExp]>([
    [
      "an access list keeps us out",
      (socket) =>
        socket.end("Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n"),
      "address_refused",
      /lets nobody in from this address/,
    ],
    [
      "something else answers",
      (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"),
      "not_ready",
      /does not behave as a switch/,
    ],
    [
      "the connection is closed at once",
      (socket) => socket.end(),
      "not_ready",
      /does not behave as a switch/,
    ],
  ])("does not begin when %s", async (_what, greet, kind, words) => {
    const target = await listening(greet);
    const ended = await withSwitch(target, () => Promise.reject(new Error("began")));
    if (ended.ok) throw new Error("began");
    expect(ended.trouble.kind).toBe(kind);
    const { what, mend } = troubleInWords(target, ended.trouble);
    expect(what).toMatch(words);
    expect(what).toContain(`127.0.0.1:${target.port}`);
    expect(mend).not.toBe("");
  });
});
