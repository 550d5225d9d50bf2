import { Form, Input, Select } from "antd";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Dialog } from "@/shared/ui/Dialog.tsx";
import { UnitPicker } from "@/shared/ui/UnitPicker.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useAddUser } from "./queries.ts";

const ROLES = [
  "commander",
  "duty_officer",
  "data_team",
  "epidemiologist",
  "transfer_team",
  "testing_team",
  "supply_team",
  "local_staff",
  "village_clerk",
  "auditor",
  "system_admin",
  "security_admin",
] as const;

interface Fields {
  username: string;
  display_name: string;
  unit: string;
  role: string;
}

/** A new user with a first post; the server answers with a secret good for one sign-in. */
export function AddUser({ close, done }: { close: () => void; done: (secret: string) => void }) {
  const { t, term } = useI18n();
  const [form] = Form.useForm<Fields>();
  const add = useAddUser();
  const told = useTold();
  const required = [{ required: true, message: t("form.required") }];
  const send = ({ username, display_name, unit, role }: Fields) =>
    add.mutate(
      { username: username.trim(), display_name: display_name.trim(), posts: [{ unit, role }] },
      { onSuccess: ({ one_time_secret }) => done(one_time_secret), onError: told.failed },
    );
  return (
    <Dialog
      open
      title={t("users.add")}
      okText={t("users.add")}
      onCancel={close}
      onOk={() => form.submit()}
      okButtonProps={{ loading: add.isPending }}
    >
      <Form form={form} layout="vertical" requiredMark={false} onFinish={send}>
        <Form.Item name="username" label={t("signin.username")} rules={required}>
          <Input autoComplete="off" />
        </Form.Item>
        <Form.Item name="display_name" label={t("field.name")} rules={required}>
          <Input autoComplete="off" />
        </Form.Item>
        <Form.Item name="unit" label={t("field.unit")} rules={required}>
          <UnitPicker />
        </Form.Item>
        <Form.Item name="role" label={t("users.role")} rules={required}>
          <Select options={ROLES.map((value) => ({ value, label: term("role", value) }))} />
        </Form.Item>
      </Form>
    </Dialog>
  );
}
