/**
 * The office FILE: what people may write, as zod schemas. Unknown keys are errors and no value is coerced, so that a
 * typo never becomes a default. `resolve.ts` decides what the entries mean together.
 * Each kind of entry is a shell of plain fields and a few lists. Lists are read one element at a time, so that one
 * wrong device does not hide the faults of the next.
 */
import { z } from "zod";
import { PERMISSION_NAMES, PERMISSIONS, type Permission } from "../office/permission-names.js";
import { STEP_KEYS, STEP_KINDS, type StepFile } from "../steps/registry.js";
import { mailboxSchema } from "../steps/voicemail/file.js";
import * as field from "./fields.js";
import { ENTRY_SECTIONS } from "./sections.js";

// A union of the kinds' schemas accepts what any of them accepts, which is what the type says.
export const stepSchema = z.union(STEP_KINDS.map(({ schema }) => schema)) as unknown as z.ZodType<StepFile>;

const stepsSchema = z.array(stepSchema).min(1).describe("a list of steps");

const outsideCallerIdExpected =
  'caller, called, or a number the office owns, in quotes, such as "+12125550100"';
/** More than any country has. */
const EMERGENCY_NUMBERS_MAX = 20;
const emergencyExpected = `1 to ${EMERGENCY_NUMBERS_MAX} emergency numbers, such as [911, 933]`;
/** More than there are countries. */
const PLACES_MAX = 300;
const limitShape = {
  calls_at_once: field.callsAtOnce.optional(),
  minutes_a_day: field.minutesADay.optional(),
};
const countriesExpected = "countries by their two letters (ISO 3166), such as [CA, GB]";
const prefixesExpected = 'beginnings of numbers, such as ["+1900", "+8816"]';
const shortNumbersExpected = 'premium short numbers of the office\'s country, such as ["118500"]';
const placesShape = {
  countries: z
    .array(field.countryCode, { error: countriesExpected })
    .max(PLACES_MAX, { error: countriesExpected })
    .describe(countriesExpected)
    .optional(),
  prefixes: z
    .array(field.numberPrefix, { error: prefixesExpected })
    .max(PLACES_MAX, { error: prefixesExpected })
    .describe(prefixesExpected)
    .optional(),
  short_numbers: z
    .array(field.shortNumber, { error: shortNumbersExpected })
    .max(PLACES_MAX, { error: shortNumbersExpected })
    .describe(shortNumbersExpected)
    .optional(),
};
const outsideExpected = "where calls outside may go and how much, for example { countries: [CA] }";
const userOutsideSchema = z
  .strictObject({ ...placesShape, ...limitShape }, { error: outsideExpected })
  .describe(outsideExpected);
const eachUserExpected = "the limits of each user, for example { calls_at_once: 2 }";
const outsideSchema = z
  .strictObject(
    {
      ...placesShape,
      ...limitShape,
      each_user: z
        .strictObject(limitShape, { error: eachUserExpected })
        .describe(eachUserExpected)
        .optional(),
    },
    { error: outsideExpected },
  )
  .describe(outsideExpected);
export type OutsideFile = z.infer<typeof outsideSchema>;
export type UserOutsideFile = z.infer<typeof userOutsideSchema>;

/** More than anybody would call together. */
const CONTACTS_MAX = 50;
const notifyExpected = `a list of up to ${CONTACTS_MAX} usernames and e-mail addresses, such as [bob.stone, desk@example.com]`;
const testNumbersExpected = `up to ${EMERGENCY_NUMBERS_MAX} numbers with which emergency calls are tried, such as [933]`;
const emergencySettingsExpected = "who is told of a call for help, for example { notify: [bob.stone] }";
const emergencySchema = z
  .strictObject(
    {
      notify: z
        .array(field.emergencyContact, { error: notifyExpected })
        .max(CONTACTS_MAX, { error: notifyExpected })
        .describe(notifyExpected)
        .optional(),
      call_back: field.numberText.optional(),
      test_numbers: z
        .array(field.emergencyNumber, { error: testNumbersExpected })
        .max(EMERGENCY_NUMBERS_MAX, { error: testNumbersExpected })
        .describe(testNumbersExpected)
        .optional(),
    },
    { error: emergencySettingsExpected },
  )
  .describe(emergencySettingsExpected);
