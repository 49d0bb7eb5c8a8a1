/**
 * Which text may become part of a command of the switch. The text of an originate passes three tokenizers and an
 * expansion (switch_utils.c: separate_string_blank_delim and separate_string_char_delim; switch_event.c:
 * switch_event_create_brackets; switch_channel.c: switch_channel_expand_variables), and no quoting survives all of
 * them. So text is limited to characters that have no meaning to any of them.
 *
 * Text that a caller may have chosen is *reduced* and never refused: a call must not fail because of its caller's
 * name. Text that we chose is *checked*, and a failed check is a mistake of ours.
 */

/** A builder of commands got an argument it must never get. That is a mistake in our code, so it is thrown. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** Limit of a display name that is passed on; phones show some twenty characters. */
export const NAME_CHARACTERS_MAX = 64;

/** Limit of a variable's value. The longest is the saved state of a call in the largest office, as base64url. */
export const VARIABLE_VALUE_CHARACTERS_MAX = 32_768;

/** Limit of a contact we dial: room for two long URIs (contact and path). */
const CONTACT_CHARACTERS_MAX = 1_024;

/**
 * A packet that has this word and also `unload` or `reload` makes the event socket unload itself (parse_command in
 * mod_event_socket.c). No text may bring this word in, so every text may have the other two: a phone may be called
 * `unloading-bay`.
 */
const SOCKET_MODULE = /mod_event_socket/i;

/**
 * Reduces a display name to letters (of any script), digits and `+._-`; other characters in a row become one space.
 * Returns "" when nothing is left. For what the switch itself keeps as the caller's name; phones are shown
 * {@link shownName}.
 */
export function reduceName(text: string): string {
  return reducedTo(text, /[^\p{L}\p{M}0-9+._-]+/gu);
}

/**
 * The name as phones and carriers are shown it: {@link reduceName}, with the apostrophes, ampersands and colons that
 * names and prefixes have (O'Brien, AT&T, `Sales:`). It must stand in quotes, with each apostrophe behind a backslash.
 * Returns "" when no letter or digit is left.
 */
export function shownName(text: string): string {
  // Three characters that separate legs wherever they stand (SWITCH_ENT_ORIGINATE_DELIM).
  const shown = reducedTo(text.replaceAll(":_:", " _ "), /[^\p{L}\p{M}0-9+._\-'\u2018\u2019&: ]+/gu);
  return /[\p{L}0-9]/u.test(shown) ? shown : "";
}

function reducedTo(text: string, others: RegExp): string {
  const reduced = text
    .normalize("NFC")
    .replace(others, " ")
    .replace(/ +/g, " ")
    .replace(new RegExp(SOCKET_MODULE, "gi"), "mod event socket")
    .trim();
  return [...reduced].slice(0, NAME_CHARACTERS_MAX).join("").trim();
}

/** Whether the switch may dial or show the text as a number: an optional plus, then 1 to 32 digits, stars or hashes. */
export function isDialableNumber(text: string): boolean {
  return /^\+?[0-9*#]{1,32}$/.test(text);
}

/** Whether the text is a UUID in its canonical form. */
export function isUuid(text: string): boolean {
  return /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/.test(text);
}

/**
 * Whether a contact may stand in a dial string: `sofia/<profile>/sip:…` (or `sips:`) with the characters of a SIP URI
 * (RFC 3261 section 25.1), except those that end or fork a leg (`,` `|` `{}` `[]` `<>`, quotes, backslash, space),
 * expand (`$`), or name another To (`^`, sofia_outgoing_channel in mod_sofia.c), and without `:_:`, which forks too
 * (SWITCH_ENT_ORIGINATE_DELIM). A contact with an IPv6 address is therefore not dialable yet.
 */
export function isDialableContact(url: string): boolean {
  return (
    url.length <= CONTACT_CHARACTERS_MAX &&
    /^sofia\/[A-Za-z0-9_.-]{1,64}\/sips?:[A-Za-z0-9_.!~*()%+=&/;:@-]+$/.test(url) &&
    !url.includes(":_:") &&
    !SOCKET_MODULE.test(url)
  );
}

/** Whether the text may be the value of a channel variable: no character that separates, quotes or expands. */
export function isVariableValue(text: string): boolean {
  return text.length <= VARIABLE_VALUE_CHARACTERS_MAX && /^[A-Za-z0-9 +._:=@/#*-]*$/.test(text);
}

/** Whether we may play the text as a sound or record to it as a path: no space, no `..`, nothing that expands. */
export function isSoundPath(text: string): boolean {
  return /^[A-Za-z0-9/._-]{1,512}$/.test(text) && !text.split("/").includes("..");
}

/** Whether the text is a plain name: of a carrier, a profile, a dialplan context, a realm of the hash. */
export function isPlainName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text);
}

/** Whether the text is the name of a SIP phone, as office files allow it, and may stand in a command. */
export function isSipName(text: string): boolean {
  return /^[A-Za-z0-9._-]{1,64}$/.test(text) && !SOCKET_MODULE.test(text);
}

/** Whether the text may be the switch's SIP domain, which is also the realm of its passwords. */
export function isSipDomain(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/.test(text) && !SOCKET_MODULE.test(text);
}

/** Returns the text if it passes, else throws {@link CommandError} with the text quoted and cut short. */
export function checked(what: string, text: string, passes: (text: string) => boolean): string {
  if (!passes(text))
    throw new CommandError(`${what} is not fit for a command: ${JSON.stringify(text.slice(0, 80))}`);
  return text;
}

/** Returns the number if it is whole and within the bounds, else throws {@link CommandError}. */
export function checkedWhole(what: string, value: number, min: number, max: number): number {
  if (!Number.isInteger(value) || value < min || value > max)
    throw new CommandError(`${what} must be a whole number from ${min} to ${max}, but is ${value}`);
  return value;
}

/**
 * Whether the switch may be told to sign out the contact that has registered with this Call-ID, which the phone chooses.
 * The switch reads it as a name at a domain as well (sofia_reg_expire_call_id): a Call-ID `ringline` or `bob-desk@ringline`
 * would sign out all phones, or another one.
 */
export function isCallIdOfOnePhone(text: string, domain: string): boolean {
  const plain = "[A-Za-z0-9.+%*_~!=:-]{1,128}";
  const read = new RegExp(`^(?:${plain}@)?(${plain})$`).exec(text);
  return read !== null && read[1]?.toLowerCase() !== domain.toLowerCase() && !SOCKET_MODULE.test(text);
}
