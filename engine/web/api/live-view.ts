/** The live office for the API's readers, read once a revision: loading a large office for each request would be slow. */
import { type Live, type Viewed, viewLive } from "../../office/views/live.js";
import { type Deps, orDatabaseFailed } from "../../use-case.js";

/** Gives the live office; what is kept is used while no other revision is live. Drift is part of a revision. */
export function liveView({ store }: Pick<Deps, "store">): () => Promise<Viewed<Live>> {
  let kept: Live | undefined;
  return () =>
    orDatabaseFailed<Viewed<Live>>(async () => {
      if (kept?.revision === (await store.currentRevision())) return kept;
      return viewLive({ store }, (live) => {
        kept = live;
        return live;
      });
    });
}
