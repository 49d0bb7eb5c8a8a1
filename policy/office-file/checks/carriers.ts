/** Checks what the settings of a carrier mean together. */
import { gatewayNames, hasPort } from "../../office/gateways.js";
import { carrierOf } from "../carrier-file.js";
import { type Place, type Problem, under } from "../problem.js";
import type { Entries } from "../read-entries.js";
import type { CarrierFile } from "../schema.js";

export function checkCarriers({ carriers }: Entries): Problem[] {
  // What a wrong setting was meant to be is not known.
  const without = (...keys: (keyof CarrierFile)[]) =>
    carriers.filter(({ wrong }) => !keys.some((key) => wrong.has(key)));
  return [
    ...without("register", "username", "auth_username", "password").flatMap(({ fields, at }) =>
      checkRegistration(fields, at),
    ),
    ...without("port", "proxy").flatMap(({ fields, at }) => checkPort(fields, at)),
    ...checkGateways({ carriers }),
  ];
}

function checkRegistration(fields: Partial<CarrierFile>, at: Place): Problem[] {
  const { register, username, password } = fields;
  const missing = (
    [
      ["username", username],
      ["password", password],
    ] as const
  ).flatMap(([key, value]) => (value === undefined ? [key] : []));
  if (register === true && missing.length > 0)
    return [
      {
        severity: "error",
        code: "missing_key",
        message: `the switch cannot register with a carrier without ${missing.join(" and ")}`,
        at: under(at, "register", "value"),
        expected: `${missing.join(" and ")} of this carrier, or register: false`,
      },
    ];
  if (username !== undefined || fields.auth_username !== undefined || password === undefined) return [];
  return [
    {
      severity: "warning",
      code: "unused",
      message: "the password of a carrier without a username is never used",
      at: under(at, "password", "value"),
      expected: "a username beside it",
    },
  ];
}

/** A port of the carrier is for proxies that name none. */
function checkPort({ port, proxy }: Partial<CarrierFile>, at: Place): Problem[] {
  const proxies = typeof proxy === "string" ? [proxy] : (proxy ?? []);
  if (port === undefined || proxies.length === 0 || !proxies.every(hasPort)) return [];
  return [
    {
      severity: "error",
      code: "duplicate",
      message: "every proxy of this carrier names its own port",
      at: under(at, "port", "value"),
      found: String(port),
      expected: "the port at the proxy or here, not both",
    },
  ];
}

/** The gateway of a second proxy is named `main.2`, which must not be another carrier's id. */
function checkGateways({ carriers }: Pick<Entries, "carriers">): Problem[] {
  const ids = new Map(carriers.flatMap(({ id, at }) => (id === undefined ? [] : [[id, at] as const])));
  return carriers.flatMap(({ fields, at }) => {
    const carrier = carrierOf(fields);
    if (carrier === undefined) return [];
    return gatewayNames(carrier)
      .slice(1)
      .flatMap((name): Problem[] => {
        const other = ids.get(name);
        if (other === undefined) return [];
        return [
          {
            severity: "error",
            code: "duplicate",
            message: `the carrier id \`${name}\` is also the name of a gateway of \`${carrier.id}\``,
            at: under(other, "id", "value"),
            found: JSON.stringify(name),
            expected: "another id: further proxies of a carrier are gateways named by its id and .2, .3, …",
            others: [{ at, note: `the carrier \`${carrier.id}\`` }],
          },
        ];
      });
  });
}
