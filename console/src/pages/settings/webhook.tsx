/** One webhook: how it fares, what waits for it, a test, and its settings. */
import { type ReactNode, useState } from "react";
import { useLocation, useParams } from "wouter";
import { useChange } from "../../office/change.js";
import type { AnswerOf } from "../../office/client.js";
import { useReach } from "../../office/me.js";
import { useList, useRead } from "../../office/read.js";
import { useWhen } from "../../office/when.js";
import { Button } from "../../parts/button.js";
import { Choice } from "../../parts/choice.js";
import { Confirm } from "../../parts/dialog.js";
import { List } from "../../parts/list.js";
import { Facts, Page, Section } from "../../parts/page.js";
import { ChangeProblem, Shown } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { WEBHOOK_EVENTS, WebhookForm } from "./webhook-form.js";
import { type Standing, StandingBadge } from "./webhook-standing.js";
import "./settings.css";

const STATE_MS = 5_000;
type Tried = AnswerOf<"testWebhook">;

export function Webhook(): ReactNode {
  const { say } = useSpeech();
  const { id = "" } = useParams<{ id: string }>();
  const webhook = useRead("getWebhook", { params: { id } });
  const states = useRead("listDeliveryStates", {}, { everyMs: STATE_MS });
  const standing = states.data?.value.items.find((each) => each.id === id);
  const [isRemoving, setRemoving] = useState(false);
  return (
    <Page
      title={id}
      back={{ href: "/webhooks", text: say("app.back_to", { page: say("webhooks.title") }) }}
      actions={
        webhook.data?.value.may.remove === true && (
          <Button look="danger" onPress={() => setRemoving(true)}>
            {say("webhooks.remove")}
          </Button>
        )
      }
    >
      <Shown of={webhook} lines={10}>
        {({ value, revision }) => (
          <>
            <Fares id={id} standing={standing} />
            <WebhookForm key={value.id} of={value} revision={revision} />
            <Deliveries id={id} />
            <Remove id={id} isOpen={isRemoving} onClose={() => setRemoving(false)} />
          </>
        )}
      </Shown>
    </Page>
  );
}

function Fares({
  id,
  standing,
}: {
  readonly id: string;
  readonly standing: Standing | undefined;
}): ReactNode {
  const { say, count } = useSpeech();
  const when = useWhen();
  const reach = useReach();
  const retry = useChange("retryDeliveries");
  const facts: (readonly [string, ReactNode])[] = [
    [say("webhooks.state"), <StandingBadge key="state" of={standing} />],
  ];
  if (standing !== undefined) {
    const {
      why,
      failing_since_at: since,
      last_delivery_at: last,
      delivered,
      given_up: givenUp,
      dropped,
    } = standing;
    if (why !== null) facts.push([say("webhooks.why"), why]);
    if (since !== null) facts.push([say("webhooks.failing_since"), when.full(since)]);
    facts.push([say("webhooks.last"), last === null ? say("webhooks.never") : when.full(last)]);
    facts.push([say("webhooks.delivered"), String(delivered)]);
    facts.push([say("webhooks.waiting"), count("webhooks.n_waiting", standing.waiting)]);
    if (givenUp > 0) facts.push([say("webhooks.given_up"), String(givenUp)]);
    if (dropped > 0) facts.push([say("webhooks.dropped"), String(dropped)]);
  }
  return (
    <Section title={say("webhooks.now")} help={say("app.zone", { zone: when.zone })}>
      <Facts of={facts} />
      <ChangeProblem problem={retry.problem} />
      {standing !== undefined && (standing.waiting > 0 || standing.state === "off") && (
        <div className="row">
          <Button
            isPending={retry.isBusy}
            onPress={() => void retry.run({ params: { id } }, { told: say("webhooks.retried") })}
          >
            {say("webhooks.retry")}
          </Button>
        </div>
      )}
      {reach("testWebhook") !== undefined && <Test id={id} />}
    </Section>
  );
}

