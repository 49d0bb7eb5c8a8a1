/**
 * Goal: people sign in over TLS and behind proxies as browsers ask, and a forwarded header of a stranger is believed by
 * nobody. Method: the command itself on real sockets, with certificates that openssl makes, asked with HTTPS, and through a
 * proxy of the test's own.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createServer, request as httpRequest, type IncomingHttpHeaders, type Server } from "node:http";
import { request as httpsRequest } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Running, ringline, startRinglineOn } from "../../../fixtures/cli/run-program.js";
import { mustOpen } from "../../../fixtures/must-open.js";
import { ScaledClock } from "../../../fixtures/scaled-clock.js";
import { hashPassword } from "../../accounts/password-hash.js";

// The priority of the test's own process would be lower for whatever it does next.
vi.mock("./lower-priority.js", () => ({ lowerPriority: () => undefined }));

const ACME = fileURLToPath(new URL("../../../fixtures/offices/acme-dental.yaml", import.meta.url));
const PASSWORD = "correct horse 7";
const HOST = "phones.example.com";

let folder: string;
let db: string;
let running: Running | undefined;
let proxy: Server | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-https-"));
  db = join(folder, "office.db");
  expect(await ringline("apply", ACME, "--db", db)).toMatchObject({ code: 0 });
  const hashed = await hashPassword(PASSWORD);
  if (hashed.outcome !== "hashed") throw new Error(hashed.outcome);
  const store = await mustOpen(db);
  await store.accounts.put({
    username: "alice.wong",
    passwordHash: hashed.hash,
    activatedMs: 1,
    passwordMs: 1,
  });
  await store.close();
});
afterEach(async () => {
  await running?.stop();
  proxy?.close();
  [running, proxy] = [undefined, undefined];
  rmSync(folder, { recursive: true });
});

/** A certificate that signs itself, and its key. */
function certificate(name: string): { cert: string; key: string } {
  const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}-key.pem`)];
  const made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const named = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${HOST}`];
  execFileSync("openssl", ["req", "-x509", ...made, ...named, "-keyout", key, "-out", cert], {
    stdio: "ignore",
  });
  return { cert, key };
}

async function freePort(): Promise<number> {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as AddressInfo;
  await new Promise((resolve) => taken.close(resolve));
  return port;
}

/** Starts the server; time passes a hundred times as fast. @returns its port */
async function serve(...options: string[]): Promise<number> {
  running = startRinglineOn(
    new ScaledClock(100),
    {},
    "web",
    "--db",
    db,
    "--listen",
    `127.0.0.1:${await freePort()}`,
    ...options,
  );
  return Number((await running.logged("the web server answers"))["port"]);
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly type?: string; readonly items?: readonly { readonly address: string }[] };
  /** The name in the server's certificate. */
  readonly certificate: string | undefined;
}

interface Asked {
  readonly port: number;
  readonly method?: string;
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** The only certificate that is trusted; left out: plain HTTP. */
  readonly ca?: string;
}

function ask({ port, method = "GET", path, body, headers = {}, ca }: Asked): Promise<Answer> {
  const text = body === undefined ? "" : JSON.stringify(body);
  const json = { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)) };
  const options = {
    ...{ host: "127.0.0.1", port, method, path: `/api/v1${path}`, agent: false as const },
    headers: { host: HOST, ...(text === "" ? {} : json), ...headers },
  };
  return new Promise((resolve, reject) => {
    const asking =
      ca === undefined
        ? httpRequest(options)
        : httpsRequest({ ...options, servername: HOST, ca: readFileSync(ca) });
    asking.on("error", reject).on("response", (response) => {
      const subject =
        ca === undefined ? undefined : (response.socket as TLSSocket).getPeerCertificate().subject;
      let got = "";
      response.setEncoding("utf8").on("data", (piece: string) => {
        got += piece;
      });
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: got === "" ? {} : (JSON.parse(got) as Answer["body"]),
          certificate: subject?.CN as string | undefined,
        }),
      );
    });
    asking.end(text);
  });
}

const SIGN_IN = {
  method: "POST",
  path: "/sign-in",
  body: { username: "alice.wong", password: PASSWORD },
} as const;

