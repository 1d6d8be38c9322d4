import { Button, Input, Select } from 'antd'
import { useText, type LocalText } from '../../i18n.ts'

/** The head of a code list as a person writes it; empty texts are left out. */
export interface Head {
  readonly nameZh: string
  readonly nameEn: string
  readonly standardNumber: string
  readonly edition: string
  readonly issuer: string
  readonly licence: string
  readonly sourceUrl: string
  readonly effectiveFrom: string
  readonly previousEdition: string
  readonly codePattern: string
  readonly extensible: string
  readonly extensionPattern: string
  readonly levels: readonly LocalText[]
}

type Word = Exclude<keyof Head, 'levels' | 'extensible'>

export const NO_HEAD: Head = {
  nameZh: '',
  nameEn: '',
  standardNumber: '',
  edition: '',
  issuer: '',
  licence: '',
  sourceUrl: '',
  effectiveFrom: '',
  previousEdition: '',
  codePattern: '',
  extensible: 'no',
  extensionPattern: '',
  levels: [{ zh: '', en: '' }],
}

/** As POST /api/standards/import takes it. */
export function headJson({ nameZh, nameEn, levels, ...words }: Head): string {
  const filled = Object.entries(words).flatMap(([name, word]) =>
    word.trim() === '' ? [] : [[name, word.trim()]],
  )
  // What is needed and missing is sent as such: the server says which.
  const needed = { standardNumber: '', edition: '', issuer: '', licence: '' }
  return JSON.stringify({
    name: { zh: nameZh, en: nameEn },
    levels,
    ...needed,
    ...Object.fromEntries(filled),
  })
}

const NEEDED: readonly Word[] = ['nameZh', 'nameEn', 'standardNumber', 'edition', 'issuer', 'licence']
const MORE: readonly Word[] = [
  'sourceUrl',
  'effectiveFrom',
  'previousEdition',
  'codePattern',
  'extensionPattern',
]
const MAX_LEVELS = 9

/** What the table of a new code list cannot say of the list itself. */
export function NewCodeList({ head, change }: { head: Head; change: (head: Head) => void }) {
  const text = useText(TEXT)
  const word = (name: Word) => (
    <p key={name}>
      <label htmlFor={`list-${name}`}>{text.words[name]}</label>
      <Input
        id={`list-${name}`}
        type={name === 'effectiveFrom' ? 'date' : 'text'}
        value={head[name]}
        aria-required={NEEDED.includes(name)}
        onChange={({ target }) => change({ ...head, [name]: target.value })}
      />
    </p>
  )
  const levelAt = (at: number, part: Partial<LocalText>) =>
    change({
      ...head,
      levels: head.levels.map((level, each) => (each === at ? { ...level, ...part } : level)),
    })

  return (
    <div className="task-form">
      <fieldset className="section">
        <legend>{text.title}</legend>
        {NEEDED.map(word)}
        <fieldset>
          <legend>{text.levels}</legend>
          {head.levels.map((level, at) => (
            <p key={at} className="staff-filter">
              <Input
                aria-label={text.levelZh(at + 1)}
                placeholder={text.levelZh(at + 1)}
                value={level.zh}
                onChange={({ target }) => levelAt(at, { zh: target.value })}
              />
              <Input
                aria-label={text.levelEn(at + 1)}
                placeholder={text.levelEn(at + 1)}
                value={level.en}
                onChange={({ target }) => levelAt(at, { en: target.value })}
              />
            </p>
          ))}
          <p className="actions">
            <Button
              disabled={head.levels.length >= MAX_LEVELS}
              onClick={() => change({ ...head, levels: [...head.levels, { zh: '', en: '' }] })}
            >
              {text.addLevel}
            </Button>
            <Button
              disabled={head.levels.length < 2}
              onClick={() => change({ ...head, levels: head.levels.slice(0, -1) })}
            >
              {text.dropLevel}
            </Button>
          </p>
        </fieldset>
        <p>
          <label htmlFor="list-extensible" className="labelled">
            {text.extensible}
          </label>
          <Select
            id="list-extensible"
            style={{ width: '16rem' }}
            value={head.extensible}
            options={Object.entries(text.extensions).map(([value, label]) => ({ value, label }))}
            onChange={(extensible: string) => change({ ...head, extensible })}
          />
        </p>
        {MORE.map(word)}
      </fieldset>
    </div>
  )
}

const TEXT = {
  zh: {
    title: '新代码集',
    words: {
      nameZh: '中文名称',
      nameEn: '英文名称',
      standardNumber: '标准号，如 GB/T 2260',
      edition: '版本，如 2023',
      issuer: '发布机构',
      licence: '许可',
      sourceUrl: '来源网址（选填）',
      effectiveFrom: '实施日期（选填）',
      previousEdition: '前一版，写作 标准号@版本（选填）',
      codePattern: '代码的正则（选填）',
      extensionPattern: '扩展代码的正则（选填）',
    },
    levels: '层级，由上到下',
    levelZh: (n: number) => `第 ${n} 级中文名`,
    levelEn: (n: number) => `第 ${n} 级英文名`,
    addLevel: '增加一级',
    dropLevel: '去掉末级',
    extensible: '本地扩展',
    extensions: { no: '不允许', organisation: '本单位使用', region: '全地区可见' },
  },
  en: {
    title: 'New code list',
    words: {
      nameZh: 'Chinese name',
      nameEn: 'English name',
      standardNumber: 'Standard number, such as GB/T 2260',
      edition: 'Edition, such as 2023',
      issuer: 'Issuer',
      licence: 'Licence',
      sourceUrl: 'Address of the source (optional)',
      effectiveFrom: 'In force from (optional)',
      previousEdition: 'Edition before, as number@edition (optional)',
      codePattern: 'Pattern of a code (optional)',
      extensionPattern: 'Pattern of a local code (optional)',
    },
    levels: 'Levels, the highest first',
    levelZh: (n: number) => `Level ${n} in Chinese`,
    levelEn: (n: number) => `Level ${n} in English`,
    addLevel: 'Add a level',
    dropLevel: 'Drop the last level',
    extensible: 'Local extensions',
    extensions: { no: 'none', organisation: 'for the own organisation', region: 'seen in the whole region' },
  },
}
