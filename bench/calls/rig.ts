/**
 * The switches, callers and phones of a run, and the variants in turns. A switch has or has not the binding by which it
 * asks the engine, so the engine that is asked has a switch of its own; both run during the whole run. An engine is
 * connected only during its variant's turn.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { systemIds } from "../../engine/ids.js";
import { sleep } from "../../fixtures/harness/clock.js";
import { type Ports, portsOfAnother } from "../../fixtures/harness/ports.js";
import { LOOPBACK } from "../../fixtures/harness/sip-message.js";
import {
  type EngineProgram,
  type EngineProgramOptions,
  prepareDatabase,
  startEngineProgram,
} from "../engine-program.js";
import { type LocalSwitch, PHONE, startLocalSwitch } from "../local-switch.js";
import { productRoot } from "../product.js";
import { SipPair } from "../sip/pair.js";
import {
  extensions,
  GATEWAY,
  numberOf,
  officeText,
  registeredDevices,
  VARIANT_NAMES,
  VARIANTS,
  type Variant,
  writeLua,
} from "./carried.js";
import { planOf, REGISTERED, SHAPES } from "./shapes.js";

export interface RigOptions {
  /** The switch's program. */
  readonly path: string;
  readonly ports: Ports;
  /** The variants to measure; those that cannot be are left out, loudly. */
  readonly variants: readonly Variant[];
  readonly normalPriority: boolean;
  /** Variables of the switches' environment. */
  readonly switchEnv?: Readonly<Record<string, string>>;
}

/** One switch with callers and phones of its own. */
interface Side {
  readonly theSwitch: LocalSwitch;
  readonly pair: SipPair;
  /** Arguments and secrets of an engine on this switch, and its database. */
  readonly engine: EngineProgramOptions;
}

/** A variant that carries calls now. */
export interface Turn {
  readonly variant: Variant;
  readonly theSwitch: LocalSwitch;
  readonly pair: SipPair;
  /** null: no engine takes part. */
  readonly engine: EngineProgram | null;
  stop(): Promise<void>;
}

export class Rig {
  /** The variants that can be measured, of those that were asked for. */
  readonly variants: readonly Variant[];
  readonly #sides: ReadonlyMap<Variant, Side>;
  readonly #folder: string;

  private constructor(sides: ReadonlyMap<Variant, Side>, folder: string) {
    this.variants = VARIANTS.filter((variant) => sides.has(variant));
    this.#sides = sides;
    this.#folder = folder;
  }

