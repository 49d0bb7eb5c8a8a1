/**
 * Who calls, as everybody but the carrier may know it. A caller who withholds the number (RFC 3323, RFC 3325, or
 * Remote-Party-ID) is anonymous from here on: phones, mails, mailboxes, prompts and logs know nothing else. A caller from
 * outside is never taken for somebody inside, whatever their From says.
 */
import { given } from "../office/optional.js";
import type { Arrival } from "./input.js";
import type { Caller } from "./state.js";
import type { World } from "./world.js";

const ANONYMOUS = "anonymous";

/** What carriers write where there is no number. */
const NO_NUMBER = /^(?:anonymous|restricted|private|unavailable|unknown|withheld)?$/i;

type Presented = Pick<Caller, "number" | "name" | "withheld">;

/** A caller from a carrier. */
export function presentedOutside(arrival: Arrival, world: World): Presented {
  const { callerNumber: number, callerName } = arrival;
  if (arrival.privacy === "number") return withheldBy(number);
  const isNobody = NO_NUMBER.test(number);
  if (isNobody) return { number: ANONYMOUS, name: "", withheld: { number: null } };
  const name = arrival.privacy === "name" || isInside(callerName, world) ? "" : callerName;
  return { number: isInside(number, world) ? ANONYMOUS : number, name };
}

function withheldBy(number: string): Presented {
  return {
    number: ANONYMOUS,
    name: "",
    withheld: { number: /^\+?[0-9]{3,15}$/.test(number) ? number : null },
  };
}

/** An extension, or a code that begins with a star: only phones inside have such a number, or call it back. */
function isInside(text: string, world: World): boolean {
  const bare = text.trim();
  return bare.startsWith("*") || world.office.lookupExtension(bare) !== undefined;
}

/** A phone of the office whose user has no extension: by what it says, unless that is somebody else's extension. */
export function presentedInside(arrival: Arrival, sipName: string, world: World): string {
  const { callerNumber } = arrival;
  if (!NO_NUMBER.test(callerNumber) && !isInside(callerNumber, world)) return callerNumber;
  return isInside(sipName, world) ? ANONYMOUS : sipName;
}

/** Whether the caller's number is hidden from people outside. @param code what a code before the number says */
export function hidesNumber(
  arrival: Arrival,
  username: string,
  code: boolean | undefined,
  world: World,
): Pick<Caller, "hidesNumber"> {
  const always = world.office.user(username)?.hidesNumber === true;
  return given({ hidesNumber: (code ?? (always || arrival.privacy === "number")) || undefined });
}
