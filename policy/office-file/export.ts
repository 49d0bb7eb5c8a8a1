/**
 * Writes an office in the words of its files. Read again, the result is the same office. Flows and timeouts are written
 * even where they equal the default, so that this holds when a default changes.
 */

import type { z } from "zod";
import type { OfficeSettings } from "../office/entities.js";
import type {
  CallerIdMode,
  Carrier,
  Device,
  Group,
  MailboxSettings,
  Member,
  NumberEntry,
  Office,
  User,
} from "../office/office.js";
import { given, mapped } from "../office/optional.js";
import { formatTarget } from "../office/target.js";
import { kindOf, type StepFile } from "../steps/registry.js";
import type { Step } from "../steps/types.js";
import { type MailboxFile, mailboxFile } from "../steps/voicemail/file.js";
import { emergencyFile } from "./emergency-file.js";
import { outsideCallsFile, userOutsideCallsFile } from "./outside-file.js";
import { keepingFile } from "./records-file.js";
import type {
  CarrierFile,
  DeviceFile,
  groupSchema,
  MemberFile,
  numberSchema,
  OfficeFile,
  officeFileSchema,
  userSchema,
} from "./schema.js";
import { ENTRY_SECTIONS } from "./sections.js";
import { signInFile } from "./sign-in-file.js";

/** Flows are written as lists of steps: an office does not know what its flows were called before. */
export type OfficeFileContent = Omit<z.infer<typeof officeFileSchema>, "flows"> & {
  readonly flows?: Readonly<Record<string, StepFile[]>>;
};
export type UserFile = z.infer<typeof userSchema>;
export type GroupFile = z.infer<typeof groupSchema>;
export type NumberFile = z.infer<typeof numberSchema>;

/** A whole office as the content of one file. Sections without entries are left out. */
export function exportOffice(office: Office): OfficeFileContent {
  const flows = Object.entries(office.flows).map(([id, steps]) => [id, exportSteps(steps)] as const);
  return {
    office: exportSettings(office),
    ...(office.carriers.length === 0 ? {} : { carriers: office.carriers.map(exportCarrier) }),
    ...(office.users.length === 0 ? {} : { users: office.users.map(exportUser) }),
    ...(office.groups.length === 0 ? {} : { groups: office.groups.map(exportGroup) }),
    ...(flows.length === 0 ? {} : { flows: Object.fromEntries(flows) }),
    ...(office.numbers.length === 0 ? {} : { numbers: office.numbers.map(exportNumber) }),
    ...exportSections(office),
  };
}

export function exportSettings(office: OfficeSettings): OfficeFile {
  return {
    name: office.name,
    country: office.country,
    timezone: office.timezone,
    outside_caller_id: exportCallerId(office.outsideCallerId),
    ...given({
      emergency_numbers: mapped(office.emergencyNumbers, (numbers) => [...numbers]),
      emergency: mapped(office.emergency, emergencyFile),
      outside_calls: mapped(office.outsideCalls, outsideCallsFile),
      records: mapped(office.records, keepingFile),
      phones_need_account: office.phonesNeedAccount,
      sign_in: mapped(office.signIn, signInFile),
    }),
  };
}

export function exportCarrier(carrier: Carrier): CarrierFile {
  return {
    id: carrier.id,
    proxy: carrier.moreProxies === undefined ? carrier.proxy : [carrier.proxy, ...carrier.moreProxies],
    ...given({ port: carrier.port, transport: carrier.transport, srtp: carrier.srtp }),
    ...given({
      username: carrier.username,
      password: carrier.password,
      auth_username: carrier.authUsername,
      register: carrier.register,
      realm: carrier.realm,
      from_domain: carrier.fromDomain,
      from_user: carrier.fromUser,
      extension: carrier.extension,
      expire: mapped(carrier.expireMs, (ms) => ms / 1000),
      ping: mapped(carrier.pingMs, (ms) => ms / 1000),
      addresses: mapped(carrier.addresses, (addresses) => [...addresses]),
    }),
    ...given({
      trusted: carrier.trusted,
      prefixes: mapped(carrier.prefixes, (prefixes) => [...prefixes]),
      sends_numbers: carrier.sendsNumbers,
      wants_numbers: carrier.wantsNumbers,
      called_number: carrier.calledNumber,
      caller_number: carrier.callerNumber,
    }),
  };
}

