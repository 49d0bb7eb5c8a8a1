/**
 * Devices of users: desk phones and softphones with what they sign in with, and outside phones. People look after their own;
 * an outside number of their own they prove first.
 */
import { renderSVG } from "uqr";
import { z } from "zod";
import { aboveBy } from "../../../../policy/access/rights.js";
import type { Edit } from "../../../../policy/change/edits/types.js";
import type { Device, User } from "../../../../policy/office/office.js";
import { exportDevice } from "../../../../policy/office-file/export.js";
import { deviceSchema } from "../../../../policy/office-file/schema.js";
import type { FeedPhone } from "../../../feed/protocol.js";
import {
  makeFirstPassword,
  type PasswordMade,
  rotatePassword,
  type SignIn,
} from "../../../office/changes/phone-passwords.js";
import { FOR_PERSON, makeSetupLinks } from "../../../office/changes/setup-links.js";
import type { Live } from "../../../office/views/live.js";
import { phoneSettings } from "../../../phone-settings.js";
import { orDatabaseFailed } from "../../../use-case.js";
import { type Actor, authorOf } from "../actor.js";
import { auditOf } from "../audit-of.js";
import { changeAnswer, changeQuery, edit } from "../changes.js";
import { changedFields, entryFieldsOf, newEntry } from "../entry-fields.js";
import { failureOf } from "../failures.js";
import { withLive } from "../live.js";
import { type Problem, problem } from "../problem.js";
import { type Ok, ok, route } from "../route.js";
import type { Services } from "../services.js";
import { isoTime } from "../time.js";

const TAG = "Devices";
/** Who may change users reaches all devices; everybody else their own. */
const DEVICES = { needs: "permission", permission: "users", others: "own" } as const;

const params = z.object({ username: z.string().max(64), id: z.string().max(64) });
const ownerParams = params.pick({ username: true });

const signInState = z.object({
  sip_name: z.string(),
  /** Null: it has no password, and cannot sign in. */
  password_made_at: z.string().nullable(),
  password_made_by: z.string().nullable(),
  /** Why the phone cannot sign in; null: it can. */
  refused: z.enum(["suspended", "no_account", "no_password"]).nullable(),
});

/** What the engine knows of a phone at this moment. */
const live = z.object({
  /** It is signed in, so that calls reach it. */
  reachable: z.boolean(),
  contacts: z.array(z.object({ agent: z.string(), since_at: z.string() })),
});

const listed = deviceSchema.omit({ renamed_from: true }).extend({
  kind: z.enum(["sip", "phone"]),
  /** Null: an outside phone, which signs in nowhere. */
  sign_in: signInState.nullable(),
  /** Null: an outside phone, or the engine cannot tell at this moment. */
  live: live.nullable(),
  may: z.object({ change: z.boolean(), remove: z.boolean() }),
});

const settings = z.object({
  sip_name: z.string(),
  /** It is shown now, and can never be read again. */
  password: z.string(),
  domain: z.string(),
  /** host:port of the switch as phones reach it; null: the operator has not said it. */
  server: z.string().nullable(),
  /** The same as lines of text, and as a picture of a QR code of it. */
  qr_text: z.string(),
  qr_svg: z.string(),
});

