import type { ThemeConfig } from "antd";
import { dark as darkPalette, light as lightPalette, shape } from "./tokens.ts";

/**
 * Ant Design in the same colours and sizes. The algorithm is handed in, so that this package
 * needs Ant Design only for its types:
 *
 *     <ConfigProvider theme={antdTheme(isDark, theme.defaultAlgorithm, 44)}>
 */
export function antdTheme(
  dark: boolean,
  algorithm: ThemeConfig["algorithm"],
  controlHeight: number,
): ThemeConfig {
  const palette = dark ? darkPalette : lightPalette;
  return {
    algorithm,
    token: {
      colorPrimary: palette.accent,
      colorLink: palette.accent,
      colorSuccess: palette.success,
      colorWarning: palette.warning,
      colorError: palette.danger,
      colorInfo: palette.info,
      colorTextBase: palette.ink,
      colorBgBase: palette.surface,
      colorText: palette.ink,
      colorTextSecondary: palette["ink-2"],
      colorTextTertiary: palette["ink-3"],
      colorTextPlaceholder: palette["ink-3"],
      colorTextDescription: palette["ink-3"],
      colorTextLightSolid: palette["on-accent"],
      colorBgLayout: palette.paper,
      colorBgContainer: palette.surface,
      colorBgElevated: palette.surface,
      colorBorder: palette["line-strong"],
      colorBorderSecondary: palette.line,
      colorSplit: palette.line,
      colorBgMask: palette.scrim,
      fontFamily: shape["font-sans"],
      fontFamilyCode: shape["font-mono"],
      fontSize: 14,
      fontSizeSM: 12,
      fontSizeLG: 16,
      fontSizeHeading1: 28,
      fontSizeHeading2: 20,
      fontSizeHeading3: 16,
      fontSizeHeading4: 14,
      controlHeight,
      borderRadius: 6,
      borderRadiusLG: 10,
      wireframe: false,
      motionDurationFast: "0.08s",
      motionDurationMid: "0.12s",
      motionDurationSlow: "0.2s",
    },
    components: {
      Layout: {
        headerBg: palette.surface,
        siderBg: palette.surface,
        bodyBg: palette.paper,
      },
      Menu: { itemBorderRadius: 6 },
      Table: {
        headerBg: palette.sunken,
        headerColor: palette["ink-2"],
        rowHoverBg: palette["accent-soft"],
        cellPaddingBlockSM: 6,
      },
      Button: { primaryShadow: "none", defaultShadow: "none", dangerShadow: "none" },
    },
  };
}
