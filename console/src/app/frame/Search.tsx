import { SearchOutlined } from "@ant-design/icons";
import { Input, type InputRef, Modal } from "antd";
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useView } from "@/shared/view/useView.ts";
import { type Found, useFinds } from "./useFinds.ts";

/** Ctrl-K: desks, units and cases, within one's rights. */
export function Search() {
  const { t } = useI18n();
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        setOpen(true);
      }
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
  return (
    <>
      <button type="button" className="z-search" onClick={() => setOpen(true)}>
        <SearchOutlined /> <span>{t("search.label")}</span> <kbd>Ctrl K</kbd>
      </button>
      <Modal
        open={open}
        onCancel={() => setOpen(false)}
        footer={null}
        closable={false}
        destroyOnHidden
        width={560}
        style={{ top: 72 }}
      >
        <Finder close={() => setOpen(false)} />
      </Modal>
    </>
  );
}

function Finder({ close }: { close: () => void }) {
  const { t } = useI18n();
  const { to, change } = useView();
  const go = useNavigate();
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const { found, searching } = useFinds(words);
  const field = useRef<InputRef>(null);
  useEffect(() => field.current?.focus(), []);

  const take = (item: Found | undefined) => {
    if (!item) return;
    close();
    if (item.goes.kind === "scope") change({ scope: item.goes.code });
    else void go(to(item.goes.path));
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === "ArrowDown") setAt((i) => Math.min(i + 1, found.length - 1));
    else if (event.key === "ArrowUp") setAt((i) => Math.max(i - 1, 0));
    else if (event.key === "Enter") take(found[at]);
    else return;
    event.preventDefault();
  };
  return (
    <div className="z-finder">
      <Input
        ref={field}
        size="large"
        variant="borderless"
        prefix={<SearchOutlined />}
        placeholder={t("search.placeholder")}
        value={words}
        onChange={(event) => {
          setWords(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul>
        {found.map((item, i) => (
          <li key={item.key}>
            <button
              type="button"
              className={i === at ? "z-at" : ""}
              onMouseEnter={() => setAt(i)}
              onClick={() => take(item)}
            >
              <span className="z-finder-kind">{item.kind}</span>
              <span>{item.name}</span>
              <small>{item.note}</small>
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 ? (
        <p className="z-finder-none">{t(searching ? "list.loading" : "search.none")}</p>
      ) : null}
    </div>
  );
}
