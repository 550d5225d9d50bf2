import type { ComponentProps } from "react";
import { Link } from "react-router";
import { type Params, useView } from "./useView.ts";

type Props = Omit<ComponentProps<typeof Link>, "to"> & { path: string; params?: Params };

/** A link that keeps the scope and the moment one is looking at. */
export function ViewLink({ path, params, ...rest }: Props) {
  const { to } = useView();
  return <Link to={to(path, params)} {...rest} />;
}

/** Where a figure's drill-down list lives in the console. */
export function deskOf(route: string): string {
  switch (route) {
    case "proposals":
      return "/decisions";
    case "sites":
    case "hospitals":
    case "vehicles":
    case "stocks":
    case "points":
    case "labs":
      return `/resources/${route}`;
    default:
      return `/${route}`;
  }
}
