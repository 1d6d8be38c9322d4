/** What the offices call the codes of standards. */
export const STANDARDS_WORDS_TEXT = {
  zh: {
    standard: {
      DRAFT: '草稿',
      REVIEW: '待审批',
      PUBLISHED: '已发布',
      DEPRECATED: '已停用',
      RETIRED: '已废止',
    },
    dataType: {
      text: '字符型',
      'long-text': '长文本',
      code: '代码型',
      integer: '整数型',
      number: '数值型',
      money: '金额型',
      date: '日期型',
      datetime: '日期时间型',
      boolean: '布尔型',
      binary: '二进制',
    },
  },
  en: {
    standard: {
      DRAFT: 'draft',
      REVIEW: 'awaiting approval',
      PUBLISHED: 'published',
      DEPRECATED: 'deprecated',
      RETIRED: 'retired',
    },
    dataType: {
      text: 'text',
      'long-text': 'long text',
      code: 'code',
      integer: 'integer',
      number: 'number',
      money: 'money',
      date: 'date',
      datetime: 'date and time',
      boolean: 'boolean',
      binary: 'binary',
    },
  },
}
