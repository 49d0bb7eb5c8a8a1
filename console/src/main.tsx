/** The page begins here. */
import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.js";
import { Fault, isSignedOut } from "./office/client.js";
import "./design/tokens.css";
import "./design/base.css";
import "./parts/parts.css";
import "./frame/frame.css";
import { showKeptTheme } from "./design/theme.js";
import { Speaking } from "./words/words.js";

showKeptTheme();

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // The sign-in comes over the page when it is read again who is signed in.
    onError: (error, { queryKey }) => {
      if (isSignedOut(error) && queryKey[0] !== "showMe")
        void queries.invalidateQueries({ queryKey: ["showMe"] });
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      refetchOnWindowFocus: true,
      // What was refused stays refused; what was not answered is asked for again.
      retry: (count, error) => count < 2 && error instanceof Fault && error.problem.status === 0,
    },
  },
});

const root = document.getElementById("console");
if (root === null) throw new Error("the page has no place for the console");
createRoot(root).render(
  <StrictMode>
    <Speaking>
      <QueryClientProvider client={queries}>
        <App />
      </QueryClientProvider>
    </Speaking>
  </StrictMode>,
);
