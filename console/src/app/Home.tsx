import { Navigate } from "react-router";
import { useSession } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import { desksFor } from "./desks.ts";

/** Home is the situation; for a post without it, the first desk it has. */
export function Home() {
  const { permissions } = useSession();
  const { to } = useView();
  return <Navigate to={to(desksFor(permissions)[0]?.path ?? "/account")} replace />;
}
