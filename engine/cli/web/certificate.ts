/** The certificate of the web server, read from files; a renewed one is taken without a restart. */
import { readFile, stat } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import type { Logger } from "pino";
import type { Clock, TimerHandle } from "../../clock.js";

export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
}

export type TlsRead =
  | { readonly ok: true; readonly files: TlsFiles | null }
  | { readonly ok: false; readonly why: string };

/** Null: there is to be none. */
export async function readTls(cert: string | undefined, key: string | undefined): Promise<TlsRead> {
  if (cert === undefined || key === undefined) return { ok: true, files: null };
  try {
    return { ok: true, files: { cert: await readFile(cert), key: await readFile(key) } };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}

/** @returns why they cannot be used; undefined: they can */
export function unusableTls(files: TlsFiles): string | undefined {
  try {
    createSecureContext({ cert: files.cert, key: files.key });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A renewal is weeks before the end of the old one. */
const LOOK_MS = 60_000;

export interface WatchedCertificate {
  readonly cert: string;
  readonly key: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** @throws when the two do not fit each other */
  readonly use: (files: TlsFiles) => void;
}

/** Looks for renewed files. @returns ends it */
export function watchCertificate({ cert, key, clock, log, use }: WatchedCertificate): () => void {
  let timer: TimerHandle | undefined;
  let isOver = false;
  let used: string | undefined;
  const look = async (): Promise<void> => {
    const state = await stateOf([cert, key]);
    // A file that is being replaced is looked at again; what is used stays in use.
    if (state !== undefined && used !== undefined && state !== used) await take(state);
    used ??= state;
    if (!isOver) timer = clock.after(LOOK_MS, () => void look());
  };
  const take = async (state: string): Promise<void> => {
    const read = await readTls(cert, key);
    try {
      if (!read.ok || read.files === null) throw new Error(read.ok ? "there is none" : read.why);
      use(read.files);
      used = state;
      log.info({ cert }, "the renewed certificate is used");
    } catch (error) {
      log.error({ err: error, cert }, "the renewed certificate cannot be used; the old one stays");
    }
  };
  void look();
  return () => {
    isOver = true;
    if (timer !== undefined) clock.cancel(timer);
  };
}

async function stateOf(paths: readonly string[]): Promise<string | undefined> {
  try {
    const states = await Promise.all(paths.map((path) => stat(path)));
    return states.map(({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`).join(", ");
  } catch {
    return undefined;
  }
}
