/**
 * Which page is seen: those that need nobody signed in, the sign-in, or the office. When a session ends while somebody
 * works, the sign-in comes over the page, and the page stays with all that was typed.
 */
import { useQueryClient } from "@tanstack/react-query";
import { Component, lazy, type ReactNode, Suspense, useRef } from "react";
import { Route, Router, Switch } from "wouter";
import { Frame } from "./frame/frame.js";
import { pagesFor } from "./frame/pages.js";
import { Toasts } from "./frame/toasts.js";
import { client, isSignedOut } from "./office/client.js";
import { MeProvider } from "./office/me.js";
import { useRead } from "./office/read.js";
import { AskAgain } from "./pages/access/ask-again.js";
import { Button } from "./parts/button.js";
import { Dialog } from "./parts/dialog.js";
import { Empty, Loading, ReadProblem } from "./parts/states.js";
import { useSpeech } from "./words/words.js";

const SignIn = lazy(async () => ({ default: (await import("./pages/access/sign-in.js")).SignIn }));
const SignInForm = lazy(async () => ({ default: (await import("./pages/access/sign-in.js")).SignInForm }));
const Forgotten = lazy(async () => ({ default: (await import("./pages/access/forgotten.js")).Forgotten }));
const NewPassword = lazy(async () => ({
  default: (await import("./pages/access/new-password.js")).NewPasswordPage,
}));
const Activate = lazy(async () => ({ default: (await import("./pages/access/activate.js")).Activate }));

export function App(): ReactNode {
  return (
    <Router>
      <Toasts>
        <Suspense fallback={<Loading />}>
          <Switch>
            <Route path="/forgotten" component={Forgotten} />
            <Route path="/new-password" component={NewPassword} />
            <Route path="/activate" component={Activate} />
            <Route component={Office} />
          </Switch>
        </Suspense>
      </Toasts>
    </Router>
  );
}

function Office(): ReactNode {
  const me = useRead("showMe");
  const { say } = useSpeech();
  const queries = useQueryClient();
  const isOut = isSignedOut(me.error);
  // While it is read again who is signed in, the steps of signing in stay where they are.
  const wasOut = useRef(false);
  if (isOut || me.data !== undefined) wasOut.current = isOut;
  const username = me.data?.value.username;
  /** What was typed is only for the person who typed it. */
  const back = async () => {
    const now = await client.call("showMe");
    if (now.ok && now.value.username !== username) {
      sessionStorage.clear();
      location.assign("/");
    } else await queries.invalidateQueries();
  };
  if (me.data === undefined) {
    if (isOut || wasOut.current) return <SignIn />;
    if (me.error !== null)
      return (
        <main className="alone">
          <ReadProblem error={me.error} again={() => void me.refetch()} />
        </main>
      );
    return <Loading />;
  }
  return (
    <MeProvider me={me.data.value}>
      <AskAgain>
        <Frame>
          <Pages operations={me.data.value.operations} />
        </Frame>
      </AskAgain>
      <Dialog title={say("app.signed_out")} isOpen={isOut} isHeld onClose={() => undefined}>
        <p className="muted">{say("app.signed_out_help")}</p>
        <Suspense fallback={<Loading />}>
          <SignInForm username={me.data.value.username} onSignedIn={() => void back()} />
        </Suspense>
      </Dialog>
    </MeProvider>
  );
}

function Pages({ operations }: { readonly operations: Readonly<Record<string, string>> }): ReactNode {
  return (
    <Caught>
      <Suspense fallback={<Loading lines={8} />}>
        <Switch>
          {pagesFor(operations).map(({ path, page }) => (
            <Route key={path} path={path} component={page} />
          ))}
          <Route component={NotFound} />
        </Switch>
      </Suspense>
    </Caught>
  );
}

function NotFound(): ReactNode {
  const { say } = useSpeech();
  return <Empty title={say("error.not_found")} help={say("error.not_found_help")} />;
}

/** A fault of a page leaves the menu as it is. */
class Caught extends Component<{ readonly children: ReactNode }, { readonly isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError(): { readonly isBroken: boolean } {
    return { isBroken: true };
  }

  override render(): ReactNode {
    return this.state.isBroken ? <Broken /> : this.props.children;
  }
}

function Broken(): ReactNode {
  const { say } = useSpeech();
  return (
    <Empty title={say("error.broken_page")} help={say("error.broken_page_help")}>
      <Button onPress={() => location.reload()}>{say("error.reload")}</Button>
    </Empty>
  );
}
