/**
 * Goal: the switch presents a renewed certificate, and no call is lost: nothing is restarted while there is a call, nor
 * while that is unknown. Method: a switch that answers as the real one does, on a virtual clock.
 */
import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import type { SwitchSession } from "../switch/session.js";
import type { Reply, WireCommand } from "../switch/wire.js";
import { type Reloaded, reloadCertificate } from "./reload.js";

const NEW = "new";
const PORTS: Readonly<Record<string, number>> = { phones: 5061, carriers: 5081 };
const WAIT_MS = 60_000;

/** The profiles of a switch: a restarted one presents the installed certificate two seconds later. */
class Switch implements SwitchSession {
  readonly restarted: string[] = [];
  channels: string = JSON.stringify({ row_count: 0 });
  /** Before this moment it refuses a restart: 10 s after the profile's start. */
  restartableAtMs = 0;
  installed = NEW;
  hasTls = true;
  readonly #clock: VirtualClock;
  readonly #presents = new Map<number, { readonly fingerprint: string; readonly fromMs: number }>();

  constructor(clock: VirtualClock) {
    this.#clock = clock;
    this.start("old");
  }

  /** Both profiles run, and present this certificate. */
  start(fingerprint: string): void {
    for (const port of Object.values(PORTS)) this.#presents.set(port, { fingerprint, fromMs: 0 });
  }

  async ask(command: WireCommand): Promise<Reply> {
    const text = command.verb === "api" ? this.#answer(command.line) : "";
    return { outcome: text.startsWith("-ERR") ? "refused" : "ok", text };
  }

  #answer(text: string): string {
    const [, profile = "", restart] = /^sofia (?:xmlstatus )?profile (\w+)( restart)?$/.exec(text) ?? [];
    if (text === "show channels as json") return this.channels;
    if (restart === undefined)
      return `<profile><sip-ip>192.0.2.1</sip-ip>${this.hasTls ? `<tls-url>sip:mod_sofia@192.0.2.1:${PORTS[profile]}</tls-url>` : ""}</profile>`;
    if (this.#clock.nowMs() < this.restartableAtMs)
      return `Profile ${profile} must be up for at least 10 seconds to stop/restart.\nPlease wait 3 seconds\n`;
    this.restarted.push(profile);
    this.#presents.set(PORTS[profile] ?? 0, {
      fingerprint: this.installed,
      fromMs: this.#clock.nowMs() + 2_000,
    });
    return `Reload XML [Success]\nrestarting: ${profile}`;
  }

  presented(port: number) {
    const { fingerprint = "", fromMs = 0 } = this.#presents.get(port) ?? {};
    return this.#clock.nowMs() < fromMs ? undefined : { fingerprint, names: "", untilMs: 0 };
  }
}

async function reload(change: (sw: Switch, clock: VirtualClock) => void = () => undefined) {
  const clock = new VirtualClock();
  const sw = new Switch(clock);
  change(sw, clock);
  const waited: number[] = [];
  const ended: Reloaded[] = [];
  void reloadCertificate({
    session: sw,
    clock,
    fingerprint: NEW,
    untilMs: clock.nowMs() + WAIT_MS,
    waiting: (calls) => waited.push(calls),
    presented: async ({ port }) => sw.presented(port),
  }).then((result) => ended.push(result));
  while (ended.length === 0) {
    for (let turn = 0; turn < 100; turn++) await Promise.resolve();
    clock.step();
  }
  return { result: ended[0], restarted: sw.restarted, waited };
}

const BOTH = ["phones", "carriers"];
const channels = (count: number) => JSON.stringify({ row_count: count, rows: Array(count).fill({}) });

describe("a renewed certificate", () => {
  it("is presented after a restart of both profiles", async () => {
    const { result, restarted, waited } = await reload();
    expect(result).toEqual({ kind: "presents", wasRestarted: true });
    expect([restarted, waited]).toEqual([BOTH, []]);
  });

  it("needs no restart when it is presented already", async () => {
    const { result, restarted } = await reload((sw) => sw.start("new"));
    expect(result).toEqual({ kind: "presents", wasRestarted: false });
    expect(restarted).toEqual([]);
  });

  it("waits until the last call has ended, and says once that it waits", async () => {
    const { result, restarted, waited } = await reload((sw, clock) => {
      sw.channels = channels(3);
      clock.after(20_000, () => {
        expect(sw.restarted).toEqual([]);
        sw.channels = channels(0);
      });
    });
    expect(result).toEqual({ kind: "presents", wasRestarted: true });
    expect([restarted, waited]).toEqual([BOTH, [3]]);
  });

  it("gives up when there is always a call, and restarts nothing", async () => {
    const { result, restarted } = await reload((sw) => {
      sw.channels = channels(1);
    });
    expect(result).toEqual({ kind: "busy", calls: 1 });
    expect(restarted).toEqual([]);
  });

  it("tries again while the switch refuses a restart so soon after the last", async () => {
    const { result, restarted } = await reload((sw, clock) => {
      sw.restartableAtMs = clock.nowMs() + 7_000;
    });
    expect(result).toEqual({ kind: "presents", wasRestarted: true });
    expect(restarted).toEqual(BOTH);
  });

  it.each([
    ["no answer", ""],
    ["a refusal", "-ERR no reply"],
    ["half an answer", '{"row_count":'],
    ["no count", '{"rows":[]}'],
  ])("does not take %s about calls for none", async (_what, text) => {
    const { result, restarted } = await reload((sw) => {
      sw.channels = text;
    });
    expect(result).toEqual({ kind: "other", why: "the switch does not say which calls there are" });
    expect(restarted).toEqual([]);
  });

  it("says that the profiles present another one", async () => {
    const { result } = await reload((sw) => {
      sw.installed = "another";
    });
    expect(result).toMatchObject({ kind: "other", why: expect.stringMatching(/phones presents another/) });
  });

  it("says that there is no TLS", async () => {
    const { result } = await reload((sw) => {
      sw.hasTls = false;
    });
    expect(result).toMatchObject({ kind: "other", why: expect.stringMatching(/phones has no TLS/) });
  });
});
