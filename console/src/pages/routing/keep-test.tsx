/** Keeps a call that was tried, with what happened, as a routing test. */
import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { useReach } from "../../office/me.js";
import { phone, useWhen } from "../../office/when.js";
import { Button } from "../../parts/button.js";
import { useSpeech } from "../../words/words.js";
import { keepTests, type TestCase, testOf, useKeptTests } from "./kept-tests.js";
import type { Played } from "./played.js";
import { localOf } from "./zone-time.js";

export function KeepTest({
  of,
  asked,
}: {
  readonly of: Played;
  readonly asked: Omit<TestCase, "name" | "call" | "expect">;
}): ReactNode {
  const { say } = useSpeech();
  const when = useWhen();
  const reach = useReach();
  const kept = useKeptTests();
  const [isKept, setKept] = useState(false);
  if (reach("runTests") === undefined) return null;
  const keep = () => {
    const name = say("tests.name", { called: phone(of.called), at: when.weekdayAndTime(of.at) });
    // A test says when it is, or it would pass by day and fail by night.
    const at = localOf(Date.parse(of.at), of.timezone);
    const test = testOf(name, of, { at, ...asked });
    keepTests([...kept.filter((each) => each.name !== name), test]);
    setKept(true);
  };
  return (
    <div className="row">
      {isKept ? (
        <span role="status">
          {say("tests.is_kept")} <Link href="/tests">{say("tests.title")}</Link>
        </span>
      ) : (
        <Button size="small" look="quiet" onPress={keep}>
          {say("tests.keep")}
        </Button>
      )}
    </div>
  );
}