function cookiesOf({ headers }: Answer): readonly string[] {
  return headers["set-cookie"] ?? [];
}

/** The cookies as a browser sends them. */
function sent(answer: Answer): string {
  return cookiesOf(answer)
    .map((cookie) => cookie.split(";", 1)[0])
    .join("; ");
}

it("signs people in over TLS with cookies for this host alone, and uses a renewed certificate", async () => {
  const { cert, key } = certificate("first");
  const port = await serve("--cert", cert, "--key", key);
  const origin = `https://${HOST}`;
  const answer = await ask({ ...SIGN_IN, port, ca: cert, headers: { origin } });
  expect(answer).toMatchObject({ status: 200, certificate: "first" });
  expect(cookiesOf(answer)).toEqual([
    expect.stringMatching(
      /^__Host-ringline=[\w-]+; Path=\/; HttpOnly; SameSite=Strict; Secure; Max-Age=2592000$/,
    ),
    expect.stringMatching(/^__Host-ringline-browser=[\w-]+; Path=\/; HttpOnly; SameSite=Strict; Secure; /),
  ]);
  const cookie = sent(answer);
  expect(await ask({ port, path: "/me", ca: cert, headers: { cookie } })).toMatchObject({ status: 200 });
  await expect(ask({ port, path: "/me" })).rejects.toThrow();

  const renewed = certificate("second");
  renameSync(renewed.key, key);
  renameSync(renewed.cert, cert);
  await running?.logged("certificate");
  const after = await ask({ port, path: "/me", ca: cert, headers: { cookie } });
  expect(after).toMatchObject({ status: 200, certificate: "second" });
}, 120_000);

/** Passes requests on as a proxy does that has done TLS with the browser. @returns its port */
async function proxyTo(port: number): Promise<number> {
  proxy = createServer((incoming, outgoing) => {
    const forwarded = {
      "x-forwarded-proto": "https",
      "x-forwarded-for": "198.51.100.7",
      "x-forwarded-host": HOST,
    };
    const { method, url: path, headers } = incoming;
    const options = { host: "127.0.0.1", port, method, path, headers: { ...headers, ...forwarded } };
    const passed = httpRequest(options, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    passed.on("error", () => outgoing.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => proxy?.listen(0, "127.0.0.1", resolve));
  return (proxy.address() as AddressInfo).port;
}

it("behind a proxy that is named, people sign in, and their own addresses are seen", async () => {
  const port = await proxyTo(await serve("--trust-proxy", "127.0.0.1"));
  const answer = await ask({ ...SIGN_IN, port, headers: { origin: `https://${HOST}` } });
  expect(answer).toMatchObject({ status: 200 });
  expect(cookiesOf(answer)[0]).toMatch(/^__Host-ringline=.*; Secure; /);
  const sessions = await ask({ port, path: "/me/sessions", headers: { cookie: sent(answer) } });
  expect(sessions.body.items).toMatchObject([{ address: "198.51.100.7" }]);
}, 120_000);

it("a proxy that is not named is not believed, and the log says which", async () => {
  const port = await proxyTo(await serve());
  const answer = await ask({ ...SIGN_IN, port, headers: { origin: `http://${HOST}` } });
  expect(answer).toMatchObject({ status: 403, body: { type: "needs_https" } });
  expect(cookiesOf(answer)).toEqual([]);
  expect(await running?.logged("is not named")).toMatchObject({ address: "127.0.0.1" });
}, 120_000);

it("without a proxy a browser's own words about itself are not believed", async () => {
  const port = await serve();
  const headers = { "x-forwarded-proto": "https", "x-forwarded-for": "198.51.100.7", host: "localhost" };
  const answer = await ask({ ...SIGN_IN, port, headers });
  expect(answer.status).toBe(200);
  expect(cookiesOf(answer)[0]).toMatch(/^ringline=/);
  const sessions = await ask({ port, path: "/me/sessions", headers: { ...headers, cookie: sent(answer) } });
  expect(sessions.body.items).toMatchObject([{ address: "127.0.0.1" }]);
}, 120_000);
