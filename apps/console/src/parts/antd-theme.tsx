import { useI18n } from "@storeloop/i18n";
import { useTheme } from "@storeloop/ui";
import { antdTheme } from "@storeloop/ui/antd";
import { ConfigProvider, theme } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import type { ReactNode } from "react";

/** As high as our own controls: a finger needs more than a mouse. */
const CONTROL_HEIGHT =
  typeof matchMedia === "function" && matchMedia("(pointer: fine)").matches ? 36 : 44;

/** Ant Design in our colours, sizes and language. */
export function AntdTheme({ children }: { children: ReactNode }) {
  const { isDark } = useTheme();
  const { locale } = useI18n();
  return (
    <ConfigProvider
      locale={locale === "zh" ? zhCN : enUS}
      theme={antdTheme(
        isDark,
        isDark ? theme.darkAlgorithm : theme.defaultAlgorithm,
        CONTROL_HEIGHT,
      )}
      // Two Chinese characters on a button stay as they are written.
      button={{ autoInsertSpace: false }}
    >
      {children}
    </ConfigProvider>
  );
}