export type EmergencyFile = z.infer<typeof emergencySchema>;
const recordsExpected = "a mapping such as { keep: 400, anonymise: 90, audit: 400 }";
const recordsSchema = z
  .strictObject(
    {
      keep: field.daysOrNone.optional(),
      anonymise: field.daysOrNone.optional(),
      audit: field.daysOrNone.optional(),
    },
    { error: recordsExpected },
  )
  .describe(recordsExpected);
export type RecordsFile = z.infer<typeof recordsSchema>;

const signInExpected = "a mapping such as { idle_hours: 8, absolute_days: 7 }";
const signInSchema = z
  .strictObject(
    {
      idle_hours: field.idleHours.optional(),
      absolute_days: field.absoluteDays.optional(),
      guesses_an_hour: field.guessesAnHour.optional(),
    },
    { error: signInExpected },
  )
  .describe(signInExpected);
export type SignInFile = z.infer<typeof signInSchema>;

export const officeSchema = z.strictObject({
  name: field.displayName,
  country: field.countryCode,
  timezone: field.timezone,
  outside_caller_id: z
    .union([z.enum(["caller", "called"]), field.numberText], { error: outsideCallerIdExpected })
    .describe(outsideCallerIdExpected)
    .optional(),
  emergency_numbers: z
    .array(field.emergencyNumber, { error: emergencyExpected })
    .min(1, { error: emergencyExpected })
    .max(EMERGENCY_NUMBERS_MAX, { error: emergencyExpected })
    .describe(emergencyExpected)
    .optional(),
  emergency: emergencySchema.optional(),
  outside_calls: outsideSchema.optional(),
  records: recordsSchema.optional(),
  phones_need_account: field.flag.optional(),
  sign_in: signInSchema.optional(),
});
export type OfficeFile = z.infer<typeof officeSchema>;

const carrierPrefixesExpected =
  'beginnings of the numbers that go through the carrier, such as ["+1", "+44"]; left out: every number does';
export const carrierSchema = z.strictObject({
  id: field.carrierId,
  proxy: field.proxies,
  port: field.carrierPort.optional(),
  transport: field.transport.optional(),
  srtp: field.srtp.optional(),
  username: field.carrierUsername.optional(),
  password: field.secret.optional(),
  auth_username: field.authUsername.optional(),
  register: field.flag.optional(),
  realm: field.realm.optional(),
  from_domain: field.fromDomain.optional(),
  from_user: field.carrierUsername.optional(),
  extension: field.contactUser.optional(),
  expire: field.expire.optional(),
  ping: field.ping.optional(),
  addresses: field.addresses.optional(),
  trusted: field.flag.optional(),
  prefixes: z
    .array(field.numberPrefix, { error: carrierPrefixesExpected })
    .min(1, { error: carrierPrefixesExpected })
    .max(PLACES_MAX, { error: carrierPrefixesExpected })
    .describe(carrierPrefixesExpected)
    .optional(),
  sends_numbers: field.sentForm.optional(),
  wants_numbers: field.wantedForm.optional(),
  called_number: field.calledPlace.optional(),
  caller_number: field.callerPlace.optional(),
});
export type CarrierFile = z.infer<typeof carrierSchema>;

export const deviceSchema = z.strictObject({
  id: field.id,
  renamed_from: field.renamedFrom.optional(),
  sip: field.sipName.optional(),
  phone: field.numberText.optional(),
  delay: field.delay.optional(),
  ring: field.ringTime.optional(),
  accept: field.accept.optional(),
  location: field.location.optional(),
  srtp: field.srtp.optional(),
});
export type DeviceFile = z.infer<typeof deviceSchema>;

export const memberSchema = z.strictObject({
  user: field.username,
  delay: field.delay.optional(),
  ring: field.ringTime.optional(),
  calls: field.flag.optional(),
  voicemail: field.flag.optional(),
});
export type MemberFile = z.infer<typeof memberSchema>;

const anonymous = field.oneOf(["accept", "refuse"]);

