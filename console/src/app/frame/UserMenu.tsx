import { UserOutlined } from "@ant-design/icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Dropdown } from "antd";
import { useNavigate } from "react-router";
import { api } from "@/api/client.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useSession } from "@/shared/view/session.tsx";

export function UserMenu() {
  const { t, term } = useI18n();
  const { user, posts } = useSession();
  const go = useNavigate();
  const queries = useQueryClient();
  const told = useTold();
  const leave = useMutation({
    mutationFn: () => api.DELETE("/api/v1/session"),
    onSuccess: () => {
      queries.clear();
      void go("/signin");
    },
    onError: told.failed,
  });
  const items = [
    ...posts.map((post) => ({
      key: `post-${post.id}`,
      disabled: true,
      label: `${post.unit.name} · ${term("role", post.role)}`,
    })),
    { type: "divider" as const },
    { key: "account", label: t("account.title"), onClick: () => void go("/account") },
    { key: "leave", label: t("account.leave"), onClick: () => leave.mutate() },
  ];
  return (
    <Dropdown menu={{ items }} trigger={["click"]} placement="bottomRight">
      <button type="button" className="z-top-button z-user">
        <UserOutlined /> <span>{user.display_name || user.username}</span>
      </button>
    </Dropdown>
  );
}
