import { useQuery } from "@tanstack/react-query";
import { Drawer } from "antd";
import { api, must } from "@/api/client.ts";
import type { Wall } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useNarrow } from "@/shared/ui/useMedia.ts";
import type { Chosen } from "./buckets.ts";
import { ClockList } from "./ClockList.tsx";
import { counted } from "./counted.ts";

interface Props {
  chosen: Chosen | null;
  wall: Wall | undefined;
  close: () => void;
  open: (id: number) => void;
}

/** The list behind a number: its words say which, its count is the number one clicked. */
export function ListDrawer({ chosen, wall, close, open }: Props) {
  const narrow = useNarrow();
  return (
    <Drawer
      open={chosen !== null}
      onClose={close}
      size={narrow ? "100%" : 980}
      push={false}
      destroyOnHidden
      className="z-drawer"
      title={chosen ? <Title chosen={chosen} wall={wall} /> : null}
    >
      {chosen ? <ClockList chosen={chosen} open={open} /> : null}
    </Drawer>
  );
}

function Title({ chosen, wall }: { chosen: Chosen; wall: Wall | undefined }) {
  const { t, term, text } = useI18n();
  const code = chosen.owner;
  const row = wall?.owners.find((one) => one.unit.code === code);
  const asked = useQuery({
    queryKey: ["unit", code],
    queryFn: () =>
      must(api.GET("/api/v1/units/{code}", { params: { path: { code: code ?? "" } } })),
    enabled: code !== null && !row,
  });
  const unit = row?.unit.name ?? asked.data?.name ?? code;
  const kind = wall?.kinds.find((one) => one.clock === chosen.clock);
  const n = wall ? counted(wall, chosen) : null;
  const parts = [
    chosen.bucket ? term("bucket", chosen.bucket) : t("clocks.all"),
    unit ? t(row?.below === false ? "clocks.ownOf" : "clocks.under", { unit }) : "",
    chosen.clock ? (kind ? text(kind.name) : chosen.clock) : "",
  ].filter(Boolean);
  return (
    <>
      {parts.join(" · ")}{" "}
      {n === null ? null : (
        <small className="z-num">{t("clocks.n", { n, count: number(n) })}</small>
      )}
    </>
  );
}
