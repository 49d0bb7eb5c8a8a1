/**
 * Choosing a password by a link of a mail. The link's secret is behind the `#` of the address, which a browser sends to nobody;
 * it goes to the server in a body. A link that does not work any more says what to do instead.
 */
import { type ReactNode, useEffect, useState } from "react";
import { Link } from "wouter";
import { useChange } from "../../office/change.js";
import type { AnswerOf, ClientProblem } from "../../office/client.js";
import { Button, buttonClass } from "../../parts/button.js";
import { Form } from "../../parts/form.js";
import { NewPassword } from "../../parts/new-password.js";
import { Loading } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { AccessProblem } from "./access-problem.js";
import { Alone } from "./alone.js";

export type LinkOf = AnswerOf<"readInvitationLink">;
type Kind = "invitation" | "password";

interface ByLinkProps {
  readonly kind: Kind;
  readonly title: string;
  readonly lead: (link: LinkOf) => string;
  /** Of an invitation: until when the session lasts; null: none has begun. */
  onChosen(link: LinkOf, endsAt: string | null): void;
}

export function ByLink({ kind, title, lead, onChosen }: ByLinkProps): ReactNode {
  const [secret] = useState(() => location.hash.slice(1));
  const read = useChange(kind === "invitation" ? "readInvitationLink" : "readPasswordLink");
  const [link, setLink] = useState<LinkOf | null>(null);
  const [refusal, setRefusal] = useState<ClientProblem | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the link is read once
  useEffect(() => {
    if (secret === "") return setRefusal({ type: "not_found", title: "", status: 404 });
    void read.run({ body: { link: secret } }, { told: null }).then((answer) => {
      if (answer.ok) setLink(answer.value);
      else setRefusal(answer.problem);
    });
  }, []);
  if (refusal !== null) return <Refused kind={kind} problem={refusal} />;
  return (
    <Alone title={title} {...(link === null ? {} : { lead: lead(link) })}>
      {link === null ? (
        <Loading />
      ) : (
        <Choose
          {...{ kind, secret, link }}
          onRefused={setRefusal}
          onChosen={(endsAt) => onChosen(link, endsAt)}
        />
      )}
    </Alone>
  );
}

const REASONS = ["used", "replaced", "withdrawn", "expired", "suspended"] as const;
const ENDED: readonly string[] = ["not_found", "gone", "suspended"];

function Choose({
  kind,
  secret,
  link,
  onChosen,
  onRefused,
}: {
  readonly kind: Kind;
  readonly secret: string;
  readonly link: LinkOf;
  onChosen(endsAt: string | null): void;
  /** The link does not work any more. */
  onRefused(problem: ClientProblem): void;
}): ReactNode {
  const { say } = useSpeech();
  const [password, setPassword] = useState("");
  const first = useChange("activate");
  const next = useChange("chooseNewPassword");
  const choose = kind === "invitation" ? first : next;
  const save = async () => {
    const body = { link: secret, password };
    const done = await choose.run({ body }, { told: null });
    if (done.ok) onChosen("ends_at" in done.value ? (done.value.ends_at as string | null) : null);
    else if (ENDED.includes(done.problem.type)) onRefused(done.problem);
  };
  return (
    <Form label={say("password.new")} onSave={() => void save()}>
      <AccessProblem problem={choose.problem} fields={["/password"]} />
      <NewPassword
        label={say("password.new")}
        username={link.username}
        value={password}
        onChange={setPassword}
        fault={choose.faultAt("/password")}
      />
      <Button type="submit" look="primary" isPending={choose.isBusy}>
        {say(kind === "invitation" ? "activate.submit" : "new_password.submit")}
      </Button>
    </Form>
  );
}

/** Each reason has its own way out. */
function Refused({ kind, problem }: { readonly kind: Kind; readonly problem: ClientProblem }): ReactNode {
  const { say } = useSpeech();
  const why = problem.errors?.[0]?.code ?? (problem.type === "not_found" ? "unknown" : problem.type);
  if (problem.status === 0 || !ENDED.includes(problem.type))
    return (
      <Alone title={say("error.unreachable")} lead={say("error.unreachable_help")}>
        <Button look="primary" onPress={() => location.reload()}>
          {say("app.again")}
        </Button>
      </Alone>
    );
  const reason = REASONS.find((each) => each === why) ?? "unknown";
  return (
    <Alone title={say(`link.${reason}`)} lead={say(`link.${reason}_help.${kind}`)}>
      {reason !== "suspended" && kind === "password" && (
        <Link href="/forgotten" className={buttonClass({ look: "primary" })}>
          {say("link.ask_again")}
        </Link>
      )}
      <Link href="/" className={reason === "used" ? buttonClass({ look: "primary" }) : ""}>
        {say("sign_in.back")}
      </Link>
    </Alone>
  );
}
