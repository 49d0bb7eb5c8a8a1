/** What stands around every page: the menu, the search, who is signed in, and whether the office can be reached. */
import { useIsFetching, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState, useSyncExternalStore } from "react";
import { Menu, MenuItem, MenuTrigger, Popover, Separator } from "react-aria-components";
import { Link, useLocation } from "wouter";
import { THEMES, useTheme } from "../design/theme.js";
import { client } from "../office/client.js";
import { OfficeNews } from "../office/live.js";
import { useMe } from "../office/me.js";
import { Button } from "../parts/button.js";
import { LANGUAGES, type Language, useSpeech } from "../words/words.js";
import type { PageOf } from "./page-of.js";
import { MENU_GROUPS, pagesFor } from "./pages.js";
import { SearchEverything } from "./search.js";

export function Frame({ children }: { readonly children: ReactNode }): ReactNode {
  const { say } = useSpeech();
  const [isOpen, setOpen] = useState(false);
  const [place] = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the place changes
  useEffect(() => {
    setOpen(false);
    window.scrollTo(0, 0);
    // A screen reader says where one is; the address of a tab alone moves nothing.
    document.getElementById("page-title")?.focus({ preventScroll: true });
  }, [place.split("/")[1]]);
  return (
    <div className="frame">
      <a className="skip" href="#content">
        {say("app.skip")}
      </a>
      <header className="top">
        <Button
          look="quiet"
          aria-label={say("app.menu")}
          aria-expanded={isOpen}
          onPress={() => setOpen(!isOpen)}
        >
          <span className="burger" aria-hidden="true" />
        </Button>
        <Link href="/" className="brand">
          <img src="/icon.svg" alt="" width="24" height="24" /> <OfficeName />
        </Link>
        <SearchEverything />
        <PersonMenu />
      </header>
      <nav className={`side ${isOpen ? "open" : ""}`} aria-label={say("app.menu")}>
        <MenuOfPages />
      </nav>
      <main id="content" tabIndex={-1}>
        <Offline />
        <OfficeNews />
        {children}
      </main>
    </div>
  );
}

function OfficeName(): ReactNode {
  return <span className="office-name">{useMe().office.name}</span>;
}

function MenuOfPages(): ReactNode {
  const { say } = useSpeech();
  const { operations } = useMe();
  const pages = pagesFor(operations);
  return MENU_GROUPS.map(([group, title]) => {
    const mine = pages.filter(({ menu }) => menu?.group === group);
    if (mine.length === 0) return null;
    return (
      <div key={group} className="side-group">
        {title !== null && <h2 id={`menu-${group}`}>{say(title)}</h2>}
        <ul aria-labelledby={title === null ? undefined : `menu-${group}`}>
          {mine.map((each) => (
            <MenuLine key={each.path} of={each} />
          ))}
        </ul>
      </div>
    );
  });
}

function MenuLine({ of: { path, menu } }: { readonly of: PageOf }): ReactNode {
  const { say } = useSpeech();
  const [place] = useLocation();
  if (menu === undefined) return null;
  const [href = "/"] = path.split("/:");
  const isHere = href === "/" ? place === "/" : place === href || place.startsWith(`${href}/`);
  return (
    <li>
      <Link href={href} aria-current={isHere ? "page" : undefined}>
        {say(menu.word)}
      </Link>
    </li>
  );
}

function PersonMenu(): ReactNode {
  const { say, language, choose } = useSpeech();
  const { name } = useMe();
  const [theme, setTheme] = useTheme();
  const [, go] = useLocation();
  const queries = useQueryClient();
  const act = async (key: string) => {
    const [kind, value] = key.split(":");
    if (kind === "theme") setTheme(value as (typeof THEMES)[number]);
    else if (kind === "language") choose(value as Language);
    else if (key === "account") go("/account");
    else {
      await client.call("signOut");
      queries.clear();
      go("/");
      location.reload();
    }
  };
  return (
    <MenuTrigger>
      <Button look="quiet" aria-label={say("app.signed_in_as", { name })}>
        <span className="initials" aria-hidden="true" data-initials={initials(name)} />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="options" onAction={(key) => void act(String(key))}>
          <MenuItem id="account" className="option">
            {say("nav.account")}
          </MenuItem>
          <Separator className="separator" />
          {THEMES.map((each) => (
            <MenuItem key={each} id={`theme:${each}`} className="option">
              {theme === each ? "✓ " : ""}
              {say("app.theme")}: {say(`app.theme.${each}`)}
            </MenuItem>
          ))}
          <Separator className="separator" />
          {Object.entries(LANGUAGES).map(([id, text]) => (
            <MenuItem key={id} id={`language:${id}`} className="option">
              {language === id ? "✓ " : ""}
              {text}
            </MenuItem>
          ))}
          <Separator className="separator" />
          <MenuItem id="sign_out" className="option">
            {say("app.sign_out")}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const [first = "", last = ""] = words.length > 1 ? [words[0], words.at(-1)] : [words[0], ""];
  return ([...first][0] ?? "").toUpperCase() + ([...last][0] ?? "").toUpperCase();
}

function Offline(): ReactNode {
  const { say } = useSpeech();
  const isOnline = useSyncExternalStore(watchOnline, () => navigator.onLine);
  const asking = useIsFetching();
  if (isOnline) return null;
  return (
    <div className="notice warn" role="status">
      {say("app.offline")} {asking > 0 ? "…" : ""}
    </div>
  );
}

function watchOnline(changed: () => void): () => void {
  window.addEventListener("online", changed);
  window.addEventListener("offline", changed);
  return () => {
    window.removeEventListener("online", changed);
    window.removeEventListener("offline", changed);
  };
}