/** One event that did not happen, and what the other program answers. */
function Test({ id }: { readonly id: string }): ReactNode {
  const { say, language } = useSpeech();
  const test = useChange("testWebhook");
  const [event, setEvent] = useState<(typeof WEBHOOK_EVENTS)[number]>("call.ended");
  const [tried, setTried] = useState<Tried | null>(null);
  const seconds = new Intl.NumberFormat(language, {
    style: "unit",
    unit: "second",
    maximumFractionDigits: 2,
  });
  const run = async () => {
    setTried(null);
    const done = await test.run({ params: { id }, body: { event } }, { told: null });
    if (done.ok) setTried(done.value);
  };
  return (
    <div className="stack tight">
      <div className="row webhook-test">
        <Choice
          label={say("webhooks.test_event")}
          value={event}
          options={WEBHOOK_EVENTS.map((each) => ({
            id: each,
            text: each,
            more: say(`webhooks.event.${each}`),
          }))}
          onChange={(next) => setEvent(WEBHOOK_EVENTS.find((each) => each === next) ?? "call.ended")}
        />
        <Button isPending={test.isBusy} onPress={() => void run()}>
          {say("webhooks.test")}
        </Button>
      </div>
      <ChangeProblem problem={test.problem} />
      {tried !== null && (
        <div className={`notice ${tried.delivered ? "good" : "bad"}`} role="status">
          {tried.delivered
            ? say("webhooks.test_taken", {
                status: tried.status ?? "",
                took: seconds.format(tried.took_seconds),
              })
            : say("webhooks.test_failed", { why: tried.why ?? "" })}
        </div>
      )}
    </div>
  );
}

function Deliveries({ id }: { readonly id: string }): ReactNode {
  const { say } = useSpeech();
  const when = useWhen();
  const deliveries = useList("listDeliveries", { params: { id } }, { everyMs: STATE_MS });
  return (
    <section className="stack" aria-label={say("webhooks.deliveries")}>
      <h2>{say("webhooks.deliveries")}</h2>
      <List
        label={say("webhooks.deliveries")}
        of={deliveries}
        keyOf={(each) => each.id}
        columns={[
          { id: "event", head: say("webhooks.event"), cell: ({ event }) => <code>{event}</code> },
          {
            id: "queued",
            head: say("webhooks.queued"),
            cell: ({ queued_at: at }) => <time dateTime={at}>{when.short(at)}</time>,
          },
          {
            id: "attempts",
            head: say("webhooks.attempts"),
            isNumber: true,
            width: "6rem",
            cell: ({ attempts }) => attempts,
          },
          {
            id: "next",
            head: say("webhooks.next"),
            cell: ({ next_at: at }) => (at === null ? say("webhooks.after_earlier") : when.short(at)),
          },
          { id: "why", head: say("webhooks.why"), width: "2fr", isMinor: true, cell: ({ why }) => why ?? "" },
        ]}
        empty={<p className="muted">{say("webhooks.nothing_waits")}</p>}
      />
    </section>
  );
}

function Remove({
  id,
  isOpen,
  onClose,
}: {
  readonly id: string;
  readonly isOpen: boolean;
  onClose(): void;
}): ReactNode {
  const { say } = useSpeech();
  const [, go] = useLocation();
  const remove = useChange("removeWebhook");
  return (
    <Confirm
      title={say("webhooks.remove_title", { webhook: id })}
      confirm={say("webhooks.remove")}
      isOpen={isOpen}
      onClose={onClose}
      isBusy={remove.isBusy}
      onConfirm={() =>
        void remove.run({ params: { id } }).then((done) => {
          if (done.ok) go("/webhooks");
        })
      }
    >
      <ChangeProblem problem={remove.problem} />
      <p>{say("webhooks.remove_help")}</p>
    </Confirm>
  );
}
