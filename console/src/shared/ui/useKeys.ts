import { useEffect, useRef } from "react";
import { plainKey } from "./keys.ts";

/** Calls `pressed` with every plain key while `on`; it tells by true that the key was taken. */
export function useKeys(on: boolean, pressed: (key: string) => boolean): void {
  const latest = useRef(pressed);
  latest.current = pressed;
  useEffect(() => {
    if (!on) return;
    const listen = (event: KeyboardEvent) => {
      const key = plainKey(event);
      if (key !== null && latest.current(key)) event.preventDefault();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [on]);
}
