export type Rgb = readonly [number, number, number];

/** Risk colours: meaning only, and never without a letter beside them. */
export const GRADE: Readonly<Record<string, Rgb>> = {
  high: [196, 48, 43],
  red: [196, 48, 43],
  medium: [226, 126, 28],
  orange: [226, 126, 28],
  low: [222, 190, 60],
  yellow: [222, 190, 60],
  blue: [47, 111, 181],
  green: [59, 138, 79],
  none: [236, 240, 243],
};

/** Everything that is not a risk is blue-grey, told apart by its letter. */
export const SLATE: Rgb = [61, 81, 102];
export const STEEL: Rgb = [94, 128, 158];
export const INK: Rgb = [28, 40, 51];
export const CASE: Rgb = [140, 24, 60];

export const css = ([r, g, b]: Rgb): string => `rgb(${r} ${g} ${b})`;
