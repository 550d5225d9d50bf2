import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router/dom";
import { ApiError } from "@/api/errors.ts";
import { I18nProvider } from "@/shared/i18n/context.tsx";
import { Look } from "./app/Look.tsx";
import { router } from "./app/router.tsx";
import "./app/console.css";

/** A session that ended in the middle of work leads to the sign-in, and back here afterwards. */
const cache = new QueryCache({
  onError: (error, query) => {
    const ended = error instanceof ApiError && error.status === 401;
    if (ended && query.queryKey[0] !== "session")
      void queries.invalidateQueries({ queryKey: ["session"] });
  },
});

const queries = new QueryClient({
  queryCache: cache,
  defaultOptions: {
    queries: {
      staleTime: 20_000,
      refetchOnWindowFocus: false,
      // What the server refused it will refuse again; only silence is worth a second try.
      retry: (count, error) => count < 2 && error instanceof ApiError && error.status === 0,
    },
  },
});

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <I18nProvider>
        <Look>
          <RouterProvider router={router} />
        </Look>
      </I18nProvider>
    </QueryClientProvider>
  </StrictMode>,
);
