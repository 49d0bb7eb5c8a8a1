/** What happens when one does not answer: how long one's own phones ring, and what comes then. */
import { type ReactNode, useState } from "react";
import { useChange } from "../../office/change.js";
import type { AnswerOf } from "../../office/client.js";
import { useDraft } from "../../office/draft.js";
import { matchOf } from "../../office/match.js";
import { useMe, useReach } from "../../office/me.js";
import { useRead } from "../../office/read.js";
import { Button } from "../../parts/button.js";
import { DriftNotice } from "../../parts/drift.js";
import { Form, SaveBar } from "../../parts/form.js";
import { Section } from "../../parts/page.js";
import { isRouteWhole, type RouteDraft, RouteForm, routeDraft, routeSteps } from "../../parts/route-form.js";
import { ChangeProblem, Shown } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { isPlainRoute, OwnCall } from "./own-call.js";

type User = AnswerOf<"getUser">;

export function NoAnswer(): ReactNode {
  const { say } = useSpeech();
  const { username } = useMe();
  // The operator's files say nothing to others.
  const runsOffice = useReach()("listDrift") === "all";
  const user = useRead("getUser", { params: { username } });
  return (
    <Shown of={user}>
      {({ value, revision }) => (
        <>
          {runsOffice && <DriftNotice drift={value.drift} />}
          <Section title={say("no_answer.title")} help={say("no_answer.lead")}>
            {value.may.fields.includes("no_answer") ? (
              <MyRule user={value} revision={revision} />
            ) : (
              <>
                <OwnCall call={value.call} />
                <p className="muted small">{say("no_answer.not_yours")}</p>
              </>
            )}
          </Section>
        </>
      )}
    </Shown>
  );
}

/** What this form cannot say is shown in words; it is replaced only when somebody asks for it. */
function MyRule({ user, revision }: { readonly user: User; readonly revision: number | null }): ReactNode {
  const { say } = useSpeech();
  const [isReplacing, setReplacing] = useState(false);
  if (isPlainRoute(user.call, user.username) || isReplacing)
    return <RuleForm {...{ user, revision }} onDone={() => setReplacing(false)} />;
  return (
    <>
      <OwnCall call={user.call} />
      <p className="muted small">{say("no_answer.more")}</p>
      <div>
        <Button onPress={() => setReplacing(true)}>{say("no_answer.replace")}</Button>
      </div>
    </>
  );
}

function RuleForm({
  user,
  revision,
  onDone,
}: {
  readonly user: User;
  readonly revision: number | null;
  onDone(): void;
}): ReactNode {
  const { say } = useSpeech();
  const { username } = user;
  const me = `user:${username}`;
  const isPlain = isPlainRoute(user.call, username);
  const change = useChange("changeUser");
  const draft = useDraft<RouteDraft>(
    `no_answer:${username}`,
    routeDraft(isPlain ? user.call.route : null, me),
    revision,
  );
  const end = () => {
    draft.discard();
    onDone();
  };
  const put = async (steps: ReturnType<typeof routeSteps> | null) => {
    const done = await change.run({
      params: { username },
      body: { no_answer: steps },
      ...matchOf(draft, change.problem),
    });
    if (done.ok) end();
  };
  const isWhole = isRouteWhole({ ...draft.value, to: me });
  return (
    <Form
      label={say("no_answer.title")}
      onSave={() => void (isWhole && put(routeSteps({ ...draft.value, to: me })))}
    >
      <ChangeProblem problem={change.problem} fields={["/no_answer"]} onTakeTheirs={end} />
      <p className="muted">{say("no_answer.my_phones")}</p>
      <RouteForm
        value={draft.value}
        onChange={draft.set}
        isFixed
        isMine
        fault={change.faultAt("/no_answer") ?? (isWhole ? undefined : say("route.not_whole"))}
      />
      {!draft.isChanged && user.no_answer !== undefined && (
        <div>
          <Button look="quiet" size="small" isPending={change.isBusy} onPress={() => void put(null)}>
            {say("no_answer.reset")}
          </Button>
        </div>
      )}
      <SaveBar isChanged={draft.isChanged || !isPlain} isBusy={change.isBusy} onDiscard={end} />
    </Form>
  );
}
