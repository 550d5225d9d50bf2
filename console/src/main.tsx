import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router/dom";
import { ApiError } from "@/api/errors.ts";
import { I18nProvider } from "@/shared/i18n/context.tsx";
import { Look } from "./app/Look.tsx";
import { router } from "./app/router.tsx";
import "./app/console.css";

const queries = new QueryClient({
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
