import { App } from "antd";
import { ApiError } from "@/api/errors.ts";
import { useI18n } from "@/shared/i18n/context.tsx";

/** Tells the user how an action went; a refusal is told in the server's words. */
export function useTold(): {
  done: (text: string) => void;
  failed: (error: Error) => void;
  refused: (text: string) => void;
} {
  const { message } = App.useApp();
  const { t, text } = useI18n();
  return {
    done: (words) => void message.success(words),
    refused: (words) => void message.error(words, 6),
    failed: (error) => {
      const said = error instanceof ApiError ? text(error.body?.message) : "";
      void message.error(said || t("error.failed"), 6);
    },
  };
}
