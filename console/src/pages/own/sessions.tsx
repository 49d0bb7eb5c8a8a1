/** Where one is signed in now; each session can be ended, and all others at once. */
import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useChange } from "../../office/change.js";
import type { AnswerOf } from "../../office/client.js";
import { useRead } from "../../office/read.js";
import { useWhen } from "../../office/when.js";
import { Button } from "../../parts/button.js";
import { Section } from "../../parts/page.js";
import { ChangeProblem, Shown } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";

export function Sessions(): ReactNode {
  const { say, count } = useSpeech();
  const sessions = useRead("listSessions");
  const endOthers = useChange("endOtherSessions");
  const others = (sessions.data?.value.items ?? []).filter(({ is_this: isThis }) => !isThis).length;
  const end = async () => {
    await endOthers.run(undefined, { told: count("sessions.ended", others) });
  };
  return (
    <Section
      title={say("sessions.title")}
      help={say("sessions.lead")}
      actions={
        others > 0 && (
          <Button isPending={endOthers.isBusy} onPress={() => void end()}>
            {say("sessions.end_others")}
          </Button>
        )
      }
    >
      <ChangeProblem problem={endOthers.problem} />
      <Shown of={sessions}>
        {({ value: { items } }) => (
          <ul className="rows">
            {items.map((session) => (
              <SessionLine key={session.id} session={session} />
            ))}
          </ul>
        )}
      </Shown>
    </Section>
  );
}

function SessionLine({
  session,
}: {
  readonly session: AnswerOf<"listSessions">["items"][number];
}): ReactNode {
  const { say } = useSpeech();
  const when = useWhen();
  const queries = useQueryClient();
  const end = useChange("endSession");
  const { id, device, address, way, is_this: isThis, used_at: usedAt, signed_in_at: since } = session;
  const run = async () => {
    const done = await end.run({ params: { id } }, { told: isThis ? null : say("sessions.one_ended") });
    if (done.ok && isThis) {
      queries.clear();
      location.assign("/");
    }
  };
  return (
    <li className="row between">
      <span>
        <b>{device}</b> {isThis && <span className="badge good">{say("sessions.this")}</span>}
        <span className="muted small block">
          {say("sessions.about", { address, used: when.short(usedAt), since: when.short(since) })}
        </span>
        <span className="muted small block">{say(`sessions.way.${way}`)}</span>
      </span>
      <Button
        size="small"
        look="quiet"
        isPending={end.isBusy}
        onPress={() => void run()}
        aria-label={isThis ? say("app.sign_out") : say("sessions.end_one", { device })}
      >
        {say(isThis ? "app.sign_out" : "sessions.end")}
      </Button>
    </li>
  );
}
