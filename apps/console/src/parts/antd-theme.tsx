import { useI18n } from "@storeloop/i18n";
import { useTheme } from "@storeloop/ui";
import { antdTheme } from "@storeloop/ui/antd";
import { ConfigProvider, theme } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import type { ReactNode } from "react";

/** Ant Design in our colours, sizes and language. */
export function AntdTheme({ children }: { children: ReactNode }) {
  const { isDark } = useTheme();
  const { locale } = useI18n();
  return (
    <ConfigProvider
      locale={locale === "zh" ? zhCN : enUS}
      theme={antdTheme(isDark, isDark ? theme.darkAlgorithm : theme.defaultAlgorithm)}
      // Two Chinese characters on a button stay as they are written.
      button={{ autoInsertSpace: false }}
    >
      {children}
    </ConfigProvider>
  );
}
