/** Greetings of mailboxes: what callers hear. They are listed, heard, uploaded in any common form of sound, and removed. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { askerMay } from "../../../../../policy/access/access.js";
import { aboveBy } from "../../../../../policy/access/rights.js";
import { isMember } from "../../../../../policy/mailbox/mailbox.js";
import type { Box } from "../../../../../policy/office/box.js";
import type { Greeting } from "../../../../../storage/mailbox-access.js";
import type { DatabaseFailed } from "../../../../use-case.js";
import {
  type GreetingName,
  type GreetingSet,
  listGreetings,
  type NoSlot,
  removeGreeting,
  setGreeting,
} from "../../../../voicemail/admin/greetings.js";
import { type SoundForm, soundForm } from "../../../../voicemail/sound-form.js";
import { AtOnce } from "../../at-once.js";
import { auditOf } from "../../audit-of.js";
import { databaseFailed, failureOf } from "../../failures.js";
import { type Problem, problem } from "../../problem.js";
import { ok, route } from "../../route.js";
import { isoTime } from "../../time.js";
import { greetingNeeds, mayGreet } from "./greeting-rights.js";
import { boxFrom, boxText, noMailbox, recordingsOf, type WhoReads } from "./reader-of.js";

/** One's own, and those of one's groups, are listed and heard by everybody. */
const ACCESS = { needs: "permission", permission: "users", others: "groups" } as const;
const KINDS = ["temporary", "own", "name"] as const;
/** Two minutes in CD quality are 21 MB. */
const UPLOAD_BYTES_MAX = 24 * 1_024 * 1_024;
const UPLOAD_TYPES = [
  ...["audio/wav", "audio/wave", "audio/x-wav", "audio/vnd.wave", "audio/ogg", "audio/webm", "video/webm"],
  ...["audio/mpeg", "audio/mp3", "audio/mp4", "audio/x-m4a", "audio/flac", "audio/x-flac"],
];

const params = z.object({ box: boxText });
const slotParams = z.object({ box: boxText, kind: z.enum(KINDS) });
const slotQuery = z.object({
  busy: z.stringbool().default(false).describe("the form for when every phone that rang was busy"),
});

const greeting = z.object({
  kind: z.enum(KINDS),
  busy: z.boolean(),
  set_by: z.string(),
  set_at: z.iso.datetime(),
});

export const greetingRoutes = {
  listGreetings: route({
    method: "GET",
    path: "/mailboxes/{box}/greetings",
    tag: "Greetings",
    summary: "List the greetings that a mailbox has in use",
    description:
      "Callers hear the first of these that is there: the temporary one, the own one, the file of the office, our words around the name, our words.",
    access: ACCESS,
    params,
    answer: z.object({ items: z.array(greeting), next: z.null(), may: z.object({ change: z.boolean() }) }),
    handle: async (request) => {
      const box = boxFrom(request.params.box);
      const refusal = await refusalTo("hear", request, box);
      if (refusal !== undefined) return refusal;
      const listed = await listGreetings(request.services.deps, request.params.box);
      if (listed.outcome !== "listed") return noSlot(request, listed);
      const change = (await refusalTo("change", request, box)) === undefined;
      return ok({ items: listed.greetings.map(greetingOut), next: null, may: { change } });
    },
  }),

  hearGreeting: route({
    method: "GET",
    path: "/mailboxes/{box}/greetings/{kind}/sound",
    tag: "Greetings",
    summary: "Hear a greeting",
    access: ACCESS,
    params: slotParams,
    query: slotQuery,
    answer: { raw: "sound", contentType: "audio/wav" },
    handle: async (request) => {
      const refusal = await refusalTo("hear", request, boxFrom(request.params.box));
      if (refusal !== undefined) return refusal;
      const recordings = recordingsOf(request.services);
      if ("kind" in recordings) return recordings;
      const listed = await listGreetings(request.services.deps, request.params.box);
      if (listed.outcome !== "listed") return noSlot(request, listed);
      const found = listed.greetings.find(
        ({ kind, busy }) => kind === request.params.kind && busy === request.query.busy,
      );
      if (found === undefined) return noGreeting();
      if (!(await recordings.isPlayable(found.id)))
        return problem("gone", { detail: "the sound of this greeting is missing or damaged" });
      return { kind: "sound", path: recordings.path(found.id) };
    },
  }),

  setGreeting: route({
    method: "PUT",
    path: "/mailboxes/{box}/greetings/{kind}",
    tag: "Greetings",
    summary: "Put a sound into use as a greeting, in the place of the one before",
    description: "WAV, Ogg, WebM, MP3, MP4 or FLAC, two minutes at most. The next caller hears it.",
    access: ACCESS,
    params: slotParams,
    query: slotQuery,
    body: { rawTypes: UPLOAD_TYPES },
    bodyBytesMax: UPLOAD_BYTES_MAX,
    answer: z.object({ kind: z.enum(KINDS), busy: z.boolean(), length_seconds: z.number() }),
    handle: async (request) => {
      const { params: asked, query, body, services, actor } = request;
      const refusal = await refusalTo("change", request, boxFrom(asked.box));
      if (refusal !== undefined) return refusal;
      const recordings = recordingsOf(services);
      if ("kind" in recordings) return recordings;
      const form = soundForm(body.bytes);
      if (form === undefined) return problem("wrong_kind", { detail: `this is no sound: ${EXPECTED}` });
      const name: GreetingName = { box: asked.box, kind: asked.kind, busy: query.busy };
      const ended = await CONVERTING.run(() =>
        withFile(body.bytes, form, (file) =>
          setGreeting(services.deps, recordings, name, { file, form, author: actor.user.username }),
        ),
      );
      if (ended === undefined) return problem("busy", { retry_after: 5 });
      if (ended.outcome !== "set") return notSet(request, ended);
      await note(request, name, { set: true });
      const length = Math.round(ended.lengthMs / 100) / 10;
      return ok({ kind: asked.kind, busy: query.busy, length_seconds: length });
    },
  }),

  removeGreeting: route({
    method: "DELETE",
    path: "/mailboxes/{box}/greetings/{kind}",
    tag: "Greetings",
    summary: "Take a greeting out of use",
    access: ACCESS,
    params: slotParams,
    query: slotQuery,
    answer: z.null(),
    status: 204,
    handle: async (request) => {
      const { params: asked, query, services } = request;
      const refusal = await refusalTo("change", request, boxFrom(asked.box));
      if (refusal !== undefined) return refusal;
      const name: GreetingName = { box: asked.box, kind: asked.kind, busy: query.busy };
      const ended = await removeGreeting(services.deps, name);
      switch (ended.outcome) {
        case "no_greeting":
          return noGreeting();
        case "removed":
          await note(request, name, { removed: true });
          return ok(null);
        default:
          return noSlot(request, ended);
      }
    },
  }),
};

