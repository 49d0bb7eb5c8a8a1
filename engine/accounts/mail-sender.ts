/**
 * Sends the mails about signing in, in the process of the web server. A link is made when its mail is sent: nothing that waits
 * is a secret, and a mail that is sent again after a crash has a link that works. What a mail says is read from the live office
 * at that moment.
 */
import type { Logger } from "pino";
import type { Office, User } from "../../policy/office/office.js";
import { INVITATION } from "../../storage/accounts/invitations.js";
import type { NewAccountLink } from "../../storage/accounts/links.js";
import { type AccountMail, FORGOTTEN_PASSWORD } from "../../storage/accounts/mails.js";
import type { Clock, TimerHandle } from "../clock.js";
import {
  invitationMail,
  type NewDevice,
  newDeviceMail,
  passwordMail,
  type ShownLink,
  shownLinkMail,
} from "../mail/account-mails.js";
import type { MailText } from "../mail/frame.js";
import { backoffMs } from "../switch/backoff.js";
import type { Deps } from "../use-case.js";
import { inWords } from "../voicemail/mail-trouble.js";
import type { NotSent, Send, Sending } from "../voicemail/smtp.js";
import { INVITATION_MS } from "./invitations.js";
import { linkAddress } from "./link-address.js";
import { PASSWORD_LINK_MS, PASSWORD_LINKS_MAX } from "./passwords.js";
import { sameAddress } from "./people.js";
import { freshSecret, secretHash } from "./secrets.js";

/** Somebody has signed in from a device that was not used before. */
export const NEW_DEVICE = "new_device";
/** Somebody else was shown a link for the user's password. */
export const SHOWN_LINK = "shown_link";

export interface MailSenderDeps {
  readonly deps: Deps;
  readonly clock: Clock;
  readonly log: Logger;
  readonly send: Send;
  /** Where people reach the web server. */
  readonly publicUrl: string;
  /** The live office; undefined: there is none, or it cannot be read at the moment. */
  readonly office: () => Promise<Office | undefined>;
}

/** How often the sender looks for mails. Whoever waits for a link waits for the mail much longer. */
const LOOK_MS = 1_000;
/** A mail that was taken and is neither sent nor put back goes again then: its sender has ended. */
const TAKEN_MS = 180_000;
const SENDING_MS = 60_000;
/** How long the mail under way may take at the end. */
const CLOSE_MS = 1_000;
const RETRY = { firstMs: 30_000, maxMs: 3_600_000 } as const;
const DAY_MS = 86_400_000;
/** A mail is given up when it has waited so long. Who has forgotten a password asks again. */
const GIVEN_UP_MS: Readonly<Record<string, number>> = { [FORGOTTEN_PASSWORD]: PASSWORD_LINK_MS };
const GIVEN_UP_USUALLY_MS = 3 * DAY_MS;
const HOUR_MS = 3_600_000;

type Ended =
  /** There is nothing to send any more. */
  { readonly kind: "over" } | { readonly kind: "tried"; readonly sending: Sending };

interface Prepared {
  readonly mail: MailText;
  /** The link that the mail has; null: none. */
  readonly link: NewAccountLink | null;
}

export class AccountMailSender {
  readonly #options: MailSenderDeps;
  #timer: TimerHandle | undefined;
  #round: Promise<void> = Promise.resolve();
  #isClosed = false;
  /** Breaks off the mail under way. */
  readonly #breakOff = new AbortController();
  /** Failures of the server in a row, and until when nothing is tried. */
  #failures = 0;
  #pausedUntilMs = 0;

  constructor(options: MailSenderDeps) {
    this.#options = options;
  }

  open(): void {
    this.#later();
  }

  /** Resolves when the mail under way is sent, or broken off since its server takes its time: it is sent later. */
  async close(): Promise<void> {
    const { clock } = this.#options;
    this.#isClosed = true;
    if (this.#timer !== undefined) clock.cancel(this.#timer);
    const late = clock.after(CLOSE_MS, () => this.#breakOff.abort());
    await this.#round;
    clock.cancel(late);
  }

  #later(): void {
    if (this.#isClosed) return;
    this.#timer = this.#options.clock.after(LOOK_MS, () => {
      this.#round = this.sendDue().finally(() => this.#later());
    });
  }

  /** Sends all mails that are due; never rejects. */
  async sendDue(): Promise<void> {
    const { deps, log } = this.#options;
    try {
      while (!this.#isClosed) {
        const nowMs = deps.clock.nowMs();
        if (nowMs < this.#pausedUntilMs || !(await deps.store.accountMails.isDue(nowMs))) return;
        const mail = await deps.store.accountMails.take(nowMs, nowMs + TAKEN_MS);
        if (mail === undefined) return;
        await this.#sendOne(mail);
      }
    } catch (error) {
      log.error({ err: error }, "mails about signing in cannot be sent");
    }
  }

  async #sendOne(mail: AccountMail): Promise<void> {
    const { deps, office: read } = this.#options;
    const { store, clock } = deps;
    const office = await read();
    if (office === undefined) {
      await store.accountMails.postpone(mail.seq, clock.nowMs() + RETRY.firstMs, "the office cannot be read");
      return;
    }
    if (mail.asked !== null) {
      await store.accountMails.splitAsked(mail, usersCalled(office, mail.asked), clock.nowMs());
      return;
    }
    const user = office.users.find(({ username }) => username === mail.username);
    const ended = await this.#try(mail, user, office);
    if (ended.kind === "over" || ended.sending.outcome === "sent") {
      this.#failures = 0;
      await store.accountMails.remove(mail.seq);
      return;
    }
    await this.#notSent(mail, user, ended.sending);
  }

