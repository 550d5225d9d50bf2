import { Skeleton } from "antd";
import { Suspense } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { ApiError } from "@/api/errors.ts";
import { Failure } from "@/shared/ui/states.tsx";
import { SessionProvider, useSessionQuery } from "@/shared/view/session.tsx";
import { AsOfBanner } from "./frame/AsOfBanner.tsx";
import { Rail } from "./frame/Rail.tsx";
import { TopBar } from "./frame/TopBar.tsx";

/** The frame around every desk; sends to the sign-in whoever is not signed in. */
export function Root() {
  const session = useSessionQuery();
  const { pathname, search } = useLocation();
  if (session.error instanceof ApiError && session.error.status === 401) {
    return <Navigate to={signInAddress(pathname, search)} replace />;
  }
  if (session.error && !session.data)
    return <Failure error={session.error} retry={() => session.refetch()} />;
  if (!session.data) return <Skeleton active className="z-skeleton" />;
  const drill = session.data.incident?.mode === "drill";
  return (
    <SessionProvider session={session.data} cameAt={session.dataUpdatedAt}>
      <div className={drill ? "z-frame z-drill" : "z-frame"}>
        <TopBar />
        <AsOfBanner />
        <div className="z-body">
          <Rail />
          <main className="z-main">
            <Suspense fallback={<Skeleton active className="z-skeleton" />}>
              <Outlet />
            </Suspense>
          </main>
        </div>
      </div>
    </SessionProvider>
  );
}

/** Keeps where one was going, and passes a one-time secret of a sign-in link on. */
function signInAddress(pathname: string, search: string): string {
  const params = new URLSearchParams(search);
  const secret = params.get("secret");
  params.delete("secret");
  const rest = params.toString();
  const next = new URLSearchParams();
  if (pathname !== "/" || rest) next.set("next", rest ? `${pathname}?${rest}` : pathname);
  if (secret) next.set("secret", secret);
  const query = next.toString();
  return query ? `/signin?${query}` : "/signin";
}
