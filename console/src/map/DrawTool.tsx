import { type PointerEvent, useState } from "react";
import type { Unproject } from "./MapView.tsx";
import type { Corner } from "./within.ts";

interface Props {
  shape: "rectangle" | "polygon";
  ground: Unproject;
  done: (ring: Corner[]) => void;
  label: string;
}

function at(event: PointerEvent<SVGSVGElement>): [number, number] {
  const box = event.currentTarget.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

function corners([ax, ay]: Corner, [bx, by]: Corner): Corner[] {
  return [
    [ax, ay],
    [bx, ay],
    [bx, by],
    [ax, by],
  ];
}

/** Lies over a map and catches a drawing: a rectangle is pulled; a polygon is clicked corner by
 * corner and closed by a double click. */
export function DrawTool({ shape, ground, done, label }: Props) {
  const [points, setPoints] = useState<Corner[]>([]);
  const [here, setHere] = useState<Corner | null>(null);
  const first = points[0];
  const shown =
    shape === "rectangle" && first && here
      ? corners(first, here)
      : [...points, ...(here && points.length ? [here] : [])];

  const finish = (ring: readonly Corner[]) => {
    setPoints([]);
    setHere(null);
    if (ring.length >= 3) done(ring.map(([x, y]) => ground(x, y)));
  };
  const down = (event: PointerEvent<SVGSVGElement>) => {
    const point = at(event);
    if (shape === "polygon") {
      setPoints((before) => [...before, point]);
      return;
    }
    event.currentTarget.setPointerCapture(event.pointerId);
    setPoints([point]);
  };
  const up = (event: PointerEvent<SVGSVGElement>) => {
    if (shape === "rectangle" && first) finish(corners(first, at(event)));
  };
  return (
    // The list beside the map does the same by keyboard.
    <svg
      className="z-drawtool"
      role="img"
      aria-label={label}
      onPointerDown={down}
      onPointerMove={(event) => setHere(at(event))}
      onPointerUp={up}
      onDoubleClick={() => shape === "polygon" && finish(points.slice(0, -1))}
    >
      <polygon points={shown.map((p) => p.join()).join(" ")} />
    </svg>
  );
}
