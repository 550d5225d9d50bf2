import type { TracedPlace } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";

/** A place by name, with its kind and where it is. */
export function PlaceName({ place }: { place: TracedPlace }) {
  const { term } = useI18n();
  return (
    <span>
      <b>{place.name}</b> <small>{term("placeKind", place.kind)}</small> {place.unit?.name}
    </span>
  );
}
