/**
 * Goal: the two files are what the switch reads, whatever order the certificates come in, and what cannot work is refused
 * with its reason. Method: certificates made for the tests (fixtures/certificates).
 */
import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { packageFile } from "../cli/shared/package-file.js";
import { firstCertificate, makeTlsFiles } from "./pem.js";

const read = (name: string) => readFileSync(packageFile(`fixtures/certificates/${name}`), "utf8");
const CHAIN = read("first.pem");
const KEY = read("first-key.pem");
const ROOT = read("root.pem");
const [OWN = "", INTERMEDIATE = ""] = CHAIN.split(/(?<=-----END CERTIFICATE-----\n)/);
const NOW_MS = Date.parse("2027-01-01T00:00:00Z");
const LOCKED = createPrivateKey(KEY).export({
  type: "pkcs8",
  format: "pem",
  cipher: "aes-256-cbc",
  passphrase: "secret",
}) as string;

describe("a certificate for the switch", () => {
  it.each([
    ["the certificate first", OWN + INTERMEDIATE, KEY],
    ["the intermediate first", INTERMEDIATE + OWN, KEY],
    ["with Windows' ends of lines", CHAIN.replaceAll("\n", "\r\n"), KEY],
    ["with words between", `subject: pbx\n${OWN}issuer: ca\n${INTERMEDIATE}`, KEY],
    ["with a key without an end of line", CHAIN, KEY.trimEnd()],
    ["the key in the same file", `${KEY}${CHAIN}`, `${KEY}${CHAIN}`],
  ])("%s: own certificate and key in one file, the chain in the other", (_what, certificate, key) => {
    const made = makeTlsFiles({ certificate, key }, NOW_MS);
    if (!made.ok) throw new Error(made.why);
    expect(made.agentPem.startsWith(OWN)).toBe(true);
    expect(made.agentPem).toContain(KEY.trimEnd());
    expect(made.agentPem.endsWith("-----\n")).toBe(true);
    expect(made.caFilePem).toBe(INTERMEDIATE);
    expect(made.facts.names).toContain("DNS:pbx.example.com");
    expect(made.facts).toEqual(firstCertificate(made.agentPem));
  });

  it("adds authorities to trust behind the chain", () => {
    const made = makeTlsFiles({ certificate: CHAIN, key: KEY, authorities: `# roots\n${ROOT}` }, NOW_MS);
    expect(made.ok && made.caFilePem).toBe(INTERMEDIATE + ROOT);
  });

  it("is its own authority when nobody else has signed it, since the switch needs one", () => {
    const made = makeTlsFiles({ certificate: OWN, key: KEY }, NOW_MS);
    expect(made.ok && made.caFilePem).toBe(OWN);
  });

  it.each([
    ["no certificate", "hello", KEY, /there is no certificate in the file/],
    ["half a certificate", CHAIN.slice(0, 200), KEY, /there is no certificate in the file/],
    ["a damaged certificate", OWN.replace(/M/g, "!"), KEY, /cannot be read/],
    ["no key", CHAIN, CHAIN, /no private key/],
    ["a key with a passphrase", CHAIN, LOCKED, /has a passphrase/],
    ["another's key", CHAIN, read("second-key.pem"), /belongs to no certificate/],
    ["only the intermediate", INTERMEDIATE, KEY, /belongs to no certificate/],
  ])("%s is refused", (_what, certificate, key, why) => {
    const made = makeTlsFiles({ certificate, key }, NOW_MS);
    expect(made.ok ? "" : made.why).toMatch(why);
  });

  it("is refused when it has expired", () => {
    const made = makeTlsFiles({ certificate: CHAIN, key: KEY }, Date.parse("2200-01-01T00:00:00Z"));
    expect(made.ok ? "" : made.why).toMatch(/has expired/);
  });
});
