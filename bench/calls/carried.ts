/**
 * The same calls, as each variant is told to carry them: extensions of a static dialplan, a database and a script for
 * mod_lua, an office for the engine. Each variant has numbers of its own.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { LOOPBACK } from "../../fixtures/harness/sip-message.js";
import { Database } from "../../storage/database.js";
import { SHAPES, type Shape, type ShapePhone } from "./shapes.js";

export const VARIANTS = ["plain", "lua", "parked", "asked"] as const;
export type Variant = (typeof VARIANTS)[number];

export const VARIANT_NAMES: Readonly<Record<Variant, string>> = {
  plain: "dialplan bridge",
  lua: "mod_lua, SQLite",
  parked: "engine, parked",
  asked: "engine, asked",
};

/** The gateway through which outside phones are called. */
export const GATEWAY = "main";

/** By the variant: the digit before those of the shape. The engine is told of one set of numbers by either road. */
const DIGIT: Readonly<Record<Variant, string>> = { plain: "1", lua: "2", parked: "3", asked: "3" };

/** Numbers in the script's database beside those that are called, as an installation has them. */
const OTHER_NUMBERS = 1_000;

/** A number of the engine's that rings the desk phone until the caller leaves. */
export const PATIENT_NUMBER = "12125550309";

export function numberOf(variant: Variant, shape: Shape): string {
  return `12125550${DIGIT[variant]}${shape.digits}`;
}

/** How the switch dials a phone: the same text in the dialplan and in the script's database. */
function dialText({ at, delay }: ShapePhone, shape: Shape, phonePort: number): string {
  const to =
    "user" in at
      ? `sofia/phones/sip:${at.user}@${LOOPBACK}:${phonePort}`
      : `sofia/gateway/${GATEWAY}/${at.outside}`;
  const variables = [
    ...(delay === 0 ? [] : [`leg_delay_start=${delay}`]),
    ...(shape.prompt ? ["group_confirm_key=1", "group_confirm_file=press-1-to-accept.wav"] : []),
  ];
  return variables.length === 0 ? to : `[${variables.join(",")}]${to}`;
}

/** Extensions that carry the calls of `plain` and `lua`. @param script the file of the script */
export function extensions(phonePort: number, script: string): string {
  const plain = Object.values(SHAPES).map((shape) => {
    const dial = shape.phones.map((phone) => dialText(phone, shape, phonePort)).join(",");
    return extension(
      `plain-${shape.name}`,
      numberOf("plain", shape),
      `<action application="ring_ready"/><action application="bridge" data="${dial}"/>`,
    );
  });
  const lua = extension("lua", `12125550${DIGIT.lua}\\d\\d`, `<action application="lua" data="${script}"/>`);
  return [...plain, lua].join("\n");
}

function extension(name: string, number: string, actions: string): string {
  return `<extension name="${name}"><condition field="destination_number" expression="^\\+?${number}$">${actions}</condition></extension>`;
}

/** Writes the script and its database into the folder; returns the script's file. */
export async function writeLua(folder: string, phonePort: number): Promise<string> {
  const path = join(folder, "numbers.db");
  const database = await Database.open(path, false);
  await database.run("CREATE TABLE numbers (number TEXT PRIMARY KEY, target TEXT NOT NULL)");
  await database.run(
    "CREATE TABLE phones (target TEXT NOT NULL, place INTEGER NOT NULL, dial TEXT NOT NULL)",
  );
  await database.run("CREATE INDEX phones_of_target ON phones (target, place)");
  await database.transaction(async () => {
    for (let n = 0; n < OTHER_NUMBERS; n += 1)
      await database.run("INSERT INTO numbers VALUES (?1, ?2)", [String(13_100_000_000 + n), `other-${n}`]);
    for (const shape of Object.values(SHAPES)) {
      await database.run("INSERT INTO numbers VALUES (?1, ?2)", [numberOf("lua", shape), shape.name]);
      for (const [place, phone] of shape.phones.entries())
        await database.run("INSERT INTO phones VALUES (?1, ?2, ?3)", [
          shape.name,
          place,
          dialText(phone, shape, phonePort),
        ]);
    }
  });
  await database.close();
  const script = join(folder, "route.lua");
  writeFileSync(script, luaScript(path));
  return script;
}

/** As installations write it: mod_lua's own database handle, which the switch keeps in a pool. */
function luaScript(database: string): string {
  return `local number = string.gsub(session:getVariable("destination_number"), "[^0-9]", "")
local dbh = freeswitch.Dbh("sqlite://${database}")
local legs = {}
dbh:query("SELECT dial FROM numbers JOIN phones ON phones.target = numbers.target WHERE number = '" .. number .. "' ORDER BY place",
  function(row) table.insert(legs, row.dial) end)
dbh:release()
if #legs == 0 then
  session:hangup("UNALLOCATED_NUMBER")
else
  session:execute("ring_ready")
  session:execute("bridge", table.concat(legs, ","))
end
`;
}

/** The office for the engine. */
export function officeText(phonePort: number): string {
  const users = Object.values(SHAPES).flatMap((shape) =>
    shape.name === "group"
      ? shape.phones.map((phone, index) => userText(`member.${index + 1}`, 201 + index, [phone]))
      : [userText(`${shape.name}.user`, 101 + Number(shape.digits), shape.phones)],
  );
  const members = SHAPES.group.phones.map((_, index) => `{ user: member.${index + 1} }`);
  const numbers = Object.values(SHAPES).map((shape) => {
    const target = shape.name === "group" ? "group:five" : `user:${shape.name}.user`;
    return `  - { number: "+${numberOf("parked", shape)}", steps: [ { ring: "${target}", timeout: 30 }, { hangup: no_answer } ] }`;
  });
  return `office: { name: Bench, country: US, timezone: America/New_York }
carriers:
  - { id: ${GATEWAY}, proxy: "${LOOPBACK}:${phonePort}" }
users:
${users.join("\n")}
groups:
  - { id: five, name: Five, extension: 200, members: [ ${members.join(", ")} ] }
numbers:
${numbers.join("\n")}
  - { number: "+${PATIENT_NUMBER}", steps: [ { ring: "user:desk.user", timeout: none }, { hangup: no_answer } ] }
`;
}

/** User and device of each registered phone of that office. */
export function registeredDevices(): ReadonlyArray<readonly [user: string, device: string]> {
  return Object.values(SHAPES).flatMap((shape) =>
    shape.phones.flatMap(({ at }, index) => {
      if (!("user" in at)) return [];
      const isMember = shape.name === "group";
      return [
        [isMember ? `member.${index + 1}` : `${shape.name}.user`, deviceId(isMember ? 0 : index)] as const,
      ];
    }),
  );
}

function deviceId(index: number): string {
  return `phone-${index + 1}`;
}

function userText(username: string, extension: number, phones: readonly ShapePhone[]): string {
  const devices = phones.map(({ at, delay }, index) => {
    const to = "user" in at ? `sip: ${at.user}` : `phone: "+${at.outside}"`;
    return `{ id: ${deviceId(index)}, ${to}${delay === 0 ? "" : `, delay: ${delay}`} }`;
  });
  return `  - { username: ${username}, name: ${username}, extension: ${extension}, devices: [ ${devices.join(", ")} ] }`;
}
