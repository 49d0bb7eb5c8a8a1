/** Makes the password of one phone and shows it: what `ringline device credentials` and `rotate` have in common. */
import type { PasswordMade, WantedPassword } from "../../office/changes/phone-passwords.js";
import type { Deps } from "../../use-case.js";
import type { Terminal } from "../shared/terminal.js";
import { onDatabase } from "../shared/use-case.js";
import type { ShowingOptions } from "./device-settings.js";
import { sayPassword } from "./device-text.js";

export async function makePassword(
  terminal: Terminal,
  username: string,
  id: string,
  options: ShowingOptions,
  useCase: (deps: Deps, wanted: WantedPassword) => Promise<PasswordMade>,
): Promise<void> {
  const wanted = { username, id, domain: options.domain, author: terminal.author };
  const ended = await onDatabase(terminal, options, (deps) => useCase(deps, wanted));
  if (ended !== undefined) sayPassword(terminal, ended, { username, id }, options);
}
