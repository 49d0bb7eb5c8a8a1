/**
 * The page of the console, as `npm run build:console` has built it: read once, at the start, and answered from memory. Only
 * what was found then has an address, so that no path leads to any other file.
 */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { given } from "../../policy/office/optional.js";

interface ConsoleFile {
  readonly type: string;
  readonly plain: Buffer;
  /** Left out: it gains nothing. */
  readonly br?: Buffer;
  readonly gzip?: Buffer;
  readonly etag: string;
  readonly isImmutable: boolean;
}

/** By the path of its address. */
export type ConsoleFiles = ReadonlyMap<string, ConsoleFile>;

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
  ".json": "application/json; charset=utf-8",
  ".webmanifest": "application/manifest+json; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".wav": "audio/wav",
};

/** Their names contain a hash of what is in them. */
const HASHED = "/assets/";
const PAGE = "/index.html";
/** Addresses of others: what is not found there is no page of the console. */
const NO_PAGE = /^\/(?:api|assets|setup|phone|healthz)(?:\/|$)/;

/** @returns undefined: the page was not built */
export async function readConsoleFiles(folder: string): Promise<ConsoleFiles | undefined> {
  const names = await readdir(folder, { recursive: true }).catch((): string[] => []);
  const types = names.flatMap((name) => {
    const type = TYPES[extname(name)];
    return type === undefined ? [] : [{ name, type }];
  });
  const files = new Map<string, ConsoleFile>();
  for (const { name, type } of types) {
    const compressed = async (ending: string) =>
      names.includes(name + ending) ? readFile(join(folder, name + ending)) : undefined;
    const path = `/${name.split(sep).join("/")}`;
    const [plain, br, gzip] = await Promise.all([
      readFile(join(folder, name)),
      compressed(".br"),
      compressed(".gz"),
    ]);
    const hash = createHash("sha256").update(plain).digest("base64url").slice(0, 22);
    files.set(path, {
      type,
      plain,
      ...given({ br, gzip }),
      // Weak, as the compressed forms have the same (RFC 9110, section 8.8.1).
      etag: `W/"${hash}"`,
      isImmutable: path.startsWith(HASHED),
    });
  }
  const page = files.get(PAGE);
  if (page !== undefined) files.set("/", page);
  return page === undefined ? undefined : files;
}

/**
 * No code and no style in the page itself, and nothing of another host. Greetings are recorded and heard from memory
 * (`blob:`), and QR codes are pictures in an address (`data:`).
 */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "media-src 'self' blob:",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Greetings are recorded with the microphone; passkeys and copying work for the page itself. */
const PERMISSIONS = [
  "microphone=(self)",
  "publickey-credentials-get=(self)",
  "publickey-credentials-create=(self)",
  "clipboard-write=(self)",
  ...[
    "accelerometer",
    "camera",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "magnetometer",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
  ].map((name) => `${name}=()`),
].join(", ");

const NOT_BUILT =
  "The console is not part of this installation. In the sources, `npm run build` builds it; then start the web server again.\n";

/** Paths that no other route has. @param files undefined: the page was not built */
export function consoleAnswers(server: FastifyInstance, files: ConsoleFiles | undefined): void {
  server.setNotFoundHandler((request, reply) => {
    if (request.method === "GET" || request.method === "HEAD") {
      const [path = ""] = request.url.split("?");
      const file = files?.get(path) ?? (isPage(path, request) ? files?.get(PAGE) : undefined);
      if (file !== undefined) return send(file, request, reply);
      if (files === undefined && isPage(path, request)) return plain(reply, 404, NOT_BUILT);
    }
    return plain(reply, 404, "There is nothing here.\n");
  });
}

/** Addresses within the console can be opened: the page itself finds what they mean. */
function isPage(path: string, { headers }: FastifyRequest): boolean {
  if (path === "/") return true;
  return !NO_PAGE.test(path) && /\btext\/html\b/i.test(headers.accept ?? "");
}

function send(file: ConsoleFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { etag, isImmutable, type } = file;
  reply.headers({
    "Content-Security-Policy": PAGE_POLICY,
    "Permissions-Policy": PERMISSIONS,
    "Cache-Control": isImmutable ? "public, max-age=31536000, immutable" : "no-cache",
    ETag: etag,
    Vary: "Accept-Encoding",
  });
  if (hasIt(request.headers["if-none-match"], etag)) return reply.code(304).send();
  const { coding, body } = smallest(file, request.headers["accept-encoding"]);
  if (coding !== undefined) reply.header("Content-Encoding", coding);
  reply.code(200).type(type).header("Content-Length", body.length);
  return request.method === "HEAD" ? reply.send() : reply.send(body);
}

/** RFC 9110, section 13.1.2. */
function hasIt(ifNoneMatch: string | undefined, etag: string): boolean {
  const bare = (text: string) => text.trim().replace(/^W\//, "");
  return (ifNoneMatch ?? "").split(",").some((each) => each.trim() === "*" || bare(each) === bare(etag));
}

interface Coded {
  readonly coding?: "br" | "gzip";
  readonly body: Buffer;
}

function smallest({ plain, br, gzip }: ConsoleFile, accepted: string | undefined): Coded {
  if (br !== undefined && takes(accepted, "br")) return { coding: "br", body: br };
  if (gzip !== undefined && takes(accepted, "gzip")) return { coding: "gzip", body: gzip };
  return { body: plain };
}

/** RFC 9110, section 12.5.3; a weight of 0 means "not acceptable". */
function takes(accepted: string | undefined, coding: string): boolean {
  return (accepted ?? "").split(",").some((each) => {
    const [name = "", ...parameters] = each.split(";").map((part) => part.trim().toLowerCase());
    return name === coding && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });
}

function plain(reply: FastifyReply, status: number, body: string): FastifyReply {
  return reply.code(status).type("text/plain; charset=utf-8").send(body);
}
