import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Form, Input, Segmented } from "antd";
import { useEffect, useRef, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { api } from "@/api/client.ts";
import { ApiError } from "@/api/errors.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { LanguageSwitch } from "@/shared/ui/LanguageSwitch.tsx";
import { safeNext } from "./next.ts";

type Credentials = { username: string; password: string } | { secret: string };
type Way = "password" | "secret";

/** Sign-in with a password, or once with a secret from a link; the link signs in by itself. */
export function SignIn() {
  const { t } = useI18n();
  const [search] = useSearchParams();
  const linked = search.get("secret");
  const [way, setWay] = useState<Way>(linked ? "secret" : "password");
  const go = useNavigate();
  const queries = useQueryClient();
  const signIn = useMutation({
    mutationFn: (body: Credentials) =>
      api.POST("/api/v1/session", { body: { username: "", password: "", secret: "", ...body } }),
    onSuccess: (_, body) => {
      queries.clear();
      const once = "secret" in body;
      const next = safeNext(search.get("next"));
      void go(once ? `/account?first=1&next=${encodeURIComponent(next)}` : next, { replace: true });
    },
  });
  // StrictMode runs effects twice in development; a secret is good for one use only.
  const used = useRef(false);
  const { mutate } = signIn;
  useEffect(() => {
    if (!linked || used.current) return;
    used.current = true;
    mutate({ secret: linked });
  }, [linked, mutate]);

  return (
    <main className="z-signin">
      <Front />
      <section className="z-signin-form">
        <h2>{t("signin.title")}</h2>
        <Segmented<Way>
          block
          aria-label={t("signin.title")}
          value={way}
          onChange={setWay}
          options={[
            { value: "password", label: t("signin.withPassword") },
            { value: "secret", label: t("signin.withSecret") },
          ]}
        />
        <Form<{ username: string; password: string; secret: string }>
          key={way}
          layout="vertical"
          requiredMark={false}
          initialValues={{ secret: linked ?? "" }}
          onFinish={({ username, password, secret }) =>
            signIn.mutate(way === "password" ? { username, password } : { secret: secret.trim() })
          }
        >
          {way === "password" ? <PasswordFields /> : <SecretField />}
          {signIn.error ? <Refusal error={signIn.error} /> : null}
          <Button type="primary" htmlType="submit" block size="large" loading={signIn.isPending}>
            {t("signin.go")}
          </Button>
        </Form>
        <p className="z-hint">{t("signin.forgot")}</p>
      </section>
    </main>
  );
}

function Front() {
  const { t } = useI18n();
  return (
    <section className="z-signin-front">
      <LanguageSwitch />
      <svg viewBox="0 0 32 32" width="56" height="56" aria-hidden="true">
        <circle cx="16" cy="16" r="4" />
        <circle cx="16" cy="16" r="11" className="z-brand-ring" />
      </svg>
      <h1>{t("app.name")}</h1>
      <p>{t("app.sentence")}</p>
    </section>
  );
}

function PasswordFields() {
  const { t } = useI18n();
  const required = [{ required: true, message: t("form.required") }];
  return (
    <>
      <Form.Item name="username" label={t("signin.username")} rules={required}>
        <Input size="large" autoFocus autoComplete="username" />
      </Form.Item>
      <Form.Item name="password" label={t("signin.password")} rules={required}>
        <Input.Password size="large" autoComplete="current-password" />
      </Form.Item>
    </>
  );
}

function SecretField() {
  const { t } = useI18n();
  return (
    <Form.Item
      name="secret"
      label={t("signin.secret")}
      extra={t("signin.secretHint")}
      rules={[{ required: true, message: t("form.required") }]}
    >
      <Input size="large" autoFocus autoComplete="one-time-code" />
    </Form.Item>
  );
}

function Refusal({ error }: { error: Error }) {
  const { t, text } = useI18n();
  const said = error instanceof ApiError ? text(error.body?.message) : "";
  const offline = error instanceof ApiError && error.status === 0;
  return (
    <Alert
      type="error"
      showIcon
      className="z-gap"
      title={said || t(offline ? "error.offline" : "signin.refused")}
    />
  );
}