/** Converting keeps a core busy for a moment. */
const CONVERTING = new AtOnce(2, 8);
const EXPECTED = "WAV, Ogg, WebM, MP3, MP4 or FLAC is expected";

interface Greets extends WhoReads {
  readonly params: { readonly box: string };
  readonly address: string;
}

/** Undefined: who asks may. Who stands above them has their greetings to themselves. */
async function refusalTo(
  does: "hear" | "change",
  { actor, services, params: asked }: Greets,
  box: Box,
): Promise<Problem | undefined> {
  const live = await services.live();
  if ("outcome" in live) return failureOf(services, live);
  const { username } = actor.user;
  if (does === "hear" && isMember(box, username, live.table)) return undefined;
  if (!mayGreet(box, username, (needed) => askerMay(actor, needed)))
    return problem("no_permission", { permission: greetingNeeds(box) });
  const owner = box.kind === "user" ? live.table.user(box.username) : live.table.group(box.id);
  if (owner === undefined) return noMailbox(asked.box);
  const above = does === "change" && "username" in owner ? aboveBy(actor, owner) : undefined;
  return above === undefined ? undefined : problem("no_permission", { permission: above });
}

function greetingOut({ kind, busy, setBy, setMs }: Greeting): z.output<typeof greeting> {
  return { kind, busy, set_by: setBy, set_at: isoTime(setMs) };
}

function noGreeting(): Problem {
  return problem("not_found", { detail: "the mailbox has no such greeting" });
}

function noSlot({ params: asked, services }: Greets, ended: NoSlot | DatabaseFailed): Problem {
  switch (ended.outcome) {
    case "database_failed":
      return databaseFailed(services, ended);
    case "not_a_mailbox":
    case "no_mailbox":
      return noMailbox(asked.box);
    case "name_has_no_busy_form":
      return problem("wrong_request", {
        errors: [{ field: "query/busy", code: "no_busy_form", message: "a recorded name has no busy form" }],
      });
  }
}

function notSet(
  request: Greets,
  ended: Exclude<GreetingSet, { readonly outcome: "set" }> | NoSlot | DatabaseFailed,
): Problem {
  switch (ended.outcome) {
    case "unusable":
      request.services.log.warn({ reason: ended.reason }, "a sound cannot be used as a greeting");
      return ended.cause === "too_long"
        ? problem("checks_failed", { detail: "the sound is longer than 2 minutes" })
        : problem("checks_failed", { detail: `the sound cannot be read: ${EXPECTED}` });
    case "too_little_sound":
      return problem("checks_failed", { detail: "there is too little sound in it" });
    case "no_room":
      request.services.log.error({ folder: ended.folder, why: ended.why }, "no room for recordings");
      return problem("not_available", { detail: "there is no room for recordings" });
    default:
      return noSlot(request, ended);
  }
}

function note(
  request: Greets,
  { box, kind, busy }: GreetingName,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  const subject = `mailbox:${box}`;
  const what = { kind, busy, ...detail };
  return request.services.audit({ ...auditOf(request), action: "greeting_changed", subject, detail: what });
}

async function withFile<T>(bytes: Buffer, form: SoundForm, work: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "ringline-upload-"));
  try {
    const file = join(folder, `sound.${form}`);
    await writeFile(file, bytes, { mode: 0o600 });
    return await work(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}
