import { Fragment, type ReactNode } from "react";
import { useRecordId } from "@/shared/view/useRecordId.ts";
import { Desk } from "./Desk.tsx";
import { NotFound } from "./NotFound.tsx";

interface Props {
  path: string;
  name: string;
  list: (chosen: number | null) => ReactNode;
  detail: (id: number) => ReactNode;
  listSize?: string | number;
}

/** The desk of a kind of record: `/zones` is the list, `/zones/7` one of them beside it. */
export function RecordDesk({ path, name, list, detail, ...rest }: Props) {
  const id = useRecordId();
  const shown =
    id === "bad" ? (
      <NotFound back={path} name={name} />
    ) : id === null ? null : (
      <Fragment key={id}>{detail(id)}</Fragment>
    );
  return <Desk path={path} list={list(id === "bad" ? null : id)} detail={shown} {...rest} />;
}
