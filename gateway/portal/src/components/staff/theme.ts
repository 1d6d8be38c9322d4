import type { ThemeConfig } from 'antd'

/** antd's theme out of tokens.css, so that both halves of the portal keep one look. */
export function themeOfTokens(): ThemeConfig {
  const style = getComputedStyle(document.documentElement)
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return {
    token: {
      colorPrimary: token('brand'),
      colorLink: token('brand'),
      colorError: token('bad'),
      colorSuccess: token('good'),
      colorWarning: token('warn'),
      colorText: token('ink'),
      colorTextSecondary: token('ink-quiet'),
      colorTextDescription: token('ink-quiet'),
      colorTextPlaceholder: token('ink-quiet'),
      colorBgLayout: token('paper'),
      fontFamily: token('sans'),
      fontFamilyCode: token('mono'),
      fontSize: 15,
      borderRadius: 6,
      controlHeight: 36,
    },
    components: {
      Layout: {
        headerBg: token('surface'),
        siderBg: token('surface'),
        headerHeight: 60,
        headerPadding: '0 24px',
      },
      Table: { cellPaddingBlock: 10, cellPaddingInline: 12, headerBg: token('brand-wash') },
      Descriptions: { labelBg: token('paper') },
    },
  }
}