  static async open(options: RigOptions, say: (line: string) => void): Promise<Rig> {
    const folder = mkdtempSync(join(tmpdir(), "ringline-bench-"));
    const sides = new Map<Variant, Side>();
    try {
      const variants = options.variants.filter((variant) => {
        const why = whyNot(variant, options.path);
        if (why !== null) say(`NOT MEASURED: ${VARIANT_NAMES[variant]}: ${why}`);
        return why === null;
      });
      const parking = variants.filter((variant) => variant !== "asked");
      if (parking.length > 0) {
        const side = await openSide(options, folder, false);
        for (const variant of parking) sides.set(variant, side);
      }
      if (variants.includes("asked")) sides.set("asked", await openSide(options, folder, true));
      return new Rig(sides, folder);
    } catch (error) {
      await closeSides(sides.values());
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Each switch once. */
  get switches(): readonly LocalSwitch[] {
    return [...new Set([...this.#sides.values()].map(({ theSwitch }) => theSwitch))];
  }

  /** Begins a variant's turn: its engine, if it has one, is ready for calls. */
  async begin(variant: Variant, more: EngineProgramOptions = {}): Promise<Turn> {
    const side = this.#sides.get(variant);
    if (side === undefined) throw new Error(`${variant} is not part of this run`);
    const { theSwitch, pair } = side;
    if (variant === "plain" || variant === "lua")
      return { variant, theSwitch, pair, engine: null, stop: async () => {} };
    const engine = await startEngineProgram(theSwitch, {
      ...side.engine,
      ...more,
      env: { ...side.engine.env, ...more.env },
    });
    const turn = { variant, theSwitch, pair, engine, stop: () => engine.stop() };
    if (variant === "asked") await mustBeAsked(turn);
    return turn;
  }

  async close(): Promise<void> {
    await closeSides(this.#sides.values());
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function closeSides(sides: Iterable<Side>): Promise<void> {
  for (const side of new Set(sides)) {
    side.pair.close();
    await side.theSwitch.stop();
  }
}

/** Why a variant cannot be measured here; null: it can. */
function whyNot(variant: Variant, path: string): string | null {
  if (variant === "lua" && !hasModule(path, "mod_lua")) return "this FreeSWITCH has no mod_lua";
  if (variant !== "asked") return null;
  const variables = readFileSync(join(productRoot(), "docker", "freeswitch", "vars.xml"), "utf8");
  return variables.includes("RINGLINE_ARRIVAL_URL")
    ? null
    : "these sources do not answer questions of the switch";
}

async function openSide(options: RigOptions, folder: string, asks: boolean): Promise<Side> {
  const ports = asks ? portsOfAnother(options.ports) : options.ports;
  const phonePort = ports.next();
  const own = join(folder, asks ? "asking" : "parking");
  mkdirSync(own);
  const script = await writeLua(own, phonePort);
  const prepared = prepareDatabase(own, officeText(phonePort), asks ? registeredDevices() : []);
  const secret = systemIds.uuid();
  const arrival = {
    RINGLINE_ARRIVAL_URL: `http://${LOOPBACK}:${ports.directory}/calls`,
    RINGLINE_DIRECTORY_SECRET: secret,
  };
  const phones = REGISTERED.map((user) => ({ user, password: PHONE.password }));
  const theSwitch = await startLocalSwitch(options.path, ports, extensions(phonePort, script), {
    phones: new Map(phones.map(({ user, password }) => [user, password])),
    gateways: [{ id: GATEWAY, proxy: `${LOOPBACK}:${phonePort}` }],
    modules: !asks && hasModule(options.path, "mod_lua") ? ["mod_lua"] : [],
    normalPriority: options.normalPriority,
    // The run's block of ports makes the address its own, too.
    ownAddress: `127.0.${Math.floor(options.ports.first / 1_000)}.${asks ? 2 : 1}`,
    env: { ...options.switchEnv, ...(asks ? arrival : {}) },
  });
  try {
    const pair = await SipPair.open({
      callerPort: ports.next(),
      phonePort,
      switchSip: theSwitch.sip,
      domain: theSwitch.domain,
      phones,
    });
    const answering = {
      args: ["--directory", `${LOOPBACK}:${ports.directory}`],
      env: { RINGLINE_DIRECTORY_SECRET: secret },
    };
    return { theSwitch, pair, engine: { prepared, ...(asks ? answering : {}) } };
  } catch (error) {
    await theSwitch.stop();
    throw error;
  }
}

/** Modules lie beside the program, or where packages put them. */
function hasModule(path: string, name: string): boolean {
  const prefix = dirname(dirname(realpathSync(path)));
  return [join(prefix, "lib", "freeswitch", "mod"), join(prefix, "mod"), "/usr/lib/freeswitch/mod"].some(
    (folder) => existsSync(join(folder, `${name}.so`)),
  );
}

/**
 * Places one call and looks at its channel: figures of the other road must not be taken for those of this one. A call that
 * the dialplan hands over has the task of its fallback (docker/freeswitch/dialplan/hand_over.inc).
 */
async function mustBeAsked({ pair, theSwitch, stop }: Turn): Promise<void> {
  const shape = SHAPES.desk;
  const call = pair.call(planOf(shape, numberOf("asked", shape), "12999999999", PROBE_MS));
  await sleep(PROBE_MS / 2);
  const channels = (await theSwitch.socket.api("show channels as json")) ?? "{}";
  const rows =
    (JSON.parse(channels) as { rows?: ReadonlyArray<Readonly<Record<string, string>>> }).rows ?? [];
  const caller = rows.find(({ direction }) => direction === "inbound")?.["uuid"] ?? "none";
  const has = async (variable: string) =>
    !["_undef_", "", null].includes(await theSwitch.socket.api(`uuid_getvar ${caller} ${variable}`));
  const isAsked = caller !== "none" && (await has("ringline_state")) && !(await has("last_sched_id"));
  const { failure } = await call;
  if (isAsked && failure === undefined) return;
  await stop();
  throw new Error(
    `the switch did not ask the engine about a call, which ended: ${failure ?? "well"}; channels: ${channels}`,
  );
}

/** How long the call of {@link mustBeAsked} talks. */
const PROBE_MS = 2_000;
