import { useQuery } from "@tanstack/react-query";
import { Dropdown } from "antd";
import { useState } from "react";
import { api, must } from "@/api/client.ts";
import type { UnitRef } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useSession } from "@/shared/view/session.tsx";
import { useScopePath } from "@/shared/view/useScopePath.ts";

/** Where one is looking: from the post's unit down to the scope, each step a way back up or down. */
export function ScopeBar() {
  const { scope: home } = useSession();
  return home ? <Scope home={home} /> : null;
}

function Scope({ home }: { home: UnitRef }) {
  const { t } = useI18n();
  const { here, above, go } = useScopePath(home);
  return (
    <nav className="z-scope" aria-label={t("scope.label")}>
      {above.map((step) => (
        <span key={step.code}>
          <button type="button" onClick={() => go(step.code)}>
            {step.name}
          </button>
          <i>/</i>
        </span>
      ))}
      <b>{here.name}</b>
      {here.level === "village" ? null : <Below code={here.code} go={go} />}
    </nav>
  );
}

function Below({ code, go }: { code: string; go: (code: string) => void }) {
  const { t } = useI18n();
  const [open, setOpen] = useState(false);
  const children = useQuery({
    queryKey: ["unit-children", code],
    queryFn: () => must(api.GET("/api/v1/units/{code}/children", { params: { path: { code } } })),
    enabled: open,
  });
  const items = (children.data ?? []).map((unit) => ({ key: unit.code, label: unit.name }));
  return (
    <Dropdown
      trigger={["click"]}
      open={open}
      onOpenChange={setOpen}
      menu={{
        items: items.length
          ? items
          : [
              {
                key: "none",
                disabled: true,
                label: t(children.isFetching ? "list.loading" : "scope.noneBelow"),
              },
            ],
        onClick: ({ key }) => go(key),
        className: "z-scope-menu",
      }}
    >
      <button type="button" aria-label={t("scope.below")}>
        ▾
      </button>
    </Dropdown>
  );
}
