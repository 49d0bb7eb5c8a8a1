/**
 * Where the live feed is: a Unix socket, beside the database unless the operator names another place, or a TCP address of
 * this machine. Both sides find it by these functions: the engine, and whoever reads.
 */
import { closeSync, constants, openSync } from "node:fs";
import { isIP } from "node:net";
import { basename, dirname, join, resolve } from "node:path";
import { besideDatabase } from "../../storage/engine-lock.js";

export type FeedPlace =
  | { readonly kind: "socket"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number };

/** The socket of a database; undefined: a database in memory has none. */
export function placeBeside(databasePath: string): FeedPlace | undefined {
  if (databasePath === ":memory:") return undefined;
  return { kind: "socket", path: resolve(besideDatabase(databasePath, "live")) };
}

/** As an operator writes it: HOST:PORT on the loopback, or a path with a slash. Undefined: it is neither. */
export function readPlace(text: string): FeedPlace | undefined {
  if (text.includes("/")) return { kind: "socket", path: resolve(text) };
  const [, inBrackets, plain, digits] =
    /^(?:\[([0-9a-fA-F:]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = inBrackets ?? plain;
  const port = Number(digits);
  if (host === undefined || port < 1 || port > 65_535 || !isLoopback(host)) return undefined;
  return { kind: "tcp", host, port };
}

/** What goes through callers' names is not for a network, whatever secret guards it: nothing is encrypted. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

export function placeText(place: FeedPlace): string {
  if (place.kind === "socket") return place.path;
  return place.host.includes(":") ? `[${place.host}]:${place.port}` : `${place.host}:${place.port}`;
}

/** The longest path of a Unix socket, in bytes (sun_path: 108 with its end on Linux, 104 on macOS). */
const PATH_BYTES_MAX = 103;

/** A path under which the system finds a socket, and what is to be done when it is no longer used. */
export interface ShortPath {
  readonly path: string;
  /** The same for another file of that folder. */
  of(name: string): string;
  close(): void;
}

/**
 * A path of a socket that the system takes. Node.js 20 cuts off a path that is too long, without a word. On Linux such a
 * path is replaced by one that names the open folder; elsewhere there is none, and the result is undefined.
 * @throws the system's error when the folder cannot be opened
 */
export function shortPath(path: string): ShortPath | undefined {
  // A socket is made under another name first (`server.ts`), which is longer.
  const isShort = Buffer.byteLength(path) + OTHER_NAME_BYTES <= PATH_BYTES_MAX;
  if (isShort) return { path, of: (name) => join(dirname(path), name), close: () => {} };
  if (process.platform !== "linux") return undefined;
  const folder = openSync(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY);
  const of = (name: string) => `/proc/self/fd/${folder}/${name}`;
  if (Buffer.byteLength(of(basename(path))) + OTHER_NAME_BYTES <= PATH_BYTES_MAX)
    return { path: of(basename(path)), of, close: () => closeSync(folder) };
  closeSync(folder);
  return undefined;
}

/** What a name has more while a socket is being made. */
const OTHER_NAME_BYTES = 16;

/** @param freshId what nobody else uses */
export function otherName(path: string, freshId: string): string {
  return `${basename(path)}.${freshId.slice(0, OTHER_NAME_BYTES - 1)}`;
}