const permissionsExpected = `a mapping of any of ${PERMISSION_NAMES.join(", ")} to true or false`;
const permissionFlags = Object.fromEntries(
  PERMISSION_NAMES.map((name) => [name, field.flag.describe(PERMISSIONS[name]).optional()]),
) as Record<Permission, z.ZodOptional<typeof field.flag>>;
const permissionsSchema = z
  .strictObject(permissionFlags, { error: permissionsExpected })
  .describe(permissionsExpected);

export const userShell = z.strictObject({
  username: field.username,
  name: field.displayName,
  email: field.email.optional(),
  extension: field.extension.optional(),
  outbound_number: field.numberText.optional(),
  location: field.location.optional(),
  suspended: field.flag.optional(),
  permissions: permissionsSchema.optional(),
  outside_calls: userOutsideSchema.optional(),
  hide_number: field.flag.optional(),
  anonymous_callers: anonymous.optional(),
});
export type UserShell = z.infer<typeof userShell>;
export const userSchema = userShell.extend({
  devices: z.array(deviceSchema).optional(),
  voicemail: mailboxSchema.optional(),
  no_answer: stepsSchema.optional(),
});

export const groupShell = z.strictObject({
  id: field.id,
  renamed_from: field.renamedFrom.optional(),
  name: field.displayName.optional(),
  extension: field.extension.optional(),
  strategy: field.strategy.optional(),
  caller_id_prefix: field.prefix.optional(),
  anonymous_callers: anonymous.optional(),
});
export type GroupShell = z.infer<typeof groupShell>;
export const groupSchema = groupShell.extend({
  members: z.array(memberSchema).optional(),
  voicemail: mailboxSchema.optional(),
  no_answer: stepsSchema.optional(),
});

export const numberShell = z.strictObject({
  number: field.numbersText,
  label: field.displayName.optional(),
  caller_id_prefix: field.prefix.optional(),
  anonymous_callers: anonymous.optional(),
  plan: field.id.optional(),
  flow: field.id.optional(),
});
export type NumberShell = z.infer<typeof numberShell>;
export const numberSchema = numberShell.extend({ steps: stepsSchema.optional() });

/** A flow that says what it was called before. */
export const renamedFlowSchema = z.strictObject({
  renamed_from: field.renamedFrom.optional(),
  steps: stepsSchema,
});
const flowExpected = "a list of steps, or a mapping with renamed_from and steps";

const sectionSchemas: Readonly<Record<string, z.ZodType<readonly object[] | undefined>>> = Object.fromEntries(
  ENTRY_SECTIONS.map(({ key, schema }) => [key, z.array(schema).optional()]),
);

/**
 * One whole file; the files of a folder are one office. This schema is for editors: the reader works entry by entry.
 */
export const officeFileSchema = z.strictObject({
  office: officeSchema.optional(),
  carriers: z.array(carrierSchema).optional(),
  users: z.array(userSchema).optional(),
  groups: z.array(groupSchema).optional(),
  flows: z.record(field.id, z.union([stepsSchema, renamedFlowSchema]).describe(flowExpected)).optional(),
  numbers: z.array(numberSchema).optional(),
  ...sectionSchemas,
});
export const SECTIONS: readonly string[] = Object.keys(officeFileSchema.shape);

/** Keys that people look for and this version does not have. When a kind of step is added, its key leaves this list. */
const NOT_YET: Readonly<Record<string, string>> = {
  menu: "menus are not available in this version",
  queue: "queues are not available in this version",
  schedule: "schedules are not available in this version",
};

/** Why a key that other entries have cannot stand in an entry of this kind; undefined: there is nothing to say. */
export function whyNever(what: string, key: string): string | undefined {
  if (key !== "renamed_from" || what !== "a user") return undefined;
  return "a username never changes, since messages, a PIN, greetings and phone passwords belong to it; a user with another username is another person: remove this user and hand over with --replace";
}

/**
 * What is said of a key that this version does not have yet; undefined: it has the key, or the key is not in the list.
 */
export function notAvailable(key: string): string | undefined {
  return STEP_KEYS.includes(key) || !Object.hasOwn(NOT_YET, key) ? undefined : NOT_YET[key];
}
