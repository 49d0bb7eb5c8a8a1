/**
 * A FreeSWITCH process started by the benchmark, so that its CPU time can be read. Its configuration is a copy of
 * docker/freeswitch with additions: extensions that carry a call by the dialplan or by a script alone.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemIds } from "../engine/ids.js";
import { sleep, until } from "../fixtures/harness/clock.js";
import { EventSocket } from "../fixtures/harness/event-socket.js";
import type { Ports } from "../fixtures/harness/ports.js";
import { start } from "../fixtures/harness/processes.js";
import { LOOPBACK } from "../fixtures/harness/sip-message.js";
import {
  DOMAIN,
  type Gateway,
  makeSwitchFiles,
  switchEnvironment,
  writeGenerated,
} from "../fixtures/harness/switch-files.js";
import { mapped } from "../policy/office/optional.js";
import { productRoot } from "./product.js";

/** On a machine that is busy with other things a switch takes long to start. */
const READY_MS = 60_000;
const AFTER_START_MS = 1_000;

export const PHONE = { user: "bench", password: "bench-phone-password" } as const;

export interface LocalSwitch {
  readonly pid: number;
  readonly version: string;
  readonly host: string;
  readonly port: number;
  readonly password: string;
  readonly domain: string;
  /** Where the switch takes calls of carriers, and sign-ins of phones. */
  readonly sip: { readonly host: string; readonly phones: number; readonly carriers: number };
  readonly socket: EventSocket;
  /** The folder of sounds that are played by file name; a benchmark may add some. */
  readonly sounds: string;
  /** A folder that the switch may write recordings to; its dialplan knows it as `$${recordings_dir}`. */
  readonly recordings: string;
  stop(): Promise<void>;
}

export interface LocalSwitchOptions {
  /** The secret of an engine's directory, if the switch is to look phones up there. */
  readonly secret?: string;
  /** More phones in the switch's own files: SIP name -> password. */
  readonly phones?: ReadonlyMap<string, string>;
  /**
   * Normal priority for the switch's threads. By default they have real-time priority (SCHED_FIFO, set_realtime_priority
   * in switch_core.c); when they fill the machine, callers and engines on it get no CPU time.
   */
  readonly normalPriority?: boolean;
  readonly gateways?: readonly Gateway[];
  /** Modules beside those of docker/freeswitch. */
  readonly modules?: readonly string[];
  /**
   * An address of the loopback for this switch alone: then it has thousands of RTP ports, while a switch on 127.0.0.1
   * has the 249 pairs of the run's block.
   */
  readonly ownAddress?: string;
  /** More variables of the environment, by which docker/freeswitch is configured. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The RTP ports of a switch with an address of its own: 8000 pairs, below the blocks in which its SIP ports are. */
const OWN_RTP = { RINGLINE_RTP_FIRST_PORT: "10000", RINGLINE_RTP_LAST_PORT: "25998" };

/**
 * Starts the switch and resolves when it accepts calls.
 * @param plain XML of extensions that stand before ours in the context `inbound`
 */
export async function startLocalSwitch(
  path: string,
  ports: Ports,
  plain: string,
  options: LocalSwitchOptions = {},
): Promise<LocalSwitch> {
  const { secret, phones = new Map(), normalPriority = false, gateways = [], modules = [] } = options;
  const files = makeSwitchFiles(productRoot());
  addBehind(join(files.conf, "dialplan", "inbound.xml"), '<context name="inbound">', plain);
  const loads = modules.map((module) => `<load module="${module}"/>`).join("");
  addBehind(
    join(files.conf, "autoload_configs", "modules.conf.xml"),
    '<load module="mod_dialplan_xml"/>',
    loads,
  );
  writeGenerated(files.generated, new Map([[PHONE.user, PHONE.password], ...phones]), gateways);
  const password = systemIds.uuid();
  const folders = [
    "log",
    "db",
    "run",
    "recordings",
    "storage",
    "cache",
    "temp",
    "scripts",
    "certs",
    "htdocs",
    "grammar",
  ];
  const program = await start(
    path,
    [
      ...(normalPriority ? ["-np"] : []),
      ...["-nf", "-nc", "-nonat", "-nonatmap", "-conf", files.conf, "-sounds", join(files.conf, "sounds")],
      ...folders.flatMap((name) => [`-${name}`, files.folder(name)]),
    ],
    {
      logFile: join(files.base, "output.log"),
      env: { ...switchEnvironment(ports, password, secret), ...addressOf(options), ...options.env },
      cwd: files.base,
    },
  );
  let socket: EventSocket | null = null;
  const ready = await until(async () => {
    socket ??= await EventSocket.open(LOOPBACK, ports.eventSocket, password).catch(() => null);
    if (socket === null) return !program.running();
    const profiles = (await socket.api("sofia status")) ?? "";
    return (
      / is ready/.test((await socket.api("status")) ?? "") && (profiles.match(/RUNNING/g) ?? []).length >= 2
    );
  }, READY_MS);
  if (!ready || socket === null) {
    await program.stop(true);
    throw new Error(`the switch is not ready:\n${program.output()}`);
  }
  const open: EventSocket = socket;
  await sleep(AFTER_START_MS);
  return {
    pid: program.pid,
    version: ((await open.api("version")) ?? "").split("\n")[0] ?? "",
    host: LOOPBACK,
    port: ports.eventSocket,
    password,
    domain: DOMAIN,
    sip: { host: options.ownAddress ?? LOOPBACK, phones: ports.phones, carriers: ports.carriers },
    socket: open,
    sounds: join(files.conf, "sounds", "en"),
    recordings: files.folder("recordings"),
    stop: async () => {
      open.close();
      await program.stop(true);
      files.remove();
    },
  };
}

function addressOf({ ownAddress }: LocalSwitchOptions): Readonly<Record<string, string>> {
  return mapped(ownAddress, (address) => ({ RINGLINE_IP: address, ...OWN_RTP })) ?? {};
}

function addBehind(path: string, place: string, added: string): void {
  const text = readFileSync(path, "utf8");
  if (!text.includes(place)) throw new Error(`no ${place} in ${path}`);
  writeFileSync(path, text.replace(place, `${place}\n${added}`));
}
