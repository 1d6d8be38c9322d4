import { Form, Input, Select } from 'antd'
import { useQuery } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { graphql } from '../../generated/gql.ts'
import { useText } from '../../i18n.ts'
import { useWords } from '../../words.ts'
import type { Answers } from './EntryForm.tsx'

const CLASSES = graphql(`
  query EntryClasses($kind: EntryKind!) {
    entryClasses(kind: $kind) {
      code
      name
    }
  }
`)

/** 类, then 项 (given for base and theme, the provider itself for a department), 目 and 细目; they make the code. */
export function EntryClass() {
  const text = useText(TEXT)
  const words = useWords()
  const form = Form.useFormInstance<Answers>()
  const kind = Form.useWatch('kind', form) ?? 'DEPARTMENT'
  const classes = useQuery(CLASSES, { kind })
  const given = kind !== 'DEPARTMENT'
  const levels = given ? [text.item, text.category, text.detail] : [text.category, text.detail]
  const required = [{ required: true, message: text.missing }]
  return (
    <>
      {classes.state === 'failed' && <Failure error={classes.error} retry={classes.reload} />}
      <div className="entry-row">
        <Form.Item name="kind" label={text.kind}>
          <Select
            onChange={() => form.setFieldValue('classPath', [])}
            options={(['BASE', 'THEME', 'DEPARTMENT'] as const).map((value) => ({
              value,
              label: words('entryKind', value),
            }))}
          />
        </Form.Item>
        {levels.map((label, at) => (
          <Form.Item
            key={label}
            name={['classPath', at]}
            label={label}
            {...(given && at === 0 ? { rules: required } : {})}
          >
            {given && at === 0 ? (
              <Select
                loading={classes.state === 'loading'}
                options={
                  classes.state === 'ready'
                    ? classes.data.entryClasses.map(({ code, name }) => ({
                        value: name,
                        label: `${code} ${name}`,
                      }))
                    : []
                }
              />
            ) : (
              <Input autoComplete="off" maxLength={100} />
            )}
          </Form.Item>
        ))}
      </div>
      <p className="quiet">{text.hint}</p>
    </>
  )
}

const TEXT = {
  zh: {
    kind: '类',
    item: '项',
    category: '目（可不填）',
    detail: '细目（可不填）',
    missing: '请选择',
    hint: '代码由平台按分类编定，登记后不变。部门类的项就是本单位。',
  },
  en: {
    kind: 'Kind (类)',
    item: 'Class (项)',
    category: 'Category (目, optional)',
    detail: 'Detail (细目, optional)',
    missing: 'Choose one',
    hint: 'The code is made from the class and stays. The class of a department is the department itself.',
  },
}
