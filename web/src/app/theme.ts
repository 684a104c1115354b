import type { ThemeConfig } from "antd";

/** The one accent, amber for 黄牌 and what needs care, red for 红牌 and what destroys. */
export const colors = {
  accent: "#12565c",
  amber: "#8a5a00",
  amberPale: "#fdf3dc",
  red: "#b3261e",
  redPale: "#fbeae8",
  grey: "#5f676b",
  greyPale: "#eef0f0",
  text: "#1c2426",
  line: "#dfe3e3",
  ground: "#f4f6f5",
};

export const fonts =
  '-apple-system, BlinkMacSystemFont, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif';

export const theme: ThemeConfig = {
  token: {
    colorPrimary: colors.accent,
    colorInfo: colors.accent,
    // What is derived from so dark an accent is too dark to read on.
    colorInfoBg: "#e6f0f0",
    colorInfoBorder: "#b3cdcf",
    colorLink: colors.accent,
    colorSuccess: colors.accent,
    colorWarning: "#b97a00",
    colorError: colors.red,
    colorTextBase: colors.text,
    colorTextSecondary: colors.grey,
    colorTextTertiary: "#656d71",
    colorTextPlaceholder: "#6b7377",
    colorBgLayout: colors.ground,
    colorBorder: "#c9cfcf",
    colorBorderSecondary: colors.line,
    borderRadius: 6,
    fontFamily: fonts,
    fontSize: 14,
    wireframe: false,
    // A style sheet that only shortens the motion leaves lists half open: whoever wants none gets none at all.
    motion: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    motionDurationMid: "0.12s",
    motionDurationSlow: "0.16s",
  },
  components: {
    Table: { headerBg: "#eef2f1", cellPaddingBlock: 10, cellPaddingInline: 12, headerColor: colors.grey },
    // A field to be corrected is not a red card: red is kept for 红牌 and destructive actions.
    Form: { labelRequiredMarkColor: colors.amber, itemMarginBottom: 20 },
    Button: { defaultShadow: "none", primaryShadow: "none", dangerShadow: "none", fontWeight: 500 },
    Tabs: { horizontalItemPadding: "10px 0", horizontalItemGutter: 24 },
    Card: { bodyPadding: 20, headerFontSize: 15 },
  },
};
