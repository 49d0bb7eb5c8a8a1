/** Where people reach the web server: an option of commands that make links, or a variable in its place. */
import { InvalidArgumentError } from "commander";

export const WEB_URL = "RINGLINE_WEB_URL";

/** @throws InvalidArgumentError unless it is an address of the web without a query */
export function webUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    url === undefined ||
    !/^https?:$/.test(url.protocol) ||
    url.search !== "" ||
    url.hash !== "" ||
    url.username !== ""
  )
    throw new InvalidArgumentError("expected https://HOST, https://HOST:PORT or https://HOST/PATH.");
  return url;
}

/** A variable in the place of an option. @returns a text: what is wrong with it */
export function urlFromEnv(
  env: NodeJS.ProcessEnv,
  name: string,
  read: (text: string) => URL,
): URL | string | undefined {
  const text = env[name];
  if (text === undefined || text === "") return undefined;
  try {
    return read(text);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    return `${name}: ${error.message}`;
  }
}
