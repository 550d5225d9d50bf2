import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Form, Input } from "antd";
import { useNavigate, useSearchParams } from "react-router";
import { api } from "@/api/client.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { PageHead } from "@/shared/ui/ListPage.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useSession } from "@/shared/view/session.tsx";
import { safeNext } from "./next.ts";
import { goodPassword } from "./password.ts";

/** One's posts and one's password; after a one-time secret it suggests to set one. */
export function Account() {
  const { t, term } = useI18n();
  const { user, posts } = useSession();
  const [search] = useSearchParams();
  const go = useNavigate();
  const told = useTold();
  const first = search.get("first") === "1";
  const next = safeNext(search.get("next"));
  const set = useMutation({
    mutationFn: (new_password: string) =>
      api.POST("/api/v1/session/password", { body: { new_password } }),
    onSuccess: () => {
      told.done(t("account.passwordSet"));
      if (first) void go(next, { replace: true });
    },
    onError: told.failed,
  });
  return (
    <div className="z-page z-account">
      <PageHead title={user.display_name || user.username} note={user.username} />
      <ul className="z-posts">
        {posts.map((post) => (
          <li key={post.id}>
            <b>{term("role", post.role)}</b> {post.unit.name}
          </li>
        ))}
      </ul>
      {first ? <Alert type="info" showIcon className="z-gap" title={t("account.suggest")} /> : null}
      <Form<{ one: string; two: string }>
        layout="vertical"
        requiredMark={false}
        onFinish={({ one }) => set.mutate(one)}
      >
        <Form.Item
          name="one"
          label={t("account.newPassword")}
          extra={t("account.passwordRule")}
          rules={[
            {
              validator: (_, value: string) =>
                goodPassword(value ?? "")
                  ? Promise.resolve()
                  : Promise.reject(new Error(t("account.tooWeak"))),
            },
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="two"
          label={t("account.again")}
          dependencies={["one"]}
          rules={[
            ({ getFieldValue }) => ({
              validator: (_, value: string) =>
                value === getFieldValue("one")
                  ? Promise.resolve()
                  : Promise.reject(new Error(t("account.notSame"))),
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <div className="z-row">
          <Button type="primary" htmlType="submit" loading={set.isPending}>
            {t("account.setPassword")}
          </Button>
          {first ? (
            <Button onClick={() => void go(next, { replace: true })}>{t("account.later")}</Button>
          ) : null}
        </div>
      </Form>
    </div>
  );
}
