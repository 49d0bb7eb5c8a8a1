/** For people who run the office: what waits for them. Nothing is shown when nothing does. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useReach } from "../../office/me.js";
import { useRead } from "../../office/read.js";
import { useSpeech } from "../../words/words.js";

export function Attention(): ReactNode {
  const { say } = useSpeech();
  const lines = [...useUnassigned(), ...useInvitations(), ...useDrift()];
  if (lines.length === 0) return null;
  return (
    <section className="attention" aria-label={say("attention.title")}>
      <h2>{say("attention.title")}</h2>
      <ul>
        {lines.map(({ href, text }) => (
          <li key={href}>
            <Link href={href}>{text}</Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface Line {
  readonly href: string;
  readonly text: string;
}

function useUnassigned(): readonly Line[] {
  const { count } = useSpeech();
  const isOpen = useReach()("listNumbers") === "all";
  const numbers = useRead("listNumbers", { query: { assigned: false, limit: 100 } }, { enabled: isOpen });
  const found = numbers.data?.value.items.length ?? 0;
  return found === 0 ? [] : [{ href: "/numbers?assigned=false", text: count("attention.unassigned", found) }];
}

function useInvitations(): readonly Line[] {
  const { count } = useSpeech();
  const isOpen = useReach()("listInvitations") === "all";
  const invitations = useRead("listInvitations", { query: { limit: 100 } }, { enabled: isOpen });
  const found = invitations.data?.value.items.length ?? 0;
  return found === 0 ? [] : [{ href: "/users?state=invited", text: count("attention.invitations", found) }];
}

function useDrift(): readonly Line[] {
  const { count } = useSpeech();
  const isOpen = useReach()("listDrift") === "all";
  const drifts = useRead("listDrift", undefined, { enabled: isOpen });
  const found = drifts.data?.value.items.length ?? 0;
  return found === 0 ? [] : [{ href: "/office/drift", text: count("attention.drift", found) }];
}
