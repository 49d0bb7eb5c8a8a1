/** Goal: a carrier in a file is read as it is meant, or refused with its place and what would be right. Method: tables of files. */
import { describe, expect, it } from "vitest";
import { exportOffice } from "../export.js";
import { resolveOffice } from "../resolve.js";

const OFFICE = { name: "Acme", country: "US", timezone: "America/New_York" };
const SECRET = { env: "CARRIER" };

function read(...carriers: readonly object[]) {
  return resolveOffice([{ office: OFFICE, carriers }]);
}

/** Code and place of each problem. */
function problems(...carriers: readonly object[]) {
  return read(...carriers).problems.map(
    ({ severity, code, at }) => `${severity} ${code} ${at.path.join(".")}`,
  );
}

describe("the encryption of a device", () => {
  const withDevice = (device: object) =>
    resolveOffice([
      {
        office: OFFICE,
        carriers: [{ id: "main", proxy: "sip.example.net" }],
        users: [{ username: "alice.wong", name: "Alice", devices: [{ id: "desk", ...device }] }],
      },
    ]);

  it.each(["required", "optional", "never"])("%s is read, and written again", (srtp) => {
    const { office, problems: found } = withDevice({ sip: "alice-desk", srtp });
    expect(found).toEqual([]);
    expect(office?.users[0]?.devices[0]).toMatchObject({ srtp });
    expect(office && exportOffice(office).users?.[0]?.devices?.[0]).toEqual({
      id: "desk",
      sip: "alice-desk",
      srtp,
    });
  });

  it.each([
    [{ sip: "alice-desk", srtp: "allowed" }, "wrong_value"],
    [{ phone: "+12125550177", srtp: "required" }, "wrong_value"],
  ])("%j is refused, with its place", (device, code) => {
    const found = withDevice(device).problems.filter(({ severity }) => severity === "error");
    expect(found.map(({ code: each, at }) => `${each} ${at.path.at(-1)}`)).toEqual([`${code} srtp`]);
  });
});

