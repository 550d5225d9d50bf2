const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });
const MINUS = "\u2212";

/** Thousands grouped; decimals only where the number has any and is small enough to need them. */
export function number(value: number): string {
  const text = Math.abs(value) >= 1000 || Number.isInteger(value) ? whole : fine;
  return text.format(value).replace("-", MINUS);
}

export function signed(value: number): string {
  if (value === 0) return "\u00b10";
  return value > 0 ? `+${number(value)}` : number(value);
}

/** A share of one, as a percentage. */
export function percent(share: number): string {
  return `${number(Math.round(share * 1000) / 10)}%`;
}

/** A chance in whole per cent; what is neither impossible nor certain is not told as 0 or 100. */
export function chance(value: number): string {
  if (value > 0 && value < 0.01) return "<1%";
  if (value > 0.99 && value < 1) return ">99%";
  return percent(Math.round(value * 100) / 100);
}

/** p-values: no false exactness below a ten-thousandth. */
export function probability(value: number): string {
  return value < 0.0001 ? "<0.0001" : value.toPrecision(2);
}
