/** The settings of a carrier, in the order in which somebody fills them in who has a carrier's letter before them. */
import type { SettingOf } from "./setting-field.js";

export const CARRIER_WHERE: readonly SettingOf[] = [
  {
    id: "proxy",
    label: "carriers.proxy",
    help: "carriers.proxy_help",
    kind: "one_or_list",
    isRequired: true,
  },
  { id: "port", label: "carriers.port", help: "carriers.port_help", kind: "number" },
  {
    id: "transport",
    label: "carriers.transport",
    kind: "choice",
    options: ["udp", "tcp", "tls"],
    unset: "carriers.transport_unset",
  },
  {
    id: "srtp",
    label: "carriers.srtp",
    kind: "choice",
    options: ["optional", "required", "never"],
    unset: "carriers.srtp_unset",
  },
];

export const CARRIER_ACCOUNT: readonly SettingOf[] = [
  { id: "username", label: "carriers.username", help: "carriers.username_help", kind: "text" },
  { id: "password", label: "carriers.password", help: "secret.help", kind: "secret", unset: "secret.none" },
  { id: "register", label: "carriers.register", kind: "flag", unset: "carriers.register_unset" },
  { id: "auth_username", label: "carriers.auth_username", help: "carriers.auth_username_help", kind: "text" },
];

export const CARRIER_CALLS: readonly SettingOf[] = [
  { id: "prefixes", label: "carriers.prefixes", help: "carriers.prefixes_help", kind: "list" },
  { id: "addresses", label: "carriers.addresses", help: "carriers.addresses_help", kind: "list" },
  { id: "trusted", label: "carriers.trusted", help: "carriers.trusted_help", kind: "flag" },
];

export const CARRIER_NUMBERS: readonly SettingOf[] = [
  {
    id: "wants_numbers",
    label: "carriers.wants_numbers",
    kind: "choice",
    options: ["e164", "e164_without_plus", "national", "00"],
    unset: "carriers.wants_numbers_unset",
  },
  {
    id: "sends_numbers",
    label: "carriers.sends_numbers",
    kind: "choice",
    options: ["e164", "e164_without_plus", "national", "00"],
    unset: "carriers.sends_numbers_unset",
  },
  {
    id: "called_number",
    label: "carriers.called_number",
    kind: "place",
    options: ["request_uri", "to", "p_called_party_id", "diversion", "history_info"],
    unset: "carriers.place_unset",
  },
  {
    id: "caller_number",
    label: "carriers.caller_number",
    kind: "place",
    options: ["from", "p_asserted_identity", "remote_party_id"],
    unset: "carriers.place_unset",
  },
];

/** For carriers that ask for them. */
export const CARRIER_FURTHER: readonly SettingOf[] = [
  { id: "realm", label: "carriers.realm", help: "carriers.realm_help", kind: "text" },
  { id: "from_domain", label: "carriers.from_domain", kind: "text" },
  { id: "from_user", label: "carriers.from_user", help: "carriers.from_user_help", kind: "text" },
  { id: "extension", label: "carriers.extension", help: "carriers.extension_help", kind: "text" },
  { id: "expire", label: "carriers.expire", help: "carriers.expire_help", kind: "number" },
  { id: "ping", label: "carriers.ping", help: "carriers.ping_help", kind: "number" },
];

export const CARRIER_FIELDS: readonly SettingOf[] = [
  ...CARRIER_WHERE,
  ...CARRIER_ACCOUNT,
  ...CARRIER_CALLS,
  ...CARRIER_NUMBERS,
  ...CARRIER_FURTHER,
];
