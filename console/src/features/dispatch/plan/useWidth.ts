import { type RefObject, useEffect, useRef, useState } from "react";

/** How wide the box is drawn, in whole pixels; follows it as it changes. */
export function useWidth(): [RefObject<HTMLDivElement | null>, number] {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!box.current) return;
    const watcher = new ResizeObserver(([entry]) =>
      setWidth(Math.floor(entry?.contentRect.width ?? 0)),
    );
    watcher.observe(box.current);
    return () => watcher.disconnect();
  }, []);
  return [box, width];
}