export const deviceRoutes = {
  listDevices: route({
    method: "GET",
    path: "/users/{username}/devices",
    tag: TAG,
    summary: "List a user's devices, in ringing order",
    access: DEVICES,
    params: ownerParams,
    answer: z.object({ items: z.array(listed) }),
    handle: (request) =>
      ofUser(request, async (user, revision, table) => {
        const { services } = request;
        const phones = (await services.voice.hub?.phones()) ?? null;
        const read = await orDatabaseFailed(async () => {
          const needsAccount = table.settings.phonesNeedAccount === true;
          const { store } = services.deps;
          const about = {
            phones,
            lacksAccount: needsAccount && (await store.accounts.account(user.username)) === undefined,
          };
          const items = user.devices.map((device) => listedJson(services, user, device, about));
          return { outcome: "read" as const, items: await Promise.all(items) };
        });
        return read.outcome === "read" ? ok({ items: read.items }, { revision }) : failureOf(services, read);
      }),
  }),

  addDevice: route({
    method: "POST",
    path: "/users/{username}/devices",
    tag: TAG,
    summary: "Add a device to a user",
    description:
      "With neither `sip` nor `phone` it is a phone with a SIP name made of the username and the id. People who may not change users prove an outside number of their own first.",
    access: DEVICES,
    params: ownerParams,
    query: changeQuery,
    body: newEntry(deviceSchema, ["renamed_from"], {}),
    answer: changeAnswer,
    status: 201,
    isCreating: true,
    isChangingOffice: true,
    handle: async (request) => {
      const { username } = request.params;
      const refused = othersUser(request);
      if (refused !== undefined) return refused;
      const { id, ...fields } = entryFieldsOf(request.body);
      const name = String(id);
      const isOutside = fields["phone"] !== undefined;
      const whole = isOutside ? fields : { sip: `${username.replaceAll(".", "-")}-${name}`, ...fields };
      const add: Edit = { verb: "add", kind: "device", id: `${username}/${name}`, fields: whole };
      return edit(request, [add], { location: deviceAt(username, name) });
    },
  }),

  changeDevice: route({
    method: "PATCH",
    path: "/users/{username}/devices/{id}",
    tag: TAG,
    summary: "Change a device",
    description: "`place` is its position in ringing order, from 1.",
    access: DEVICES,
    params,
    query: changeQuery,
    body: changedFields(deviceSchema, ["id", "renamed_from"], { place: z.number().int().min(1).optional() }),
    answer: changeAnswer,
    isChangingOffice: true,
    handle: async (request) => {
      const { username, id } = request.params;
      const refused = othersUser(request);
      if (refused !== undefined) return refused;
      const fields = entryFieldsOf(request.body);
      return edit(request, [{ verb: "set", kind: "device", id: `${username}/${id}`, fields }]);
    },
  }),

  removeDevice: route({
    method: "DELETE",
    path: "/users/{username}/devices/{id}",
    tag: TAG,
    summary: "Remove a device; a phone cannot sign in any more",
    access: DEVICES,
    params,
    query: changeQuery,
    answer: changeAnswer,
    isChangingOffice: true,
    handle: async (request) => {
      const { username, id } = request.params;
      const refused = othersUser(request);
      if (refused !== undefined) return refused;
      return edit(request, [{ verb: "remove", kind: "device", id: `${username}/${id}`, options: {} }]);
    },
  }),

  makeDevicePassword: route({
    method: "POST",
    path: "/users/{username}/devices/{id}/password",
    tag: TAG,
    summary: "Make a phone's password, and show it once",
    description: "A password that the phone had before stops working, and the phone is signed out.",
    access: DEVICES,
    params,
    answer: settings,
    handle: (request) =>
      ofUser(request, async (user) => {
        const {
          services,
          params: { id },
          actor,
        } = request;
        const wanted = {
          ...{ username: user.username, id, author: authorOf(actor) },
          domain: services.phones.domain,
        };
        const first = await makeFirstPassword(services.deps, wanted);
        const made = first.outcome === "has_password" ? await rotatePassword(services.deps, wanted) : first;
        if (made.outcome !== "made") return passwordProblem(services, made);
        await services.audit({
          ...auditOf(request),
          ...{ action: "phone_password_made", subject: `device:${user.username}/${id}`, detail: {} },
        });
        return ok(settingsJson(made.signIn, services.phones.server));
      }),
  }),

  makeDeviceLink: route({
    method: "POST",
    path: "/users/{username}/devices/{id}/link",
    tag: TAG,
    summary: "Make a link with which a person sets the phone up, once",
    description:
      "The password is made when the link is used. A link of the same phone that was not used ends.",
    access: DEVICES,
    params,
    body: z.object({
      valid_hours: z
        .number()
        .int()
        .min(1)
        .max(24 * 30)
        .default(72),
    }),
    answer: z.object({ url: z.string(), expires_at: z.string() }),
    status: 201,
    handle: (request) =>
      ofUser(request, async (user) => {
        const {
          services,
          params: { id },
          body,
          actor,
          origin,
        } = request;
        const { server, domain } = services.phones;
        if (server === null)
          return problem("conflict", {
            detail: "the operator has not said where phones reach the switch (--proxy, RINGLINE_EXTERNAL_IP)",
          });
        const made = await makeSetupLinks(services.deps, {
          ...{ only: { username: user.username, id }, madeFor: FOR_PERSON, domain, server },
          ...{ validMs: body.valid_hours * 3_600_000, author: authorOf(actor) },
        });
        if (made.outcome === "refused") return problem("not_found", { detail: made.reason });
        if (made.outcome !== "links_made") return failureOf(services, made);
        const [link] = made.links;
        if (link === undefined) return problem("suspended");
        await services.audit({
          ...auditOf(request),
          ...{ action: "phone_link_made", subject: `device:${user.username}/${id}`, detail: {} },
        });
        const url = `${services.publicUrl ?? origin}/setup/${link.token}`;
        return ok({ url, expires_at: isoTime(link.expiresMs) });
      }),
  }),
};

