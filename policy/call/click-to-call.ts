/**
 * Click to call: a person asks in a page that a number is called, their own phone rings first, and when they answer the
 * number is dialled as if they had dialled it there. Here it is decided before any phone rings whether that would lead
 * anywhere, so that nobody is rung to hear that they may not call.
 */
import { type Refused, userPays } from "../outside/payer.js";
import { parseDisplayCode } from "../routing/number-display.js";
import { dialledText } from "../routing/written.js";
import { fromInside } from "./dialled.js";
import type { World } from "./world.js";

/**
 * `emergency`: a number for help is dialled on the phone itself, so that the call goes out at once and from the place where
 * the phone is. `unassigned`: the number leads nowhere. `no_number`: a phone could not dial this text.
 */
export type ClickRefused = Refused | "emergency" | "unassigned" | "no_number";

export type ClickLeads =
  | {
      readonly kind: "goes";
      /** What a phone would send. */
      readonly dialled: string;
      /** The number or extension called, and the name of who has it; the number again, where nobody has. */
      readonly called: string;
      readonly name: string;
    }
  | { readonly kind: "refused"; readonly why: ClickRefused };

/** @param to as people write it */
export function clickLeads(
  to: string,
  username: string,
  world: Pick<World, "office" | "outside">,
): ClickLeads {
  const { office } = world;
  const dialled = dialledText(to);
  if (!/^\+?[0-9*#]{1,32}$/.test(dialled)) return { kind: "refused", why: "no_number" };
  const code = parseDisplayCode(dialled, office.settings.country);
  const payer = userPays(username);
  const { called, source } = fromInside(code?.rest ?? dialled, world, { payer, isTransferred: false });
  switch (source.kind) {
    case "emergency":
    case "unassigned":
      return { kind: "refused", why: source.kind };
    case "not_permitted":
      return { kind: "refused", why: source.why ?? "permission" };
    case "user":
      return { kind: "goes", dialled, called, name: office.user(source.username)?.name ?? called };
    default:
      return { kind: "goes", dialled, called, name: called };
  }
}
