/**
 * An office while edits change it: its entries in the words of the file, by their ids. Whether they are a valid office
 * is decided once, when all edits are made, so that edits may be in any order: two users can exchange extensions.
 */
import type { Office } from "../../office/office.js";
import { exportOffice, type OfficeFileContent } from "../../office-file/export.js";
import { ENTRY_SECTIONS } from "../../office-file/sections.js";
import { checkContents, type Edited, refused } from "../edit.js";
import { extensionsFor } from "../users.js";
import type { Entry } from "./merge.js";

/** Stands for the next free extension, until all edits are made. */
export const AUTO = "auto";

/** The sections that are lists, each with the field that identifies an entry. */
const KEYS: Readonly<Record<string, string>> = {
  carriers: "id",
  users: "username",
  groups: "id",
  numbers: "number",
  ...Object.fromEntries(ENTRY_SECTIONS.map(({ key }) => [key, "id"])),
};

export class Draft {
  office: Entry;
  readonly #sections: ReadonlyMap<string, Map<string, Entry>>;

  constructor(office: Office) {
    const content: Readonly<Record<string, unknown>> = exportOffice(office);
    this.office = content["office"] as Entry;
    const lists = Object.entries(KEYS).map(([section, key]) => {
      const entries = (content[section] ?? []) as readonly Entry[];
      return [section, new Map(entries.map((entry) => [String(entry[key]), entry]))] as const;
    });
    const flows = Object.entries((content["flows"] ?? {}) as Readonly<Record<string, unknown>>);
    this.#sections = new Map([...lists, ["flows", new Map(flows.map(([id, steps]) => [id, { steps }]))]]);
  }

  /** The entries of a section by their ids, in the order of the file. A flow is an entry with the field `steps`. */
  section(name: string): Map<string, Entry> {
    const section = this.#sections.get(name);
    if (section === undefined) throw new Error(`an office file has no section ${name}`);
    return section;
  }

  /** The country by which numbers are read. */
  get country(): string | undefined {
    const { country } = this.office;
    return typeof country === "string" ? country : undefined;
  }

  /** The office of these entries, or its faults. @param reason what to say of the faults */
  check(reason: string): Edited {
    if (!this.#giveExtensions()) return refused("there is no free extension left");
    return checkContents([this.#content()], reason);
  }

  #content(): OfficeFileContent {
    const lists = [...this.#sections].flatMap(([name, entries]) =>
      name === "flows" || entries.size === 0 ? [] : [[name, [...entries.values()]] as const],
    );
    const flows = [...this.section("flows")].map(([id, { steps }]) => [id, steps] as const);
    // The reader of office files checks every field.
    return {
      office: this.office,
      ...Object.fromEntries(lists),
      ...(flows.length === 0 ? {} : { flows: Object.fromEntries(flows) }),
    } as OfficeFileContent;
  }

  /** Replaces `auto` by free extensions. Extensions that other edits name are taken, before or after. */
  #giveExtensions(): boolean {
    const owners = ["users", "groups"].flatMap((name) =>
      [...this.section(name)].map(([id, entry]) => ({ name, id, entry })),
    );
    const waiting = owners.filter(({ entry }) => entry["extension"] === AUTO);
    if (waiting.length === 0) return true;
    const taken = owners.flatMap(({ entry: { extension } }) =>
      extension === undefined || extension === AUTO ? [] : [String(extension)],
    );
    const free = extensionsFor(waiting.length, { users: [], groups: [] }, taken);
    for (const [index, { name, id, entry }] of waiting.entries()) {
      const extension = free?.[index];
      if (extension === undefined) return false;
      this.section(name).set(id, { ...entry, extension });
    }
    return true;
  }
}