function deviceAt(username: string, id: string): string {
  return `/users/${encodeURIComponent(username)}/devices/${encodeURIComponent(id)}`;
}

interface OfUser {
  readonly params: { readonly username: string };
  readonly actor: Actor;
  readonly reach: string;
  readonly services: Services;
}

/** Undefined: the person who asks reaches the user's devices. */
function othersUser({ params: { username }, actor, reach }: OfUser): Problem | undefined {
  return reach === "all" || username === actor.user.username
    ? undefined
    : problem("no_permission", { permission: "users" });
}

/**
 * Answers about a user whom the person who asks reaches. A phone of somebody with more permissions could be used to act
 * as them, so that their passwords are no business of others.
 */
function ofUser<T>(
  request: OfUser,
  answer: (user: User, revision: number, table: Live["table"]) => Promise<Ok<T> | Problem>,
): Promise<Ok<T> | Problem> {
  const refused = othersUser(request);
  if (refused !== undefined) return Promise.resolve(refused);
  const { username } = request.params;
  return withLive<Ok<T> | Problem>(request.services, ({ table, revision }) => {
    const user = table.user(username);
    if (user === undefined) return problem("not_found", { detail: `there is no user \`${username}\`` });
    const above = aboveBy(request.actor, user);
    if (above !== undefined)
      return problem("no_permission", {
        permission: above,
        detail: `\`${username}\` may do more than you: ${above}`,
      });
    return answer(user, revision, table);
  });
}

interface AboutUser {
  /** Null: the engine cannot tell at this moment. */
  readonly phones: ReadonlyMap<string, FeedPhone> | null;
  /** The office wants an account first, and the user has none. */
  readonly lacksAccount: boolean;
}

async function listedJson(
  { deps: { store } }: Services,
  user: User,
  device: Device,
  { phones, lacksAccount }: AboutUser,
): Promise<z.infer<typeof listed>> {
  const { at } = device;
  const held = at.kind === "sip" ? await store.credentialOf(at.name) : undefined;
  // The SIP name may have belonged to another user before; that user's password is not valid for this phone.
  const own = held?.username === user.username ? held : undefined;
  return {
    ...exportDevice(device),
    kind: at.kind,
    sign_in:
      at.kind === "sip"
        ? {
            sip_name: at.name,
            password_made_at: own === undefined ? null : isoTime(own.madeMs),
            password_made_by: own?.madeBy ?? null,
            refused: refusedBecause(user, lacksAccount, own !== undefined),
          }
        : null,
    live: at.kind === "sip" && phones !== null ? liveJson(phones.get(at.name)) : null,
    may: { change: true, remove: true },
  };
}

function refusedBecause(user: User, lacksAccount: boolean, hasPassword: boolean) {
  if (user.suspended === true) return "suspended" as const;
  if (lacksAccount) return "no_account" as const;
  return hasPassword ? null : ("no_password" as const);
}

/** @param phone undefined: it is not signed in */
function liveJson(phone: FeedPhone | undefined): z.infer<typeof live> {
  const contacts = phone?.contacts ?? [];
  return {
    reachable: contacts.length > 0,
    contacts: contacts.map(({ agent, sinceMs }) => ({ agent, since_at: isoTime(sinceMs) })),
  };
}

function settingsJson(signIn: SignIn, server: string | null): z.infer<typeof settings> {
  const { sipName, password, domain, qrText } = phoneSettings(signIn, server);
  return {
    sip_name: sipName,
    password,
    domain,
    server,
    qr_text: qrText,
    qr_svg: renderSVG(qrText, { border: 2 }),
  };
}

function passwordProblem(services: Services, made: Exclude<PasswordMade, { outcome: "made" }>): Problem {
  switch (made.outcome) {
    case "refused":
      return problem("not_found", { detail: made.reason });
    case "has_password":
    case "has_no_password":
      return problem("conflict", { detail: "somebody else has made a password in this moment; ask again" });
    default:
      return failureOf(services, made);
  }
}
