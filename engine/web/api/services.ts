/** What the API's handlers work with, besides what the request says. */
import type { Logger } from "pino";
import type { RouteAccess } from "../../../policy/access/access.js";
import type { SessionLimits } from "../../../policy/accounts/session-life.js";
import type { NewAuditEntry } from "../../../storage/audit.js";
import type { Live, Viewed } from "../../office/views/live.js";
import type { Deps } from "../../use-case.js";
import type { Play } from "./player.js";
import type { Voice } from "./voice.js";

export interface Services {
  readonly deps: Deps;
  readonly log: Logger;
  /**
   * Where people reach the server, for links in mails: `https://phones.example.com`. Null: nobody has said it; a link that
   * is made for a request takes the request's origin.
   */
  readonly publicUrl: string | null;
  /** Whether mails to people are sent: a mail server and the public address are known. */
  readonly sendsMail: boolean;
  /** The operator has said that passwords may pass without encryption: others cannot read them on their way. */
  readonly allowsPlainHttp: boolean;
  /** What phones are told: the switch's SIP domain, and host:port where they reach it; null: nobody has said it. */
  readonly phones: { readonly domain: string; readonly server: string | null };
  /** How long people stay signed in. */
  readonly sessionLimits: () => Promise<SessionLimits>;
  /** The live office. It is read again when there is a new revision only. */
  readonly live: () => Promise<Viewed<Live>>;
  readonly voice: Voice;
  /** Plays calls that are not placed. */
  readonly play: Play;
  /** What each operation of the API needs, by its id. */
  readonly operations: Readonly<Record<string, RouteAccess>>;
  /** Never fails: an entry that cannot be written is logged. */
  readonly audit: (entry: Omit<NewAuditEntry, "atMs">) => Promise<void>;
}
