/** Where the page of a thing is that clocks and findings speak of; null where it has none. */
export function pageOf(subject: { kind: string; id: number | string }): string | null {
  switch (subject.kind) {
    case "case":
      return `/cases/${subject.id}`;
    case "directive":
      return `/directives/${subject.id}`;
    case "signal":
      return `/signals/${subject.id}`;
    case "zone":
      return `/zones/${subject.id}`;
    case "letter":
      return `/letters/${subject.id}`;
    case "code":
      return `/codes/${subject.id}`;
    case "sample": // samples with clocks are positive tubes
      return `/tubes/${subject.id}`;
    case "price": // where all prices that call for a look are
      return "/resources/prices";
    case "proposal":
    case "event": // an event is the proposal that found it
      return `/decisions/${subject.id}`;
    default:
      return null;
  }
}
