import { useRouteError } from "react-router";
import { Failure } from "@/shared/ui/states.tsx";

/** A fault inside a page: said plainly, with the way to try again. */
export function RouteFailure() {
  const thrown = useRouteError();
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return <Failure error={error} retry={() => window.location.reload()} />;
}
