/** What `ringline web` knows of calls and messages besides the database: recordings, the engine's live feed, secrets. */
import { resolve } from "node:path";
import { Option } from "commander";
import { given } from "../../../policy/office/optional.js";
import type { Store } from "../../../storage/store.js";
import { resolveHost } from "../../carriers/resolver.js";
import { secretReader } from "../../carriers/secrets.js";
import { FeedClient } from "../../feed/client.js";
import { type FeedPlace, placeBeside } from "../../feed/place.js";
import { Recordings } from "../../voicemail/recordings.js";
import { plainVoice, type Voice } from "../../web/api/voice.js";
import { LiveHub } from "../../web/live/hub.js";
import { livePlace } from "../run/run-options.js";
import { readLiveSecret } from "../shared/secret.js";
import type { Terminal } from "../shared/terminal.js";

export interface WebVoiceOptions {
  readonly db: string;
  readonly recordings?: string;
  readonly live?: FeedPlace | "off";
  readonly liveSecretFile?: string;
}

export function webVoiceOptions(): readonly Option[] {
  return [
    new Option("--recordings <folder>", "where the switch writes messages, so that they can be heard"),
    new Option("--live <file|host:port>", "the engine's live feed; off: none (default: DB.live)").argParser(
      livePlace,
    ),
    new Option("--live-secret-file <file>", "file whose first line is the secret of a feed on host:port"),
  ];
}

export type VoiceRead =
  | { readonly ok: true; readonly make: (store: Store, mailsMessages: boolean) => Voice }
  | { readonly ok: false; readonly why: string };

export async function readVoice(options: WebVoiceOptions, { env, clock }: Terminal): Promise<VoiceRead> {
  const secret = await readLiveSecret(options.liveSecretFile, env);
  if (secret?.ok === false) return { ok: false, why: secret.why };
  const place = options.live === "off" ? undefined : (options.live ?? placeBeside(options.db));
  const { recordings } = options;
  return {
    ok: true,
    make: (store, mailsMessages) => ({
      ...plainVoice(clock),
      recordings: recordings === undefined ? null : new Recordings(resolve(recordings)),
      mailsMessages,
      webhooks: { clock, readSecret: secretReader(env, "signature"), resolve: resolveHost },
      hub:
        place === undefined
          ? null
          : new LiveHub({
              clock,
              revision: () => store.currentRevision(),
              open: (handlers) => {
                const client = new FeedClient({
                  place,
                  clock,
                  ...handlers,
                  ...given({ secret: secret?.secret }),
                });
                client.open();
                return () => client.close();
              },
            }),
    }),
  };
}
