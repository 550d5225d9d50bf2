import { useCallback, useSyncExternalStore } from "react";

function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const media = window.matchMedia(query);
      media.addEventListener("change", changed);
      return () => media.removeEventListener("change", changed);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}

/** A phone in the hand: one task, one column. */
export const useNarrow = (): boolean => useMedia("(max-width: 767px)");

/** Whoever asked the system for less motion gets none. */
export const useStill = (): boolean => useMedia("(prefers-reduced-motion: reduce)");
