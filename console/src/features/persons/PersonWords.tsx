import type { MaskedPerson } from "@/api/types.ts";

/** A person as a list may show him. */
export function PersonWords({ person }: { person: MaskedPerson }) {
  return (
    <span className="z-person">
      <b>{person.name}</b> <span className="z-num">{person.id_no}</span>{" "}
      <small>{person.address}</small>
    </span>
  );
}

const LAST = 4;

/** The same within a sentence: name and the end of the number, on one line. */
export const spoken = ({ name, id_no }: MaskedPerson): string =>
  `${name}\u00a0·\u00a0${id_no.slice(-LAST)}`;
