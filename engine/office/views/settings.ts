/** The office as a whole and its carriers, as people and programs are shown them, in the words of the file. */

import { SETTINGS_KEY } from "../../../policy/office/entities.js";
import type { Office } from "../../../policy/office/office.js";
import { exportCarrier, exportSettings } from "../../../policy/office-file/export.js";
import type { CarrierFile, OfficeFile } from "../../../policy/office-file/schema.js";
import { suggest } from "../../../policy/office-file/suggest.js";
import { emergencyNumbers } from "../../../policy/routing/emergency.js";
import type { Deps } from "../../use-case.js";
import { driftOf, type EntityDrift, type Live, type Viewed, viewLive } from "./live.js";
import type { NotFound } from "./users.js";

export interface AboutOffice {
  readonly outcome: "shown";
  readonly revision: number;
  readonly office: OfficeFile;
  /** Those that count: the office's own, or its country's. */
  readonly emergencyNumbers: readonly string[];
  readonly counts: Readonly<Record<"carriers" | "users" | "groups" | "flows" | "numbers", number>>;
  /** Null: the files have the settings as they are live. */
  readonly drift: EntityDrift | null;
}

export interface CarrierList {
  readonly outcome: "listed";
  /** In the order in which calls outside try them. */
  readonly carriers: readonly CarrierFile[];
}

export interface AboutCarrier {
  readonly outcome: "shown";
  readonly carrier: CarrierFile;
  /** The position in the order in which calls outside try the carriers, from 1. */
  readonly place: number;
  readonly of: number;
  /** Null: the files have the carrier as it is live. */
  readonly drift: EntityDrift | null;
}

export function showOffice(deps: Pick<Deps, "store">): Promise<Viewed<AboutOffice>> {
  return viewLive<AboutOffice>(deps, officeIn);
}

/** The same of an office that is in memory. */
export function officeIn(live: Live): AboutOffice {
  const { revision, office } = live;
  const { carriers, users, groups, flows, numbers } = office;
  return {
    outcome: "shown",
    revision,
    office: exportSettings(office),
    emergencyNumbers: emergencyNumbers(office),
    counts: {
      carriers: carriers.length,
      users: users.length,
      groups: groups.length,
      flows: Object.keys(flows).length,
      numbers: numbers.length,
    },
    drift: driftOf(live, "settings", SETTINGS_KEY),
  };
}

export function listCarrierEntries(deps: Pick<Deps, "store">): Promise<Viewed<CarrierList>> {
  return viewLive<CarrierList>(deps, ({ office }) => ({
    outcome: "listed",
    carriers: office.carriers.map(exportCarrier),
  }));
}

/** Everything the live office says of one carrier. */
export function showCarrier(deps: Pick<Deps, "store">, id: string): Promise<Viewed<AboutCarrier | NotFound>> {
  return viewLive<AboutCarrier | NotFound>(deps, (live) => carrierIn(live, id));
}

/** The same of an office that is in memory. */
export function carrierIn(live: Live, id: string): AboutCarrier | NotFound {
  const { carriers } = live.office;
  const place = carriers.findIndex((carrier) => carrier.id === id);
  const carrier = carriers[place];
  if (carrier === undefined) return { outcome: "not_found", reason: noSuchCarrier(live.office, id) };
  return {
    outcome: "shown",
    carrier: exportCarrier(carrier),
    place: place + 1,
    of: carriers.length,
    drift: driftOf(live, "carriers", id),
  };
}

function noSuchCarrier({ carriers }: Office, id: string): string {
  const meant = suggest(
    id,
    carriers.map((carrier) => carrier.id),
  );
  return `there is no carrier \`${id}\`${meant === undefined ? "" : `; did you mean ${meant}?`}`;
}