describe("a carrier in a file", () => {
  it("has all its settings, in the model's units", () => {
    const { office, problems: found } = read({
      id: "main",
      proxy: ["sip.example.net", "192.0.2.7:5070", "[2001:db8::1]"],
      port: 5080,
      transport: "tls",
      srtp: "required",
      username: "acme",
      password: SECRET,
      auth_username: "auth@acme",
      register: true,
      realm: "example net",
      from_domain: "acme.example",
      from_user: "49302312500",
      extension: "+49302312500",
      expire: 600,
      ping: 30,
      addresses: ["192.0.2.10", "192.0.2.0/24", "edge.example.net"],
    });
    expect(found).toEqual([]);
    expect(office?.carriers).toEqual([
      {
        id: "main",
        proxy: "sip.example.net",
        moreProxies: ["192.0.2.7:5070", "[2001:db8::1]"],
        port: 5080,
        transport: "tls",
        srtp: "required",
        username: "acme",
        password: SECRET,
        authUsername: "auth@acme",
        register: true,
        realm: "example net",
        fromDomain: "acme.example",
        fromUser: "49302312500",
        extension: "+49302312500",
        expireMs: 600_000,
        pingMs: 30_000,
        addresses: ["192.0.2.10", "192.0.2.0/24", "edge.example.net"],
      },
    ]);
  });

  it("is the same with its defaults written out", () => {
    const plain = read({ id: "main", proxy: "sip.example.net" });
    const written = read({ id: "main", proxy: ["sip.example.net"], transport: "udp", trusted: false });
    expect(written.office).toEqual(plain.office);
  });

  const wrong: ReadonlyArray<readonly [key: string, value: unknown]> = [
    ["proxy", []],
    ["proxy", Array.from({ length: 9 }, () => "a.example")],
    ["proxy", "a.example:0"],
    ["proxy", "a.example:65536"],
    ["proxy", "a.example:99999"],
    ["proxy", "a..example"],
    ["proxy", "-a.example"],
    ["proxy", "[::g]"],
    ["proxy", "[1:2]"],
    ["proxy", "sip:a.example"],
    ["proxy", 'a.example"/>'],
    ["proxy", "a.example;transport=tcp"],
    ["port", 0],
    ["port", 65_536],
    ["port", "5060"],
    ["transport", "sctp"],
    ["srtp", true],
    ["username", "with blank"],
    ["username", "a:b"],
    ["username", "a@b"],
    ["username", 'a"b'],
    ["username", "a>b"],
    ["username", ""],
    ["auth_username", "a:b"],
    ["auth_username", 'a"b'],
    ["password", "s3cret"],
    ["register", "yes"],
    ["realm", 'a"b'],
    ["realm", "a\nb"],
    ["proxy", "192.0.2.256"],
    ["proxy", "192.0.2:5060"],
    ["realm", "a\u2028b"],
    ["realm", "a\uffffb"],
    ["auth_username", "a\ufffeb"],
    ["from_domain", "a b"],
    ["from_domain", "a>"],
    ["from_user", "a@b"],
    ["extension", "a;b"],
    ["extension", "a@b"],
    ["extension", 101],
    ["expire", 59],
    ["expire", 86_401],
    ["ping", 4],
    ["ping", 1.5],
    ["addresses", []],
    ["addresses", "192.0.2.1"],
    ["gateway", "main"],
  ];
  it.each(wrong)("%s: %j is an error at its place", (key, value) => {
    const { office, problems: found } = read({ id: "main", proxy: "a.example", [key]: value });
    expect(office).toBeUndefined();
    expect(found[0]).toMatchObject({
      severity: "error",
      at: { path: expect.arrayContaining(["carriers", 0, key]) },
    });
    expect(found[0]?.expected).toBeTruthy();
  });

  it.each(["0.0.0.0/0", "192.0.2.0/33", "a b", "192.0.2.256", "sip.example.net:5060", 5])(
    "the address %j is an error at its own place",
    (address) => {
      expect(problems({ id: "main", proxy: "a.example", addresses: ["192.0.2.1", address] })).toEqual([
        "error wrong_value carriers.0.addresses.1",
      ]);
    },
  );
});

describe("what the settings of a carrier mean together", () => {
  const rows: ReadonlyArray<readonly [what: string, carriers: readonly object[], found: readonly string[]]> =
    [
      ["a name and a password", [{ username: "acme", password: SECRET }], []],
      ["a name alone, as of the trunk", [{ username: "acme" }], []],
      ["a password without a name", [{ password: SECRET }], ["warning unused carriers.0.password"]],
      [
        "a password with a name for challenges",
        [{ auth_username: "acme", password: SECRET, register: false }],
        [],
      ],
      [
        "register without a password",
        [{ register: true, username: "acme" }],
        ["error missing_key carriers.0.register"],
      ],
      [
        "register without a name",
        [{ register: true, password: SECRET }],
        ["error missing_key carriers.0.register"],
      ],
      [
        "register: true with a wrong name is one problem",
        [{ register: true, username: "a b", password: SECRET }],
        ["error wrong_value carriers.0.username"],
      ],
      [
        "a port beside a proxy that has one",
        [{ proxy: "a.example:5070", port: 5080 }],
        ["error duplicate carriers.0.port"],
      ],
      ["a port for one of two proxies", [{ proxy: ["a.example:5070", "b.example"], port: 5080 }], []],
      [
        "the id of another carrier's second proxy",
        [{ proxy: ["a.example", "b.example"] }, { id: "main.2" }],
        ["error duplicate carriers.1.id"],
      ],
      ["an id like that, without a second proxy", [{}, { id: "main.2" }], []],
    ];
  it.each(rows)("%s", (_what, carriers, found) => {
    expect(problems(...carriers.map((carrier) => ({ id: "main", proxy: "a.example", ...carrier })))).toEqual(
      found,
    );
  });
});
