import { UserAddOutlined } from "@ant-design/icons";
import { Button, Modal, Table, type TableProps, Typography } from "antd";
import { useState } from "react";
import type { UserItem } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { AddUser } from "./AddUser.tsx";
import { useUsers } from "./queries.ts";

/** Who may sign in, with which posts. */
export function Users() {
  const { t, term } = useI18n();
  const users = useUsers();
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const columns: TableProps<UserItem>["columns"] = [
    { key: "username", title: t("signin.username"), dataIndex: "username" },
    { key: "name", title: t("field.name"), dataIndex: "display_name" },
    {
      key: "posts",
      title: t("users.posts"),
      render: (_, u) =>
        u.posts.map((post) => `${post.unit.name} · ${term("role", post.role)}`).join("; "),
    },
  ];
  return (
    <>
      <div className="z-filters">
        <Button size="small" icon={<UserAddOutlined />} onClick={() => setAdding(true)}>
          {t("users.add")}
        </Button>
      </div>
      <Answered query={users}>
        {(data) => (
          <Table
            size="small"
            pagination={false}
            rowKey="username"
            columns={columns}
            dataSource={data}
          />
        )}
      </Answered>
      {adding ? (
        <AddUser
          close={() => setAdding(false)}
          done={(made) => {
            setAdding(false);
            setSecret(made);
          }}
        />
      ) : null}
      <Modal
        open={secret !== null}
        title={t("users.secret")}
        footer={null}
        onCancel={() => setSecret(null)}
        destroyOnHidden
      >
        <p>{t("users.secretHint")}</p>
        <Typography.Text code copyable>
          {secret ?? ""}
        </Typography.Text>
      </Modal>
    </>
  );
}
