/**
 * Goal: the page of the console is answered whole, compressed and with headers that let nothing foreign in; addresses
 * within the console open it; no path leads to any other file of the machine.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ConsoleFiles, consoleAnswers, readConsoleFiles } from "./console-files.js";

const PAGE = "<!doctype html><title>Ringline</title>";
const SCRIPT = "export const many = 'words';\n".repeat(100);
const BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8";

let folder: string;
let files: ConsoleFiles | undefined;
let server: FastifyInstance;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-console-"));
  const built = join(folder, "console");
  mkdirSync(join(built, "assets"), { recursive: true });
  writeFileSync(join(folder, "secret.txt"), "not for anybody");
  writeFileSync(join(built, "index.html"), PAGE);
  writeFileSync(join(built, "icon.svg"), "<svg/>");
  writeFileSync(join(built, "notes.unknown"), "no type");
  writeFileSync(join(built, "assets/main-Hash1.js"), SCRIPT);
  writeFileSync(join(built, "assets/main-Hash1.js.br"), brotliCompressSync(SCRIPT));
  writeFileSync(join(built, "assets/main-Hash1.js.gz"), gzipSync(SCRIPT));
  files = await readConsoleFiles(built);
  server = fastify();
  consoleAnswers(server, files);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const get = (url: string, headers: Record<string, string> = {}, method: "GET" | "HEAD" | "POST" = "GET") =>
  server.inject({ method, url, headers });

describe("the page", () => {
  it.each(["/", "/index.html", "/users/alice.wong", "/activate", "/new-password?from=mail", "/apiary"])(
    "opens at %s",
    async (url) => {
      const answer = await get(url, { accept: BROWSER });
      expect(answer).toMatchObject({ statusCode: 200, body: PAGE });
      expect(answer.headers).toMatchObject({
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-cache",
        vary: "Accept-Encoding",
      });
    },
  );

  it("may load nothing of another host, and contains no code and no style itself", async () => {
    const { headers } = await get("/");
    const policy = String(headers["content-security-policy"]);
    expect(policy.split("; ")).toEqual([
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
    ]);
    expect(headers["permissions-policy"]).toContain("microphone=(self)");
    expect(headers["permissions-policy"]).toContain("camera=()");
  });

  it("is sent once: a browser that has it is told so", async () => {
    const { etag } = (await get("/")).headers;
    expect(etag).toMatch(/^W\/"[\w-]{22}"$/);
    for (const known of [String(etag), `"other", ${etag}`, String(etag).slice(2), "*"]) {
      const again = await get("/", { "if-none-match": known });
      expect({ status: again.statusCode, body: again.body }, known).toEqual({ status: 304, body: "" });
    }
    expect((await get("/", { "if-none-match": '"other"' })).statusCode).toBe(200);
  });

  it("answers a monitor that asks for its head alone", async () => {
    const { statusCode, body, headers } = await get("/", {}, "HEAD");
    expect({ statusCode, body, length: headers["content-length"] }).toEqual({
      statusCode: 200,
      body: "",
      length: String(PAGE.length),
    });
  });

  it.each([
    ["/users", "application/json"],
    ["/users", "*/*"],
    ["/assets/gone-Hash2.js", BROWSER],
    ["/setup/token/more", BROWSER],
    ["/phone/token", BROWSER],
    ["/healthz/x", BROWSER],
    ["/api", BROWSER],
    ["/api/v2/users", BROWSER],
    ["/favicon.ico", "image/avif,image/*"],
  ])("is not what is meant by %s for a client that takes %s", async (url, accept) => {
    expect((await get(url, { accept })).statusCode).toBe(404);
  });

  it("is not changed by anybody", async () => {
    expect((await get("/", { accept: BROWSER }, "POST")).statusCode).toBe(404);
  });
});

describe("a file of the page", () => {
  it("whose name has its hash is kept for a year, others are asked for again", async () => {
    const { headers } = await get("/assets/main-Hash1.js");
    expect(headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect(headers["content-type"]).toBe("text/javascript; charset=utf-8");
    expect((await get("/icon.svg")).headers["cache-control"]).toBe("no-cache");
  });

  it.each([
    ["gzip, deflate, br, zstd", "br"],
    ["gzip", "gzip"],
    ["br;q=0, gzip;q=0.5", "gzip"],
    ["br;q=0.0", undefined],
    ["BR", "br"],
    ["identity", undefined],
    ["", undefined],
  ])("is sent to a client that takes %j as %s", async (accepted, coding) => {
    const answer = await get("/assets/main-Hash1.js", { "accept-encoding": accepted });
    expect(answer.headers["content-encoding"]).toBe(coding);
    const sent =
      { br: brotliCompressSync(SCRIPT), gzip: gzipSync(SCRIPT) }[coding ?? ""] ?? Buffer.from(SCRIPT);
    expect(answer.rawPayload.equals(sent)).toBe(true);
    expect(answer.headers["content-length"]).toBe(String(sent.length));
  });

  it.each(["/notes.unknown", "/assets/main-Hash1.js.br", "/assets", "/assets/"])(
    "has a type, else it has no address: %s",
    async (url) => {
      expect((await get(url)).statusCode).toBe(404);
    },
  );
});

describe("another file of the machine", () => {
  const part = fc.constantFrom("..", ".", "%2e%2e", "..%2f", "%5c", "\\", "secret.txt", "assets", "", "%00");

  it("is reached by no path", async () => {
    await server.listen({ host: "127.0.0.1", port: 0 });
    const { port } = server.server.address() as AddressInfo;
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 8 }), async (parts) => {
        expect(await raw(port, `/${parts.join("/")}`)).not.toContain("not for anybody");
      }),
      { numRuns: 200 },
    );
    expect(await raw(port, "/icon.svg")).toBe("<svg/>");
  });
});

/** Asks for a path as it is written: other clients shorten `..` themselves. */
function raw(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, path, host: "127.0.0.1", headers: { accept: BROWSER } }, (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (part: string) => {
        body += part;
      });
      answer.once("end", () => resolve(body));
    });
    asked.once("error", reject).end();
  });
}

describe("a console that was not built", () => {
  it("is missed by the reader of its folder", async () => {
    expect(await readConsoleFiles(join(folder, "none"))).toBeUndefined();
    expect(await readConsoleFiles(join(folder, "console/assets"))).toBeUndefined();
  });

  it("says how it is built, to people alone", async () => {
    const without = fastify();
    consoleAnswers(without, undefined);
    const page = await without.inject({ url: "/", headers: { accept: BROWSER } });
    expect(page.statusCode).toBe(404);
    expect(page.body).toContain("npm run build");
    expect((await without.inject({ url: "/users" })).body).toBe("There is nothing here.\n");
    await without.close();
  });
});
