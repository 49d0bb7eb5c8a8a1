/**
 * A FreeSWITCH process started by the benchmark, so that its CPU time can be read. Its configuration is a copy of
 * docker/freeswitch with one addition: extensions that carry a call by the dialplan alone.
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
  makeSwitchFiles,
  switchEnvironment,
  writeGenerated,
} from "../fixtures/harness/switch-files.js";

const READY_MS = 20_000;
const AFTER_START_MS = 1_000;

export const PHONE = { user: "bench", password: "bench-phone-password" } as const;

export interface LocalSwitch {
  readonly pid: number;
  readonly version: string;
  readonly host: string;
  readonly port: number;
  readonly password: string;
  readonly domain: string;
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
}

/**
 * Starts the switch and resolves when it accepts calls.
 * @param plain XML of extensions that stand before ours in the context `inbound`
 */
export async function startLocalSwitch(
  path: string,
  ports: Ports,
  plain: string,
  { secret, phones = new Map(), normalPriority = false }: LocalSwitchOptions = {},
): Promise<LocalSwitch> {
  const files = makeSwitchFiles();
  const inbound = join(files.conf, "dialplan", "inbound.xml");
  const ours = readFileSync(inbound, "utf8");
  const opening = '<context name="inbound">';
  if (!ours.includes(opening)) throw new Error(`no ${opening} in docker/freeswitch/dialplan/inbound.xml`);
  writeFileSync(inbound, ours.replace(opening, `${opening}\n${plain}`));
  writeGenerated(files.generated, new Map([[PHONE.user, PHONE.password], ...phones]), []);
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
      env: switchEnvironment(ports, password, secret),
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
