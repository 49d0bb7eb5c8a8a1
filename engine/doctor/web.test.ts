/** Goal: the doctor says where passwords can be read, and what the web server lacks. Method: a table. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import type { WebStanding } from "../../storage/web-standing.js";
import { checkWeb } from "./web.js";

const WELL: WebStanding = {
  host: "127.0.0.1",
  port: 8080,
  tls: false,
  trustedProxies: ["127.0.0.1"],
  publicUrl: "https://phones.example.com",
  unnamedProxy: null,
};

it.each<[string, Partial<WebStanding>, readonly [level: string, what: string][]]>([
  ["well", {}, [["ok", "listens at 127.0.0.1:8080"]]],
  ["TLS of its own", { host: "0.0.0.0", port: 443, tls: true }, [["ok", "0.0.0.0:443"]]],
  ["IPv6", { host: "::", port: 443, tls: true }, [["ok", "[::]:443"]]],
  ["without a certificate", { host: "0.0.0.0" }, [["problem", "passwords can be read"]]],
  ["an address of the network", { host: "192.0.2.1" }, [["problem", "192.0.2.1:8080"]]],
  ["no address for people", { publicUrl: null }, [["warning", "where people reach it"]]],
  ["a plain address for people", { publicUrl: "http://phones.example.com" }, [["problem", "can be read"]]],
  ["a plain address on the own machine", { publicUrl: "http://localhost:8080" }, [["ok", "listens"]]],
  ["a proxy that is not named", { unnamedProxy: "10.0.0.7" }, [["warning", "10.0.0.7"]]],
  [
    "everything wrong",
    { host: "0.0.0.0", publicUrl: null, unnamedProxy: "10.0.0.7" },
    [
      ["problem", "0.0.0.0"],
      ["warning", "where people"],
      ["warning", "10.0.0.7"],
    ],
  ],
])("%s", async (_name, more, expected) => {
  const findings = await checkWeb({ ...WELL, ...more }, async () => null);
  expect(findings.map(({ level }) => level)).toEqual(expected.map(([level]) => level));
  for (const [index, [, what]] of expected.entries()) expect(findings[index]?.what).toContain(what);
});

it("says nothing where no web server runs", async () => {
  expect(await checkWeb(undefined)).toEqual([]);
});

it("says that a server that was killed, or cannot read its database, does not answer", async () => {
  const server = createServer((_request, response) => void response.writeHead(status).end());
  let status = 200;
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  expect(await checkWeb({ ...WELL, port })).toMatchObject([{ level: "ok" }]);
  status = 503;
  expect(await checkWeb({ ...WELL, port })).toMatchObject([
    { level: "warning", what: `the web server does not answer at 127.0.0.1:${port}: /healthz says 503` },
  ]);
  await new Promise((resolve) => void server.close(resolve));
  expect(await checkWeb({ ...WELL, port })).toMatchObject([
    { level: "warning", what: expect.stringContaining("ECONNREFUSED") },
  ]);
});
