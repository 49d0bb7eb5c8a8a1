/**
 * The files that desk phones fetch, from one template for each make: text with `{{names}}`, in `docker/phones`, or in a
 * folder of the operator's own. A value is written in a way that the file's format reads back as the same value, so that
 * a person's name never becomes a setting.
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { escapeXml } from "../../policy/text.js";

/** What a template may name. */
export interface PhoneValues {
  /** The person's name. */
  readonly name: string;
  readonly sip_name: string;
  readonly password: string;
  /** The switch's SIP domain. */
  readonly domain: string;
  /** host:port of the switch as phones reach it. */
  readonly server: string;
  readonly server_host: string;
  readonly server_port: string;
}

export interface Template {
  /** The file's name without its ending: what `--for` names. */
  readonly make: string;
  /** The ending of the file's name, with its dot. */
  readonly ending: string;
  readonly contentType: string;
  readonly fill: (values: PhoneValues) => string;
}

export type TemplatesRead =
  | { readonly ok: true; readonly templates: ReadonlyMap<string, Template> }
  | { readonly ok: false; readonly why: string };

interface Format {
  readonly contentType: string;
  readonly write: (value: string) => string;
}

/** By the ending of the file. */
const FORMATS: Readonly<Record<string, Format>> = {
  // One setting a line.
  ".cfg": { contentType: "text/plain; charset=utf-8", write: inOneLine },
  ".xml": { contentType: "text/xml; charset=utf-8", write: (value) => escapeXml(inOneLine(value)) },
  ".json": {
    contentType: "application/json; charset=utf-8",
    write: (value) => JSON.stringify(inOneLine(value)).slice(1, -1),
  },
};

const NAMES: ReadonlySet<string> = new Set<keyof PhoneValues>([
  "name",
  "sip_name",
  "password",
  "domain",
  "server",
  "server_host",
  "server_port",
]);

/** A make is part of addresses and of commands. */
const MAKE = /^[a-z0-9][a-z0-9-]{0,31}$/;

/** Reads all templates of folders; a later folder's template takes the place of one of the same name. */
export function readTemplates(folders: readonly string[]): TemplatesRead {
  const templates = new Map<string, Template>();
  try {
    for (const folder of folders)
      for (const file of readdirSync(folder).sort()) {
        const ending = extname(file);
        const format = FORMATS[ending];
        const make = basename(file, ending);
        if (format === undefined || !MAKE.test(make) || make === "person") continue;
        const text = readFileSync(join(folder, file), "utf8");
        const unknown = namesIn(text).find((name) => !NAMES.has(name));
        if (unknown !== undefined)
          return {
            ok: false,
            why: `${join(folder, file)}: there is no {{${unknown}}}; there are ${[...NAMES].join(", ")}`,
          };
        templates.set(make, {
          make,
          ending,
          contentType: format.contentType,
          fill: (values) => filled(text, values, format),
        });
      }
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
  return { ok: true, templates };
}

const NAME = /\{\{\s*([a-z_]+)\s*\}\}/g;

function namesIn(text: string): string[] {
  return [...text.matchAll(NAME)].map(([, name = ""]) => name);
}

function filled(text: string, values: PhoneValues, { write }: Format): string {
  const named = new Map(Object.entries(values));
  // A function, since a replacement text would read `$&` in a name.
  return text.replace(NAME, (_all, name: string) => write(named.get(name) ?? ""));
}

/** Control characters end lines, and are no part of any name. */
function inOneLine(value: string): string {
  return value.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}

/** Splits host:port; an IPv6 host keeps its brackets. */
export function splitServer(server: string): { readonly host: string; readonly port: string } {
  const [, host = server, port = "5060"] = /^(.*):(\d+)$/.exec(server) ?? [];
  return { host, port };
}
