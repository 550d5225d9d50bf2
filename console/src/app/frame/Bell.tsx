import { BellOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Badge, Button, Drawer, Segmented } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { api, idempotencyKey, must } from "@/api/client.ts";
import type { NotificationItem } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useNarrow } from "@/shared/ui/useMedia.ts";
import { useTold } from "@/shared/ui/useTold.ts";
import { useMay } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import { NotificationList } from "./NotificationList.tsx";

const EVERY_MS = 60_000;

/** What was sent to my unit: how many unread, and the list of them. */
export function Bell() {
  return useMay("clock.read") ? <Rings /> : null;
}

function Rings() {
  const { t } = useI18n();
  const narrow = useNarrow();
  const [open, setOpen] = useState(false);
  const count = useQuery({
    queryKey: ["notifications", "count"],
    queryFn: () => must(api.GET("/api/v1/notifications/count")),
    refetchInterval: EVERY_MS,
  });
  const unread = count.data?.unread ?? 0;
  return (
    <>
      <button
        type="button"
        className="z-top-button"
        aria-label={t("bell.label", { n: unread })}
        onClick={() => setOpen(true)}
      >
        <Badge count={unread} size="small" overflowCount={99}>
          <BellOutlined className="z-bell" />
        </Badge>
      </button>
      <Drawer
        open={open}
        onClose={() => setOpen(false)}
        size={narrow ? "100%" : 440}
        title={t("bell.title")}
        className="z-drawer"
        destroyOnHidden
      >
        <Inbox close={() => setOpen(false)} />
      </Drawer>
    </>
  );
}

function Inbox({ close }: { close: () => void }) {
  const { t } = useI18n();
  const { to } = useView();
  const go = useNavigate();
  const queries = useQueryClient();
  const told = useTold();
  const [unread, setUnread] = useState(true);
  const read = useMutation({
    mutationFn: (id: number) =>
      must(
        api.POST("/api/v1/notifications/{id}/read", {
          params: { path: { id }, header: { "Idempotency-Key": idempotencyKey() } },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["notifications"] }),
    onError: told.failed,
  });
  const open = (item: NotificationItem) => {
    if (!item.read_at) read.mutate(item.id);
    close();
    void go(to(`/clocks/${item.clock.id}`));
  };
  return (
    <>
      <div className="z-inbox-head">
        <Segmented
          size="small"
          aria-label={t("bell.title")}
          value={unread ? "unread" : "all"}
          onChange={(value) => setUnread(value === "unread")}
          options={[
            { value: "unread", label: t("bell.unread") },
            { value: "all", label: t("filter.all") },
          ]}
        />
      </div>
      <NotificationList
        unread={unread}
        open={open}
        mark={(item) => (
          <Button size="small" type="link" onClick={() => read.mutate(item.id)}>
            {t("bell.mark")}
          </Button>
        )}
      />
    </>
  );
}