  async #notSent(mail: AccountMail, user: User | undefined, sending: NotSent): Promise<void> {
    const { deps, log } = this.#options;
    const { store, clock, ids } = deps;
    const why = inWords(sending.error);
    log.warn({ kind: mail.kind, user: mail.username, why }, "a mail was not sent");
    const nowMs = clock.nowMs();
    const isOver =
      sending.outcome === "refused" || nowMs - mail.madeMs > (GIVEN_UP_MS[mail.kind] ?? GIVEN_UP_USUALLY_MS);
    if (isOver) {
      if (mail.kind === INVITATION && user !== undefined) await store.invitations.failed(user.username, why);
      await store.accountMails.remove(mail.seq);
      return;
    }
    const inMs = backoffMs(mail.attempts - 1, { ...RETRY, ids });
    await store.accountMails.postpone(mail.seq, nowMs + inMs, why);
    if (sending.outcome !== "server_failed") return;
    this.#pausedUntilMs = nowMs + backoffMs(this.#failures, { ...RETRY, ids });
    this.#failures += 1;
  }

  async #try(mail: AccountMail, user: User | undefined, office: Office): Promise<Ended> {
    const { store, clock, ids } = this.#options.deps;
    const to = user?.email;
    if (user === undefined || to === undefined || user.suspended === true) {
      if (mail.kind === INVITATION && user !== undefined) {
        const why = to === undefined ? "the user has no e-mail address" : "the user is suspended";
        await store.invitations.failed(user.username, why);
      }
      return { kind: "over" };
    }
    const prepared = await this.#prepare(mail, { ...user, email: to }, office);
    if (prepared === undefined) return { kind: "over" };
    const sending = await this.#options.send(
      { to, ...prepared.mail, messageId: `<account.${ids.uuid()}@ringline>`, attachment: null },
      () => Promise.resolve(),
      AbortSignal.any([AbortSignal.timeout(SENDING_MS), this.#breakOff.signal]),
    );
    const { link } = prepared;
    if (link === null) return { kind: "tried", sending };
    if (sending.outcome === "sent") {
      if (link.kind === "invitation") await store.invitations.sent(link, clock.nowMs());
      else await this.#auditAsked(mail, user.username);
    } else if (sending.outcome !== "unknown") await store.invitations.notSent(link.linkHash);
    return { kind: "tried", sending };
  }

  /** Undefined: there is nothing to send any more. */
  async #prepare(
    mail: AccountMail,
    user: User & { readonly email: string },
    office: Office,
  ): Promise<Prepared | undefined> {
    switch (mail.kind) {
      case INVITATION:
        return this.#withLink(user, "invitation", INVITATION_MS, async (link, address) =>
          (await this.#options.deps.store.invitations.beginSending(link))
            ? invitationMail(office, user, { address, expiresMs: link.expiresMs })
            : undefined,
        );
      case FORGOTTEN_PASSWORD:
        return this.#withLink(user, "password", PASSWORD_LINK_MS, async (link, address) =>
          (await this.#options.deps.store.accounts.forgot(link, {
            most: PASSWORD_LINKS_MAX,
            sinceMs: link.madeMs - HOUR_MS,
          }))
            ? passwordMail(office, user, { address, expiresMs: link.expiresMs })
            : undefined,
        );
      case NEW_DEVICE:
        return { mail: newDeviceMail(office, user, mail.detail as unknown as NewDevice), link: null };
      case SHOWN_LINK:
        return { mail: shownLinkMail(office, user, mail.detail as unknown as ShownLink), link: null };
      default:
        this.#options.log.error({ kind: mail.kind }, "a mail of an unknown kind was dropped");
        return undefined;
    }
  }

  async #withLink(
    user: User & { readonly email: string },
    kind: NewAccountLink["kind"],
    validMs: number,
    begin: (link: NewAccountLink, address: string) => Promise<MailText | undefined>,
  ): Promise<Prepared | undefined> {
    const { deps, publicUrl } = this.#options;
    const [secret, madeMs] = [freshSecret(deps.ids), deps.clock.nowMs()];
    const link: NewAccountLink = {
      linkHash: secretHash(secret),
      username: user.username,
      kind,
      sentTo: user.email,
      madeMs,
      expiresMs: madeMs + validMs,
    };
    const mail = await begin(link, linkAddress(publicUrl, kind, secret));
    return mail === undefined ? undefined : { mail, link };
  }

  async #auditAsked({ detail }: AccountMail, username: string): Promise<void> {
    const { store, clock } = this.#options.deps;
    const address = typeof detail["address"] === "string" ? detail["address"] : null;
    await store.audit.add({
      atMs: clock.nowMs(),
      actor: null,
      key: null,
      address,
      action: "password_forgotten",
      subject: `user:${username}`,
      detail: {},
    });
  }
}

/** People who share an address get a mail each; more than a family does not. */
const SHARED_MAX = 5;

function usersCalled(office: Office, asked: string): string[] {
  return office.users
    .filter(
      ({ username, email }) => username === asked || (email !== undefined && sameAddress(email) === asked),
    )
    .map(({ username }) => username)
    .slice(0, SHARED_MAX);
}
