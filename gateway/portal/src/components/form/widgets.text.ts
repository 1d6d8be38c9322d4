/** What a field of a form is called by its control; `section` is what holds fields under one heading. */
export const WIDGET_WORDS_TEXT = {
  zh: {
    text: '单行文字',
    textarea: '多行文字',
    number: '数字',
    money: '金额（元）',
    date: '日期',
    select: '单选列表',
    group: '单选按钮',
    multiselect: '多选',
    checkbox: '勾选',
    points: '补正事项',
    section: '一节',
  },
  en: {
    text: 'One line',
    textarea: 'Several lines',
    number: 'Number',
    money: 'Amount (yuan)',
    date: 'Date',
    select: 'Choose one (list)',
    group: 'Choose one (buttons)',
    multiselect: 'Choose several',
    checkbox: 'Tick',
    points: 'Points of a correction',
    section: 'Section',
  },
}
