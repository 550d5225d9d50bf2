import { useI18n } from "@/shared/i18n/context.tsx";
import { OptionMark } from "../marks.tsx";

interface Props {
  options: readonly string[];
  against: string;
  shown: ReadonlySet<number>;
  toggle: (at: number) => void;
  point: (at: number | null) => void;
}

/** The options by letter: pressed is shown; pointing at one shows its intervals. */
export function Legend({ options, against, shown, toggle, point }: Props) {
  const { t } = useI18n();
  return (
    <div className="z-whatif-legend" role="toolbar" aria-label={t("whatif.options")}>
      {options.map((name, at) => (
        <button
          key={name}
          type="button"
          aria-pressed={shown.has(at)}
          onClick={() => toggle(at)}
          onMouseEnter={() => point(at)}
          onMouseLeave={() => point(null)}
          onFocus={() => point(at)}
          onBlur={() => point(null)}
        >
          <OptionMark at={at} /> {name}
          {name === against ? <i className="z-tag">{t("whatif.against")}</i> : null}
        </button>
      ))}
      <span className="z-hint">{t("whatif.bands")}</span>
    </div>
  );
}
