import { App, ConfigProvider, theme } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import { type ReactNode, useEffect } from "react";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useStill } from "@/shared/ui/useMedia.ts";

const FONT =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans SC", "Source Han Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif';

/** Compact spacing with the text left at its full size: the stock compact theme shrinks both. */
const compact: typeof theme.compactAlgorithm = (seed, map) => {
  const full = theme.defaultAlgorithm(seed);
  const fonts = Object.entries(full).filter(([name]) => /^(font|lineHeight)/.test(name));
  return { ...theme.compactAlgorithm(seed, map), ...Object.fromEntries(fonts) };
};

/** Ant Design's tokens: compact, blue-grey, one accent. */
export function Look({ children }: { children: ReactNode }) {
  const { lang } = useI18n();
  const still = useStill();
  useEffect(() => {
    dayjs.locale(lang === "zh" ? "zh-cn" : "en");
  }, [lang]);
  return (
    <ConfigProvider
      locale={lang === "zh" ? zhCN : enUS}
      button={{ autoInsertSpace: false }}
      theme={{
        algorithm: compact,
        token: {
          colorPrimary: "#0e6a72",
          colorInfo: "#0e6a72",
          colorLink: "#0c5f67",
          colorPrimaryBg: "#e7f1f2",
          colorPrimaryBgHover: "#dcebec",
          controlItemBgActive: "#e0eeef",
          colorInfoBg: "#eaf4f5",
          colorInfoBorder: "#a9cfd2",
          colorError: "#c4302b",
          colorWarning: "#b86a00",
          colorSuccess: "#3b8a4f",
          colorTextBase: "#1c2833",
          colorTextDescription: "#5c6a77",
          colorTextPlaceholder: "#66737f",
          colorBgLayout: "#eef2f5",
          colorBorder: "#c8d1d9",
          colorBorderSecondary: "#e1e7ec",
          borderRadius: 4,
          fontSize: 13,
          fontFamily: FONT,
          wireframe: false,
          motion: !still,
          motionDurationMid: "0.12s",
          motionDurationSlow: "0.16s",
        },
        components: {
          Table: {
            headerBg: "#f3f6f8",
            headerColor: "#4a5b6a",
            rowHoverBg: "#f2f7f8",
            cellPaddingBlockSM: 5,
          },
          Tabs: { horizontalItemPadding: "8px 0" },
        },
      }}
    >
      <App className="z-app" message={{ maxCount: 3 }}>
        {children}
      </App>
    </ConfigProvider>
  );
}