export function exportUser(user: User): UserFile {
  return {
    username: user.username,
    name: user.name,
    ...given({
      email: user.email,
      extension: mapped(user.extension, exportExtension),
      outbound_number: user.outboundNumber,
    }),
    ...given({ location: user.location, suspended: user.suspended }),
    ...given({ hide_number: user.hidesNumber }),
    ...anonymousCallers(user),
    ...given({ outside_calls: mapped(user.outsideCalls, userOutsideCallsFile) }),
    ...given({ permissions: user.permissions, voicemail: mapped(user.voicemail, exportMailbox) }),
    ...(user.devices.length === 0 ? {} : { devices: user.devices.map(exportDevice) }),
    no_answer: exportSteps(user.flow),
  };
}

export function exportGroup(group: Group): GroupFile {
  return {
    id: group.id,
    name: group.name,
    ...given({ extension: mapped(group.extension, exportExtension) }),
    strategy: group.strategy,
    ...given({ caller_id_prefix: group.callerIdPrefix, voicemail: mapped(group.voicemail, exportMailbox) }),
    ...anonymousCallers(group),
    members: group.members.map(exportMember),
    no_answer: exportSteps(group.flow),
  };
}

export function exportNumber(entry: NumberEntry): NumberFile {
  return {
    number: entry.number,
    ...given({ label: entry.label, caller_id_prefix: entry.callerIdPrefix, plan: entry.plan }),
    ...anonymousCallers(entry),
    ...exportLeadsTo(entry.leadsTo),
  };
}

function anonymousCallers({ refusesAnonymous }: { readonly refusesAnonymous?: true }) {
  return refusesAnonymous === true ? { anonymous_callers: "refuse" as const } : {};
}

export function exportSteps(steps: readonly Step[]): StepFile[] {
  // Each kind of step writes only what its own schema accepts.
  return steps.map((step) => kindOf(step).write(step) as StepFile);
}

/** The sections that are lists of entries of their own, by their keys. */
function exportSections({ sections = {} }: Office): Readonly<Record<string, object[]>> {
  return Object.fromEntries(
    ENTRY_SECTIONS.flatMap((section) => {
      const entities = sections[section.key] ?? [];
      return entities.length === 0 ? [] : [[section.key, entities.map((entity) => section.write(entity))]];
    }),
  );
}

function exportMailbox(settings: MailboxSettings): MailboxFile {
  return mailboxFile(settings, settings.operator && formatTarget(settings.operator));
}

export function exportDevice(device: Device): DeviceFile {
  return {
    id: device.id,
    ...(device.at.kind === "sip" ? { sip: device.at.name } : { phone: device.at.number }),
    ...(device.delayMs === 0 ? {} : { delay: device.delayMs / 1000 }),
    ...(device.ringMs === null ? {} : { ring: device.ringMs / 1000 }),
    ...(device.accept === "auto" ? {} : { accept: device.accept }),
    ...given({ location: device.location, srtp: device.srtp }),
  };
}

export function exportMember(member: Member): MemberFile {
  return {
    user: member.username,
    ...(member.delayMs === 0 ? {} : { delay: member.delayMs / 1000 }),
    ...(member.ringMs === null ? {} : { ring: member.ringMs / 1000 }),
    ...(member.calls ? {} : { calls: false }),
    ...(member.voicemail ? {} : { voicemail: false }),
  };
}

function exportLeadsTo(leadsTo: NumberEntry["leadsTo"]): Pick<NumberFile, "flow" | "steps"> {
  if (leadsTo === null) return {};
  return leadsTo.kind === "flow" ? { flow: leadsTo.flow } : { steps: exportSteps(leadsTo.steps) };
}

function exportCallerId(mode: CallerIdMode): string {
  return mode.kind === "fixed" ? mode.number : mode.kind;
}

/** An extension as people write it: a plain number where that loses nothing. */
function exportExtension(extension: string): string | number {
  return extension.startsWith("0") ? extension : Number(extension);
}
