/** Inviting: what can be done with an account, and the link that is shown once where no mail brings it. */
import { type ReactNode, useState } from "react";
import { useTell } from "../../../frame/toasts.js";
import { useChange } from "../../../office/change.js";
import type { AnswerOf } from "../../../office/client.js";
import { useReach } from "../../../office/me.js";
import { useWhen } from "../../../office/when.js";
import type { Action } from "../../../parts/actions.js";
import { Button } from "../../../parts/button.js";
import { Confirm, Dialog } from "../../../parts/dialog.js";
import { QrCode } from "../../../parts/qr.js";
import { Secret } from "../../../parts/secret.js";
import { ChangeProblem } from "../../../parts/states.js";
import { useSpeech } from "../../../words/words.js";

/** What may be done with an account: of the account itself, of a user, and of a row in the list of users. */
export interface OfAccount {
  readonly may: { readonly invite: boolean; readonly resend: boolean; readonly withdraw: boolean };
}

/** A link that was made now. */
export interface MadeLink {
  readonly name: string;
  readonly link: string;
  readonly expiresAt: string | null;
  readonly kind: "invitation" | "reset";
}

export interface Invited {
  readonly username: string;
  readonly name: string;
  readonly email: string | null;
}

type Person = AnswerOf<"resendInvitation">;

/** By mail, by the link that is shown, or not at all. */
export type Inviting = "mailed" | "link" | "not_invited";

/** Invites, and hands over the link where no mail brings it. */
export function useInviting(onLink: (made: MadeLink) => void) {
  const invite = useChange("invite");
  const resend = useChange("resendInvitation");
  const ended = (user: Invited, person: Person | undefined): Inviting => {
    if (person?.outcome !== "invited") return "not_invited";
    if (person.link === null) return "mailed";
    onLink({ name: user.name, link: person.link, expiresAt: person.expires_at, kind: "invitation" });
    return "link";
  };
  return {
    problem: invite.problem ?? resend.problem,
    isBusy: invite.isBusy || resend.isBusy,
    clear: () => {
      invite.clear();
      resend.clear();
    },
    invite: async (user: Invited, mail = true): Promise<Inviting> => {
      const done = await invite.run({ body: { usernames: [user.username], mail } }, { told: null });
      return done.ok ? ended(user, done.value.items[0]) : "not_invited";
    },
    resend: async (user: Invited, mail = true): Promise<Inviting> => {
      const done = await resend.run({ params: { username: user.username }, body: { mail } }, { told: null });
      return done.ok ? ended(user, done.value) : "not_invited";
    },
  };
}

type Wish = { readonly kind: "invite" | "resend" | "withdraw"; readonly user: Invited };

/** The menu of a row or a page, and the question that comes before each. */
export function useAccountActions(): {
  readonly actionsFor: (user: Invited, account: OfAccount | undefined) => readonly Action[];
  readonly asked: ReactNode;
} {
  const { say } = useSpeech();
  const reach = useReach();
  const [wish, setWish] = useState<Wish | null>(null);
  const [made, setMade] = useState<MadeLink | null>(null);
  const actionsFor = (user: Invited, account: OfAccount | undefined): readonly Action[] => {
    if (account === undefined) return [];
    const { may } = account;
    const kinds = [
      ...(may.resend && reach("resendInvitation") !== undefined ? ["resend" as const] : []),
      ...(may.invite && !may.resend && reach("invite") !== undefined ? ["invite" as const] : []),
      ...(may.withdraw && reach("withdrawInvitation") !== undefined ? ["withdraw" as const] : []),
    ];
    return kinds.map((kind) => ({
      id: kind,
      text: say(`accounts.${kind}`),
      isDanger: kind === "withdraw",
      run: () => setWish({ kind, user }),
    }));
  };
  const asked = (
    <>
      <Asked wish={wish} onClose={() => setWish(null)} onLink={setMade} />
      <LinkShown of={made} onClose={() => setMade(null)} />
    </>
  );
  return { actionsFor, asked };
}

function Asked({
  wish,
  onClose,
  onLink,
}: {
  readonly wish: Wish | null;
  onClose(): void;
  onLink(made: MadeLink): void;
}): ReactNode {
  const { say } = useSpeech();
  const tell = useTell();
  const inviting = useInviting(onLink);
  const withdraw = useChange("withdrawInvitation");
  if (wish === null) return null;
  const { kind, user } = wish;
  const close = () => {
    inviting.clear();
    withdraw.clear();
    onClose();
  };
  const act = async () => {
    if (kind === "withdraw") {
      const told = say("accounts.withdrawn", { name: user.name });
      const done = await withdraw.run({ params: { username: user.username } }, { told });
      return done.ok && close();
    }
    const ended = await inviting[kind](user);
    if (ended === "not_invited") return;
    if (ended === "mailed")
      tell({ text: say("accounts.mailed", { name: user.name, email: user.email ?? "" }) });
    close();
  };
  const problem = <ChangeProblem problem={inviting.problem ?? withdraw.problem} />;
  const title = say(`accounts.${kind}_title`, { name: user.name });
  const help =
    kind === "withdraw"
      ? say("accounts.withdraw_help")
      : user.email === null
        ? say("accounts.no_email_help")
        : say(`accounts.${kind}_help`, { email: user.email });
  if (kind === "withdraw")
    return (
      <Confirm
        title={title}
        isOpen
        onClose={close}
        confirm={say("accounts.withdraw")}
        isBusy={withdraw.isBusy}
        onConfirm={() => void act()}
      >
        {problem}
        <p>{help}</p>
      </Confirm>
    );
  return (
    <Dialog title={title} isOpen onClose={close}>
      {problem}
      <p>{help}</p>
      <div className="row end">
        <Button onPress={close}>{say("app.cancel")}</Button>
        <Button look="primary" isPending={inviting.isBusy} onPress={() => void act()}>
          {say(`accounts.${kind}`)}
        </Button>
      </div>
    </Dialog>
  );
}

/** A link to hand over: it is shown now, and cannot be shown again. */
export function LinkShown({ of, onClose }: { readonly of: MadeLink | null; onClose(): void }): ReactNode {
  const { say } = useSpeech();
  if (of === null) return null;
  return (
    <Dialog title={say(`accounts.${of.kind}_link`, { name: of.name })} isOpen onClose={onClose}>
      <LinkParts of={of} />
      <div className="row end">
        <Button look="primary" onPress={onClose}>
          {say("people.done")}
        </Button>
      </div>
    </Dialog>
  );
}

export function LinkParts({ of }: { readonly of: MadeLink }): ReactNode {
  const { say } = useSpeech();
  const when = useWhen();
  return (
    <div className="stack">
      <p>{say(`accounts.${of.kind}_link_help`, { name: of.name })}</p>
      <div className="link-parts">
        <QrCode text={of.link} label={say("accounts.qr", { name: of.name })} />
        <div className="stack tight">
          <Secret label={say("accounts.link")} text={of.link} />
          {of.expiresAt !== null && (
            <p className="muted small">{say("accounts.link_until", { when: when.full(of.expiresAt) })}</p>
          )}
        </div>
      </div>
    </div>
  );
}
