/**
 * What text may become part of a command of the switch. Originate text passes three tokenizers and an
 * expansion (switch_utils.c: separate_string_blank_delim and separate_string_char_delim; switch_event.c:
 * switch_event_create_brackets; switch_channel.c: switch_channel_expand_variables), and no quoting survives
 * all of them: so text is reduced to characters that mean nothing to any of them, or refused.
 *
 * Two kinds of text: what callers may have chosen is *reduced* and never refused, as a call must not fail for
 * its caller's name; what we chose ourselves is *checked*, and a failed check is a mistake of ours.
 */

/** A builder of commands was given what it must never be given: a mistake in our own code, so it is thrown. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** The longest display name that is passed on: phones show some twenty characters. */
export const NAME_CHARACTERS_MAX = 64;

/** The longest value of a channel variable we set: the state of a call, base64url, in the largest office. */
const VARIABLE_VALUE_CHARACTERS_MAX = 32_768;

/** The longest contact we dial: two URIs (contact and path) of a generous phone. */
const CONTACT_CHARACTERS_MAX = 1_024;

/** Words that make the event socket unload itself when they stand together in one packet (parse_command in mod_event_socket.c). */
const SOCKET_KILLING_WORDS = /unload|reload|mod_event_socket/i;

/**
 * Reduces a display name to letters (of any script), digits and `+._-`; everything else becomes a single
 * space. Returns "" when nothing is left, or when the name holds a word that harms the event socket.
 */
export function reduceName(text: string): string {
  const reduced = text
    .normalize("NFC")
    .replace(/[^\p{L}\p{M}0-9+._-]+/gu, " ")
    .trim();
  const cut = [...reduced].slice(0, NAME_CHARACTERS_MAX).join("").trim();
  return SOCKET_KILLING_WORDS.test(cut) ? "" : cut;
}

/** Whether the text is a number the switch may dial or show: an optional plus, then 1 to 32 digits, stars or hashes. */
export function isDialableNumber(text: string): boolean {
  return /^\+?[0-9*#]{1,32}$/.test(text);
}

/** Whether the text is a UUID in its canonical form. */
export function isUuid(text: string): boolean {
  return /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/.test(text);
}

/**
 * Whether a contact may stand in a dial string: `sofia/<profile>/sip:…` (or `sips:`) of characters that a SIP URI
 * may hold (RFC 3261 section 25.1) less those that end or fork a leg (`,` `|` `{}` `[]` `<>`, quotes, backslash,
 * space), expand (`$`), or name another To (`^`, sofia_outgoing_channel in mod_sofia.c); and without `:_:`, which
 * forks too (SWITCH_ENT_ORIGINATE_DELIM). A contact on an IPv6 address is therefore not dialable yet.
 */
export function isDialableContact(url: string): boolean {
  return (
    url.length <= CONTACT_CHARACTERS_MAX &&
    /^sofia\/[A-Za-z0-9_.-]{1,64}\/sips?:[A-Za-z0-9_.!~*()%+=&/;:@-]+$/.test(url) &&
    !url.includes(":_:") &&
    !SOCKET_KILLING_WORDS.test(url)
  );
}

/** Whether a value may be given to a channel variable: nothing that a separator, a quote or an expansion is made of. */
export function isVariableValue(text: string): boolean {
  return text.length <= VARIABLE_VALUE_CHARACTERS_MAX && /^[A-Za-z0-9 +._:=@/#*-]*$/.test(text);
}

/** Whether the text is a sound we may play or a path we may record to: no space, no `..`, nothing that expands. */
export function isSoundPath(text: string): boolean {
  return /^[A-Za-z0-9/._-]{1,512}$/.test(text) && !text.split("/").includes("..");
}

/** Whether the text is a plain name: of a carrier, a profile, a dialplan context, a realm of the hash. */
export function isPlainName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text);
}

/** Whether the text is the name of a SIP phone, as office files may have them, that may stand in a command. */
export function isSipName(text: string): boolean {
  return /^[A-Za-z0-9._-]{1,64}$/.test(text) && !SOCKET_KILLING_WORDS.test(text);
}

/** Whether the text may be the switch's SIP domain: a name that is also the realm of its passwords. */
export function isSipDomain(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/.test(text) && !SOCKET_KILLING_WORDS.test(text);
}

/** Returns the text if it passes, throws {@link CommandError} otherwise. The text itself is quoted, cut short. */
export function checked(what: string, text: string, passes: (text: string) => boolean): string {
  if (!passes(text))
    throw new CommandError(`${what} is not fit for a command: ${JSON.stringify(text.slice(0, 80))}`);
  return text;
}

/** Returns the number if it is whole and within the bounds, throws {@link CommandError} otherwise. */
export function checkedWhole(what: string, value: number, min: number, max: number): number {
  if (!Number.isInteger(value) || value < min || value > max)
    throw new CommandError(`${what} must be a whole number from ${min} to ${max}, but is ${value}`);
  return value;
}
